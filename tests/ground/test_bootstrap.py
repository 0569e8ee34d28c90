"""What bootstrap picks for which settings."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.adapters.senders import Senders, SimulatedPhones
from bot.bootstrap import build, greeting, make_senders, prepare_data
from bot.config import ConfigError, read_settings
from bot.core.messages import Address, Status
from bot.house import EVERY
from bot.ports import OutgoingRow

TWILIO = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "token"}
ROW = OutgoingRow(
    id="1" * 32,
    person_id=None,
    to=Address("sms", "+22370000001"),
    provider="twilio",
    kind="alert",
    route="rest",
    text="",
    response="alert",
    language="fr",
    encoding="GSM-7",
    segments=1,
    status=Status.SENDING,
    created_at=datetime(2026, 11, 23, tzinfo=UTC),
)


def test_every_piece_of_background_work_has_its_time(tmp_path: Path):
    house = build(read_settings({"SEGIN_MODE": "demo", "SEGIN_DATA_DIR": str(tmp_path)}), "unix:///nowhere")

    assert set(house.slices) == set(EVERY) == set(house.celery.conf.beat_schedule)
    assert house.slices["drain_outgoing"].every == 5


def test_background_work_on_an_empty_installation_does_nothing(tmp_path: Path):
    settings = read_settings({"SEGIN_MODE": "demo", "SEGIN_DATA_DIR": str(tmp_path)})
    prepare_data(settings)
    house = build(settings, "unix:///nowhere")

    assert {name: one.run() for name, one in house.slices.items()} == dict.fromkeys(EVERY, 0)
    house.database.close()


def test_the_data_folder_and_its_keys_are_private(tmp_path: Path):
    settings = read_settings({"SEGIN_MODE": "demo", "SEGIN_DATA_DIR": str(tmp_path / "data")})
    prepare_data(settings)
    build(settings, "unix:///nowhere")

    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "data").iterdir()} == {0o600}


def test_keys_that_are_too_short_are_a_refusal(tmp_path: Path):
    settings = read_settings({"SEGIN_DATA_DIR": str(tmp_path), "SEGIN_SECRET_KEYS": "short"})

    with pytest.raises(ConfigError, match="SEGIN_SECRET_KEYS must hold keys"):
        build(settings, "unix:///nowhere")


@pytest.mark.parametrize(
    ("environ", "names"),
    [({}, set()), ({"SEGIN_MODE": "demo"}, {"simulator"}), (TWILIO, {"twilio"})],
)
def test_only_what_is_configured_sends(environ: dict[str, str], names: set[str]):
    assert set(make_senders(read_settings(environ))) == names


def test_a_message_of_a_provider_that_is_gone_waits():
    result = Senders({})["twilio"].send(ROW)

    assert (result.verdict, result.error_code) == ("retry", "not-configured")


def test_what_may_have_been_sent_by_a_provider_that_is_gone_is_not_sent_again():
    result = Senders({})["twilio"].find(ROW)

    assert result
    assert result.verdict == "unknown"


def test_a_simulated_phone_has_every_message_at_once():
    phones = SimulatedPhones()

    assert phones.send(ROW).status == Status.DELIVERED
    assert phones.find(ROW) == phones.send(ROW)


def test_the_greeting_says_where_things_are():
    assert "http://127.0.0.1:8123/phone/" in greeting(read_settings({"SEGIN_MODE": "demo", "SEGIN_PORT": "8123"}))
    assert "/phone" not in greeting(read_settings({"SEGIN_HOST": "0.0.0.0"}))  # noqa: S104 - what is tested
