"""How many rows stand where, for the metrics: counts by kind, nothing about anybody."""

from collections.abc import Mapping

from sqlalchemy import func, literal, select

from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import case_, incoming, outgoing
from bot.adapters.sql.tables_calls import purged

Counts = Mapping[tuple[str, ...], int]

_QUERIES = {
    "messages": (
        select(literal("in"), incoming.c.channel, literal("received"), func.count()).group_by(incoming.c.channel),
        select(literal("out"), outgoing.c.channel, outgoing.c.status, func.count()).group_by(
            outgoing.c.channel, outgoing.c.status
        ),
    ),
    "alerts": (select(outgoing.c.status, func.count()).where(outgoing.c.kind == "alert").group_by(outgoing.c.status),),
    "purged": (select(purged.c.kind, purged.c.total).where(purged.c.kind != "run"),),
    "cases": (  # a count of complaints is for the focal point's eyes, too, and whoever scrapes has no role
        select(case_.c.priority, case_.c.status, func.count())
        .where(case_.c.sensitive.is_(False))
        .group_by(case_.c.priority, case_.c.status),
    ),
}


def tally(database: Database) -> dict[str, Counts]:
    """Count messages, alerts and cases by where they stand, and what was purged. Raises StorageAway."""
    with database.reading() as connection:
        return {
            name: {tuple(row[:-1]): row[-1] for query in queries for row in connection.execute(query)}
            for name, queries in _QUERIES.items()
        }
