"""Settings: defaults that work, and one sentence for each that cannot."""

import re
from pathlib import Path

import pytest

from bot.config import ConfigError, Reader, _read, read_settings
from bot.core.hours import Hours
from bot.core.messages import Address

ROOT = Path(__file__).parents[2]
TWILIO = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "token"}
KANNEL = {
    "SEGIN_KANNEL_SEND_URL": "http://127.0.0.1:13013/cgi-bin/sendsms",
    "SEGIN_KANNEL_USERNAME": "segin",
    "SEGIN_KANNEL_PASSWORD": "password",
    "SEGIN_KANNEL_SECRET": "secret",
    "SEGIN_KANNEL_FROM": "36000",
}


def refusal(**environ: str) -> str:
    with pytest.raises(ConfigError) as refused:
        read_settings(environ)
    return str(refused.value)


def test_short_codes_are_what_messages_come_in_on_and_a_word_is_none():
    found = read_settings({"SEGIN_MODE": "demo", **KANNEL, **TWILIO, "SEGIN_TWILIO_SMS_FROM": "SEGIN"})

    assert (found.short_codes, found.word_sender) == ({"36000"}, "SEGIN")


def test_nothing_set_gives_a_live_installation_on_loopback():
    settings = read_settings({})

    assert (settings.mode, settings.host, settings.port) == ("live", "127.0.0.1", 8000)
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.data_dir == Path("var/live").absolute()
    assert settings.database_url == f"sqlite:///{settings.data_dir}/segin.db"
    assert (settings.redis_url, settings.secret_keys, settings.index_key) == (None, None, None)
    assert (settings.twilio, settings.kannel, settings.alert_to) == (None, None, ())
    assert (settings.allow_unsigned, settings.phone_page) == (False, False)
    assert (settings.answer_hours, settings.sms_price, settings.sms_cost_fcfa) == (Hours(1, 5, 8, 17), "operator", 25)


def test_demo_has_its_own_data_and_the_phone_page():
    settings = read_settings({"SEGIN_MODE": "demo"})

    assert settings.data_dir == Path("var/demo").absolute()
    assert settings.phone_page


def test_the_public_address_follows_the_port():
    assert read_settings({"SEGIN_PORT": "8123"}).public_url == "http://127.0.0.1:8123"


def test_an_empty_value_is_as_good_as_none():
    assert read_settings({"SEGIN_PORT": " ", "TWILIO_AUTH_TOKEN": ""}) == read_settings({})


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SEGIN_MODE", "test", "SEGIN_MODE must be live or demo."),
        ("SEGIN_PORT", "http", "SEGIN_PORT must be a port number from 1 to 65535."),
        ("SEGIN_PORT", "0", "SEGIN_PORT must be a port number from 1 to 65535."),
        ("SEGIN_PUBLIC_URL", "segin.org", "SEGIN_PUBLIC_URL must be an address such as https://segin.example.org."),
        (
            "SEGIN_DATABASE_URL",
            "mysql://x/y",
            "SEGIN_DATABASE_URL must be a sqlite:// or postgresql+psycopg:// address.",
        ),
        ("SEGIN_REDIS_URL", "127.0.0.1", "SEGIN_REDIS_URL must be a redis://, rediss:// or unix:// address."),
        ("SEGIN_ALLOW_UNSIGNED", "maybe", "SEGIN_ALLOW_UNSIGNED must be 1 or 0."),
        (
            "SEGIN_ANSWER_HOURS",
            "17-8",
            "SEGIN_ANSWER_HOURS must be hours such as 8-17 (Monday to Friday), or days and hours: 1-6 8-17.",
        ),
        ("SEGIN_SMS_PRICE", "cheap", "SEGIN_SMS_PRICE must be free or operator."),
        ("SEGIN_SMS_COST_FCFA", "-1", "SEGIN_SMS_COST_FCFA must be a whole number of francs, 0 or more."),
        (
            "SEGIN_ALERT_TO",
            "duty at example",
            (
                "SEGIN_ALERT_TO must be numbers such as +22370000001 or whatsapp:+22370000001, "
                "or e-mail addresses, between commas."
            ),
        ),
        ("SEGIN_TWILIO_API_URL", "api", "SEGIN_TWILIO_API_URL must be an http:// or https:// address."),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_the_setting(name: str, value: str, sentence: str):
    assert refusal(**{name: value}) == sentence


def test_every_wrong_setting_is_told_in_one_go():
    assert refusal(SEGIN_PORT="x", SEGIN_MODE="y").splitlines() == [
        "SEGIN_MODE must be live or demo.",
        "SEGIN_PORT must be a port number from 1 to 65535.",
    ]


def test_a_refusal_never_repeats_a_value():
    assert "hunter2" not in refusal(SEGIN_DATABASE_URL="mysql://root:hunter2@db/segin")


@pytest.mark.parametrize("missing", sorted(TWILIO))
def test_half_of_twilio_names_what_is_missing(missing: str):
    told = refusal(**{name: value for name, value in TWILIO.items() if name != missing})

    assert f"but {missing} is missing" in told


def test_a_twilio_sender_without_an_account_names_both():
    told = refusal(SEGIN_TWILIO_SMS_FROM="+15005550006")

    assert "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN is missing" in told


def test_twilio_without_senders_still_answers_webhooks():
    twilio = read_settings(TWILIO).twilio

    assert twilio
    assert (twilio.sms_from, twilio.whatsapp_from, twilio.api_url) == (None, None, "https://api.twilio.com")


@pytest.mark.parametrize("missing", sorted(KANNEL))
def test_a_part_of_kannel_names_what_is_missing(missing: str):
    told = refusal(**{name: value for name, value in KANNEL.items() if name != missing})

    assert told.startswith("Kannel is half configured")
    assert f"but {missing} is missing" in told


def test_kannel_is_read_whole():
    kannel = read_settings(KANNEL).kannel

    assert kannel
    assert (kannel.username, kannel.password, kannel.secret, kannel.sender) == ("segin", "password", "secret", "36000")


def test_ways_are_the_configured_providers_with_what_was_said_of_them():
    ways = read_settings({**TWILIO, **KANNEL, "SEGIN_WAYS": "kannel:orange+moov:15,smsgate::5"}).ways

    assert [(way.provider, way.operators, way.fcfa) for way in ways] == [
        ("twilio", frozenset(), 25),
        ("kannel", frozenset({"orange", "sotelma"}), 15),
    ]


@pytest.mark.parametrize("value", ["kannel", "kannel:orange", "pigeon::5", "kannel:orange:dear"])
def test_ways_that_cannot_be_read_are_refused(value: str):
    assert refusal(SEGIN_WAYS=value).startswith("SEGIN_WAYS must be provider:operators:price")


@pytest.mark.parametrize("value", ["kannel:ornage:15", "kannel:orange+mtn:15"])
def test_an_operator_that_mali_does_not_have_is_refused_with_those_it_has(value: str):
    assert refusal(SEGIN_WAYS=value).endswith("the operators orange, moov, malitel, sotelma, telecel, atel.")


def test_unsigned_webhooks_are_only_for_this_machine():
    told = refusal(SEGIN_ALLOW_UNSIGNED="1", SEGIN_PUBLIC_URL="https://segin.example.org")

    assert told.startswith("SEGIN_ALLOW_UNSIGNED is only for a stand-in on this machine")
    assert read_settings({"SEGIN_ALLOW_UNSIGNED": "1", "SEGIN_PUBLIC_URL": "http://[::1]:8000"}).allow_unsigned


def test_unsigned_webhooks_are_refused_for_names_that_only_look_like_this_machine():
    assert refusal(SEGIN_ALLOW_UNSIGNED="1", SEGIN_PUBLIC_URL="http://127.0.0.1.example.org")


def test_a_database_without_a_driver_of_ours_is_refused():
    assert "SEGIN_DATABASE_URL must be" in refusal(SEGIN_DATABASE_URL="postgresql+nodriver://host/name")


def test_live_has_no_phone_page():
    assert refusal(SEGIN_PHONE_PAGE="1") == "SEGIN_PHONE_PAGE is only for SEGIN_MODE=demo: unset it."


def test_live_does_not_start_when_nobody_can_be_alerted():
    with pytest.raises(ConfigError, match=r"^SEGIN_ALERT_TO is missing"):
        read_settings(TWILIO).require_startable()

    read_settings({"SEGIN_MODE": "demo"}).require_startable()
    read_settings({"SEGIN_ALERT_TO": "70000001", **TWILIO}).require_startable()
    read_settings({"SEGIN_ALERT_TO": "70000001", **KANNEL}).require_startable()


def test_live_does_not_start_when_nothing_can_carry_an_alert():
    with pytest.raises(ConfigError, match=r"^Nothing can carry an alert: set TWILIO_ACCOUNT_SID"):
        read_settings({"SEGIN_ALERT_TO": "70000001"}).require_startable()


@pytest.mark.parametrize(
    ("environ", "doubted"),
    [
        (TWILIO, ["SMS", "WHATSAPP"]),
        (TWILIO | {"SEGIN_TWILIO_SMS_FROM": "+15005550006"}, ["WHATSAPP"]),
        (TWILIO | KANNEL, ["WHATSAPP"]),
        (TWILIO | {"SEGIN_TWILIO_SMS_FROM": "+15005550006", "SEGIN_TWILIO_WHATSAPP_FROM": "+15005550006"}, []),
        ({}, []),  # nothing but simulated phones
    ],
)
def test_an_alert_that_cannot_leave_is_told_loudly_at_the_start(environ: dict[str, str], doubted: list[str]):
    settings = read_settings({"SEGIN_ALERT_TO": "70000001,whatsapp:+22370000001", **environ})

    assert [
        word for word in ("SMS", "WHATSAPP") if any(f"THE {word} NUMBERS" in one for one in settings.doubts)
    ] == doubted


def test_twilio_carries_what_it_has_a_sender_for():
    ways = {way.provider: way.channels for way in read_settings(TWILIO | KANNEL).ways}

    assert ways == {"twilio": frozenset(), "kannel": frozenset({"sms"})}


def test_alerts_go_to_numbers_in_full():
    settings = read_settings({"SEGIN_ALERT_TO": "70 00 00 01, whatsapp:+22370000002"})

    assert settings.alert_to == (Address("sms", "+22370000001"), Address("whatsapp", "+22370000002"))


def test_a_secret_may_stand_in_a_file(tmp_path: Path):
    (tmp_path / "token").write_text("from the file\n")
    settings = read_settings(
        {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN_FILE": str(tmp_path / "token")},
    )

    assert settings.twilio
    assert settings.twilio.auth_token == "from the file"


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path):
    told = refusal(SEGIN_INDEX_KEY_FILE=str(tmp_path / "nothing"))

    assert told == "SEGIN_INDEX_KEY_FILE cannot be read (FileNotFoundError): give the path of a text file."


def test_an_empty_file_is_told(tmp_path: Path):
    (tmp_path / "empty").touch()

    assert "SEGIN_INDEX_KEY_FILE names an empty file" in refusal(SEGIN_INDEX_KEY_FILE=str(tmp_path / "empty"))


def test_a_value_and_a_file_together_are_refused(tmp_path: Path):
    (tmp_path / "key").write_text("k" * 32)

    assert "are both set" in refusal(SEGIN_INDEX_KEY="k" * 32, SEGIN_INDEX_KEY_FILE=str(tmp_path / "key"))


def test_printing_the_settings_shows_no_secret():
    shown = repr(read_settings({**TWILIO, **KANNEL, "SEGIN_INDEX_KEY": "i" * 32, "SEGIN_ALERT_TO": "+22370000001"}))

    assert not any(secret in shown for secret in ("'token'", "'password'", "'secret'", "i" * 32, "70000001"))


def test_every_setting_is_documented_and_nothing_else_is():
    reader = Reader({})
    _read(reader)
    documented = re.findall(r"^#?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(documented) == sorted(set(reader.names))


def test_the_documented_examples_can_be_read():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    shown = dict(line[1:].split("=", 1) for line in lines if re.match(r"#[A-Z][A-Z_]+=", line))
    secrets = {name: "s" * 32 for name, value in shown.items() if not value}

    assert read_settings({**shown, **secrets}).kannel
