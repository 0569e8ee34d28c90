"""Statements of every turn, compiled once and given to the driver as text.

SQLAlchemy's own execution costs 40 to 70 µs a statement, SQLite's about 6 µs: with eight statements a message that is
half of its time in the store. What a statement says stays in SQLAlchemy; only the way to the driver is short.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import CompoundSelect
from sqlalchemy.types import TypeEngine

Statement = Select[Any] | CompoundSelect[Any] | Insert | Update | Delete
Convert = Callable[[Any], Any]


def execute(connection: Connection, statement: Statement, values: Mapping[str, Any]) -> int:
    """Run a change and return how many rows it met."""
    prepared = _prepared(statement, connection.dialect)
    cursor = connection.connection.cursor()
    try:
        cursor.execute(prepared.sql, prepared.bind(values))
        return cursor.rowcount
    finally:
        cursor.close()


def execute_many(connection: Connection, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run an insert or a change for each of several rows."""
    prepared = _prepared(statement, connection.dialect)
    cursor = connection.connection.cursor()
    try:
        if len(rows) == 1:  # the common case, and a driver's way for many costs more
            cursor.execute(prepared.sql, prepared.bind(rows[0]))
        else:
            cursor.executemany(prepared.sql, [prepared.bind(values) for values in rows])
    finally:
        cursor.close()


def fetch(connection: Connection, statement: Statement, values: Mapping[str, Any]) -> list[Any]:
    """Run a question and return its rows, with the columns as attributes."""
    prepared = _prepared(statement, connection.dialect)
    cursor = connection.connection.cursor()
    try:
        cursor.execute(prepared.sql, prepared.bind(values))
        return [prepared.row(found) for found in cursor.fetchall()]
    finally:
        cursor.close()


class _Prepared:
    """One statement in the words of one database."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 for the type checker: DDL has no place here
        self.sql = compiled.string
        self._order = compiled.positiontup
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._inward = _converters({name: bind.type for name, bind in compiled.binds.items()}, dialect, _inward)
        columns = {} if isinstance(statement, Insert | Update | Delete) else dict(statement.selected_columns.items())
        outward = _converters({name: column.type for name, column in columns.items()}, dialect, _outward)
        self._outward = [(list(columns).index(name), convert) for name, convert in outward.items()]
        self._make: Callable[[Sequence[Any]], Any] = namedtuple("Row", list(columns))._make  # type: ignore[attr-defined]  # noqa: PYI024

    def bind(self, values: Mapping[str, Any]) -> Any:
        """Return the parameters as the driver wants them."""
        given = {**self._fixed, **values}
        for name, convert in self._inward.items():
            given[name] = convert(given[name])
        return given if self._order is None else [given[name] for name in self._order]

    def row(self, found: Sequence[Any]) -> Any:
        """Return one row as the code wants it."""
        if self._outward:
            found = list(found)
            for position, convert in self._outward:
                found[position] = convert(found[position])
        return self._make(found)


def _converters(
    types: Mapping[str, TypeEngine[Any]], dialect: Dialect, way: Callable[[TypeEngine[Any], Dialect], Convert | None]
) -> dict[str, Convert]:
    found = {name: way(kind.dialect_impl(dialect), dialect) for name, kind in types.items()}
    return {name: convert for name, convert in found.items() if convert is not None}


def _inward(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.bind_processor(dialect)


def _outward(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.result_processor(dialect, None)


def _prepared(statement: Statement, dialect: Dialect) -> _Prepared:
    key = (statement, dialect.name)
    found = _KNOWN.get(key)
    if found is None:
        found = _KNOWN[key] = _Prepared(statement, dialect)
    return found


_KNOWN: dict[tuple[Statement, str], _Prepared] = {}
