"""The contract of the embedded server, on the real one."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import redis

from bot.adapters import redis_server
from bot.adapters.redis_server import EmbeddedServer, ServerError

pytestmark = pytest.mark.redis


def client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, decode_responses=True)


def test_it_answers_as_soon_as_it_has_started(server: EmbeddedServer):
    with client(server.url) as redis_client:
        assert redis_client.ping()


def test_it_listens_on_a_private_socket_and_on_no_port(server: EmbeddedServer, tmp_path: Path):
    with client(server.url) as redis_client:
        assert redis_client.config_get("port") == {"port": "0"}

    assert stat.S_IMODE((tmp_path / "redis" / "redis.sock").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "redis").stat().st_mode) == 0o700


def test_it_keeps_what_it_has_and_says_when_it_is_full(server: EmbeddedServer):
    with client(server.url) as redis_client:
        assert redis_client.config_get("appendonly", "appendfsync", "maxmemory-policy") == {
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
        }


def test_what_was_written_outlives_a_kill(tmp_path: Path):
    first = redis_server.start(tmp_path)
    with client(first.url) as redis_client:
        for number in range(500):
            redis_client.set(f"key{number}", number)
    first.process.kill()
    first.process.wait()

    second = redis_server.start(tmp_path)
    try:
        with client(second.url) as redis_client:
            assert redis_client.dbsize() == 500
    finally:
        second.stop()


def test_it_is_gone_with_its_parent_even_after_a_kill(tmp_path: Path):
    program = (
        "import pathlib, signal, sys; from bot.adapters import redis_server;"
        "print(redis_server.start(pathlib.Path(sys.argv[1])).process.pid, flush=True); signal.pause()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        server = os.pidfd_open(pid)
        parent.send_signal(signal.SIGKILL)

    try:
        assert _ends(server)
    finally:
        os.close(server)


def _ends(pidfd: int, *, within: float = 10.0) -> bool:
    import select

    return bool(select.select([pidfd], [], [], within)[0])  # readable when the process has ended


def test_a_second_start_on_the_same_data_is_one_clear_sentence(server: EmbeddedServer, tmp_path: Path):
    with pytest.raises(ServerError) as refused:
        redis_server.start(tmp_path)

    assert str(refused.value) == (
        f"Segin is already running on {tmp_path}: stop it first, or set SEGIN_DATA_DIR to another folder."
    )
    with client(server.url) as redis_client:
        assert redis_client.ping()


def test_the_data_is_free_again_when_the_server_is_gone(tmp_path: Path):
    redis_server.start(tmp_path).stop()

    redis_server.start(tmp_path).stop()


@pytest.mark.parametrize("name", ["with a space", "é", "d" * 120])
def test_it_starts_wherever_the_data_lies(tmp_path: Path, name: str):
    started = redis_server.start(tmp_path / name)
    try:
        with client(started.url) as redis_client:
            assert redis_client.ping()
        assert (tmp_path / name / "redis" / "appendonlydir").is_dir()
    finally:
        started.stop()


def test_a_long_path_leads_to_a_private_folder_of_its_own():
    long = redis_server.socket_path(Path("/srv") / ("d" * 120))

    assert len(str(long)) <= redis_server.SOCKET_PATH_LIMIT
    assert long != redis_server.socket_path(Path("/srv") / ("e" * 120))


def test_a_server_that_cannot_start_says_where_to_look(tmp_path: Path):
    (tmp_path / "redis" / "appendonlydir").mkdir(parents=True)
    (tmp_path / "redis" / "appendonlydir" / "appendonly.aof.manifest").write_text("no manifest\n")

    with pytest.raises(ServerError, match=r"did not start: read .*server\.log"):
        redis_server.start(tmp_path)


def test_a_running_server_is_used_and_left_running(server: EmbeddedServer, tmp_path: Path):
    with redis_server.at_hand(tmp_path, None) as url:
        assert url == server.url

    assert redis_server.answers(server.url)


def test_a_named_server_is_never_replaced_by_our_own(tmp_path: Path):
    with redis_server.at_hand(tmp_path, "redis://127.0.0.1:1/0") as url:
        assert url == "redis://127.0.0.1:1/0"

    assert not list(tmp_path.iterdir())


def test_where_no_server_answers_the_queue_is_away(tmp_path: Path):
    assert not redis_server.answers(redis_server.socket_url(tmp_path))
