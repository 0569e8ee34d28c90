"""Child processes that never outlive their parent."""

import ctypes
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def die_with_parent(with_signal: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to send `with_signal` to this process when its parent is gone, even after a kill -9.

    Linux only; elsewhere it does nothing (see `watch_parent`). The signal survives an exec.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)


def prepare_child() -> None:
    """Between fork and exec: undo the parent's signal mask, die with the parent, write no file that others can read."""
    os.umask(0o077)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    die_with_parent()


def watch_parent(parent: int) -> None:
    """Where the kernel offers no such signal, look every second whether the parent is still there."""

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=look, daemon=True, name="watch-parent").start()


def fork(body: Callable[[], int | None]) -> int:
    """Run `body` in a forked child of its own process group and return its pid; the child ends with its status."""
    parent = os.getpid()
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        os.setpgid(0, 0)  # Ctrl-C reaches the parent alone, which stops its children in order
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        prepare_child()
        if sys.platform != "linux":
            watch_parent(parent)
        if os.getppid() == parent:
            status = body() or 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:  # nothing may run on into the parent's code
        log.exception("a process failed")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
