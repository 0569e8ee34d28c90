"""A table that somebody adds is erased and exported with its person, without anybody thinking of it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Column, Table, delete, func, insert, select

from bot.adapters.crypto import Vault
from bot.adapters.sql import rows
from bot.adapters.sql.engine import Database
from bot.adapters.sql.export import LEFT_OUT, SqlPersonExport
from bot.adapters.sql.sealed import SEALED, metadata
from bot.adapters.sql.staff import SqlStaff
from bot.adapters.sql.store import SqlStore
from bot.adapters.sql.tables import UtcTime, person
from bot.adapters.sql.tables_calls import legal_hold
from bot.core.accounts import Account
from bot.core.cases import Case, CaseEvent
from bot.core.messages import Address
from bot.ports.staff import Note

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
NOTE = Note("s0", "staff.add", "s1", AT)
THEIRS = [table for table in metadata.sorted_tables if "person_id" in table.c]
SECRET = "Fatoumata Coulibaly"
MADE: dict[type, Any] = {date: AT.date(), bool: False, int: 1, bytes: b"x", dict: {}, list: []}


def example(column: Column[Any], vault: Vault) -> Any:
    """Make a value for a column: the same for every column of a kind, so that rows find their relatives."""
    if column.name == "person_id" or column is person.c.id:
        return "awa"
    if column in SEALED:
        owner = [str(example(column.table.c[name], vault)) for name in SEALED[column]]
        return rows.sealed(vault, column, SECRET, *owner)
    return AT if isinstance(column.type, UtcTime) else MADE.get(column.type.python_type, "x")


@pytest.fixture
def whole(database: Database, store: SqlStore, vault: Vault) -> Database:
    """A person with a row in every table that knows persons, and whatever those rows stand on."""
    wanted = set(THEIRS)
    for table in reversed(metadata.sorted_tables):
        wanted |= {key.column.table for key in table.foreign_keys} if table in wanted else set()
    with database.writing() as connection:
        for table in (table for table in metadata.sorted_tables if table in wanted):
            connection.execute(insert(table).values({column.name: example(column, vault) for column in table.c}))
    return database


def tied(database: Database, tables: list[Table]) -> list[str]:
    with database.reading() as connection:
        return [table.name for table in tables if connection.scalar(select(func.count(table.c.person_id)))]


def test_a_row_is_there_in_every_table(whole: Database) -> None:
    assert tied(whole, THEIRS) == [table.name for table in THEIRS]


def test_erasing_leaves_no_row_tied_to_the_person_and_nothing_that_can_be_opened(
    whole: Database, store: SqlStore
) -> None:
    with whole.writing() as connection:
        connection.execute(delete(legal_hold))
    with store.write() as tx:
        erased = tx.forget("awa", receipt="K7421R", now=AT.replace(hour=9))

    theirs = [column for column in SEALED if column.table in THEIRS]
    with whole.reading() as connection:
        sealed = [str(column) for column in theirs if connection.scalar(select(func.count(column)))]
    assert (erased, tied(whole, THEIRS), sealed) == (True, [], [])


def test_a_legal_hold_keeps_every_row_and_remembers_the_wish(whole: Database, store: SqlStore) -> None:
    with whole.writing() as connection:
        connection.execute(legal_hold.update().values(lifted_at=None, lifted_by=None))
    with store.write() as tx:
        erased = tx.forget("awa", receipt="K7421R", now=AT.replace(hour=9))

    with whole.reading() as connection:
        wished = connection.scalar(select(legal_hold.c.erase))
    assert (erased, tied(whole, THEIRS), wished) == (False, [table.name for table in THEIRS], True)


def test_the_export_has_every_table_and_every_sealed_word(whole: Database, vault: Vault) -> None:
    found = SqlPersonExport(whole, vault).of_person("awa")

    assert found is not None
    missing = [table.name for table in THEIRS if table.name not in found and table.name not in LEFT_OUT]
    unopened = [
        str(column)
        for column in SEALED
        if column.table in THEIRS and any(row.get(column.name) != SECRET for row in found.get(column.table.name, ()))
    ]
    assert (missing, unopened) == ([], [])


def test_the_export_names_nobody_of_the_team(database: Database, store: SqlStore, vault: Vault) -> None:
    SqlStaff(database, vault).add(Account("s1", "salif", "Salif Test", frozenset({"caseworker"}), AT, "none"), NOTE)
    lines = (
        ("assigned", "Awa", "Salif Test, qui ne s'appelle plus ainsi"),
        ("alert", "segin", "Awa Diarra (de garde) : SMS"),
        ("note", "Awa", "Vu avec Salif Test au marché."),
        ("message", "person", "Salif Test m'a dit de venir"),
    )
    with store.write() as tx:
        tx.ensure_person("awa", Address("sms", "+22376112233"), now=AT)
        case = tx.open_case(
            Case("k1", "K7421S", "awa", "question", "P3", "open", sensitive=False, opened_at=AT), now=AT
        )
        for kind, actor, words in lines:
            tx.add_case_event(case.id, CaseEvent(AT, kind, actor, words))
        tx.audit(actor="s1", action="case.view", object_id=case.id, now=AT)

    found = SqlPersonExport(database, vault).of_person("awa")

    assert found is not None
    assert [(one["actor"], one.get("text")) for one in found["case_event"]] == [
        ("staff", None),
        ("segin", None),
        ("staff", "Vu avec staff au marché."),
        ("person", "Salif Test m'a dit de venir"),
    ]
    assert found["audit"] == [{"at": AT.isoformat(), "action": "case.view", "case_id": "k1"}]


def test_there_is_nothing_to_export_of_a_stranger(database: Database, store: SqlStore, vault: Vault) -> None:
    assert SqlPersonExport(database, vault).of_person("nobody") is None
