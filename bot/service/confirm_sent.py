"""Find out what became of messages that nobody confirmed, before anything is sent again."""

from collections.abc import Mapping
from datetime import datetime

from bot.core import limits
from bot.core.messages import Status
from bot.ports import Clock, OutgoingRow, Sender, Store
from bot.service.send_due import settle_all


def confirm_sent(store: Store, clock: Clock, senders: Mapping[str, Sender], *, limit: int = limits.SLICE) -> int:
    """Ask the provider about rows left in `sending` and return how many were looked at.

    Replies that travelled in a webhook's answer and got no call-back within their lease, and calls whose answer never
    came, are looked up in the provider's list; only what is not there is sent, and from then on by our own calls.
    """
    now = clock.now()
    rows = store.expired(limit=limit, now=now)
    for row in rows:
        found = senders[row.provider].find(row)
        if found and found.verdict == "unknown":
            _ask_later(store, row, now=now)
        elif found:
            settle_all(store, [(row, found)], now=now)
        else:
            _send_ourselves(store, row, now=now)
    return len(rows)


def _ask_later(store: Store, row: OutgoingRow, *, now: datetime) -> None:
    """Keep it leased a little: rows about which nobody can be asked must not stand before all others."""
    with store.write() as tx:
        tx.update_outgoing(row.id, {"lease_until": now + limits.ASK_AGAIN_AFTER}, held=row.lease_until)


def _send_ourselves(store: Store, row: OutgoingRow, *, now: datetime) -> None:
    with store.write() as tx:
        tx.update_outgoing(
            row.id,
            {"status": Status.QUEUED, "route": "rest", "lease_until": None, "not_before": now},
            held=row.lease_until,  # two sweeps may ask at once: only one of them queues it again
        )
