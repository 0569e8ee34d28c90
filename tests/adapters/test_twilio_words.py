"""Twilio's words become ours in one table each."""

import pytest

from bot.adapters.twilio_words import _CODES, STATUSES, status_url, verdict_on
from bot.core.messages import Status


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("21610", "opted_out"),
        ("63033", "opted_out"),
        ("20429", "retry"),
        ("30003", "retry"),  # a phone that is off: hours later
        ("63018", "retry"),
        ("21614", "permanent"),
        ("63016", "permanent"),  # the window is closed: only a template helps
        ("21606", "blocked"),  # our configuration: every other message would be refused as well
        ("99999", "permanent"),  # Twilio adds codes without notice
        ("", "permanent"),
        ("²", "permanent"),
    ],
)
def test_it_says_what_to_do_about_an_error(code: str, verdict: str) -> None:
    assert verdict_on(code) == verdict


def test_every_code_stands_in_one_class() -> None:
    codes = [code for group in _CODES.values() for code in group]

    assert len(codes) == len(set(codes))


def test_no_status_is_taken_for_more_than_it_says() -> None:
    assert {word for word, status in STATUSES.items() if status == Status.ACCEPTED} == {
        "accepted",
        "scheduled",
        "queued",
        "sending",
    }
    assert "received" not in STATUSES  # an incoming message is no report


def test_reports_come_to_an_address_that_names_our_row() -> None:
    assert status_url("https://segin.example", "a b") == "https://segin.example/webhooks/twilio/status?m=a+b"
