"""What was said to one number lately: the budget at which robots and loops end, and what need not be said again yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select
from sqlalchemy import case as sql_case

from bot.adapters.sql import hot
from bot.adapters.sql.tables import address, outgoing
from bot.adapters.sql.tables_spent import spent_before
from bot.core.limits import DANGER_ANSWERED_EVERY
from bot.core.messages import Status

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_SENT = select(
    func.coalesce(
        func.sum(sql_case((outgoing.c.created_at > bindparam("hour"), outgoing.c.segments), else_=0)), 0
    ).label("an_hour"),
    func.coalesce(func.sum(outgoing.c.segments), 0).label("a_day"),
).where(
    outgoing.c.person_id == bindparam("person"),
    outgoing.c.created_at > bindparam("since"),
    outgoing.c.status != Status.SKIPPED.value,
)
_SAID = (
    select(outgoing.c.response)
    .where(
        outgoing.c.person_id == bindparam("person"),
        outgoing.c.created_at > bindparam("since"),
        outgoing.c.status != Status.SKIPPED.value,
        outgoing.c.status != Status.FAILED.value,
        outgoing.c.status != Status.UNDELIVERED.value,
    )
    .distinct()
)

_BEFORE = select(func.coalesce(func.sum(spent_before.c.segments), 0)).where(
    spent_before.c.address_hash == bindparam("hash")
)
# To whoever had this number before they were erased; columns of the first look at a message.
BEFORE = (
    _BEFORE.where(spent_before.c.at > bindparam("hour_ago")).scalar_subquery().label("before_hour"),
    _BEFORE.where(spent_before.c.at > bindparam("day_ago")).scalar_subquery().label("before_day"),
)


@dataclass(frozen=True, slots=True)
class Spent:
    """Segments within an hour and a day, and the responses that were said a moment ago."""

    an_hour: int = 0
    a_day: int = 0
    said: frozenset[str] = frozenset()


def ago(now: datetime) -> dict[str, datetime]:
    """Return the times that `BEFORE` asks for."""
    return {"hour_ago": now - _HOUR, "day_ago": now - _DAY}


def spent(connection: Connection, person_id: str, now: datetime) -> Spent:
    """Return what was said to a person."""
    sums = hot.fetch(connection, _SENT, {"person": person_id, "hour": now - _HOUR, "since": now - _DAY})[0]
    lately = hot.fetch(connection, _SAID, {"person": person_id, "since": now - DANGER_ANSWERED_EVERY})
    return Spent(int(sums.an_hour), int(sums.a_day), frozenset(row.response for row in lately))


def remember(connection: Connection, person_id: str, *, now: datetime) -> None:
    """Keep what was sent to a person who is about to be erased, by the hashes of their numbers, until `tidy`."""
    leaves = or_(outgoing.c.status != Status.QUEUED.value, outgoing.c.created_at >= now)  # what waits is called off
    whose = select(address.c.hash).where(address.c.person_id == person_id).distinct().subquery()
    sent = (
        select(whose.c.hash, outgoing.c.created_at, func.sum(outgoing.c.segments))
        .select_from(outgoing)
        .join(whose, outgoing.c.person_id == person_id)
        .where(outgoing.c.created_at > now - _DAY, outgoing.c.status != Status.SKIPPED.value, leaves)
        .group_by(whose.c.hash, outgoing.c.created_at)
    )
    connection.execute(insert(spent_before).from_select(["address_hash", "at", "segments"], sent))


def tidy(connection: Connection, *, now: datetime) -> None:
    """Forget what no budget counts any more."""
    connection.execute(delete(spent_before).where(spent_before.c.at <= now - _DAY))
