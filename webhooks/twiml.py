"""Replies as TwiML, the answer to a message's webhook."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from bot.adapters.twilio_words import status_url
from bot.ports import OutgoingRow


def messages_twiml(rows: Iterable[OutgoingRow], public_url: str) -> str:
    """Write each reply as a <Message> with its own call-back address.

    By hand, because the SDK's element tree takes 65 µs where this takes 5; a test reads both back and compares them.
    """
    messages = "".join(
        f"<Message statusCallback={quoteattr(status_url(public_url, row.id))}>{escape(row.text)}</Message>"
        for row in rows
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{messages}</Response>'
