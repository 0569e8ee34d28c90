"""Child processes: started again when they die, stopped together, never left behind."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.adapters.supervisor import MANY_DEATHS

pytestmark = pytest.mark.tree
HERE = Path(__file__).parent


@contextmanager
def program(second: str = "second") -> Iterator[tuple[subprocess.Popen[str], dict[str, int]]]:
    """Run the supervised program; give it and the pids of its children."""
    with subprocess.Popen(
        [sys.executable, HERE / "supervised.py", second],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(HERE.parents[1])},
    ) as process:
        try:
            pids = dict(said(process) for _ in range(3))
            assert pids.pop("ready") == process.pid
            yield process, pids
        finally:
            process.kill()


def said(process: subprocess.Popen[str]) -> tuple[str, int]:
    assert process.stdout
    name, pid = process.stdout.readline().split()
    return name, int(pid)


@contextmanager
def ending(*pids: int) -> Iterator[None]:
    """Check that the processes end because of what the block does; the kernel says so, nobody polls."""
    watched = [os.pidfd_open(pid) for pid in pids]
    try:
        yield
        for one in watched:
            assert select.select([one], [], [], 15)[0], "a process was left behind"
    finally:
        for one in watched:
            os.close(one)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_told_to_stop_it_stops_everything_with_status_0(number: signal.Signals):
    with program() as (process, pids), ending(*pids.values()):
        process.send_signal(number)

        assert process.wait() == 0


def test_a_dead_child_is_started_again_with_a_sentence():
    with program() as (process, pids):
        os.kill(pids["second"], signal.SIGKILL)
        name, pid = said(process)
        process.terminate()
        told = process.communicate()[1]

    assert name == "second"
    assert pid != pids["second"]
    assert "the second ended unexpectedly; it is started again" in told


def test_a_child_that_keeps_dying_ends_the_whole_with_status_1():
    with program() as (process, pids), ending(pids["first"]):
        for _ in range(MANY_DEATHS - 1):
            os.kill(pids["second"], signal.SIGKILL)
            pids["second"] = said(process)[1]
        os.kill(pids["second"], signal.SIGKILL)
        told = process.communicate()[1]

    assert process.returncode == 1
    assert "the second keeps ending; everything stops" in told


def test_children_do_not_outlive_a_killed_parent():
    with program() as (process, pids), ending(*pids.values()):
        process.kill()


def test_a_child_that_does_not_hear_is_killed_in_the_end():
    with program("stubborn") as (process, pids), ending(*pids.values()):
        process.terminate()

        assert process.wait() == 0
