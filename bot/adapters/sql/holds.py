"""Legal holds: `bot.ports.retention.HoldBook`."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from bot.adapters.crypto import Vault
from bot.adapters.sql import rows
from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import audit, person
from bot.adapters.sql.tables_calls import legal_hold
from bot.ports.retention import AlreadyHeld, Hold

_NEWEST = legal_hold.c.placed_at.desc()


def wish_noted(connection: Connection, person_id: str) -> bool:
    """Say whether a hold keeps this person's data; then it remembers that they wished to be erased."""
    noted = (
        update(legal_hold)
        .where(legal_hold.c.person_id == person_id, legal_hold.c.lifted_at.is_(None))
        .values(erase=True)
    )
    return connection.execute(noted).rowcount > 0


class SqlHolds:
    """Holds on SQLite or PostgreSQL."""

    def __init__(self, database: Database, vault: Vault) -> None:
        """Keep them in this database under these keys."""
        self._database = database
        self._vault = vault

    def place(self, hold: Hold) -> None:
        """Put a hold on a person. Raises AlreadyHeld."""
        reason = rows.sealed(self._vault, legal_hold.c.reason, hold.reason, hold.id)
        values = {"id": hold.id, "person_id": hold.person_id, "reason": reason}
        with self._database.writing() as connection:
            held = update(person).where(person.c.id == hold.person_id, person.c.held.is_(False)).values(held=True)
            if not connection.execute(held).rowcount:
                raise AlreadyHeld("A legal hold is in force for this person, or there is no such person.")
            placed = {"placed_by": hold.placed_by, "placed_at": hold.placed_at}
            connection.execute(insert(legal_hold).values(values | placed))
            _note(connection, hold.placed_by, "hold.place", hold.person_id, hold.placed_at)

    def lift(self, person_id: str, *, by: str, now: datetime) -> Hold | None:
        """End the hold in force and return it as it was; None when there is none."""
        mine = (legal_hold.c.person_id == person_id, legal_hold.c.lifted_at.is_(None))
        with self._database.writing() as connection:
            row = connection.execute(select(legal_hold).where(*mine).with_for_update()).one_or_none()
            if row is None:
                return None
            connection.execute(update(legal_hold).where(*mine).values(lifted_by=by, lifted_at=now))
            connection.execute(update(person).where(person.c.id == person_id).values(held=False))
            _note(connection, by, "hold.lift", person_id, now)
        return self._hold(row)

    def of_person(self, person_id: str) -> tuple[Hold, ...]:
        """Return a person's holds, newest first."""
        return self._all(select(legal_hold).where(legal_hold.c.person_id == person_id).order_by(_NEWEST))

    def in_force(self) -> tuple[Hold, ...]:
        """Return every hold in force, oldest first."""
        return self._all(select(legal_hold).where(legal_hold.c.lifted_at.is_(None)).order_by(legal_hold.c.placed_at))

    def _all(self, query: Select[Any]) -> tuple[Hold, ...]:
        with self._database.reading() as connection:
            return tuple(self._hold(row) for row in connection.execute(query))

    def _hold(self, row: Row[Any]) -> Hold:
        reason = rows.opened(self._vault, legal_hold.c.reason, row.reason, row.id)
        by = (row.placed_by, row.placed_at, row.lifted_by, row.lifted_at)
        return Hold(row.id, row.person_id, reason, *by, erase=row.erase)


def _note(connection: Connection, actor: str, action: str, person_id: str, now: datetime) -> None:
    values = {"at": now, "actor": actor, "action": action, "object_id": person_id, "detail": ""}
    connection.execute(insert(audit).values(values))
