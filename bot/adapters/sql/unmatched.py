"""Keeps messages that were not understood, for staff to label and for a set time."""

from datetime import datetime

from sqlalchemy import Connection, Delete, Update, delete, insert, select, update

from bot.adapters.crypto import Vault
from bot.adapters.sql import rows
from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import audit, unmatched
from bot.core import limits
from bot.core.effects import KeepUnmatched
from bot.core.unmatched import Unmatched


def keep(connection: Connection, vault: Vault, person_id: str, effect: KeepUnmatched, *, now: datetime) -> None:
    """Keep a message within a turn's transaction."""
    values = {
        "person_id": person_id,
        "language": effect.language,
        "text": rows.sealed(vault, unmatched.c.text, effect.text, person_id),
        "offered": list(effect.offered),
        "kept_at": now,
    }
    connection.execute(insert(unmatched).values(values))


def drop_of(connection: Connection, person_id: str) -> None:
    """Remove everything of a person."""
    connection.execute(delete(unmatched).where(unmatched.c.person_id == person_id))


def purge(connection: Connection, *, now: datetime) -> int:
    """Remove what has been kept long enough, labelled or not, and return how many."""
    old = unmatched.c.kept_at <= now - limits.UNMATCHED_KEPT
    return connection.execute(delete(unmatched).where(old)).rowcount


class SqlUnmatched:
    """The desk at which staff say what messages meant."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def all(self) -> tuple[Unmatched, ...]:
        """Return every one, newest first. Raises StorageAway."""
        with self._database.reading() as connection:
            found = connection.execute(select(unmatched).order_by(unmatched.c.id.desc())).all()
        return tuple(
            Unmatched(
                id=row.id,
                language=row.language,
                text=rows.opened(self._vault, unmatched.c.text, row.text, row.person_id),
                offered=tuple(row.offered),
                kept_at=row.kept_at,
                label=row.label,
                danger=row.danger,
                labelled_by=row.labelled_by,
            )
            for row in found
        )

    def label(self, ident: int, intent: str, *, danger: bool, by: str, now: datetime) -> bool:
        """Say what a message meant, instead of what was said before; False when there is no such message."""
        change = (
            update(unmatched)
            .where(unmatched.c.id == ident)
            .values(label=intent, danger=danger, labelled_by=by, labelled_at=now)
        )
        return self._done(change, "unmatched.label", ident, by=by, now=now)

    def drop(self, ident: int, *, by: str, now: datetime) -> bool:
        """Remove a message; False when there is no such message."""
        return self._done(delete(unmatched).where(unmatched.c.id == ident), "unmatched.drop", ident, by=by, now=now)

    def _done(self, change: Update | Delete, action: str, ident: int, *, by: str, now: datetime) -> bool:
        """Carry out a change of one row and note it in the audit trail."""
        note = {"at": now, "actor": by, "action": action, "object_id": str(ident), "detail": ""}
        with self._database.writing() as connection:
            done = connection.execute(change).rowcount == 1
            if done:
                connection.execute(insert(audit).values(note))
        return done
