"""Where an outgoing message may go next: reports come doubled, late and in any order."""

from bot.core.messages import Status

ENDS = frozenset({Status.UNDELIVERED, Status.FAILED, Status.SKIPPED})
LOST = frozenset({Status.UNDELIVERED, Status.FAILED})
SETTLED = ENDS | {Status.DELIVERED, Status.READ}

_WAY = (Status.QUEUED, Status.SENDING, Status.ACCEPTED, Status.SENT, Status.DELIVERED, Status.READ)
_RANK = {status: rank for rank, status in enumerate(_WAY)}


def advance(old: Status, new: Status) -> Status:
    """Return where a message stands after a report: further on, or where it was.

    `undelivered`, `failed` and `skipped` are ends, reached from anywhere before `delivered`; `delivered` may still
    become `read`.
    """
    if old in ENDS or new == old:
        return old
    if new in ENDS:
        return old if old in SETTLED else new
    return new if _RANK[new] > _RANK[old] else old
