"""Lists of people on their way in, in SQL: `bot.ports.imports.Imports`."""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, or_, select, update

from bot.adapters.crypto import Vault
from bot.adapters.sql import import_rows, letting_in, rows
from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables_import import contact_import, import_piece, import_row
from bot.core.entries import Problem
from bot.core.imports import Import, RowStatus
from bot.ports.imports import Judged, Line

_WORKED_ON = ("uploaded", "checking", "letting_in")
_CLEARED_AT_ONCE = 2000
_EMPTY = {"body": None, "number_hash": None}


class SqlImports:
    """The port of imports on a database."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def add(self, new: Import, pieces: Iterable[bytes]) -> None:
        """Keep a list and its file, piece by piece."""
        values = {
            "id": new.id,
            "created_by": new.created_by,
            "created_at": new.created_at,
            "state": new.state,
            "titles": rows.sealed(self._vault, contact_import.c.titles, rows.as_json(new.titles), new.id),
            "columns": list(new.columns),
        }
        with self._database.writing() as connection:
            connection.execute(insert(contact_import).values(values))
        for position, piece in enumerate(pieces):
            text = base64.b64encode(piece).decode()
            body = rows.sealed(self._vault, import_piece.c.body, text, new.id, str(position))
            with self._database.writing() as connection:
                connection.execute(insert(import_piece).values(import_id=new.id, position=position, body=body))

    def one(self, ident: str) -> Import | None:
        """Return a list with its counts."""
        with self._database.reading() as connection:
            row = connection.execute(select(contact_import).where(contact_import.c.id == ident)).one_or_none()
            return None if row is None else self._import(row, _counts(connection, ident))

    def newest(self, *, limit: int = 50) -> tuple[Import, ...]:
        """Return lists, newest first."""
        query = select(contact_import).order_by(contact_import.c.created_at.desc()).limit(limit)
        with self._database.reading() as connection:
            found = connection.execute(query).all()
            return tuple(self._import(row, _counts(connection, row.id)) for row in found)

    def _import(self, row: Row[Any], counts: Mapping[RowStatus, int]) -> Import:
        titles = rows.read_json(rows.opened(self._vault, contact_import.c.titles, row.titles, row.id))
        return Import(
            id=row.id,
            created_by=row.created_by,
            created_at=row.created_at,
            state=row.state,
            titles=tuple(titles),
            columns=tuple(row.columns),
            consent_source=row.consent_source,
            tag=row.tag,
            all_or_nothing=row.all_or_nothing,
            merge=row.merge,
            lines=row.lines,
            last_line=row.last_line,
            failure=row.failure,
            finished_at=row.finished_at,
            counts=counts,
        )

    def waiting(self, *, now: datetime) -> tuple[str, ...]:
        """Return ids of lists that are to be read or let in and that nobody works on."""
        query = (
            select(contact_import.c.id)
            .where(contact_import.c.state.in_(("checking", "letting_in")), _free(now))
            .order_by(contact_import.c.created_at)
        )
        with self._database.reading() as connection:
            return tuple(connection.execute(query).scalars())

    def claim(self, ident: str, *, until: datetime, now: datetime) -> bool:
        """Take a list to work on until a time; False when somebody else does."""
        query = update(contact_import).where(contact_import.c.id == ident, _free(now)).values(lease_until=until)
        with self._database.writing() as connection:
            return connection.execute(query).rowcount == 1

    def change(self, ident: str, changes: Mapping[str, Any], *, expected: Sequence[str]) -> bool:
        """Change a list that is in one of the expected states."""
        mine = and_(contact_import.c.id == ident, contact_import.c.state.in_(expected))
        with self._database.writing() as connection:
            return connection.execute(update(contact_import).where(mine).values(dict(changes))).rowcount == 1

    def file(self, ident: str) -> Iterator[bytes]:
        """Return the file, piece by piece."""
        position = 0
        while True:
            mine = (import_piece.c.import_id == ident) & (import_piece.c.position == position)
            with self._database.reading() as connection:
                body = connection.execute(select(import_piece.c.body).where(mine)).scalar()
            if body is None:
                return
            yield base64.b64decode(rows.opened(self._vault, import_piece.c.body, body, ident, str(position)))
            position += 1

    def stage(self, ident: str, lines: Sequence[Line]) -> None:
        """Write read lines in one transaction."""
        if not lines:
            return
        with self._database.reading() as connection:
            staged = import_rows.staged(connection, self._vault, ident, lines)
        seen = {"lines": contact_import.c.lines + len(lines), "last_line": lines[-1].number}
        with self._database.writing() as connection:
            connection.execute(insert(import_row), staged)
            connection.execute(update(contact_import).where(contact_import.c.id == ident).values(seen))

    def let_in(self, ident: str, *, limit: int, now: datetime) -> int:
        """Let the next lines in, in one transaction."""
        with self._database.reading() as connection:
            row = connection.execute(select(contact_import).where(contact_import.c.id == ident)).one_or_none()
            if row is None:
                return 0
            found = self._import(row, {})
            party = letting_in.prepare(connection, self._vault, found, limit=limit, now=now)
        if party.size:
            with self._database.writing() as connection:
                letting_in.enter(connection, self._vault, party)
        return party.size

    def unread(self, ident: str) -> None:
        """Remove the lines, some at a time; the file stays."""
        mine = import_row.c.import_id == ident
        while lines := self._some(mine):
            with self._database.writing() as connection:
                connection.execute(delete(import_row).where(mine, import_row.c.line.in_(lines)))

    def clear(self, ident: str) -> None:
        """Remove the file and the contents of lines, some at a time."""
        with self._database.writing() as connection:
            connection.execute(delete(import_piece).where(import_piece.c.import_id == ident))
        mine = import_row.c.import_id == ident
        while lines := self._some(mine & import_row.c.body.is_not(None)):
            with self._database.writing() as connection:
                connection.execute(update(import_row).where(mine, import_row.c.line.in_(lines)).values(_EMPTY))

    def _some(self, wanted: ColumnElement[bool]) -> list[int]:
        with self._database.reading() as connection:
            found = connection.execute(select(import_row.c.line).where(wanted).limit(_CLEARED_AT_ONCE))
            return list(found.scalars())

    def judged(self, ident: str, *, statuses: Sequence[RowStatus], after: int = 0, limit: int = 200) -> list[Judged]:
        """Return lines by status, in their order."""
        query = (
            select(import_row.c.line, import_row.c.status, import_row.c.problems)
            .where(import_row.c.import_id == ident, import_row.c.status.in_(statuses), import_row.c.line > after)
            .order_by(import_row.c.line)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [
                Judged(row.line, row.status, tuple(map(Problem.from_json, row.problems or ())))
                for row in connection.execute(query)
            ]


def _counts(connection: Connection, ident: str) -> dict[RowStatus, int]:
    query = select(import_row.c.status, func.count().label("lines")).where(import_row.c.import_id == ident)
    return {row.status: row.lines for row in connection.execute(query.group_by(import_row.c.status))}


def _free(now: datetime) -> ColumnElement[bool]:
    lease = contact_import.c.lease_until
    return and_(contact_import.c.state.in_(_WORKED_ON), or_(lease.is_(None), lease <= now))
