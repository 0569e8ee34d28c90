"""WhatsApp: the provider's form in, text in official letters out."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime

import regex

from bot.channels import printed, twilio_form
from bot.core.messages import Incoming, Outgoing, Wire
from bot.core.sms_text import split_at

_NOT_IN_XML = regex.compile(r"[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")  # XML 1.0, 2.2 Characters

MERGED_AT_MOST = 600  # characters: about one screen of a small phone


def parse(form: twilio_form.Form, *, received_at: datetime) -> Incoming:
    """Read Twilio's form for a WhatsApp message: text, pressed button, list, media or place. Raises BadForm.

    The sender is a number or, since 2026, a business-scoped id such as "ML.1349…", kept as it is.
    """
    payload = form.get("ListId") or form.get("ButtonPayload") or None
    text = form.get("Body") or form.get("ButtonText") or form.get("ListTitle") or ""
    return twilio_form.read(form, text=text, payload=payload, received_at=received_at)


def render(outgoing: Outgoing) -> tuple[Wire, ...]:
    """Print text and numbered choices; a webhook's answer cannot carry buttons, and digits work everywhere."""
    pieces = split_at(_NOT_IN_XML.sub("", unicodedata.normalize("NFC", printed.text(outgoing))))
    return tuple(Wire(piece, "unicode", 1) for piece in pieces)


def merge(outgoings: Sequence[Outgoing]) -> tuple[Outgoing, ...]:
    """Join neighbours that are short enough to be read at one glance."""
    return printed.merge(outgoings, lambda text: len(text) <= MERGED_AT_MOST)
