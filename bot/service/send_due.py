"""Send what waits: claim a slice of rows, hand each to its provider, write down what it said."""

import logging
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core import limits
from bot.core.messages import Status
from bot.ports import Clock, OutgoingRow, Sender, SendResult, Store, Transaction
from bot.service.hand_out import Elsewhere, Road, hand_out, nowhere

log = logging.getLogger(__name__)


def send_due(
    store: Store,
    clock: Clock,
    road: Road | Mapping[str, Sender],
    *,
    limit: int = limits.SLICE,
    bulk: bool = False,
) -> int:
    """Send up to `limit` due messages (broadcasts, or everything but them) and return how many were tried.

    The lease is committed before any call: after a crash the row stays `sending`, and `confirm_sent` asks the provider
    before anything is sent again. What would outlive its lease (a slow provider before it) goes back into the queue.
    """
    now = clock.now()
    way = road if isinstance(road, Road) else Road(road)
    lease = limits.BULK_LEASE if bulk else limits.SEND_LEASE
    rows = store.claim_due(limit=limit, lease_until=now + lease, now=now, bulk=bulk)
    handed = hand_out(store, clock, replace(way, each=way.beside) if bulk and way.beside else way, rows)
    said = [(row, result) for row, result in handed if result is not None]
    if said:
        settle_all(store, said, now=clock.now(), elsewhere=way.elsewhere)
    return len(rows)


def settle_all(
    store: Store,
    said: Sequence[tuple[OutgoingRow, SendResult]],
    *,
    now: datetime,
    elsewhere: Elsewhere = nowhere,
) -> None:
    """Write down what providers said to several messages, in one transaction."""
    with store.write() as tx:
        for row, result in said:
            settle(tx, row, result, now=now, elsewhere=elsewhere)


def settle(
    tx: Transaction, row: OutgoingRow, result: SendResult, *, now: datetime, elsewhere: Elsewhere = nowhere
) -> None:
    """Write down what a provider said to one message; an alert that did not leave is told to the operator.

    What waits for another try was surely not taken, so another provider may carry it: nothing is sent twice.
    """
    changes = _changes(row, result, now)
    other = elsewhere(row) if changes.get("status") is Status.QUEUED else None
    if other is not None:
        changes |= {"provider": other, "not_before": now}
    if row.kind == "alert" and result.verdict not in ("ok", "unknown"):
        word = "it is tried again" if changes["status"] is Status.QUEUED else "somebody else is alerted"
        log.error("alert %s of case %s was refused (%s): %s", row.id, row.case_id, result.error_code, word)
    held = row.lease_until if changes.get("status") is Status.QUEUED else None  # only its holder may queue it again
    tx.update_outgoing(row.id, changes, held=held)
    if row.case_id and row.kind == "alert" and changes.get("status") is Status.FAILED:
        tx.duty.hasten(row.case_id, at=now + limits.ALERT_NEXT, below=limits.ALERT_HURRIES)
    if result.verdict == "opted_out" and row.person_id:
        tx.set_opt_out(row.person_id, "all", word=f"{row.provider} {result.error_code}", now=now)
    if result.dead:
        give_up_number(tx, row, now=now)
    if result.verdict == "blocked" and row.broadcast_id:
        log.error("broadcast %s pauses: the provider refuses our messages (%s)", row.broadcast_id, result.error_code)
        tx.stop_broadcast(row.broadcast_id, reason="refused")


def give_up_number(tx: Transaction, row: OutgoingRow, *, now: datetime) -> None:
    """Note that a number is dead; without WhatsApp it may be alive, and whoever writes from it brings it back."""
    if row.person_id and row.to.channel == "sms":
        tx.save_profile(row.person_id, {"unreachable": True}, now=now)


def pause(row: OutgoingRow, *, at_least: float = 0.0) -> timedelta:
    """Return how long to wait before the next try: doubled each time, and up to a quarter more, for each another bit.

    An alert never waits long; `at_least` is what the provider asked for, in seconds.
    """
    wait: timedelta = limits.SEND_BACKOFF * 2 ** min(row.attempts, 10)
    if row.kind == "alert":
        return min(wait, limits.ALERT_EVERY)
    return max(wait * (1 + zlib.crc32(row.id.encode()) % 256 / 1024), timedelta(seconds=at_least))


def _again(row: OutgoingRow, result: SendResult) -> bool:
    """Say whether to try again.

    An alert about a way out is tried for a day whatever the provider said, since somebody may mend it. One of a case
    need not be: `service.escalate` alerts the next one, and in the end this one again.
    """
    if row.kind == "alert" and row.case_id is None:
        return result.verdict != "ok" and row.attempts + 1 < limits.ALERT_TRIES
    if result.verdict == "blocked":  # of a broadcast, which pauses: nobody is lost when it goes on
        return row.broadcast_id is not None
    return result.verdict == "retry" and row.attempts + 1 < limits.SEND_TRIES


def _changes(row: OutgoingRow, result: SendResult, now: datetime) -> dict[str, object]:
    if result.verdict == "unknown":  # it may be on its way: the lease runs out, then the provider is asked
        return {"attempts": row.attempts + 1}
    if _again(row, result):
        return {
            "status": Status.QUEUED,
            "attempts": row.attempts + 1,
            "not_before": now + pause(row, at_least=result.after),
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
