"""What Twilio asks about a call that a caseworker began: whom to connect, and how it ended."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, request
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from bot.adapters.twilio_voice import call_url
from bot.ports import StorageAway
from webhooks.answers import ask_again
from webhooks.twilio import TRY_AGAIN_IN, Line, refusal, twiml

SECONDS_TO_PRESS = 10
LONGEST = 3600  # seconds; a receiver that was put down beside the telephone costs no more
RINGS = 30  # seconds at the person's; Orange Mali's mailbox picks up later, and bills
PRESS = "Segin. Tapez 1 pour appeler la personne."
GOODBYE = "L'appel ne peut pas se faire. Voyez le dossier."
ENDS = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


@dataclass(frozen=True, slots=True)
class CallCases:
    """What is done with a call; each may raise StorageAway."""

    number: Callable[[str], str | None]
    end: Callable[[str, str, int], object]


def blueprint(line: Line, cases: CallCases, *, voice_from: str) -> Blueprint:
    """Make the routes below /webhooks/twilio/call. `voice_from`: the service's number, which the person sees."""
    routes = Blueprint("twilio_call", __name__, url_prefix="/webhooks/twilio/call/<call_id>")
    routes.before_request(lambda: refusal(line))
    routes.register_error_handler(StorageAway, ask_again(TRY_AGAIN_IN))
    for rule, name, view in (
        ("", "heard", lambda call_id: _heard(line, call_id)),
        ("/through", "through", lambda call_id: _through(line, cases, call_id, voice_from)),
        ("/spoken", "spoken", lambda call_id: _spoken(cases, call_id)),
        ("/ended", "ended", lambda call_id: _ended(cases, call_id)),
    ):
        routes.add_url_rule(rule, name, view, methods=["POST"])
    return routes


def _heard(line: Line, call_id: str) -> Response:
    """Ask the caseworker for a key: a mailbox presses none, and the person is not called for it."""
    gather = Gather(num_digits=1, timeout=SECONDS_TO_PRESS, action=call_url(line.public_url, call_id, "/through"))
    gather.say(PRESS, language="fr-FR")
    answer = VoiceResponse()
    answer.append(gather)
    answer.hangup()
    return twiml(str(answer))


def _through(line: Line, cases: CallCases, call_id: str, voice_from: str) -> Response:
    answer = VoiceResponse()
    number = cases.number(call_id) if request.form.get("Digits") == "1" else None
    if number is None:
        answer.say(GOODBYE, language="fr-FR")
        answer.hangup()
        return twiml(str(answer))
    after = call_url(line.public_url, call_id, "/spoken")
    dial = Dial(caller_id=voice_from, timeout=RINGS, time_limit=LONGEST, answer_on_bridge=True, action=after)
    dial.number(number)
    answer.append(dial)
    return twiml(str(answer))


def _spoken(cases: CallCases, call_id: str) -> Response:
    """Take how the person's leg ended."""
    status = request.form.get("DialCallStatus", "")
    cases.end(call_id, status if status in ENDS else "failed", _seconds(request.form.get("DialCallDuration", "")))
    answer = VoiceResponse()
    answer.hangup()
    return twiml(str(answer))


def _ended(cases: CallCases, call_id: str) -> Response:
    """Take how the caseworker's leg ended: what has no end by then never reached the person."""
    if request.form.get("CallStatus", "") in ENDS:
        cases.end(call_id, "unheard", 0)
    return Response(status=204)


def _seconds(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
