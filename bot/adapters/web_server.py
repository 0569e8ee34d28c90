"""The web server: gunicorn with threads, started from code on a socket that is already open."""

import errno
import gc
import socket
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from bot.config import ConfigError

WORKERS = 2
THREADS = 8  # those who wait share a commit, so more of them make it cheaper (docs/decisions/0008)
REQUEST_LINE = 8190  # bytes; gunicorn takes no longer one, and a get-url carries a whole SMS (docs/operations.md)
GRACE = 5  # seconds for requests under way when told to stop


class PortTaken(ConfigError):
    """Somebody else listens there; the text says what to do."""


def listen(host: str, port: int) -> socket.socket:
    """Open the listening socket. Raises PortTaken.

    It is opened before any process starts, so a taken port is told at once, and while a server process is replaced
    callers wait instead of being refused.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
        opened.listen(2048)
    except OSError as error:
        opened.close()
        raise PortTaken(_refusal(host, port, error)) from error
    return opened


def _refusal(host: str, port: int, error: OSError) -> str:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"SEGIN_HOST={host} is no address of this machine: use 127.0.0.1, or 0.0.0.0 for all of them."
    return (
        f"Port {port} on {host} cannot be used ({error.strerror}): stop what listens there, "
        f"or choose another with SEGIN_PORT={port + 1}."
    )


class OneLog(Logger):
    """Hands gunicorn's records to the program's own discreet log."""

    def setup(self, cfg: Any) -> None:  # noqa: ARG002 - gunicorn hands it in
        """Add no handlers of gunicorn's own."""
        self.loglevel = self.LOG_LEVELS["warning"]
        self.error_log.propagate = True


class WebServer(BaseApplication):
    """Serves an application that was made before the fork, so its memory is shared; it connects to nothing by then."""

    def __init__(self, app: Flask, listening: socket.socket) -> None:
        """Serve on an open socket."""
        self._app = app
        self._listening = listening
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn how to serve."""
        for name, value in {
            "bind": f"fd://{self._listening.fileno()}",
            "workers": WORKERS,
            "threads": THREADS,
            "worker_class": "gthread",
            "graceful_timeout": GRACE,
            "timeout": 30,
            "keepalive": 5,
            "limit_request_line": REQUEST_LINE,
            "accesslog": None,  # paths of gateways carry numbers and texts
            "logger_class": OneLog,
            "control_socket_disable": True,
            "proc_name": "segin",
        }.items():
            self.cfg.set(name, value)

    def run(self) -> None:
        """Serve until told to stop; what is loaded by now stays out of the garbage collector's rounds.

        Its rounds over the tables of the understanding took 50 ms each, in the middle of somebody's answer, and they
        wrote to the memory that the processes share.
        """
        gc.collect()
        gc.freeze()
        super().run()

    def load(self) -> Flask:
        """Hand over the application, once a worker process."""
        return self._app
