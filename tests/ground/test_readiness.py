"""What `segin check --live` says of settings and ways before people are served."""

import pytest
from click.testing import CliRunner

from bot.cli import segin
from bot.config import Settings
from bot.core.ways import Way
from bot.readiness import hindrances
from tests.web.conftest import KANNEL as BARE_KANNEL

KANNEL = {
    **BARE_KANNEL,
    "SEGIN_KANNEL_STATUS_URL": "http://127.0.0.1:9/status.xml?password=made-up",
    "SEGIN_KANNEL_ALLOW": "10.0.0.5",
}
TWILIO = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "made-up", "SEGIN_TWILIO_SMS_FROM": "+15005550006"}
READY = {"SEGIN_ALERT_TO": "+22370000009", "SEGIN_PUBLIC_URL": "https://segin.example.org", **KANNEL}


def up(settings: Settings) -> tuple[Way, ...]:
    return tuple(way.seen(up=True) for way in settings.ways)


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in READY.items() if name not in names}


def test_nothing_hinders_what_is_ready() -> None:
    assert hindrances(READY, up) == []
    assert hindrances(READY | {"SEGIN_MODE": "demo"}, up) == []  # said of what it will be


@pytest.mark.parametrize(
    ("environ", "begins"),
    [
        (without("SEGIN_ALERT_TO"), "SEGIN_ALERT_TO is missing"),
        (without("SEGIN_KANNEL_PASSWORD"), "Kannel is half configured"),
        (READY | {"SEGIN_ALERT_TO": "whatsapp:+22370000009"}, "NO ALERT OF AN URGENT CASE CAN REACH THE WHATSAPP"),
        (READY | {"SEGIN_PHONE_PAGE": "1"}, "SEGIN_PHONE_PAGE is only for SEGIN_MODE=demo"),
        (READY | {"SEGIN_PUBLIC_URL": "http://segin.example.org"}, "SEGIN_PUBLIC_URL is not https"),
        (without(*KANNEL) | TWILIO, "No SMS from a Malian number can come in"),
        (without("SEGIN_KANNEL_STATUS_URL"), "SEGIN_KANNEL_STATUS_URL is missing"),
        (without("SEGIN_KANNEL_ALLOW"), "SEGIN_KANNEL_ALLOW is missing"),
    ],
)
def test_each_thing_that_is_missing_is_one_sentence(environ: dict[str, str], begins: str) -> None:
    (told,) = hindrances(environ, up)

    assert told.startswith(begins)
    assert told.endswith(".")


def test_a_way_that_is_not_up_is_named() -> None:
    (told,) = hindrances(READY, lambda settings: tuple(way.seen(up=False) for way in settings.ways))

    assert told.startswith("The way kannel is not up")


def test_the_command_says_it_and_ends_with_status_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for name, value in without("SEGIN_ALERT_TO").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SEGIN_DATA_DIR", str(tmp_path_factory.mktemp("data")))
    result = CliRunner().invoke(segin, ["check", "--live"])

    assert result.exit_code == 1
    assert "SEGIN_ALERT_TO is missing" in result.output
    assert "The way kannel is not up" in result.output
    assert "never checked" in result.output


def test_the_command_lists_what_keeps_it_from_reading_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in without("SEGIN_KANNEL_PASSWORD").items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(segin, ["check", "--live"])

    assert (result.exit_code, result.output.count("Kannel is half configured")) == (1, 1)
    assert "never checked" in result.output
