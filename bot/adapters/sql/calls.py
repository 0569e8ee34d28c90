"""Calls that caseworkers asked for, and when people called us: `bot.ports.calls.CallBook`."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, exists, insert, select, update

from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import incoming
from bot.adapters.sql.tables_calls import call
from bot.ports.calls import Call


class SqlCalls:
    """Calls on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        """Keep them in this database."""
        self._database = database

    def add(self, call: Call) -> None:
        """Keep a call."""
        with self._database.writing() as connection:
            connection.execute(insert(_TABLE).values({name: getattr(call, name) for name in _TABLE.c.keys()}))  # noqa: SIM118 columns

    def by_id(self, call_id: str) -> Call | None:
        """Find a call by its id."""
        with self._database.reading() as connection:
            row = connection.execute(select(_TABLE).where(_TABLE.c.id == call_id)).one_or_none()
        return None if row is None else _call(row)

    def of_case(self, case_id: str) -> tuple[Call, ...]:
        """Return the calls of a case, oldest first."""
        query = select(_TABLE).where(_TABLE.c.case_id == case_id).order_by(_TABLE.c.asked_at)
        with self._database.reading() as connection:
            return tuple(_call(row) for row in connection.execute(query))

    def settle(self, call_id: str, *, status: str, seconds: int, at: datetime) -> Call | None:
        """Write down how a call ended, once: the provider's words come doubled and in any order."""
        ended = (
            update(_TABLE)
            .where(_TABLE.c.id == call_id, _TABLE.c.ended_at.is_(None))
            .values(status=status, seconds=seconds, ended_at=at)
            .returning(_TABLE)
        )
        with self._database.writing() as connection:
            row = connection.execute(ended).one_or_none()
        return None if row is None else _call(row)

    def rung(self, call_id: str, provider_id: str) -> None:
        """Keep the provider's id of a call."""
        with self._database.writing() as connection:
            connection.execute(update(_TABLE).where(_TABLE.c.id == call_id).values(provider_id=provider_id))

    def called_since(self, person_id: str, since: datetime) -> bool:
        """Say whether a person has called us since a time."""
        theirs = (incoming.c.person_id == person_id, incoming.c.channel == "voice", incoming.c.received_at > since)
        with self._database.reading() as connection:
            return bool(connection.scalar(select(exists().where(*theirs))))


_TABLE = call


def _call(row: Row[Any]) -> Call:
    return Call(**row._mapping)  # noqa: SLF001 SQLAlchemy's public name for it
