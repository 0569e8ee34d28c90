"""Twilio's webhooks: who gets in, what is answered, and that nothing makes them fall."""

from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twilio.twiml.messaging_response import MessagingResponse

from bot.core.messages import Status
from tests.payloads_on_disk import body, form

MESSAGES, STATUS, VOICE = "/messages", "/status", "/voice"
ROUTES = (MESSAGES, STATUS, VOICE)


def test_it_answers_a_message_in_the_webhook_s_own_answer(door: Any) -> None:
    door.replies = ("Bonjour & bienvenue <ici>", "1 Oui\n2 Ɛɛ")

    answer = door.post(MESSAGES, body("twilio/sms_text"))

    assert answer.status_code == 200
    assert answer.content_type == "text/xml; charset=utf-8"
    messages = ET.fromstring(answer.data).findall("Message")  # noqa: S314 - our own document
    assert [message.text for message in messages] == list(door.replies)
    assert messages[0].get("statusCallback") == "https://segin.example/webhooks/twilio/status?m=row0"
    assert [incoming.text for incoming in door.received] == ["Bonjour, j'ai perdu mon passeport. ŋ ɛ"]


def test_its_answer_reads_as_the_sdk_s_does(door: Any) -> None:
    door.replies = ("« Bonjour » & 'bienvenue' <ici> ]]>", '1 Oui\n2 "Ɛɛ"  ')

    answer = door.post(MESSAGES, body("twilio/sms_text"))

    sdk = MessagingResponse()
    for number, text in enumerate(door.replies):
        sdk.message(text, status_callback=f"https://segin.example/webhooks/twilio/status?m=row{number}")
    assert ET.canonicalize(answer.data.decode()) == ET.canonicalize(str(sdk))


def test_it_answers_nothing_when_nothing_is_to_be_said(door: Any) -> None:
    answer = door.post(MESSAGES, body("twilio/sms_stop_dealt_with"))

    assert answer.status_code == 200
    assert ET.fromstring(answer.data).tag == "Response"  # noqa: S314 - our own document
    assert list(ET.fromstring(answer.data)) == []  # noqa: S314 - our own document
    assert door.received[0].opt_out == "stop"


@pytest.mark.parametrize("name", ["sms_blank_and_spaces", "sms_base64", "whatsapp_list", "whatsapp_unknown_fields"])
def test_every_field_is_signed_blank_ones_and_unknown_ones_too(door: Any, name: str) -> None:
    assert door.post(MESSAGES, body(f"twilio/{name}")).status_code == 200


def test_a_repeated_field_is_signed_with_all_its_values(door: Any) -> None:
    assert door.post(MESSAGES, body("twilio/sms_text") + "&Extra=b&Extra=a&Extra=b").status_code == 200


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("token", ["wrong", None])
def test_nobody_gets_in_without_the_right_signature(door: Any, route: str, token: str | None) -> None:
    answer = door.post(route, body("twilio/sms_text"), signed=token)

    assert answer.status_code == 403
    assert "SEGIN_PUBLIC_URL" in answer.text
    assert door.received == []
    assert door.reports == []
    assert door.calls == []


def test_the_older_token_counts_while_it_is_replaced(door: Any) -> None:
    door.tokens = ("newer", "token")

    assert door.post(MESSAGES, body("twilio/sms_text")).status_code == 200


@pytest.mark.parametrize("route", ROUTES)
def test_another_account_s_messages_are_refused(door: Any, route: str) -> None:
    other = urlencode(form("twilio/sms_text") | {"AccountSid": "AC" + "9" * 32})

    assert door.post(route, other).status_code == 403
    assert door.received == []


@pytest.mark.parametrize("route", ROUTES)
def test_without_an_account_it_says_what_is_missing(door: Any, route: str) -> None:
    door.tokens = ()

    answer = door.post(route, body("twilio/sms_text"))

    assert answer.status_code == 503
    assert "TWILIO_AUTH_TOKEN" in answer.text


def test_a_stand_in_on_this_machine_need_not_sign(door: Any) -> None:
    door.tokens, door.allow_unsigned = (), True

    assert door.post(MESSAGES, body("twilio/sms_text"), signed=None).status_code == 200


def test_a_wrong_signature_is_refused_even_where_none_is_needed(door: Any) -> None:
    door.allow_unsigned = True

    assert door.post(MESSAGES, body("twilio/sms_text"), signed="wrong").status_code == 403


def test_away_storage_asks_for_the_message_again(door: Any) -> None:
    door.storage_away = True

    answer = door.post(MESSAGES, body("twilio/sms_text"))

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "nothing was done" in answer.text


def test_what_is_no_message_is_refused_in_words(door: Any) -> None:
    answer = door.post(MESSAGES, urlencode(form("twilio/sms_text") | {"From": ""}))

    assert answer.status_code == 400
    assert answer.text == "The form has no From: a message names its sender.\n"


@pytest.mark.parametrize("route", ROUTES)
def test_only_post_is_taken(door: Any, route: str) -> None:
    answer = door.client().get(f"/webhooks/twilio{route}", query_string=form("twilio/sms_text"))

    assert answer.status_code == 405
    assert door.received == []


def test_a_body_without_end_is_refused(door: Any) -> None:
    assert door.post(MESSAGES, "Body=" + "a" * 300_000).status_code == 413


@pytest.mark.parametrize(
    ("name", "status", "code", "verdict"),
    [
        ("status_sent", Status.SENT, None, "ok"),
        ("status_delivered", Status.DELIVERED, None, "ok"),
        ("status_read", Status.READ, None, "ok"),
        ("status_unreachable", Status.UNDELIVERED, "30003", "retry"),
    ],
)
def test_it_reports_delivery_in_our_words(door: Any, name: str, status: Status, code: str | None, verdict: str) -> None:
    answer = door.post(STATUS + "?m=row7", body(f"twilio/{name}"))

    assert (answer.status_code, answer.data) == (204, b"")
    (report,) = door.reports
    assert (report.row_id, report.status, report.error_code, report.verdict) == ("row7", status, code, verdict)
    assert report.provider_id == form(f"twilio/{name}")["MessageSid"]


def test_it_passes_on_that_a_person_opted_out_at_the_provider(door: Any) -> None:
    door.post(STATUS, body("twilio/status_opted_out"))

    assert door.reports[0].verdict == "opted_out"
    assert door.reports[0].row_id is None


@pytest.mark.parametrize(
    "changes", [{"MessageStatus": "teleported", "SmsStatus": ""}, {"MessageSid": "", "SmsSid": ""}]
)
def test_a_report_that_says_nothing_to_us_is_taken_so_that_it_is_not_repeated(
    door: Any, changes: dict[str, str]
) -> None:
    answer = door.post(STATUS, urlencode(form("twilio/status_sent") | changes))

    assert answer.status_code == 204
    assert door.reports == []


def test_a_report_waits_while_storage_is_away(door: Any) -> None:
    door.storage_away = True

    assert door.post(STATUS, body("twilio/status_sent")).status_code == 503


def test_a_call_is_rejected_first_and_asks_for_a_call_back(door: Any) -> None:
    answer = door.post(VOICE, body("twilio/call_ringing"))

    assert [verb.tag for verb in ET.fromstring(answer.data)] == ["Reject"]  # noqa: S314 - our own document
    assert [call.sender.reveal() for call in door.calls] == ["+22376123456"]


def test_a_hidden_number_is_rejected_and_forgotten(door: Any) -> None:
    assert b"<Reject" in door.post(VOICE, body("twilio/call_withheld")).data
    assert door.calls == []


def test_a_call_is_rejected_even_while_storage_is_away(door: Any) -> None:
    door.storage_away = True

    answer = door.post(VOICE, body("twilio/call_ringing"))

    assert (answer.status_code, b"<Reject" in answer.data) == (200, True)


FIELDS = st.dictionaries(
    st.sampled_from(sorted(form("twilio/whatsapp_location") | form("twilio/status_read") | form("twilio/call_ringing")))
    | st.sampled_from(["NumMedia", "MediaUrl0", "MediaContentType0", "ButtonPayload", "ErrorCode", "OptOutType"])
    | st.text(max_size=10),
    st.text(max_size=40) | st.sampled_from(["\0", "9" * 5000, "whatsapp:", "::", "21610", "ringing", "sent"]),
    max_size=12,
)
ANYTHING = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@ANYTHING
@given(fields=FIELDS, route=st.sampled_from(ROUTES), row=st.text(max_size=8))
def test_no_form_makes_it_fall(door: Any, fields: dict[str, str], route: str, row: str) -> None:
    door.allow_unsigned = True
    whole = urlencode({"From": "+22370000001", "MessageSid": "SM1", "CallSid": "CA1"} | fields, errors="replace")

    answer = door.post(f"{route}?{urlencode({'m': row}, errors='replace')}", whole, signed=None)

    assert answer.status_code in (200, 204, 400)


@ANYTHING
@given(
    raw=st.binary(max_size=200),
    route=st.sampled_from(ROUTES),
    kind=st.sampled_from(
        ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", "ü"]
    ),
    signature=st.none() | st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=40),
)
def test_no_bytes_make_it_fall(door: Any, raw: bytes, route: str, kind: str, signature: str | None) -> None:
    for door.allow_unsigned in (False, True):
        headers = {"X-Twilio-Signature": signature} if signature is not None else {}
        answer = door.client().post(f"/webhooks/twilio{route}", data=raw, headers=headers, content_type=kind)

        assert answer.status_code in (200, 204, 400, 403)
