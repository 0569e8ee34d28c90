"""The API of an Android phone with SMSGate: sends under our own ids, asks by them, sees whether the phone is awake."""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import requests

from bot.adapters.connections import never_left
from bot.adapters.pace import NOT_YET, LocalPace, Pace, keep
from bot.core import phones
from bot.core.messages import Status
from bot.gateway_settings import SmsGate
from bot.ports import OutgoingRow, SendResult

TIMEOUT = 10.0  # seconds
A_SECOND = 2.0  # calls; how fast SMS leave is set in the app, which knows what Android allows
AWAKE_WITHIN = timedelta(minutes=5)  # with the app's ping on; a phone that is asleep or unplugged stops to be seen
VALID_FOR = 24 * 3600  # seconds; a menu that comes a day late only confuses
AT_ONCE, IN_TURN = 100, 0  # priorities; from 100 on the app's own pauses do not count
BEING_MENDED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, 408, 429})

STATES: Mapping[str, Status] = {
    "Pending": Status.ACCEPTED,
    "Processed": Status.ACCEPTED,
    "Cancelling": Status.SKIPPED,
    "Cancelled": Status.SKIPPED,
    "Sent": Status.SENT,
    "Delivered": Status.DELIVERED,
    "Failed": Status.FAILED,
}
_UNKNOWN = SendResult(Status.SENDING, verdict="unknown")


class SmsGateSender:
    """The way out through one account's phones; safe to share between threads."""

    name = "smsgate"

    def __init__(
        self, account: SmsGate, *, now: Callable[[], datetime], timeout: float = TIMEOUT, pace: Pace | None = None
    ) -> None:
        """Send through the API, which may be the phone itself. `timeout` is in seconds."""
        self._account = account
        self._now = now
        self._timeout = timeout
        self._pace = pace or LocalPace(A_SECOND)
        self._threads = threading.local()

    def send(self, row: OutgoingRow) -> SendResult:
        """Hand one message over under our row id, so that it can be asked for and exists once."""
        if row.to.channel == "whatsapp" or phones.parse(row.to.reveal()) is None:
            return SendResult(Status.FAILED, error_code="no_sender", verdict="permanent")
        if not keep(self._pace, row):
            return NOT_YET
        try:
            answer = self._call("POST", "/messages?skipPhoneValidation=true", json=self._message(row))
        except requests.RequestException as error:
            if never_left(error):
                return SendResult(Status.QUEUED, error_code="smsgate-away", verdict="retry")
            return _UNKNOWN
        return _result(answer.status_code, row)

    def find(self, row: OutgoingRow) -> SendResult | None:
        """Ask for the message by its id; None when nobody has it."""
        try:
            answer = self._call("GET", f"/messages/{row.id}")
            if answer.status_code == HTTPStatus.NOT_FOUND:
                return None
            state = STATES.get(answer.json()["state"]) if answer.ok else None
        except (requests.RequestException, ValueError, KeyError, TypeError):
            return _UNKNOWN
        return _UNKNOWN if state is None else SendResult(state, provider_id=row.id)

    def is_up(self) -> bool:
        """Say whether a phone was seen lately; a phone that is its own server only has to answer."""
        try:
            answer = self._call("GET", "/devices")
            if answer.status_code == HTTPStatus.NOT_FOUND:
                return self._call("GET", "/health").ok
            seen = [_time(device["lastSeen"]) for device in answer.json()] if answer.ok else []
        except (requests.RequestException, ValueError, KeyError, TypeError):
            return False
        return any(self._now() - at <= AWAKE_WITHIN for at in seen)

    def _message(self, row: OutgoingRow) -> dict[str, Any]:
        message: dict[str, Any] = {
            "id": row.id,
            "textMessage": {"text": row.text},
            "phoneNumbers": [row.to.reveal()],
            "withDeliveryReport": True,
            "ttl": VALID_FOR,
            "priority": AT_ONCE if row.kind == "alert" else IN_TURN,
        }
        return message if self._account.sim is None else message | {"simNumber": self._account.sim}

    def _call(self, method: str, path: str, **what: Any) -> requests.Response:
        session: requests.Session | None = getattr(self._threads, "session", None)
        if session is None:
            session = self._threads.session = requests.Session()
            session.auth = (self._account.username, self._account.password)
        url = f"{self._account.api_url}{path}"
        return session.request(method, url, timeout=self._timeout, allow_redirects=False, **what)


def _result(status: int, row: OutgoingRow) -> SendResult:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES or status == HTTPStatus.CONFLICT:  # it has this id already
        return SendResult(Status.ACCEPTED, provider_id=row.id)
    code = f"smsgate-{status}"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:  # perhaps it has it: it can be asked
        return SendResult(Status.SENDING, error_code=code, verdict="unknown")
    if status in BEING_MENDED:
        return SendResult(Status.QUEUED, error_code=code, verdict="retry")
    return SendResult(Status.FAILED, error_code=code, verdict="permanent")


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
