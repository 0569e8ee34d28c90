"""`segin person` in the terminal, on an installation of its own."""

import json
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.bootstrap import at_home
from bot.cli import segin
from bot.core.cases import reference as reference_of
from bot.core.messages import Address, Incoming
from bot.ports.audit import Wanted
from bot.service.receive_message import receive_message

NUMBER = "+22376123456"
REFERENCE = reference_of(4321)
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SEGIN_MODE", "demo")
    monkeypatch.setenv("SEGIN_DATA_DIR", str(tmp_path / "data"))
    return lambda *words: CliRunner().invoke(segin, ["person", *words])


@pytest.fixture
def reference(run: Run) -> str:
    """Return the reference of a case of somebody who wrote."""
    with at_home() as house:
        text = "je veux parler à quelqu'un"
        one = Incoming("simulator", "1", Address("sms", NUMBER), "", text, house.ports.clock.now())
        receive_message(house.brain, house.ports, one)
        return house.ports.store.cases()[0].reference


def test_everything_of_a_person_goes_into_a_file_for_one_s_own_eyes(run: Run, reference: str, tmp_path: Path) -> None:
    out = tmp_path / "export.json"
    done = run("export", reference, "--out", str(out), "--by", "Sana")
    whole = json.loads(out.read_text(encoding="utf-8"))

    assert done.exit_code == 0
    assert whole["address"][0]["value"] == NUMBER
    assert whole["incoming"][0]["body"]["text"] == "je veux parler à quelqu'un"
    assert whole["case_event"][0]["actor"] == "person"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_an_export_asked_for_by_a_complaint_s_number_is_kept_with_the_complaint(run: Run, reference: str) -> None:
    with at_home() as house:
        (case,) = house.ports.store.cases()
        with house.ports.store.write() as tx:
            told = replace(case, id="complaint", reference=REFERENCE, kind="complaint", sensitive=True)
            tx.open_case(told, now=case.opened_at)
    run("export", REFERENCE, "--by", "Sana")
    run("export", reference, "--by", "Sana")

    with at_home() as house:
        lines = house.trail.lines(Wanted(action="person.export"), limit=9)
    assert [line.object_id for line in lines] == [case.person_id, "complaint"]


def test_a_file_that_is_there_is_not_written_over(run: Run, reference: str, tmp_path: Path) -> None:
    (tmp_path / "there.json").write_text("mine")
    refused = run("export", reference, "--out", str(tmp_path / "there.json"), "--by", "Sana")

    assert refused.exit_code == 1
    assert "does not exist yet" in refused.output
    assert (tmp_path / "there.json").read_text() == "mine"


def test_it_asks_before_it_erases(run: Run, reference: str) -> None:
    refused = run("erase", reference, "--by", "Sana")
    erased = run("erase", reference, "--by", "Sana", "--yes")

    assert "Erase it?" in refused.output
    assert refused.exit_code == 1
    assert erased.output.startswith("Erased. The receipt is ")
    assert "nobody" in run("export", reference, "--by", "Sana").output


def test_a_hold_puts_the_erasure_off_until_it_is_lifted(run: Run, reference: str) -> None:
    held = run("hold", reference, "--reason", "enquête", "--by", "Fanta")
    again = run("hold", reference, "--reason", "encore", "--by", "Fanta")
    refused = run("erase", reference, "--by", "Sana", "--yes")
    released = run("release", reference, "--by", "Fanta")

    assert [one.exit_code for one in (held, again, refused, released)] == [0, 1, 1, 0]
    assert "when the hold is lifted" in refused.output
    assert released.output.startswith("Released and erased.")


def test_a_complaint_puts_the_erasure_off_in_the_same_words(run: Run, reference: str) -> None:
    run("hold", reference, "--reason", "enquête", "--by", "Fanta")
    under_hold = run("erase", reference, "--by", "Sana", "--yes")
    run("release", reference, "--by", "Fanta")
    assert "nobody" in run("export", reference, "--by", "Sana").output
    with at_home() as house:
        text = "un agent me demande 25000 francs pour mon dossier"
        one = Incoming("simulator", "2", Address("sms", NUMBER), "", text, house.ports.clock.now())
        receive_message(house.brain, house.ports, one)
        (case,) = house.ports.store.cases(include_sensitive=True)
    refused = run("erase", case.reference, "--by", "Sana", "--yes")

    assert refused.exit_code == 1
    assert refused.output == under_hold.output


def test_without_a_hold_there_is_nothing_to_lift(run: Run, reference: str) -> None:
    assert "No legal hold" in run("release", reference, "--by", "Fanta").output
