"""What the rows say about each provider: what waits, what left today, when anybody was last heard by it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select

from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import incoming, outgoing
from bot.core.messages import Status
from bot.core.ways import Traffic

_LEFT = [
    status.value for status in Status if status not in (Status.QUEUED, Status.SENDING, Status.SKIPPED, Status.FAILED)
]


def traffic(database: Database, *, now: datetime) -> Mapping[str, Traffic]:
    """Return the traffic of every provider that has any, by name. Raises StorageAway."""
    with database.reading() as connection:
        waiting, segments, heard = (
            {row[0]: row[1:] for row in connection.execute(query)}
            for query in (_waiting(now), _segments(now), _heard())
        )
    return {
        name: Traffic(
            waiting=waiting.get(name, (0, None))[0],
            oldest=waiting.get(name, (0, None))[1],
            segments_today=int(segments.get(name, (0,))[0]),
            heard_at=heard.get(name, (None,))[0],
        )
        for name in sorted({*waiting, *segments, *heard})
    }


def _waiting(now: datetime) -> Select[Any]:
    """Count what is due; a check-in for next week does not wait."""
    due = or_(outgoing.c.not_before.is_(None), outgoing.c.not_before <= now, outgoing.c.attempts > 0)
    return (
        select(outgoing.c.provider, func.count(), func.min(outgoing.c.created_at))
        .where(outgoing.c.status == Status.QUEUED.value, due)
        .group_by(outgoing.c.provider)
    )


def _segments(now: datetime) -> Select[Any]:
    return (
        select(outgoing.c.provider, func.sum(outgoing.c.segments))
        .where(outgoing.c.status.in_(_LEFT), outgoing.c.created_at > now - timedelta(days=1))
        .group_by(outgoing.c.provider)
    )


def _heard() -> Select[Any]:
    return select(incoming.c.provider, func.max(incoming.c.received_at)).group_by(incoming.c.provider)
