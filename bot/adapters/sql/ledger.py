"""The ledger of a broadcast: one row a recipient that says what happened, and why."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select, update

from bot.adapters.sql import bulk, money
from bot.adapters.sql.tables import outgoing
from bot.adapters.sql.tables_broadcasts import broadcast, recipient
from bot.core.broadcasts import Recipient
from bot.core.deliveries import LOST
from bot.core.messages import Status
from bot.ports.broadcasts import LedgerFilter

SLICE = 1000
_FIELDS = tuple(Recipient.__dataclass_fields__)


def _of(broadcast_id: str) -> ColumnElement[bool]:
    """Select the recipients of a broadcast, which are shown once all of them are written down."""
    whole = select(broadcast.c.id).where(broadcast.c.id == broadcast_id, broadcast.c.frozen_at.is_not(None))
    return recipient.c.broadcast_id == whole.scalar_subquery()


def counts(connection: Connection, broadcast_id: str) -> Mapping[str, int]:
    """Return how many recipients stand where."""
    query = select(recipient.c.status, func.count().label("people")).group_by(recipient.c.status)
    found = connection.execute(query.where(_of(broadcast_id)))
    return {row.status: row.people for row in found}


def reasons(connection: Connection, broadcast_id: str) -> Mapping[tuple[str, str], int]:
    """Return how many recipients have which status and (not empty) reason."""
    query = select(recipient.c.status, recipient.c.reason, func.count().label("people")).where(
        _of(broadcast_id), recipient.c.reason != ""
    )
    found = connection.execute(query.group_by(recipient.c.status, recipient.c.reason))
    return {(row.status, row.reason): row.people for row in found}


def answered(connection: Connection, broadcast_id: str) -> int:
    """Return how many have answered."""
    query = select(func.count()).where(recipient.c.broadcast_id == broadcast_id, recipient.c.answered_at.is_not(None))
    return int(connection.execute(query).scalar_one())


def page(
    connection: Connection, broadcast_id: str, wanted: LedgerFilter, *, after: int, limit: int
) -> tuple[Recipient, ...]:
    """Return recipients with an id above `after`, in the order of their ids."""
    query = select(recipient).where(_of(broadcast_id), recipient.c.id > after, *_wanted(wanted))
    return tuple(_recipient(row) for row in connection.execute(query.order_by(recipient.c.id).limit(limit)))


def _wanted(wanted: LedgerFilter) -> list[ColumnElement[bool]]:
    equal = (("language", wanted.language), ("channel", wanted.channel))
    tests: list[ColumnElement[bool]] = [recipient.c[name] == value for name, value in equal if value]
    among = (("status", wanted.statuses), ("reason", wanted.reasons))
    tests += [recipient.c[name].in_(values) for name, values in among if values]
    if wanted.answered is not None:
        tests.append(recipient.c.answered_at.is_not(None) == wanted.answered)
    return tests


def _recipient(row: Row[Any]) -> Recipient:
    return Recipient(**{name: getattr(row, name) for name in _FIELDS})


def call_off(connection: Connection, broadcast_id: str, now: datetime) -> int:
    """Skip all that has not left, as cancelled, and give its price back; return how many.

    What a template has asked about does not follow any more; the template itself stays paid.
    """
    queued = select(outgoing.c.id).where(outgoing.c.broadcast_id == broadcast_id, outgoing.c.status == "queued")
    stopped = set(connection.execute(queued.with_for_update()).scalars())
    skip = {"status": Status.SKIPPED.value}
    if stopped:
        connection.execute(
            update(outgoing).where(outgoing.c.id.in_(stopped)).values(skip | {"error_code": "cancelled"})
        )
    unanswered = (outgoing.c.broadcast_id == broadcast_id, outgoing.c.template.is_not(None))
    connection.execute(update(outgoing).where(*unanswered, outgoing.c.opened_at.is_(None)).values(opened_at=now))
    mine = recipient.c.broadcast_id == broadcast_id
    asked = mine & bulk.ASKED
    handed = mine & recipient.c.outgoing_id.in_(stopped) & (recipient.c.status == "sending")
    waits = mine & (recipient.c.status == "queued")
    money.give_back(connection, handed)
    connection.execute(update(recipient).where(waits, recipient.c.tries == 0).values(centimes=0))
    changes = skip | {"reason": "cancelled", "changed_at": now, "outgoing_id": None}
    return connection.execute(update(recipient).where(or_(handed, waits, asked)).values(changes)).rowcount


def retry_failed(connection: Connection, broadcast_id: str, now: datetime) -> int:
    """Let those that failed or were not delivered wait again, with what they have cost; return how many."""
    query = update(recipient).where(recipient.c.broadcast_id == broadcast_id, recipient.c.status.in_(LOST))
    values = {"status": "queued", "not_before": now, "changed_at": now, "outgoing_id": None, "reason": ""}
    return connection.execute(query.values(values)).rowcount


def wait_anew(connection: Connection, broadcast_id: str, _now: datetime) -> int:
    """Let nobody have waited yet: the time of a pause is nobody's; return how many had."""
    waits = (
        recipient.c.broadcast_id == broadcast_id,
        recipient.c.status == "queued",
        recipient.c.held_since.is_not(None),
    )
    return connection.execute(update(recipient).where(*waits).values(held_since=None)).rowcount
