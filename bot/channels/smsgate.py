"""SMS through an Android phone with SMSGate: its signed events to Incoming or to what became of a message."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import regex

from bot.channels import gateway
from bot.channels.gateway import BadMessage
from bot.core.messages import Incoming, Status

PROVIDER = "smsgate"
PICTURE = "🖼"  # in the place of an MMS, of which the phone hands over no more than its subject

# capcom6/android-sms-gateway, "Webhooks": "delivered" comes once a part, or (newer apps) with the first part alone, and
# never says which: parts cannot be counted, and a repeat is no news.
STATUSES: Mapping[str, Status] = {
    "sms:sent": Status.SENT,
    "sms:delivered": Status.DELIVERED,
    "sms:failed": Status.FAILED,
    "sms:cancelled": Status.SKIPPED,
}
_ID = regex.compile(r"[!-~]{1,128}")
_REASON = regex.compile(
    r"\b[A-Z][A-Z0-9_]{2,63}\b"
)  # "Send result: RESULT_ERROR_NO_SERVICE (Failed because …)", "TTL expired"
NEVER_LEFT = frozenset(  # Android's SmsManager gave up before any network had it
    {
        "RESULT_ERROR_NO_SERVICE",
        "RESULT_ERROR_RADIO_OFF",
        "RESULT_RADIO_NOT_AVAILABLE",
        "RESULT_ERROR_LIMIT_EXCEEDED",
    }
)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a message of ours; its id at the phone is our own."""

    row_id: str
    status: Status
    reason: str | None = None

    @property
    def never_left(self) -> bool:
        """Say whether the phone could not even send it."""
        return self.reason in NEVER_LEFT


def parse(body: bytes, *, received_at: datetime) -> Incoming | Fate | None:
    """Read one event; None for a robot's SMS and for events that say nothing about a message. Raises BadMessage."""
    event = _event(body)
    kind, payload = event.get("event"), event.get("payload")
    if not isinstance(kind, str) or not isinstance(payload, dict):
        raise BadMessage("The event has no name or no payload: register SMSGate's own webhooks here, and nothing else.")
    if kind == "sms:received":
        return _incoming(event, payload, _text(payload, "message"), received_at)
    if kind == "mms:received":
        return _incoming(event, payload, f"{PICTURE} {_text(payload, 'subject')}".strip(), received_at)
    status = STATUSES.get(kind)
    return None if status is None else _fate(payload, status)


def _event(body: bytes) -> dict[str, Any]:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadMessage("The body is not JSON: register SMSGate's own webhooks here, and nothing else.") from error
    if not isinstance(event, dict):
        raise BadMessage("The body is no event: register SMSGate's own webhooks here, and nothing else.")
    return event


def _incoming(
    event: Mapping[str, Any], payload: Mapping[str, Any], text: str, received_at: datetime
) -> Incoming | None:
    """Read a message. Its id is the event's: the phone makes messageId from the words, so two may share one."""
    sender = gateway.person(_text(payload, "sender") or _text(payload, "phoneNumber"))
    ident = _text(event, "id")
    if not _ID.fullmatch(ident):
        raise BadMessage("The event has no id: without it a repeated message could not be told apart.")
    if sender is None:
        return None
    return Incoming(
        provider=PROVIDER,
        provider_id=ident,
        sender=sender,
        recipient=_text(payload, "recipient")[:128],
        text=text,
        received_at=received_at,
    )


def _fate(payload: Mapping[str, Any], status: Status) -> Fate | None:
    row_id = _text(payload, "messageId")
    if not (row_id.isascii() and row_id.isalnum()):
        return None  # somebody sent it from the phone's own screen
    reason = _REASON.search(_text(payload, "reason")) if status is Status.FAILED else None
    return Fate(row_id, status, reason[0] if reason else None)


def _text(fields: Mapping[str, Any], name: str) -> str:
    """Return a field that is a text, "" otherwise; half a character, which JSON can carry, becomes a mark."""
    value = fields.get(name)
    if not isinstance(value, str):
        return ""
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
