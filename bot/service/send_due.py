"""Send what waits: claim a slice of rows, hand each to its provider, write down what it said."""

from collections.abc import Mapping
from datetime import datetime

from bot.core import limits
from bot.core.messages import Status
from bot.ports import Clock, OutgoingRow, Sender, SendResult, Store


def send_due(store: Store, clock: Clock, senders: Mapping[str, Sender], *, limit: int = limits.SLICE) -> int:
    """Send up to `limit` due messages and return how many were tried.

    The lease is committed before any call: after a crash the row stays `sending`, and `confirm_sent` asks the provider
    before anything is sent again. What would outlive its lease (a slow provider before it) goes back into the queue.
    """
    now = clock.now()
    rows = store.claim_due(limit=limit, lease_until=now + limits.SEND_LEASE, now=now)
    for row in rows:
        if clock.now() - now < limits.SEND_WITHIN:
            settle(store, row, senders[row.provider].send(row), now=clock.now())
        else:
            _put_back(store, row, now=clock.now())
    return len(rows)


def _put_back(store: Store, row: OutgoingRow, *, now: datetime) -> None:
    with store.write() as tx:
        changes = {"status": Status.QUEUED, "not_before": now, "lease_until": None}
        tx.update_outgoing(row.id, changes, held=row.lease_until)


def settle(store: Store, row: OutgoingRow, result: SendResult, *, now: datetime) -> None:
    """Write down what a provider said to one message."""
    with store.write() as tx:
        held = row.lease_until if result.verdict == "retry" else None  # only whoever holds it may queue it again
        tx.update_outgoing(row.id, _changes(row, result, now), held=held)
        if result.verdict == "opted_out" and row.person_id:
            tx.set_opt_out(row.person_id, "all", word=f"{row.provider} {result.error_code}", now=now)


def _changes(row: OutgoingRow, result: SendResult, now: datetime) -> dict[str, object]:
    if result.verdict == "unknown":  # it may be on its way: the lease runs out, then the provider is asked
        return {"attempts": row.attempts + 1}
    if result.verdict == "retry" and row.attempts + 1 < limits.SEND_TRIES:
        wait = limits.SEND_BACKOFF * 2**row.attempts
        return {
            "status": Status.QUEUED,
            "attempts": row.attempts + 1,
            "not_before": now + wait,
            "lease_until": None,
            "error_code": result.error_code,
        }
    status = Status.FAILED if result.verdict == "retry" else result.status
    return {
        "status": status,
        "attempts": row.attempts + 1,
        "provider_id": result.provider_id,
        "lease_until": None,
        "error_code": result.error_code,
    }
