"""Take in what a provider reports about one of our messages."""

import hashlib
import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.core import limits
from bot.core.deliveries import ENDS, SETTLED
from bot.core.messages import Status
from bot.ports import Clock, OutgoingRow, Store, Transaction
from bot.service.hand_out import Elsewhere, nowhere
from bot.service.send_due import give_up_number, pause

log = logging.getLogger(__name__)

FOLLOWS = "x"  # how the id of a message by another way begins, which no other id does: none follows that one
_NOT_SENT = frozenset({Status.QUEUED, Status.SENDING, Status.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Report:
    """One delivery report, in our words."""

    provider: str
    provider_id: str
    status: Status
    row_id: str | None = None  # what our call-back address carried
    error_code: str | None = None
    verdict: Literal["ok", "opted_out", "retry", "blocked"] = "ok"
    dead: bool = False  # nobody will ever be reached at this address
    never_left: bool = False  # it failed before any network had it


def take_status(store: Store, clock: Clock, report: Report, elsewhere: Elsewhere = nowhere) -> bool:
    """Move the message forward, never back, and return whether it is one of ours.

    Reports come doubled, in any order, and before the provider's own answer is stored: the row is found by the id in
    the call-back address first, by the provider's id second. An opt-out known to the provider becomes ours. What
    surely never left goes by another way, once.
    """
    row = _row(store, report)
    if row is None:
        return False
    lost = _is_lost_alert(row, report)
    detour = _by_another_way(store, row, report, elsewhere=elsewhere, now=clock.now())
    another = detour or (_another_alert(store, row, now=clock.now()) if lost and row.case_id is None else None)
    with store.write() as tx:
        tx.update_outgoing(
            row.id,
            {
                "status": report.status,
                "provider_id": report.provider_id,
                "error_code": report.error_code,
                "lease_until": None,
            },
        )
        if report.verdict == "opted_out" and row.person_id:
            tx.set_opt_out(row.person_id, "all", word=f"{report.provider} {report.error_code}", now=clock.now())
        if report.dead:
            give_up_number(tx, row, now=clock.now())
        if row.broadcast_id and report.status in ENDS:
            _follow_up(tx, row, report, now=clock.now())
        if another:
            tx.add_outgoing([another])
        if lost and row.case_id and detour is None:  # the next one is alerted, and this one again when all have been
            tx.duty.hasten(row.case_id, at=clock.now() + limits.ALERT_NEXT, below=limits.ALERT_HURRIES)
    return True


def _follow_up(tx: Transaction, row: OutgoingRow, report: Report, *, now: datetime) -> None:
    """Let the recipient of a broadcast whose telephone was off, or the provider not at its best, wait for another."""
    if report.verdict in ("retry", "blocked"):
        tx.send_again(row.id, not_before=now + limits.BROADCAST_AGAIN)
    if report.verdict == "blocked" and row.broadcast_id and row.status not in SETTLED:  # the first word of it
        tx.stop_broadcast(row.broadcast_id, reason="refused")


def _is_lost_alert(row: OutgoingRow, report: Report) -> bool:
    """Say whether this is the first word that an alert reached nobody's phone."""
    ended = report.status in (Status.UNDELIVERED, Status.FAILED) and row.status not in SETTLED
    if row.kind == "alert" and ended:
        log.error("alert %s of case %s reached nobody (%s)", row.id, row.case_id, report.error_code)
    return row.kind == "alert" and ended


def _another_alert(store: Store, row: OutgoingRow, *, now: datetime) -> OutgoingRow | None:
    """Return the alert about a way out that follows one which reached nobody's phone."""
    again = _after(row)
    if row.attempts >= limits.ALERT_TRIES or store.outgoing(again):
        return None
    return replace(_fresh(row, again, now=now), not_before=now + pause(row))


def _by_another_way(
    store: Store, row: OutgoingRow, report: Report, *, elsewhere: Elsewhere, now: datetime
) -> OutgoingRow | None:
    """Return the same message by another way that is up, when its own could not even send it.

    A broadcast has tries of its own.
    """
    again = FOLLOWS + _after(row)[1:]
    unsent = report.never_left and row.status in _NOT_SENT and row.provider == report.provider and row.to.value
    if not unsent or row.broadcast_id or row.id.startswith(FOLLOWS) or store.outgoing(again):
        return None
    provider = elsewhere(replace(row, attempts=1))  # refused for good: no second try with its own way
    return None if provider is None else replace(_fresh(row, again, now=now), provider=provider)


def _after(row: OutgoingRow) -> str:
    """Return the id of what follows a message: always the same, so that a doubled report makes no second."""
    return hashlib.sha256(f"{row.id} again".encode()).hexdigest()[:32]


def _fresh(row: OutgoingRow, ident: str, *, now: datetime) -> OutgoingRow:
    fresh = replace(row, id=ident, created_at=now, status=Status.QUEUED, route="rest", not_before=now)
    return replace(fresh, provider_id=None, error_code=None, lease_until=None)


def _row(store: Store, report: Report) -> OutgoingRow | None:
    by_id = store.outgoing(report.row_id) if report.row_id else None
    return by_id or store.outgoing_by_provider_id(report.provider, report.provider_id)
