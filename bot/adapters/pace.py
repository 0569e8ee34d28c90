"""A pace such as a contract's SMS a second: kept over all processes through Redis, else by the threads of one."""

import math
import threading
import time
from collections.abc import Callable
from typing import Protocol

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot.core.messages import Status
from bot.ports import OutgoingRow, SendResult

ASKED_AGAIN_AFTER = 5.0  # seconds in which each process keeps the pace by itself once Redis did not answer
ANSWERS_WITHIN = 0.5  # seconds; the pace is not worth more
LONGEST_WAIT = 20.0  # seconds; see limits.SEND_NEEDS
NOT_YET = SendResult(Status.QUEUED, error_code="pace", verdict="retry")  # what a sender says of a turn too far away
WAITS_ITS_TURN = frozenset({"broadcast", "check_in"})
BACKLOG_AT_MOST = 600  # seconds; more has not been promised to anybody: the server's clock was put back

# Everybody's next free moment is one number: who asks gets it and moves it on (GCRA without a burst).
# By the server's own clock, so that machines need not agree on the time.
_NEXT = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local mine = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0))
if mine - now > tonumber(ARGV[2]) then mine = now end
local free = mine + tonumber(ARGV[1])
redis.call('SET', KEYS[1], string.format('%.0f', free), 'PX', math.ceil((free - now) / 1000) + 1000)
return math.ceil(mine - now)
"""


class Pace(Protocol):
    """Lets so many units a second pass, evenly; safe to share between threads."""

    def reserve(self, units: int = 1) -> float:
        """Take the next free moment, as long as `units` take, and return in how many seconds it comes."""

    def wait(self, units: int = 1) -> None:
        """Wait until it is one's turn; the next one waits for as many units as this one takes."""

    def rest(self, seconds: float) -> None:
        """Wait so long."""


class LocalPace:
    """A pace that is kept by all threads of one process."""

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

    def reserve(self, units: int = 1) -> float:
        """Take the next free moment and return in how many seconds it comes."""
        with self._lock:
            now = self._monotonic()
            mine = max(now, self._free_at)
            self._free_at = mine + units * self._each
        return mine - now

    def wait(self, units: int = 1) -> None:
        """Wait until it is one's turn."""
        self.rest(self.reserve(units))

    def rest(self, seconds: float) -> None:
        """Wait so long."""
        if seconds > 0:
            self._sleep(seconds)


class SharedPace:
    """A pace that is kept by all processes that use one Redis; without it by each for itself."""

    def __init__(
        self,
        name: str,
        a_second: float,
        url: str,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Pass `a_second` units a second under a name that says whose pace it is, and nothing about a person."""
        self._key = f"segin:pace:{name}"
        self._each = math.ceil(1_000_000 / a_second)  # microseconds
        self._url = url
        self._monotonic = monotonic
        self._sleep = sleep
        self._alone = LocalPace(a_second, monotonic=monotonic, sleep=sleep)
        self._ask_at = 0.0
        self._server: redis.Redis | None = None

    def reserve(self, units: int = 1) -> float:
        """Take the next free moment and return in how many seconds it comes."""
        if self._monotonic() < self._ask_at:
            return self._alone.reserve(units)
        try:
            waiting = self._redis().eval(_NEXT, 1, self._key, units * self._each, BACKLOG_AT_MOST * 1_000_000)
        except redis.RedisError:
            self._ask_at = self._monotonic() + ASKED_AGAIN_AFTER
            return self._alone.reserve(units)
        return int(waiting) / 1_000_000

    def wait(self, units: int = 1) -> None:
        """Wait until it is one's turn."""
        self.rest(self.reserve(units))

    def rest(self, seconds: float) -> None:
        """Wait so long."""
        if seconds > 0:
            self._sleep(seconds)

    def _redis(self) -> redis.Redis:
        """Connect at the first use, so that it may be made before a fork."""
        if self._server is None:
            self._server = redis.Redis.from_url(
                self._url,
                socket_timeout=ANSWERS_WITHIN,
                socket_connect_timeout=ANSWERS_WITHIN,
                retry=Retry(NoBackoff(), 0),  # a moment taken twice is lost
            )
        return self._server


def keep(pace: Pace, row: OutgoingRow) -> bool:
    """Keep the pace for one message: what nobody waits for takes its turn, an answer goes at once and is made up for.

    So no answer ever stands behind a broadcast, and over any few seconds the pace is kept all the same. False when its
    turn comes so late that its lease might be over by then: it has to go back into the queue.
    """
    waits = pace.reserve(row.segments)
    if row.kind not in WAITS_ITS_TURN:
        return True
    if waits > LONGEST_WAIT:
        return False
    pace.rest(waits)
    return True
