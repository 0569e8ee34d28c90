"""Keeps a few child processes running until told to stop; what dies is started again, unless it keeps dying."""

import logging
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping

log = logging.getLogger(__name__)

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MANY_DEATHS, WITHIN = 10, 60.0  # that many in so many seconds: something is wrong that a new start does not mend
STOP_WITHIN = 8.0  # seconds from SIGTERM to SIGKILL

Start = Callable[[], int]  # starts a child and returns its pid


def supervise(starts: Mapping[str, Start], *, ready: Callable[[], None], patience: float = STOP_WITHIN) -> int:
    """Start the children in order, call `ready`, and return the exit status: 0 when told to stop, 1 if they keep dying.

    Half a service that looks alive is worse than none, and a service that waits for an operator at night is worse than
    one that mends itself: so a dead child is started again at once, and only repeated deaths end the whole.
    """
    signal.signal(signal.SIGCHLD, lambda *_: None)  # otherwise some systems never queue it
    signal.pthread_sigmask(signal.SIG_BLOCK, (*STOPS, signal.SIGCHLD))
    running = {name: start() for name, start in starts.items()}
    deaths: deque[float] = deque(maxlen=MANY_DEATHS)
    ready()
    try:
        while signal.sigwait((*STOPS, signal.SIGCHLD)) == signal.SIGCHLD:
            for name in _dead(running):
                deaths.append(time.monotonic())
                if len(deaths) == MANY_DEATHS and deaths[-1] - deaths[0] < WITHIN:
                    log.error("the %s keeps ending; everything stops. Read the lines above for the reason", name)
                    return 1
                log.error("the %s ended unexpectedly; it is started again", name)
                running[name] = starts[name]()
    finally:
        _stop(running, patience)
    return 0


def _dead(running: dict[str, int]) -> list[str]:
    return [name for name, pid in running.items() if _has_ended(pid)]


def _has_ended(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:  # somebody has asked before us
        return True


def _stop(running: Mapping[str, int], patience: float) -> None:
    """Stop all but the first child together, then the first, which the others need."""
    first, *others = running.values()
    for pids in (others, [first]):
        for pid in pids:
            _signal(pid, signal.SIGTERM)
        _wait(pids, patience)


def _wait(pids: Iterable[int], patience: float) -> None:
    left, end = set(pids), time.monotonic() + patience
    while left and time.monotonic() < end:
        left = {pid for pid in left if not _has_ended(pid)}
        time.sleep(0.02)
    for pid in left:
        _signal(pid, signal.SIGKILL)


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
