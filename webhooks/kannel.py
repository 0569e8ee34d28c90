"""A Kannel gateway's webhooks: SMS, delivery reports, missed calls. Replies leave as rows, never in the answer.

Every answer that means "taken" is an empty 200: Kannel repeats a request after any other status, 204 included.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import parse_qsl

from flask import Blueprint, Response, request

from bot.adapters.kannel_words import STATUSES, error_code, never_left
from bot.channels import kannel
from bot.channels.gateway import BadMessage
from bot.channels.kannel import Received
from bot.core.messages import Incoming
from bot.ports import StorageAway
from bot.service.take_status import Report
from webhooks.answers import ask_again, bad, sentence

FORM_AT_MOST = 256 * 1024  # bytes
FIELDS_AT_MOST = 50
PLAIN = frozenset({"text/plain", "application/octet-stream"})  # a body that is the text; the latter for 8-bit data
TRY_AGAIN_IN = "5"  # seconds

NOT_CONFIGURED = "Kannel is not configured here: the operator has to set SEGIN_KANNEL_SEND_URL and its neighbours."
NOT_ALLOWED = (
    "This address is not on the list: the operator has to compare SEGIN_KANNEL_ALLOW with the gateway's address."
)
WRONG_SECRET = "The secret does not fit: the operator has to compare SEGIN_KANNEL_SECRET with the gateway's post-url."  # noqa: S105 a sentence
NO_ROW = "The report does not say which message it is about: let the dlr-url keep its m=… as we gave it."
NO_STATUS = "The report does not say what became of the message: let the dlr-url keep its status=%d as we gave it."
TOO_MUCH = "There are more fields than a message has."
TOO_LONG = "The message is longer than any SMS: the operator has to see what the gateway posts here."


@dataclass(frozen=True, slots=True)
class Line:
    """What ties these webhooks to one gateway. `secrets`: newest first; `allowed`: () takes it from anywhere."""

    secrets: tuple[str, ...] = field(default=(), repr=False)
    allowed: tuple[IPv4Network | IPv6Network, ...] = ()


@dataclass(frozen=True, slots=True)
class UseCases:
    """What is done with what comes in; each may raise StorageAway."""

    receive: Callable[[Received], object]
    report: Callable[[Report], object]
    call: Callable[[Incoming], object]
    now: Callable[[], datetime]


class BadRequest(ValueError):
    """The request cannot be read: whoever configured the gateway has to correct it."""


def blueprint(line: Line, use_cases: UseCases) -> Blueprint:
    """Make the three routes below /webhooks/kannel."""
    routes = Blueprint("kannel", __name__, url_prefix="/webhooks/kannel")
    routes.before_request(lambda: refusal(line))
    routes.register_error_handler(StorageAway, ask_again(TRY_AGAIN_IN))
    routes.register_error_handler(BadMessage, bad)
    routes.register_error_handler(BadRequest, bad)
    routes.register_error_handler(413, lambda _: sentence(TOO_LONG, 413))
    both = ["GET", "POST"]
    routes.add_url_rule("/messages", "messages", lambda: _messages(line, use_cases), methods=both)
    routes.add_url_rule("/status", "status", lambda: _status(use_cases), methods=both)
    routes.add_url_rule("/calls", "calls", lambda: take_call(line, use_cases), methods=both)
    return routes


def refusal(line: Line, *, not_configured: str = NOT_CONFIGURED, wrong_secret: str = WRONG_SECRET) -> Response | None:
    """Stop whoever is not the gateway before anything else is read."""
    request.max_content_length = FORM_AT_MOST
    if not line.secrets:
        return sentence(not_configured, 503)
    if line.allowed and not _is_allowed(line, request.remote_addr):
        return sentence(NOT_ALLOWED, 403)
    fits = [hmac.compare_digest(_given(), secret.encode()) for secret in line.secrets]
    return None if any(fits) else sentence(wrong_secret, 403)


def _is_allowed(line: Line, address: str | None) -> bool:
    try:
        caller = ip_address(address or "")
    except ValueError:
        return False
    caller = getattr(caller, "ipv4_mapped", None) or caller
    return any(caller in network for network in line.allowed)


def _given() -> bytes:
    """Return the secret that came as a field, or as the password of the address (http://kannel:secret@…)."""
    password = request.authorization.password if request.authorization else None
    return _fields().get("secret", b"") or (password or "").encode()


def _fields() -> dict[str, bytes]:
    """Read address and form as octets: their character set stands in one of them. Raises BadRequest.

    A body of plain text is the message itself: so does Kannel's post-url hand it over.
    """
    raw = [request.query_string.decode("latin-1")]
    if request.mimetype == "application/x-www-form-urlencoded":
        raw.append(request.get_data(parse_form_data=False).decode("latin-1"))
    try:
        pairs = [
            pair
            for part in raw
            for pair in parse_qsl(part, keep_blank_values=True, encoding="latin-1", max_num_fields=FIELDS_AT_MOST)
        ]
    except ValueError as error:
        raise BadRequest(TOO_MUCH) from error
    body = {"text": request.get_data()} if request.mimetype in PLAIN else {}
    fields = {name: value.encode("latin-1") for name, value in reversed(pairs)}  # of a repeated field the first counts
    return body | fields


def _messages(line: Line, use_cases: UseCases) -> Response:
    received = kannel.parse(_fields(), key=line.secrets[-1].encode(), received_at=use_cases.now())
    if received is not None:
        use_cases.receive(received)
    return _taken()


def take_call(line: Line, use_cases: UseCases) -> Response:
    """Take in a call that a modem on a SIM of ours has hung up."""
    call = kannel.parse_call(_fields(), key=line.secrets[-1].encode(), received_at=use_cases.now())
    if call is not None:
        use_cases.call(call)
    return _taken()


def _status(use_cases: UseCases) -> Response:
    fields = {name: value.decode("utf-8", "replace").strip() for name, value in _fields().items()}
    row_id = fields.get("m", "")
    if not (row_id.isascii() and row_id.isalnum()):
        raise BadRequest(NO_ROW)
    word, answer = fields.get("status", ""), fields.get("answer", "")
    if not word:
        raise BadRequest(NO_STATUS)
    status = STATUSES.get(word)
    if status is not None:  # a word that Kannel has added since says nothing to us
        refused = never_left(word, answer)
        report = Report(kannel.PROVIDER, row_id, status, row_id, error_code(answer), never_left=refused)
        use_cases.report(report)
    return _taken()


def _taken() -> Response:
    return Response(status=200, mimetype="text/plain")
