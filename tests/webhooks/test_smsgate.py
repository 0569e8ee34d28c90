"""SMSGate's webhook: only what the phone signed gets in, each event once, and no event makes it fall."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from bot.core.messages import Incoming, Status
from bot.ports import StorageAway
from bot.service.take_status import Report
from webhooks.smsgate import Line, UseCases, blueprint

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
SMS = {
    "deviceId": "ffffffffceb0b1db0000018e937c815b",
    "event": "sms:received",
    "id": "Ey6ECgOkVVFjz3CL48B8C",
    "payload": {
        "messageId": "abc123",
        "message": "I ni sɔgɔma, n ka papiyew tununna",
        "sender": "+22376123456",
        "recipient": "+22370000000",
        "simNumber": 1,
        "receivedAt": "2026-11-21T08:00:00.000+00:00",
    },
    "webhookId": "hook",
}


@dataclass
class Phone:
    """A phone that signs, and what came of it."""

    keys: tuple[str, ...] = ("key",)
    storage_away: bool = False
    received: list[Incoming] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)

    def post(self, body: bytes, *, key: str = "key", **headers: str) -> TestResponse:
        app = Flask(__name__)
        app.register_blueprint(blueprint(Line(self.keys), UseCases(self._receive, self.reports.append, lambda: NOW)))
        signature = hmac.new(key.encode(), body + b"1795248000", hashlib.sha256).hexdigest()
        given_headers = {"X-Timestamp": "1795248000", "X-Signature": signature} | headers
        return app.test_client().post(
            "/webhooks/smsgate/messages", data=body, headers=given_headers, content_type="application/json"
        )

    def tell(self, event: Any, **how: str) -> TestResponse:
        return self.post(json.dumps(event).encode(), **how)

    def _receive(self, incoming: Incoming) -> None:
        if self.storage_away:
            raise StorageAway("The database is away.")
        self.received.append(incoming)


@pytest.fixture
def phone() -> Phone:
    return Phone()


def sms(**payload: Any) -> dict[str, Any]:
    return SMS | {"payload": SMS["payload"] | payload}  # type: ignore[operator]


def test_it_takes_a_message_by_the_id_of_its_event(phone: Phone) -> None:
    answer = phone.tell(SMS)

    (incoming,) = phone.received
    assert (answer.status_code, answer.data) == (200, b"")
    assert (incoming.provider, incoming.provider_id) == ("smsgate", "Ey6ECgOkVVFjz3CL48B8C")
    assert incoming.sender.reveal() == "+22376123456"
    assert incoming.text == "I ni sɔgɔma, n ka papiyew tununna"


def test_an_older_app_names_the_sender_otherwise(phone: Phone) -> None:
    phone.tell(sms(sender=None, phoneNumber="76 12 34 56"))

    assert phone.received[0].sender.reveal() == "+22376123456"


@pytest.mark.parametrize("robot", ["Orange", "36000", "", None, 5])
def test_a_robot_is_neither_kept_nor_answered(phone: Phone, robot: object) -> None:
    assert phone.tell(sms(sender=robot)).status_code == 200
    assert phone.received == []


def test_of_an_mms_the_subject_is_read_and_a_picture_stands_for_the_rest(phone: Phone) -> None:
    mms = {"messageId": "mms1", "sender": "+22376123456", "simNumber": 1, "size": 125684, "contentClass": "IMAGE_BASIC"}
    for number, subject in enumerate((None, "il veut me tuer")):
        phone.tell({"event": "mms:received", "id": f"e{number}", "payload": mms | {"subject": subject}})

    assert [incoming.text for incoming in phone.received] == ["🖼", "🖼 il veut me tuer"]


@pytest.mark.parametrize(
    ("event", "status"),
    [
        ("sms:sent", Status.SENT),
        ("sms:delivered", Status.DELIVERED),
        ("sms:failed", Status.FAILED),
        ("sms:cancelled", Status.SKIPPED),
    ],
)
def test_it_reports_what_became_of_a_message(phone: Phone, event: str, status: Status) -> None:
    phone.tell({"event": event, "id": "e1", "payload": {"messageId": "row7", "reason": "RESULT_ERROR_LIMIT_EXCEEDED"}})

    (report,) = phone.reports
    assert (report.row_id, report.status) == ("row7", status)
    assert report.error_code == ("RESULT_ERROR_LIMIT_EXCEEDED" if status is Status.FAILED else None)


@pytest.mark.parametrize(
    ("reason", "code", "never_left"),
    [
        (
            "Send result: RESULT_ERROR_NO_SERVICE (Failed because service is unavailable)",
            "RESULT_ERROR_NO_SERVICE",
            True,
        ),
        ("Send result: RESULT_ERROR_RADIO_OFF (Failed because radio was off)", "RESULT_ERROR_RADIO_OFF", True),
        ("Send result: RESULT_ERROR_GENERIC_FAILURE (…)", "RESULT_ERROR_GENERIC_FAILURE", False),
        ("Delivery result from SC +22370000001: 70", None, False),
        ("TTL expired", "TTL", False),
    ],
)
def test_it_keeps_the_code_of_a_failure_and_no_number(
    phone: Phone, reason: str, code: str | None, never_left: bool
) -> None:
    phone.tell({"event": "sms:failed", "id": "e1", "payload": {"messageId": "row7", "reason": reason}})

    assert [(report.error_code, report.never_left) for report in phone.reports] == [(code, never_left)]


@pytest.mark.parametrize("event", [{"event": "system:ping", "payload": {}}, {"event": "sms:sent", "payload": {}}])
def test_what_says_nothing_to_us_is_taken_so_that_it_is_not_repeated(phone: Phone, event: dict[str, Any]) -> None:
    assert phone.tell(event).status_code == 200
    assert (phone.received, phone.reports) == ([], [])


@pytest.mark.parametrize("headers", [{"key": "wrong"}, {"X-Signature": ""}, {"X-Timestamp": "1"}, {"X-Signature": "é"}])
def test_only_what_the_phone_signed_gets_in(phone: Phone, headers: dict[str, str]) -> None:
    answer = phone.tell(SMS, **headers)

    assert answer.status_code == 403
    assert "SEGIN_SMSGATE_SIGNING_KEY" in answer.text
    assert phone.received == []


def test_the_older_key_counts_while_it_is_replaced(phone: Phone) -> None:
    phone.keys = ("newer", "key")

    assert phone.tell(SMS).status_code == 200


def test_without_an_account_it_says_what_is_missing(phone: Phone) -> None:
    phone.keys = ()

    assert phone.tell(SMS).status_code == 503


def test_away_storage_asks_for_it_again(phone: Phone) -> None:
    phone.storage_away = True

    assert phone.tell(SMS).status_code == 503


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"{}", b'"x"', b"\xff", b"[" * 5000, json.dumps(SMS | {"id": ""}).encode()],
    ids=repr,  # octets are no names
)
def test_what_is_no_event_is_refused_in_words(phone: Phone, body: bytes) -> None:
    answer = phone.post(body)

    assert answer.status_code == 400
    assert answer.text.endswith(".\n")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["messageId", "sender", "x"]), inner),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    changes=st.dictionaries(st.sampled_from(["event", "id", "payload"]), JSON),
    payload=st.dictionaries(st.sampled_from(["message", "sender", "messageId", "recipient"]), JSON),
    kind=st.sampled_from(["sms:received", "mms:received", "sms:sent", "sms:failed", "new:thing"]),
)
def test_no_event_makes_it_fall(phone: Phone, changes: dict[str, Any], payload: dict[str, Any], kind: str) -> None:
    answer = phone.tell(sms(**payload) | {"event": kind} | changes)

    assert answer.status_code in (200, 400)
    for incoming in phone.received:
        incoming.text.encode()


def test_half_a_character_can_be_kept(phone: Phone) -> None:
    phone.tell(sms(message="oui \ud83d"))

    assert phone.received[0].text == "oui \ufffd"
