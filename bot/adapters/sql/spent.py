"""What was said to one person lately: the budget at which robots and loops end, and what need not be said again yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy import case as sql_case

from bot.adapters.sql import hot
from bot.adapters.sql.tables import outgoing
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


@dataclass(frozen=True, slots=True)
class Spent:
    """Segments within an hour and a day, and the responses that were said a moment ago."""

    an_hour: int = 0
    a_day: int = 0
    said: frozenset[str] = frozenset()


def spent(connection: Connection, person_id: str, now: datetime) -> Spent:
    """Return what was said to a person."""
    sums = hot.fetch(connection, _SENT, {"person": person_id, "hour": now - _HOUR, "since": now - _DAY})[0]
    lately = hot.fetch(connection, _SAID, {"person": person_id, "since": now - DANGER_ANSWERED_EVERY})
    return Spent(int(sums.an_hour), int(sums.a_day), frozenset(row.response for row in lately))
