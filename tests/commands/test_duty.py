"""The rota from the terminal."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.adapters.sql.store import SqlStore
from bot.bootstrap import installed
from bot.commands.duty import duty
from tests.duty.team import add_people

pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SEGIN_MODE", "demo")
    monkeypatch.setenv("SEGIN_DATA_DIR", str(tmp_path / "data"))
    _, ports = installed()
    assert isinstance(ports.store, SqlStore)
    add_people(ports.store.staff, "oumou", now=ports.clock.now())
    yield
    gc.collect()


def segin(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(duty, words)
    return done.exit_code, done.output


def test_a_shift_is_added_and_listed() -> None:
    assert "Nobody has a shift" in segin("list")[1]
    assert segin("add", "oumou", "2199-11-23T08:00", "2199-11-23T20:00", "--by", "fanta") == (0, "1 shift(s) added.\n")

    assert "2199-11-23T08:00" in segin("list", "--days", "100000")[1]


@pytest.mark.parametrize("words", [("nobody", "2199-11-23T08:00"), ("oumou", "tomorrow")])
def test_what_is_wrong_is_one_sentence(words: tuple[str, str]) -> None:
    code, output = segin("add", *words, "2199-11-23T20:00", "--by", "fanta")

    assert code == 1
    assert output.startswith("Error: ")
