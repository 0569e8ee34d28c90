"""Kannel's words for what became of a message, each in one table."""

from collections.abc import Mapping
from urllib.parse import urlencode

import regex

from bot.core.messages import Status

# Kannel 1.4.5 user guide, "Delivery reports": dlr-mask 31 asks for all of these.
MASK = 31
STATUSES: Mapping[str, Status] = {
    "1": Status.DELIVERED,
    "2": Status.UNDELIVERED,
    "4": Status.SENT,  # the network keeps it for a phone that is off
    "8": Status.SENT,  # the network has it
    "16": Status.FAILED,  # the network refused it
}
_REFUSAL = regex.compile(r"NACK/(0x[0-9a-fA-F]{1,8}|\d{1,10})")
_RECEIPT = regex.compile(r"stat:([A-Z]{2,10})\b(?:.*?\berr:([0-9A-Za-z]{1,10}))?")


def report_url(our_url: str, row_id: str, *, secret: str) -> str:
    """Return where Kannel reports about one message of ours; it fills in %d (status) and %A (the network's answer)."""
    known = urlencode({"secret": secret, "m": row_id})
    return f"{our_url}/webhooks/kannel/status?{known}&status=%d&answer=%A"


def never_left(word: str, answer: str) -> bool:
    """Say whether the network refused the message itself, so that no phone can have it."""
    return word == "16" and answer.startswith("NACK")


def error_code(answer: str) -> str | None:
    """Return the network's own code from its answer, and nothing else: a receipt repeats words of the text."""
    refused = _REFUSAL.search(answer)
    if refused:
        return f"NACK/{refused[1]}"
    receipt = _RECEIPT.search(answer)
    return "/".join(filter(None, receipt.groups())) if receipt and receipt[1] != "DELIVRD" else None
