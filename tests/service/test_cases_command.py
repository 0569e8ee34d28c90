"""A caseworker works from the terminal, and what is for the focal point stays with the focal point."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.bootstrap import installed
from bot.commands.cases import cases
from bot.simulator import Phone
from tests.service.letters import AWA

# A command leaves its files to the end of its process; here several share one.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SEGIN_MODE", "demo")
    monkeypatch.setenv("SEGIN_DATA_DIR", str(tmp_path / "data"))
    yield
    gc.collect()  # while the warning is still expected, and not within somebody else's test


def _writes(text: str) -> str:
    """Let somebody write, and return the reference of the case that it opened."""
    brain, ports = installed()
    phone = Phone(brain, ports, "sms", AWA)
    phone.write("Français")
    phone.write(text)
    return ports.store.cases(include_sensitive=True)[0].reference


def _segin(*words: str) -> Result:
    return CliRunner().invoke(cases, words)


def test_a_case_is_listed_read_taken_answered_and_closed() -> None:
    reference = _writes("je veux parler à quelqu'un")

    assert reference in _segin("list").output
    assert "je veux parler à quelqu'un" in _segin("show", reference).output
    assert _segin("take", reference, "--by", "Oumou").exit_code == 0
    assert _segin("answer", reference, "Passez demain.", "--by", "Oumou").exit_code == 0
    assert _segin("close", reference, "--by", "Oumou").exit_code == 0
    assert "No case is open" in _segin("list").output


def test_a_complaint_is_neither_listed_nor_opened_without_being_asked_for_as_such() -> None:
    reference = _writes("un agent me demande 25000 francs pour mon dossier")

    assert reference not in _segin("list").output
    assert _segin("show", reference).exit_code == 1
    assert "25000" not in _segin("show", reference).output
    assert "25000" in _segin("show", reference, "--sensitive").output


def test_a_case_that_is_not_there_is_one_sentence() -> None:
    result = _segin("take", "K7421S", "--by", "Oumou")

    assert result.exit_code == 1
    assert "Il n'y a pas de demande" in result.output


def test_a_case_waits_is_noted_referred_handed_back_and_opened_again() -> None:
    reference = _writes("je veux parler à quelqu'un")
    done = [
        _segin("wait", reference, "le consulat", "--until", "2026-12-01", "--by", "Oumou"),
        _segin("note", reference, "a rappelé", "--by", "Mariam"),
        _segin("priority", reference, "P2", "enfants", "--by", "Oumou"),
        _segin("refer", reference, "ccim", "--by", "Oumou"),
        _segin("hand-back", reference, "--by", "Oumou"),
        _segin("close", reference, "--outcome", "informed", "--words", "par téléphone", "--by", "Oumou"),
        _segin("reopen", reference, "--by", "Oumou"),
    ]
    story = _segin("show", reference).output

    assert [result.exit_code for result in done] == [0] * len(done)
    assert all(words in story for words in ("le consulat (01/12/2026)", "a rappelé", "P3 > P2 : enfants"))
    assert all(
        words in story for words in ("Chambre de Commerce", "information donnée : par téléphone", "reopened", "due ")
    )


def test_a_case_is_given_to_whoever_signs_in_by_that_name() -> None:
    reference = _writes("je veux parler à quelqu'un")

    assert "is Awa Diarra's." in _segin("assign", reference, "demo.awa", "--by", "Fanta").output
    assert "taken, Awa Diarra" in _segin("list").output
    nobody = _segin("assign", reference, "personne", "--by", "Fanta")
    assert (nobody.exit_code, "Nobody signs in as personne" in nobody.output) == (1, True)


def test_what_may_not_be_done_is_one_sentence() -> None:
    reference = _writes("je veux parler à quelqu'un")
    _segin("close", reference, "--by", "Oumou")
    result = _segin("answer", reference, "Bonjour.", "--by", "Oumou")

    assert result.exit_code == 1
    assert "Rouvrez-la" in result.output


def test_words_about_somebody_can_be_typed_where_the_shell_remembers_nothing() -> None:
    reference = _writes("je veux parler à quelqu'un")
    told = CliRunner().invoke(cases, ["note", reference, "-", "--by", "Oumou"], input="sa soeur est au marché\n")

    assert told.exit_code == 0
    assert "sa soeur est au marché" in _segin("show", reference).output
