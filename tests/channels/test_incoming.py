"""A provider's form becomes one of our messages, and nothing in it is lost."""

from datetime import UTC, datetime

import pytest

from bot.channels import simulator, twilio, voice
from bot.channels.twilio_form import BadForm
from bot.core.messages import Address, Incoming
from tests import payloads_on_disk as payloads

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def read(name: str, **changes: str) -> Incoming:
    return twilio.parse(payloads.form(f"twilio/{name}") | changes, received_at=NOW)


def test_it_reads_an_sms() -> None:
    incoming = read("sms_text")

    assert incoming == Incoming(
        provider="twilio",
        provider_id="SM" + "0" * 31 + "1",
        sender=Address("sms", "+22376123456"),
        recipient="+33700000001",
        text="Bonjour, j'ai perdu mon passeport. ŋ ɛ",
        received_at=NOW,
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sms_blank_and_spaces", "  1 \n"),  # never rewritten
        ("sms_no_body", ""),
        ("sms_base64", "Je suis rentré de Libye en mars, j'ai perdu mon passeport et ma carte."),
        ("whatsapp_text", "I ni sɔgɔma"),
        ("whatsapp_button", "Oui"),
        ("whatsapp_unknown_fields", "Bonjour"),
    ],
)
def test_it_keeps_the_words(name: str, text: str) -> None:
    assert read(name).text == text


@pytest.mark.parametrize(
    "body",
    [
        "A" * 64,  # decodes to nothing readable
        "Y2VjaSBlc3QgY291cnQ=",  # too short to be sure
        "bW90c2Fuc2VzcGFjZW1vdHNhbnNlc3BhY2Vtb3RzYW5zZXNwYWNlbW90c2Fuc2VzcGFjZQ==",  # readable, yet without a space
        "https://example.org/" + "a" * 60,
    ],
)
def test_it_leaves_what_only_looks_like_base64(body: str) -> None:
    assert read("sms_text", Body=body).text == body


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sms_text", "text"),
        ("sms_no_body", "text"),
        ("mms_picture", "picture"),
        ("whatsapp_voice_note", "voice_note"),
        ("whatsapp_document", "document"),
        ("whatsapp_contact", "contact"),
        ("whatsapp_location", "location"),
        ("whatsapp_reaction", "other"),
        ("whatsapp_button", "text"),
    ],
)
def test_it_says_what_was_sent(name: str, content: str) -> None:
    assert read(name).content == content


def test_it_keeps_where_media_and_places_are() -> None:
    (media,) = read("whatsapp_voice_note").media

    assert media.url.startswith("https://api.twilio.com/")
    assert media.content_type == "audio/ogg"
    assert read("whatsapp_document").text == "Ma carte"
    assert read("whatsapp_location").location == "14.4469,-11.4445 Gare de Kayes Avenue du Capitaine Mamadou"


def test_announced_media_that_did_not_come_is_still_a_message() -> None:
    assert read("sms_no_body", NumMedia="1").content == "other"
    assert read("sms_text", NumMedia="many").content == "text"


@pytest.mark.parametrize(
    ("name", "payload"), [("whatsapp_button", "/affirm"), ("whatsapp_list", "trade_3"), ("whatsapp_text", None)]
)
def test_it_reads_what_was_pressed(name: str, payload: str | None) -> None:
    assert read(name).payload == payload


def test_a_button_without_a_body_says_its_title() -> None:
    assert read("whatsapp_button", Body="").text == "Oui"


@pytest.mark.parametrize(
    ("name", "sender"),
    [
        ("sms_text", Address("sms", "+22376123456")),
        ("sms_from_a_word", Address("sms", "Orange")),
        ("whatsapp_text", Address("whatsapp", "+22376123456")),
        ("whatsapp_user_name", Address("whatsapp", "ML.1349aBcD77")),  # no number at all
    ],
)
def test_it_keeps_the_sender_as_it_is(name: str, sender: Address) -> None:
    assert read(name).sender == sender


@pytest.mark.parametrize(("word", "opt_out"), [("STOP", "stop"), ("START", "start"), ("HELP", "help"), ("NEW", None)])
def test_it_sees_that_the_provider_dealt_with_a_word(word: str, opt_out: str | None) -> None:
    assert read("sms_stop_dealt_with", OptOutType=word).opt_out == opt_out


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"From": ""}, "The form has no From: a message names its sender."),
        ({"From": "whatsapp:"}, "The form has no From: a message names its sender."),
        (
            {"From": "messenger:12"},
            "Only SMS and WhatsApp are taken in: point no other kind of sender to this address.",
        ),
        (
            {"MessageSid": "", "SmsSid": " ", "SmsMessageSid": ""},
            "The form has no MessageSid: without the provider's id a repeated message could not be told apart.",
        ),
    ],
)
def test_it_refuses_what_is_no_message(changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(BadForm, match="^" + sentence.replace(".", r"\.") + "$"):
        read("sms_text", **changes)


def test_a_call_is_somebody_who_wants_to_be_called() -> None:
    incoming = voice.parse(payloads.form("twilio/call_ringing"), received_at=NOW)

    assert incoming is not None
    assert incoming.sender == Address("voice", "+22376123456")
    assert incoming.provider_id.startswith("CA")


@pytest.mark.parametrize("name", ["call_withheld", "call_completed"])
def test_a_call_without_a_number_or_already_over_asks_for_nothing(name: str) -> None:
    assert voice.parse(payloads.form(f"twilio/{name}"), received_at=NOW) is None


def test_the_simulator_writes_by_every_channel() -> None:
    page = {"from": "+22370000001", "channel": "whatsapp", "text": "1", "payload": ""}
    incoming = simulator.parse(page, provider_id="p1", received_at=NOW)

    assert incoming == Incoming("simulator", "p1", Address("whatsapp", "+22370000001"), "simulator", "1", NOW)
    with pytest.raises(ValueError, match="from which number"):
        simulator.parse({"channel": "pigeon", "from": "x"}, provider_id="p2", received_at=NOW)


def test_an_address_prints_masked() -> None:
    assert "7612" not in repr(read("sms_text").sender)
