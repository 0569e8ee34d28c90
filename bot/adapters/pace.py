"""A pace that is kept by all threads of a process, such as a contract's SMS a second."""

import threading
import time
from collections.abc import Callable


class Pace:
    """Lets so many units a second pass, evenly; safe to share between threads."""

    def __init__(
        self,
        a_second: float,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Pass `a_second` units a second by this clock."""
        self._each = 1 / a_second
        self._monotonic = monotonic
        self._sleep = sleep
        self._free_at = 0.0
        self._lock = threading.Lock()

    def wait(self, units: int = 1) -> None:
        """Wait until it is one's turn; the next one waits for as many units as this one takes."""
        with self._lock:
            now = self._monotonic()
            mine = max(now, self._free_at)
            self._free_at = mine + units * self._each
        if mine > now:
            self._sleep(mine - now)
