"""Missed calls on a SIM of ours, for whichever gateway there is: a modem's program fetches one address."""

from flask import Blueprint

from bot.channels.gateway import BadMessage
from bot.ports import StorageAway
from webhooks import kannel
from webhooks.answers import ask_again, bad

NOT_CONFIGURED = (
    "No gateway is configured here: the operator has to set SEGIN_KANNEL_SECRET or SEGIN_SMSGATE_SIGNING_KEY, "
    "each with its neighbours."
)
WRONG_SECRET = "The secret does not fit: it is SEGIN_KANNEL_SECRET, or SEGIN_SMSGATE_SIGNING_KEY where a phone is used."  # noqa: S105 a sentence


def blueprint(line: kannel.Line, use_cases: kannel.UseCases) -> Blueprint:
    """Make the route /webhooks/calls. `line` holds the secrets of every gateway that is configured."""
    routes = Blueprint("calls", __name__)
    routes.before_request(lambda: kannel.refusal(line, not_configured=NOT_CONFIGURED, wrong_secret=WRONG_SECRET))
    routes.register_error_handler(StorageAway, ask_again(kannel.TRY_AGAIN_IN))
    routes.register_error_handler(BadMessage, bad)
    routes.register_error_handler(kannel.BadRequest, bad)
    routes.add_url_rule("/webhooks/calls", "missed", lambda: kannel.take_call(line, use_cases), methods=["GET", "POST"])
    return routes
