"""Twilio's words for what became of a message, and what to do about its error codes: each in one table."""

from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlencode

from bot.core.messages import Status

Verdict = Literal["ok", "retry", "permanent", "opted_out", "unknown", "blocked"]
Kind = Literal["stop", "address", "country", "configuration", "content", "window", "skip", "transient"]

STATUSES: Mapping[str, Status] = {
    "accepted": Status.ACCEPTED,
    "scheduled": Status.ACCEPTED,
    "queued": Status.ACCEPTED,
    "sending": Status.ACCEPTED,
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "partially_delivered": Status.DELIVERED,  # deprecated: some part of it arrived
    "read": Status.READ,
    "undelivered": Status.UNDELIVERED,
    "failed": Status.FAILED,
    "canceled": Status.SKIPPED,
}

# Twilio, "Error and Warning Dictionary". A code that is not here stops one message and nothing else.
_CODES: Mapping[Kind, tuple[int, ...]] = {
    "stop": (21610, 63033),
    "address": (21211, 21604, 21614, 30005, 30006, 63003, 63024),
    "country": (21408, 21612),  # not enabled, or no route: of all that goes there, and of nothing else
    "configuration": (
        *(20003, 20404, 21212, 21603, 21606, 21703, 21704, 30002, 30018, 30034),
        *(63001, 63002, 63007, 63008, 63020, 63022, 63027, 63028, 63030, 63040, 63041, 63042, 63051),
    ),
    "content": (
        *(21602, 21617, 21620, 21623, 21654, 21655, 21656, 30004, 30007),
        *(63005, 63006, 63013, 63019, 63021, 63034),
    ),
    "window": (63016,),
    "skip": (63032,),
    "transient": (20429, 30001, 30003, 30008, 30017, 30022, 30410, 30450, 63009, 63010, 63012, 63017, 63018, 63038),
}
_KINDS: Mapping[str, Kind] = {str(code): kind for kind, codes in _CODES.items() for code in codes}
_VERDICTS: Mapping[Kind, Verdict] = {"stop": "opted_out", "transient": "retry", "configuration": "blocked"}


def verdict_on(code: str) -> Verdict:
    """Say what to do about a message that was refused with this code; an unknown one is not sent again."""
    kind = _KINDS.get(code)
    return _VERDICTS.get(kind, "permanent") if kind else "permanent"


def is_dead(code: str) -> bool:
    """Say whether the code means that nobody will ever be reached at that address."""
    return _KINDS.get(code) == "address"


def status_url(public_url: str, row_id: str) -> str:
    """Return where Twilio reports about one message of ours: its row id is known before Twilio's own id."""
    return f"{public_url}/webhooks/twilio/status?{urlencode({'m': row_id})}"
