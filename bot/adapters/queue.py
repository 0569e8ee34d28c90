"""Celery as the alarm clock: it says that rows wait, and never which; the rows themselves are the truth."""

import logging
import threading
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import quote, urlsplit

import redis
from celery import Celery
from celery.beat import EmbeddedService, Scheduler
from celery.exceptions import CPendingDeprecationWarning, SecurityWarning
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

AWAY_FOR = 5.0  # seconds without a try after the queue did not answer, so that no person's answer waits for it
THREADS = 4


@dataclass(frozen=True, slots=True)
class Slice:
    """A piece of background work: takes up to some due rows, returns how many, and is safe to run at any time."""

    run: Callable[[], int]
    every: float  # seconds
    stretch: bool = False  # long: one at a time in a process, and asked for again at once while there was something


def make_celery(url: str, slices: Mapping[str, float]) -> Celery:
    """Return the application that knows how often each slice is due; `url` is redis://, rediss:// or unix://."""
    app = Celery("segin", broker=_broker(url), set_as_current=False)
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "visibility_timeout": 60,  # longer than the longest slice
            "unacked_restore_interval": 2,
            "unacked_restore_throttle": 1,
            "socket_connect_timeout": 1,
            "socket_timeout": 2,  # a server that hangs must not hold a person's answer; the worker asks every second
            "max_retries": 1,  # whoever publishes is answering a person: kombu would try for six seconds
            "interval_start": 0,
        },
        task_publish_retry=False,
        beat_schedule={
            name: {"task": name, "schedule": every, "options": {"expires": every * 2}} for name, every in slices.items()
        },
    )
    return app


def _broker(url: str) -> str:
    if not url.startswith("unix://"):
        return url
    return f"redis+socket://{quote(urlsplit(url).path)}"


class CeleryWake:
    """Tells the workers at once that there is something to send; silent when the queue is away."""

    def __init__(self, app: Celery) -> None:
        """Send through `app`; nothing is connected before the first call."""
        self._app = app
        self._away_until = 0.0

    def outgoing(self) -> None:
        """Ask for a slice of sending."""
        if time.monotonic() < self._away_until:
            return
        if not _ask(self._app, "drain_outgoing"):
            self._away_until = time.monotonic() + AWAY_FOR
            log.warning("the queue is away; the worker polls the database meanwhile")


class SilentWake:
    """Wakes nobody: for a terminal conversation, where no worker listens."""

    def outgoing(self) -> None:
        """Do nothing."""


@dataclass(slots=True)
class Rounds:
    """Runs slices: when a task asks for one, and by itself when none has asked in time.

    So the queue only shortens the wait: with Redis away, rows are polled by this process alone.
    """

    slices: Mapping[str, Slice]
    monotonic: Callable[[], float] = time.monotonic
    _last: dict[str, float] = field(default_factory=dict)
    _at_it: dict[str, threading.Lock] = field(default_factory=lambda: defaultdict(threading.Lock))

    def run(self, name: str) -> int:
        """Run one slice and remember when; a failure is logged and the next round tries again."""
        self._last[name] = self.monotonic()
        if not self.slices[name].stretch:
            return self._run(name)
        if not self._at_it[name].acquire(blocking=False):
            return 0
        try:
            return self._run(name)
        finally:
            self._last[name] = self.monotonic()
            self._at_it[name].release()

    def _run(self, name: str) -> int:
        try:
            return self.slices[name].run()
        except Exception:
            log.exception("%s failed; it is tried again in %s s", name, self.slices[name].every)
            return 0

    def catch_up(self, *, stretches: bool = False) -> tuple[str, ...]:
        """Run every slice (long ones or the others) that nobody has asked for within its time; return their names."""
        now = self.monotonic()
        mine = ((name, one) for name, one in self.slices.items() if one.stretch == stretches)
        late = tuple(name for name, one in mine if now - self._last.get(name, -1e9) >= one.every)
        for name in late:
            self.run(name)
        return late

    def keep_up(self, stop: threading.Event, *, stretches: bool = False) -> None:
        """Catch up twice a second until told to stop."""
        while not stop.wait(0.5):
            self.catch_up(stretches=stretches)


def work(app: Celery, rounds: Rounds, *, with_schedule: bool) -> int:
    """Run a worker until SIGTERM and return its exit status; with its schedule inside unless another process has it."""
    for name in rounds.slices:
        _add_task(app, rounds, name)
    warnings.filterwarnings("ignore", category=SecurityWarning)  # no pickled task is taken, so root is no risk by it
    warnings.filterwarnings("ignore", category=CPendingDeprecationWarning)  # slices are safe to run twice
    stop = threading.Event()
    for stretches in (False, True):  # a long slice keeps nobody waiting
        keep_up = partial(rounds.keep_up, stop, stretches=stretches)
        threading.Thread(target=keep_up, name="stretches" if stretches else "rounds", daemon=True).start()
    beat = EmbeddedService(app, thread=True, scheduler_cls=Scheduler) if with_schedule else None
    if beat:
        beat.start()
    worker = app.Worker(
        pool="threads",
        concurrency=THREADS,
        quiet=True,
        loglevel="WARNING",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    stop.set()
    return int(worker.exitcode or 0)


def _add_task(app: Celery, rounds: Rounds, name: str) -> None:
    def run() -> None:
        if rounds.run(name) and rounds.slices[name].stretch:
            _ask(app, name)

    app.task(run, name=name)


def _ask(app: Celery, name: str) -> bool:
    """Ask for a slice; False when the queue is away."""
    try:
        app.send_task(name, expires=60, ignore_result=True, retry=False)
    except (OSError, redis.RedisError, OperationalError):
        return False
    return True


def schedule(app: Celery) -> None:
    """Run only the schedule, until SIGTERM: one process for any number of workers."""
    app.Beat(scheduler_cls=Scheduler, quiet=True, loglevel="WARNING").run()
