"""Writes down the recipients of a broadcast, a slice of persons at a time, so that no turn waits for it."""

from typing import Any

from sqlalchemy import Connection, Select, func, insert, literal, select, update
from sqlalchemy import case as sql_case

from bot.adapters.sql import money
from bot.adapters.sql.audience import charged, members
from bot.adapters.sql.tables import UtcTime, person
from bot.adapters.sql.tables_broadcasts import broadcast, recipient
from bot.core.broadcasts import Broadcast
from bot.ports.broadcasts import Weight


def reached(connection: Connection, broadcast_id: str) -> str | None:
    """Lock a broadcast that prepares and return up to which person it has come ("": nobody yet); None for another."""
    query = select(func.coalesce(broadcast.c.prepared_to, "").label("prepared_to")).where(
        broadcast.c.id == broadcast_id, broadcast.c.state == "preparing"
    )
    row = connection.execute(query.with_for_update()).one_or_none()
    return None if row is None else str(row.prepared_to)


def slice_end(connection: Connection, start: str, *, limit: int) -> str | None:
    """Return the id of the last of the next `limit` persons after `start`; None when nobody comes after it."""
    some = select(person.c.id).where(person.c.id > start).order_by(person.c.id).limit(limit).subquery()
    return connection.execute(select(func.max(some.c.id))).scalar()


def write_down(connection: Connection, one: Broadcast, weight: Weight, *, start: str, end: str) -> None:
    """Write a row for everybody meant from after `start` up to `end`, those left out with their reason."""
    meant = members(one.audience, one.channel, now=weight.now).where(person.c.id > start, person.c.id <= end)
    columns = _columns(one, weight, meant)
    connection.execute(insert(recipient).from_select(list(columns), select(*columns.values())))
    connection.execute(update(broadcast).where(broadcast.c.id == one.id).values(prepared_to=end))


def _columns(one: Broadcast, weight: Weight, meant: Select[Any]) -> dict[str, Any]:
    of = meant.subquery().c
    goes = of.reason == ""
    segments = sql_case(
        *((((of.channel == "sms") & (of.language == code)), weight.segments[code]) for code in weight.segments),
        else_=1,
    )
    price = charged(weight, money.operators(weight.prices), of)
    return {
        "broadcast_id": literal(one.id),
        "person_id": of.person_id,
        "status": sql_case((goes, "queued"), else_="skipped"),
        "reason": of.reason,
        "language": of.language,
        "channel": of.channel,
        "operator": of.operator,
        "segments": sql_case((goes, segments), else_=0),
        "centimes": sql_case((goes, price), else_=0),
        "not_before": literal(weight.now, UtcTime),
        "changed_at": literal(weight.now, UtcTime),
    }


def expected(connection: Connection, broadcast_id: str) -> dict[str, int]:
    """Sum up what was written down; asked before the transaction that ends it, for a sum takes its time."""
    query = select(
        func.count().label("expected_people"),
        func.coalesce(func.sum(recipient.c.segments), 0).label("expected_segments"),
        func.coalesce(func.sum(recipient.c.centimes), 0).label("expected_centimes"),
    ).where(recipient.c.broadcast_id == broadcast_id, recipient.c.status == "queued")
    return dict(connection.execute(query).one()._mapping)  # noqa: SLF001 public, whatever its name looks like


def let_run(connection: Connection, broadcast_id: str, weight: Weight, sums: dict[str, int]) -> None:
    """Say that everybody is written down: from now on it runs."""
    values = {"state": "running", "frozen_at": weight.now, "version": broadcast.c.version + 1, **sums}
    connection.execute(update(broadcast).where(broadcast.c.id == broadcast_id).values(values))
