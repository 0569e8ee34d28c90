"""Twilio's webhooks: incoming messages, delivery reports, calls."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from flask import Blueprint, Response, current_app, request
from twilio.twiml.voice_response import VoiceResponse

from bot.adapters.twilio_words import STATUSES, is_dead, verdict_on
from bot.channels import twilio, twilio_form, voice
from bot.core.messages import Incoming
from bot.ports import OutgoingRow, StorageAway
from bot.service.take_status import Report
from webhooks.answers import ask_again, bad, sentence
from webhooks.twilio_signature import SIGNATURE, is_genuine
from webhooks.twiml import messages_twiml

FORM_AT_MOST = 256 * 1024  # bytes; a message has 1,600 characters and WhatsApp's metadata a few kilobytes
TRY_AGAIN_IN = "5"  # seconds

NOT_CONFIGURED = "Twilio is not configured here: the operator has to set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN."
NOT_SIGNED = (
    "The signature does not fit: the operator has to compare TWILIO_AUTH_TOKEN and SEGIN_PUBLIC_URL with Twilio's."
)
NOT_OURS = "This message belongs to another account: the operator has to compare TWILIO_ACCOUNT_SID with Twilio's."


@dataclass(frozen=True, slots=True)
class Line:
    """What ties these webhooks to one account at Twilio. `tokens`: newest first, the older one while it is replaced."""

    public_url: str
    account_sid: str | None = None
    tokens: tuple[str, ...] = field(default=(), repr=False)
    allow_unsigned: bool = False  # only for a stand-in on this machine


@dataclass(frozen=True, slots=True)
class UseCases:
    """What is done with what comes in; each may raise StorageAway."""

    receive: Callable[[Incoming], Iterable[OutgoingRow]]
    report: Callable[[Report], object]
    call: Callable[[Incoming], object]
    now: Callable[[], datetime]


def blueprint(line: Line, use_cases: UseCases) -> Blueprint:
    """Make the three routes below /webhooks/twilio."""
    routes = Blueprint("twilio", __name__, url_prefix="/webhooks/twilio")
    routes.before_request(lambda: refusal(line))
    routes.register_error_handler(StorageAway, ask_again(TRY_AGAIN_IN))
    routes.register_error_handler(twilio_form.BadForm, bad)
    routes.add_url_rule("/messages", "messages", lambda: _messages(line, use_cases), methods=["POST"])
    routes.add_url_rule("/status", "status", lambda: _status(use_cases), methods=["POST"])
    routes.add_url_rule("/voice", "voice", lambda: _voice(use_cases), methods=["POST"])
    return routes


def refusal(line: Line) -> Response | None:
    """Return the answer that stops what is not Twilio's before anything of it is read."""
    request.max_content_length = FORM_AT_MOST
    request.max_form_memory_size = FORM_AT_MOST
    request.get_data()  # keeps the raw body, so that form and signature see the same bytes
    if line.allow_unsigned and SIGNATURE not in request.headers:
        return None
    if not (line.account_sid and any(line.tokens)):
        return sentence(NOT_CONFIGURED, 503)
    if not is_genuine(request, tokens=line.tokens, public_url=line.public_url):
        return sentence(NOT_SIGNED, 403)
    return None if request.form.get("AccountSid") == line.account_sid else sentence(NOT_OURS, 403)


def _messages(line: Line, use_cases: UseCases) -> Response:
    incoming = twilio.parse(request.form.to_dict(), received_at=use_cases.now())
    return twiml(messages_twiml(use_cases.receive(incoming), line.public_url))


def _status(use_cases: UseCases) -> Response:
    report = _report()
    if report is not None:
        use_cases.report(report)
    return Response(status=204)


def _report() -> Report | None:
    """Read a delivery report; None for a word of Twilio's that says nothing about a message of ours."""
    status = STATUSES.get(request.form.get("MessageStatus", "") or request.form.get("SmsStatus", ""))
    sid = request.form.get("MessageSid", "") or request.form.get("SmsSid", "")
    if status is None or not twilio_form.is_id(sid):
        return None
    code = request.form.get("ErrorCode", "").strip()
    row_id = request.args.get("m", "")
    return Report(
        provider=twilio_form.PROVIDER,
        provider_id=sid,
        status=status,
        row_id=row_id if twilio_form.is_id(row_id) else None,
        error_code=code or None,
        verdict=_weighed(code),
        dead=bool(code) and is_dead(str(code)),
    )


def _weighed(code: str) -> Literal["ok", "opted_out", "retry", "blocked"]:
    found = verdict_on(code)
    return found if found in ("opted_out", "retry", "blocked") else "ok"


def _voice(use_cases: UseCases) -> Response:
    """Reject first of all, which is neither answered nor billed, and note that somebody wants to be called."""
    incoming = voice.parse(request.form.to_dict(), received_at=use_cases.now())
    if incoming is not None:
        try:
            use_cases.call(incoming)
        except StorageAway:  # an error page would make Twilio answer the call, and bill it
            current_app.logger.exception("The call %s could not be kept: storage is away.", incoming.provider_id)
    answer = VoiceResponse()
    answer.reject()
    return twiml(str(answer))


def twiml(document: str) -> Response:
    """Answer with a document in Twilio's language."""
    return Response(document, mimetype="text/xml")
