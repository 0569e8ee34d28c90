"""Everything that is kept of one person, in plain values: `bot.ports.retention.PersonExport`."""

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, or_, select

from bot.adapters.crypto import Vault
from bot.adapters.sql import rows
from bot.adapters.sql.engine import Database
from bot.adapters.sql.media import SqlMedia
from bot.adapters.sql.sealed import SEALED, metadata
from bot.adapters.sql.tables import address, audit, case_, case_event, opt_out_proof, person, search_key
from bot.adapters.sql.tables_calls import legal_hold, media
from bot.adapters.sql.tables_staff import staff

# Hashes of what stands here in clear; and holds, which may serve an inquiry that the person is not to hear of from us.
LEFT_OUT = frozenset({search_key.name, legal_hold.name})
STAFF = frozenset({"holder", "taken_by", "staff_id", "staff_name", "labelled_by"})  # who on our side
_WHO = ("assigned", "alert")  # lines whose text says who of us, perhaps by a name that they no longer have
_OURS = ("person", "segin")  # a timeline's other actors are staff: who they are is not the person's to know


class SqlPersonExport:
    """The export on SQLite or PostgreSQL."""

    def __init__(self, database: Database, vault: Vault) -> None:
        """Read this database with these keys."""
        self._database = database
        self._vault = vault

    def of_person(self, person_id: str) -> Mapping[str, Any] | None:
        """Return every row of theirs by table, opened; a table that is new is there by itself."""
        with self._database.reading() as connection:
            found = connection.execute(select(person).where(person.c.id == person_id)).one_or_none()
            if found is None:
                return None
            whole = {table.name: self._rows(connection, table, table.c.person_id == person_id) for table in _tables()}
            whole["case_event"] = self._timelines(connection, person_id)
            whole["opt_out_proof"] = self._proofs(connection, person_id)
            whole["audit"] = self._audit(connection, person_id)
        book = SqlMedia(self._database, self._vault)
        for one in whole[media.name]:
            one["content"] = base64.b64encode(b"".join(book.content(one["id"]))).decode()
        return {"person": self._row(person, found), **{name: found for name, found in whole.items() if found}}

    def _timelines(self, connection: Connection, person_id: str) -> list[dict[str, Any]]:
        theirs = case_event.c.case_id.in_(select(case_.c.id).where(case_.c.person_id == person_id))
        names = list(connection.execute(select(staff.c.name)).scalars())
        return [_unnamed(event, names) for event in self._rows(connection, case_event, theirs)]

    def _proofs(self, connection: Connection, person_id: str) -> list[dict[str, Any]]:
        hashes = select(address.c.hash).where(address.c.person_id == person_id)
        return self._rows(connection, opt_out_proof, opt_out_proof.c.address_hash.in_(hashes))

    def _audit(self, connection: Connection, person_id: str) -> list[dict[str, Any]]:
        """Return when what was done with their data and in their cases, without who did it."""
        theirs = select(case_.c.id).where(case_.c.person_id == person_id)
        query = select(audit.c.at, audit.c.action, audit.c.object_id).where(
            or_(audit.c.object_id == person_id, audit.c.object_id.in_(theirs)), audit.c.action.not_like("hold.%")
        )
        found = connection.execute(query.order_by(audit.c.id))
        lines = [{"at": row.at.isoformat(), "action": row.action, "case_id": row.object_id} for row in found]
        return [{name: said for name, said in line.items() if said != person_id} for line in lines]

    def _rows(self, connection: Connection, table: Table, which: ColumnElement[bool]) -> list[dict[str, Any]]:
        order = list(table.primary_key.columns)
        return [self._row(table, row) for row in connection.execute(select(table).where(which).order_by(*order))]

    def _row(self, table: Table, row: Row[Any]) -> dict[str, Any]:
        shown = [name for name in table.c.keys() if name not in STAFF and "hash" not in name]  # noqa: SIM118 columns
        values = {name: self._value(table, name, row) for name in shown}
        return {name: value for name, value in values.items() if value is not None}

    def _value(self, table: Table, name: str, row: Row[Any]) -> Any:
        value, column = getattr(row, name), table.c[name]
        if column in SEALED:
            owner = [str(getattr(row, one)) for one in SEALED[column]]
            return None if value is None else _read(rows.opened(self._vault, column, value, *owner))
        return next((write(value) for kind, write in _WRITTEN if isinstance(value, kind)), value)


def _unnamed(event: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return a line of a timeline without the names of staff: what the person wrote stays as it is."""
    if event["actor"] == "person":
        return event
    told = event | {"actor": event["actor"] if event["actor"] in _OURS else "staff"}
    if event["kind"] in _WHO:
        del told["text"]
    elif isinstance(told.get("text"), str):
        told["text"] = reduce(lambda text, name: text.replace(name, "staff"), names, told["text"])
    return told


def _tables() -> list[Table]:
    return [table for table in metadata.sorted_tables if "person_id" in table.c and table.name not in LEFT_OUT]


def _read(text: str) -> Any:
    """Return what a sealed text says: some are JSON."""
    try:
        return json.loads(text) if text[:1] in ("{", "[") else text
    except ValueError:
        return text


_WRITTEN: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (datetime, datetime.isoformat),
    (date, date.isoformat),
    (bytes, lambda value: base64.b64encode(value).decode()),
)
