"""A pace over all processes: each asks Redis for its moment, and keeps the pace alone when Redis is away."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters import redis_server
from bot.adapters.pace import LocalPace, SharedPace
from bot.adapters.redis_server import EmbeddedServer

SLOW = 0.01  # units a second: the seconds that a test takes do not count beside the hundred that one unit takes


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    started = redis_server.start(tmp_path)
    yield started
    started.stop()


def test_the_first_goes_at_once_and_each_next_one_after_as_long_as_those_before_it_take() -> None:
    pace = LocalPace(2.0, monotonic=lambda: 0.0)

    assert [pace.reserve(units) for units in (1, 3, 1)] == [0.0, 0.5, 2.0]


def test_two_processes_keep_one_pace(server: EmbeddedServer) -> None:
    one, other = (SharedPace("kannel", SLOW, server.url) for _ in range(2))

    assert one.reserve(2) == 0
    assert other.reserve() == pytest.approx(200, abs=20)
    assert one.reserve() == pytest.approx(300, abs=20)


def test_two_senders_do_not_wait_for_each_other(server: EmbeddedServer) -> None:
    SharedPace("kannel", SLOW, server.url).reserve(3)

    assert SharedPace("smsgate", SLOW, server.url).reserve() == 0


def test_it_waits_as_long_as_it_was_told(server: EmbeddedServer) -> None:
    slept: list[float] = []
    pace = SharedPace("kannel", SLOW, server.url, sleep=slept.append)
    pace.wait()
    pace.wait()

    assert slept == [pytest.approx(100, abs=20)]


def test_without_redis_each_process_keeps_the_pace_alone_and_asks_again_later(server: EmbeddedServer) -> None:
    now = [0.0]
    pace = SharedPace("kannel", SLOW, server.url, monotonic=lambda: now[0])
    SharedPace("kannel", SLOW, server.url).reserve(4)
    away = SharedPace("kannel", SLOW, server.url + ".gone", monotonic=lambda: now[0])

    assert [away.reserve(), away.reserve()] == [0.0, 100.0]
    assert pace.reserve() == pytest.approx(400, abs=20)


def test_it_comes_back_to_redis(server: EmbeddedServer, tmp_path: Path) -> None:
    now = [0.0]
    other = (tmp_path / "later").joinpath("redis.sock")
    pace = SharedPace("kannel", SLOW, f"unix://{other}", monotonic=lambda: now[0])
    alone = pace.reserve()
    other.parent.mkdir()
    other.symlink_to(server.url.removeprefix("unix://"))
    SharedPace("kannel", SLOW, server.url).reserve(2)

    assert (alone, pace.reserve()) == (0.0, 100.0)
    now[0] = 6.0
    assert pace.reserve() == pytest.approx(200, abs=20)
