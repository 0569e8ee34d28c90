"""Keeps what staff change about facts: only added to, so that every change can be told."""

from sqlalchemy import func, insert, select

from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import audit
from bot.adapters.sql.tables_facts import fact_edit
from bot.core.facts_editing import FactEdit


class SqlFactEdits:
    """The changes of facts, in the database of everything else."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, made: FactEdit) -> None:
        """Keep a change and note it in the audit trail. Raises StorageAway."""
        row = {"fact_id": made.fact_id, "changes": dict(made.changes), "by": made.by, "at": made.at, "why": made.why}
        note = {"at": made.at, "actor": made.by, "action": "fact_edit", "object_id": made.fact_id}
        with self._database.writing() as connection:
            connection.execute(insert(fact_edit).values(row))
            connection.execute(insert(audit).values({**note, "detail": ", ".join(made.changes)}))

    def all(self) -> tuple[FactEdit, ...]:
        """Return every change, oldest first. Raises StorageAway."""
        columns = (fact_edit.c.fact_id, fact_edit.c.changes, fact_edit.c.by, fact_edit.c.at, fact_edit.c.why)
        with self._database.reading() as connection:
            rows = connection.execute(select(*columns).order_by(fact_edit.c.id)).all()
        return tuple(FactEdit(*row) for row in rows)

    def newest(self) -> int:
        """Return the number of the newest change, 0 before the first: a change of it means to read anew."""
        with self._database.reading() as connection:
            return connection.execute(select(func.max(fact_edit.c.id))).scalar() or 0
