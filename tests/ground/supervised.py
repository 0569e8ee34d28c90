"""A supervised program for the tests: two children that say who they are and wait. Run by path."""

import os
import signal
import sys

from bot.adapters import logs
from bot.adapters.processes import fork
from bot.adapters.supervisor import supervise


def say(word: str) -> None:
    """Write a word and the pid in one piece: three processes share the pipe."""
    os.write(1, f"{word} {os.getpid()}\n".encode())


def waiting(name: str) -> int:
    """Start a child that prints its name and pid; "stubborn" does not hear SIGTERM."""

    def body() -> None:
        if name == "stubborn":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        say(name)
        signal.pause()

    return fork(body)


logs.configure()
sys.exit(
    supervise(
        {"first": lambda: waiting("first"), "second": lambda: waiting(sys.argv[1])},
        ready=lambda: say("ready"),
        patience=1.0,
    )
)
