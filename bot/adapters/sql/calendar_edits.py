"""Keeps what staff change about the calendar: only added to, so that every change can be told."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import func, insert, select

from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import audit
from bot.adapters.sql.tables_calendar import calendar_edit
from bot.core.calendar_edits import CalendarEdit

_COLUMNS = tuple(calendar_edit.c[name] for name in CalendarEdit.__dataclass_fields__)


class SqlCalendarEdits:
    """The changes of the calendar, in the database of everything else."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, made: CalendarEdit) -> None:
        """Keep a change and note it in the audit trail. Raises StorageAway."""
        note = {"at": made.at, "actor": made.by, "action": "calendar.edit", "object_id": made.name, "detail": made.why}
        with self._database.writing() as connection:
            connection.execute(insert(calendar_edit).values(asdict(made)))
            connection.execute(insert(audit).values(note))

    def values(self) -> Mapping[str, Any]:
        """Return the newest value of each name. Raises StorageAway."""
        query = select(calendar_edit.c.name, calendar_edit.c.value).order_by(calendar_edit.c.id)
        with self._database.reading() as connection:
            return {row.name: row.value for row in connection.execute(query)}

    def newest(self) -> int:
        """Return the number of the newest change, 0 before the first. Raises StorageAway."""
        with self._database.reading() as connection:
            return connection.execute(select(func.max(calendar_edit.c.id))).scalar() or 0

    def last(self, limit: int) -> tuple[CalendarEdit, ...]:
        """Return the newest changes, newest first. Raises StorageAway."""
        with self._database.reading() as connection:
            rows = connection.execute(select(*_COLUMNS).order_by(calendar_edit.c.id.desc()).limit(limit)).all()
        return tuple(CalendarEdit(*row) for row in rows)
