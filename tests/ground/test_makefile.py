"""The Makefile explains each of its targets, and each can be made."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE)) - {"catalogues"}


def make(*arguments: str) -> str:
    command = ["make", "--no-print-directory", *arguments]  # this test may run within make
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_help_lists_every_target_with_a_sentence():
    listed = dict(line.split(None, 1) for line in make("help").splitlines())

    assert set(listed) == TARGETS
    assert {"run", "test", "setup", "chat", "help"} <= TARGETS
    assert all(listed.values())


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_every_target_can_be_made(target: str):
    assert make("--dry-run", target).strip()


def test_make_without_a_target_explains():
    assert make() == make("help")


def test_continuous_integration_runs_the_tests():
    assert re.search(r"^make test$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
