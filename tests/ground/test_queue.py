"""Rounds, the queue and the way from one to the other."""

import logging
import os
import signal
import threading
from pathlib import Path

import pytest

from bot.adapters import queue, redis_server
from bot.adapters.processes import fork
from bot.adapters.queue import CeleryWake, Rounds, Slice, make_celery
from bot.adapters.redis_server import EmbeddedServer


class Seconds:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def rounds_of(seconds: Seconds, ran: list[str]) -> Rounds:
    def slice_named(name: str, every: float) -> Slice:
        return Slice(lambda: ran.append(name) or 1, every)

    return Rounds({"often": slice_named("often", 5), "rarely": slice_named("rarely", 60)}, monotonic=seconds)


def test_a_slice_that_nobody_asks_for_runs_in_its_time():
    seconds, ran = Seconds(), []
    rounds = rounds_of(seconds, ran)

    for seconds.now in range(0, 121, 1):
        rounds.catch_up()

    assert (ran.count("often"), ran.count("rarely")) == (25, 3)


def test_a_slice_that_was_asked_for_in_time_is_not_run_again():
    seconds, ran = Seconds(), []
    rounds = rounds_of(seconds, ran)
    rounds.catch_up()
    ran.clear()

    for seconds.now in range(4, 60, 4):
        rounds.run("often")
        assert rounds.catch_up() == ()


def test_a_slice_that_fails_is_told_and_tried_again(caplog: pytest.LogCaptureFixture):
    seconds = Seconds()
    rounds = Rounds({"broken": Slice(lambda: 1 // 0, 5)}, monotonic=seconds)

    assert rounds.run("broken") == 0
    seconds.now = 5

    assert rounds.catch_up() == ("broken",)
    assert "broken failed; it is tried again in 5 s" in caplog.text


def test_tasks_are_acknowledged_late_and_come_back_within_a_minute():
    settings = make_celery("redis://127.0.0.1:1/0", {"drain_outgoing": 5}).conf

    assert (settings.task_acks_late, settings.worker_prefetch_multiplier, settings.task_ignore_result) == (
        True,
        1,
        True,
    )
    assert settings.broker_transport_options["visibility_timeout"] == 60
    assert settings.broker_transport_options["unacked_restore_interval"] == 2
    assert settings.broker_transport_options["unacked_restore_throttle"] == 1
    assert settings.broker_transport_options["max_retries"] == 1
    assert settings.broker_transport_options["interval_start"] == 0
    assert settings.beat_schedule["drain_outgoing"]["schedule"] == 5


def test_waking_without_a_queue_says_so_once_and_nobody_waits(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    wake = CeleryWake(make_celery(redis_server.socket_url(tmp_path), {}))

    with caplog.at_level(logging.WARNING, "bot.adapters.queue"):
        for _ in range(100):
            wake.outgoing()

    assert [record.getMessage() for record in caplog.records if record.name == "bot.adapters.queue"] == [
        "the queue is away; the worker polls the database meanwhile"
    ]


@pytest.mark.redis
def test_a_queue_that_hangs_is_given_up_so_that_nobody_waits_for_it(
    server: EmbeddedServer, caplog: pytest.LogCaptureFixture
):
    wake = CeleryWake(make_celery(server.url, {}))
    wake.outgoing()  # connected by now
    server.process.send_signal(signal.SIGSTOP)
    try:
        waiting = threading.Thread(target=wake.outgoing, daemon=True)
        waiting.start()
        waiting.join(30)
    finally:
        server.process.send_signal(signal.SIGCONT)

    assert not waiting.is_alive()
    assert "the queue is away" in caplog.text


@pytest.mark.redis
@pytest.mark.tree
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # from Python 3.12: pytest may have threads
def test_a_worker_hears_the_wake_polls_without_the_queue_and_hears_again(server: EmbeddedServer, tmp_path: Path):
    reader, writer = os.pipe()
    pid = fork(lambda: _work(server.url, writer))
    os.close(writer)
    wake = CeleryWake(make_celery(server.url, {}))

    try:
        assert _heard(reader, b"rounds")  # its own first round, before any queue
        wake.outgoing()
        assert _heard(reader, b"queue")
        server.process.kill()
        server.process.wait()
        _drain(reader)
        assert _heard(reader, b"rounds")
    finally:
        os.kill(pid, signal.SIGTERM)
        os.close(reader)
    assert os.waitpid(pid, 0)[1] == 0


def _work(url: str, writer: int) -> int:
    def run() -> int:
        by = b"rounds\n" if threading.current_thread().name == "rounds" else b"queue\n"
        return os.write(writer, by)

    return queue.work(make_celery(url, {}), Rounds({"drain_outgoing": Slice(run, 1.0)}), with_schedule=False)


def _heard(reader: int, word: bytes) -> bool:
    """Read until a word comes; the pipe's end (the worker died) is an empty read."""
    while read := os.read(reader, 4096):
        if word in read:
            return True
    return False


def _drain(reader: int) -> None:
    os.set_blocking(reader, False)
    try:
        while os.read(reader, 4096):
            pass
    except BlockingIOError:
        pass
    os.set_blocking(reader, True)
