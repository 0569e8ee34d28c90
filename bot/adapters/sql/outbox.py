"""Messages of ours on their way: reports in any order, and rows taken for sending under a lease."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, Update, and_, bindparam, or_, select, update
from sqlalchemy import case as sql_case

from bot.adapters.crypto import Vault
from bot.adapters.sql import bulk, held, hot, rows
from bot.adapters.sql.check_in_writes import did_not_arrive
from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import outgoing, person
from bot.core.deliveries import LOST, advance
from bot.core.messages import Status
from bot.ports import OutgoingRow

_CHANGEABLE = {
    "status",
    "route",
    "not_before",
    "lease_until",
    "attempts",
    "provider",
    "provider_id",
    "error_code",
    "template",
}
_KEPT_FOR = timedelta(days=1)  # a provider repeats a webhook for hours at most
_SEEN = (
    select(outgoing.c.status, outgoing.c.lease_until, outgoing.c.broadcast_id, outgoing.c.channel, outgoing.c.template)
    .where(outgoing.c.id == bindparam("row"))
    .with_for_update()
)
_STOPPED = and_(person.c.opt_out != "none", outgoing.c.kind.in_(("reminder", "check_in", "broadcast")))
_WAITS = outgoing.c.status == Status.QUEUED.value
_ORDER = (outgoing.c.priority, outgoing.c.created_at, outgoing.c.position)
_SPARE = 4  # times as many rows are looked at as are wanted
_MINE = update(outgoing).where(outgoing.c.id == bindparam("row"))
_TAKE = _MINE.values(status=Status.SENDING.value, lease_until=bindparam("lease"))
_SKIP = _MINE.values(status=Status.SKIPPED.value, error_code="opted_out")


def change(connection: Connection, row_id: str, changes: Mapping[str, Any], *, held: datetime | None) -> bool:
    """Change one row by the rules of `bot.ports.Transaction.update_outgoing`."""
    unknown = changes.keys() - _CHANGEABLE
    if unknown:
        msg = f"An outgoing message has no such column to change: {', '.join(sorted(unknown))}."
        raise ValueError(msg)
    found = hot.fetch(connection, _SEEN, {"row": row_id})
    if not found or (held is not None and found[0].lease_until != held):
        return False
    seen = found[0]
    values = _allowed(Status(seen.status), changes)
    if values:
        given = {f"new_{name}": value for name, value in values.items()}
        hot.execute(connection, _changing(tuple(sorted(values))), {**given, "row": row_id})
    if values.get("status", seen.status) != seen.status:  # a doubled report undoes nothing that followed the first
        _followed(connection, row_id, seen, values)
    return True


def _followed(connection: Connection, row_id: str, seen: Any, values: Mapping[str, Any]) -> None:
    """Tell what asked for this message where it stands now."""
    if seen.broadcast_id is not None:
        bulk.follow(connection, row_id, values, asks=seen.template not in {None, held.BEHIND})
    if seen.channel == "whatsapp" and values["status"] in LOST:
        did_not_arrive(connection, row_id)


@cache
def _changing(names: tuple[str, ...]) -> Update:
    """Build the change of these columns of a row."""
    return _MINE.values({name: bindparam(f"new_{name}", type_=outgoing.c[name].type) for name in names})


def _allowed(old: Status, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Drop what would move the row back, and a provider id that says nothing."""
    values = dict(changes)
    if values.get("provider_id", "") is None:
        del values["provider_id"]
    if "status" not in values:
        return values
    asked = Status(values["status"])
    if asked is Status.QUEUED and "not_before" in values and old is Status.SENDING:
        return values | {"status": asked.value}
    new = advance(old, asked)
    if new is not asked:
        return {name: values[name] for name in ("provider_id", "attempts") if name in values}
    return values | {"status": new.value}


@dataclass(frozen=True, slots=True)
class Claim:
    """How many rows are to be taken, until when, and whose."""

    limit: int
    lease_until: datetime
    now: datetime
    provider: str | None = None
    bulk: bool | None = None  # broadcasts only, or everything but them


def claim_due(database: Database, vault: Vault, claim: Claim) -> tuple[OutgoingRow, ...]:
    """Take due rows for sending, and skip those whose person has opted out meanwhile.

    What is due is looked for without a lock, a little more than is wanted, so that several workers find different
    rows; the lock is held for a few rows only. A worker that gets nothing of what it found leaves it to the others.
    """
    while True:
        with database.reading() as connection:
            found = _due(connection, claim)
        if not found:
            return ()
        with database.writing() as connection:
            free = list(connection.execute(_free(found, claim)))
            stopped = [{"row": row.id} for row in free if row.stopped]
            taken = [row for row in free if not row.stopped]
            if stopped:
                connection.execute(_SKIP, stopped)
                bulk.skip(connection, [row["row"] for row in stopped], "opted_out")
            if taken:
                connection.execute(_TAKE, [{"row": row.id, "lease": claim.lease_until} for row in taken])
        if taken or not stopped:
            return tuple(_leased(vault, row, claim.lease_until) for row in taken)


def _free(found: list[str], claim: Claim) -> Select[Any]:
    """Lock those of these rows that are still to be taken, and see whether their person may be written to."""
    return (
        select(outgoing, sql_case((_STOPPED, 1), else_=0).label("stopped"), held.window(claim.now))
        .select_from(outgoing.outerjoin(person, person.c.id == outgoing.c.person_id))
        # Joined to "" the status fits no index: SQLite would walk through all that waits instead of taking these ids.
        .where(outgoing.c.id.in_(found), outgoing.c.status.concat("") == Status.QUEUED.value, bulk.RUNS)
        .order_by(*_ORDER)
        .limit(claim.limit)
        .with_for_update(of=outgoing, skip_locked=True)
    )


def _leased(vault: Vault, row: Row[Any], until: datetime) -> OutgoingRow:
    taken = rows.outgoing_from(vault, row)
    return replace(taken, status=Status.SENDING, lease_until=until, window=row.window)


def _due(connection: Connection, claim: Claim) -> list[str]:
    query = select(outgoing.c.id).where(
        _WAITS,
        or_(outgoing.c.not_before.is_(None), outgoing.c.not_before <= claim.now),
        bulk.RUNS,
        *bulk.kind_of(claim.bulk),
    )
    if claim.provider is not None:
        query = query.where(outgoing.c.provider == claim.provider)
    return list(connection.execute(query.order_by(*_ORDER).limit(claim.limit * _SPARE)).scalars())


def expired(connection: Connection, vault: Vault, *, limit: int, now: datetime) -> tuple[OutgoingRow, ...]:
    """Return rows in `sending` whose lease is over, longest first."""
    query = (
        select(outgoing)
        .where(outgoing.c.status == Status.SENDING.value, outgoing.c.lease_until <= now)
        .order_by(outgoing.c.lease_until)
        .limit(limit)
    )
    return tuple(rows.outgoing_from(vault, row) for row in connection.execute(query))


def one(connection: Connection, vault: Vault, **by: str) -> OutgoingRow | None:
    """Find one message of ours by some of its columns; of several the newest."""
    query = select(outgoing).filter_by(**by).order_by(outgoing.c.created_at.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else rows.outgoing_from(vault, row)


def tidy(connection: Connection, *, now: datetime) -> int:
    """Blank messages to erased persons once nobody can ask for them again."""
    blank = (
        update(outgoing)
        .where(
            outgoing.c.person_id.is_(None),
            outgoing.c.kind != "alert",
            outgoing.c.text.is_not(None),
            outgoing.c.created_at <= now - _KEPT_FOR,
        )
        .values(text=None, recipient=None)
    )
    return connection.execute(blank).rowcount
