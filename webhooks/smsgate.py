"""The webhooks of an Android phone with SMSGate: one address for all its signed events."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flask import Blueprint, Response, request

from bot.channels import smsgate
from bot.channels.gateway import BadMessage
from bot.core.messages import Incoming
from bot.ports import StorageAway
from bot.service.take_status import Report
from webhooks.answers import ask_again, bad, sentence

BODY_AT_MOST = 256 * 1024  # bytes
TRY_AGAIN_IN = "10"  # seconds, after which the phone tries again by itself

NOT_CONFIGURED = "SMSGate is not configured here: the operator has to set SEGIN_SMSGATE_API_URL and its neighbours."
NOT_SIGNED = (
    "The signature does not fit: the operator has to compare SEGIN_SMSGATE_SIGNING_KEY with the phone's setting."
)


@dataclass(frozen=True, slots=True)
class Line:
    """What ties this webhook to the phones. `keys`: newest first, the older ones while they are replaced."""

    keys: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class UseCases:
    """What is done with what comes in; each may raise StorageAway."""

    receive: Callable[[Incoming], object]
    report: Callable[[Report], object]
    now: Callable[[], datetime]


def blueprint(line: Line, use_cases: UseCases) -> Blueprint:
    """Make the route below /webhooks/smsgate."""
    routes = Blueprint("smsgate", __name__, url_prefix="/webhooks/smsgate")
    routes.before_request(lambda: _refusal(line))
    routes.register_error_handler(StorageAway, ask_again(TRY_AGAIN_IN))
    routes.register_error_handler(BadMessage, bad)
    routes.add_url_rule("/messages", "messages", lambda: _messages(use_cases), methods=["POST"])
    return routes


def _refusal(line: Line) -> Response | None:
    request.max_content_length = BODY_AT_MOST
    if not line.keys:
        return sentence(NOT_CONFIGURED, 503)
    return None if any(_fits(key) for key in line.keys) else sentence(NOT_SIGNED, 403)


def _fits(key: str) -> bool:
    """Compare the signature of body and time. A late repeat is genuine: the phone tries for two days (its ids tell)."""
    signed = request.get_data() + request.headers.get("X-Timestamp", "").encode()
    expected = hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), request.headers.get("X-Signature", "").lower().encode())


def _messages(use_cases: UseCases) -> Response:
    event = smsgate.parse(request.get_data(), received_at=use_cases.now())
    match event:
        case Incoming():
            use_cases.receive(event)
        case smsgate.Fate():
            use_cases.report(_report(event))
        case None:
            pass
    return Response(status=200, mimetype="text/plain")


def _report(fate: smsgate.Fate) -> Report:
    ident, lost = fate.row_id, fate.never_left
    return Report(smsgate.PROVIDER, ident, fate.status, ident, error_code=fate.reason, never_left=lost)
