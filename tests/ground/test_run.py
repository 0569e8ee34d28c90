"""`segin run` as people start it: one tree, ready, complete, gone when told, gone when killed."""

import json
import os
import select
import signal
import socket
import stat
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.tree, pytest.mark.redis]
SEGIN = Path(sys.executable).with_name("segin")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings(data_dir: Path, port: int, **more: str) -> dict[str, str]:
    own = {"SEGIN_MODE": "demo", "SEGIN_DATA_DIR": str(data_dir), "SEGIN_PORT": str(port), **more}
    return {**{name: value for name, value in os.environ.items() if not name.startswith(("SEGIN_", "TWILIO_"))}, **own}


def start(data_dir: Path, port: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [SEGIN, "run"],
        env=settings(data_dir, port),
        cwd=data_dir,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    for line in process.stdout:  # the port is open when the greeting is printed: callers wait, none is refused
        if "runs in demo mode" in line:
            return process
    pytest.fail("`segin run` ended before it greeted.")


def below(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            found += [int(child) for child in children.read_text().split()]
    return found[1:]


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = free_port()
    process = start(tmp_path, port)
    yield process, port
    process.terminate()
    process.communicate()


def test_it_is_ready_complete_and_private(tree: tuple[subprocess.Popen[str], int], tmp_path: Path):
    _, port = tree

    status, body = get(port, "/readyz")

    assert (status, json.loads(body)["status"]) == (200, "ready")
    assert get(port, "/healthz")[0] == 200
    assert "segin_storage_up 1.0" in get(port, "/metrics")[1]
    assert get(port, "/phone/")[0] == 200
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and _open_to_others(path)] == []


def _open_to_others(path: Path) -> bool:
    """Say whether others can read a file: its own mode, or a folder above that lets them in."""
    inside = any(stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0 for folder in path.parents)
    return not inside and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def test_without_its_redis_it_says_so_and_gets_a_new_one(tree: tuple[subprocess.Popen[str], int]):
    process, port = tree
    assert get(port, "/readyz")[0] == 200
    redis = next(pid for pid in below(process.pid) if "valkey" in Path(f"/proc/{pid}/cmdline").read_text())

    os.kill(redis, signal.SIGKILL)

    assert process.stdout
    assert any("the Redis server ended unexpectedly; it is started again" in line for line in process.stdout)
    assert get(port, "/healthz")[0] == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_behind(tmp_path: Path, number: signal.Signals):
    port = free_port()
    process = start(tmp_path, port)
    assert get(port, "/readyz")[0] == 200
    watched = [os.pidfd_open(pid) for pid in below(process.pid)]

    process.send_signal(number)
    process.communicate()

    assert process.returncode == (-number if number == signal.SIGKILL else 0)
    assert len(watched) >= 4
    for one in watched:
        assert select.select([one], [], [], 20)[0], "a process was left behind"
        os.close(one)


def test_a_taken_port_is_one_sentence_and_status_2(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = subprocess.run(
            [SEGIN, "run"], env=settings(tmp_path, port), capture_output=True, text=True, check=False, cwd=tmp_path
        )

    assert told.returncode == 2
    assert told.stderr == (
        f"segin: Port {port} on 127.0.0.1 cannot be used (Address already in use): stop what listens there, "
        f"or choose another with SEGIN_PORT={port + 1}.\n"
    )


def test_a_second_start_on_the_same_data_is_one_sentence_and_status_2(
    tree: tuple[subprocess.Popen[str], int], tmp_path: Path
):
    told = subprocess.run(
        [SEGIN, "run"], env=settings(tmp_path, free_port()), capture_output=True, text=True, check=False, cwd=tmp_path
    )

    assert told.returncode == 2
    assert told.stderr.startswith(f"segin: Segin is already running on {tmp_path}")
    assert get(tree[1], "/readyz")[0] == 200


def test_live_without_anybody_to_alert_is_one_sentence_and_status_2(tmp_path: Path):
    environ = settings(tmp_path, free_port(), SEGIN_MODE="live", TWILIO_ACCOUNT_SID="AC1", TWILIO_AUTH_TOKEN="t")
    told = subprocess.run([SEGIN, "run"], env=environ, capture_output=True, text=True, check=False, cwd=tmp_path)

    assert told.returncode == 2
    assert told.stderr.startswith("segin: SEGIN_ALERT_TO is missing")
    assert told.stderr.count("\n") == 1
