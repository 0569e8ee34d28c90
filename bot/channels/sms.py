"""SMS: the provider's form in, GSM-7 text out."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime

import regex

from bot.channels import printed, twilio_form
from bot.core.messages import Incoming, Outgoing, Wire
from bot.core.sms_text import fold, size, split

PARTS_A_MESSAGE = 3  # a longer text goes as several messages: one lost part loses the whole of a joined one

_BASE64 = regex.compile(r"(?:[A-Za-z0-9+/]{4}){15,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_READABLE = regex.compile(r"[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Z}\s]+")


def parse(form: twilio_form.Form, *, received_at: datetime) -> Incoming:
    """Read Twilio's form for an SMS. Raises BadForm when there is no sender or no id."""
    return twilio_form.read(form, text=_unwrap(form.get("Body", "")), payload=None, received_at=received_at)


def _unwrap(body: str) -> str:
    """Undo the base64 in which Twilio hands over some long SMS (nyaruka/courier, handlers/twiml).

    Only what is clearly so: at least 60 characters without a space that decode to readable words with spaces.
    """
    packed = body.strip()
    if not _BASE64.fullmatch(packed):
        return body
    try:
        text = base64.b64decode(packed, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return body
    return text if " " in text and _READABLE.fullmatch(text) else body


def render(outgoing: Outgoing) -> tuple[Wire, ...]:
    """Print text and numbered choices in GSM-7, each message counted as it is billed."""
    pieces = split(fold(printed.text(outgoing)), PARTS_A_MESSAGE)
    return tuple(Wire(piece, sized.encoding, sized.segments) for piece in pieces for sized in (size(piece),))


def merge(outgoings: Sequence[Outgoing]) -> tuple[Outgoing, ...]:
    """Join neighbours that cost one segment together: a segment is paid whole."""
    return printed.merge(outgoings, lambda text: size(fold(text)).segments == 1)
