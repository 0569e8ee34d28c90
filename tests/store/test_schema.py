"""The migrations make the very schema that the code works with."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from bot.adapters.sql import revision, schema
from bot.adapters.sql.engine import Database
from bot.adapters.sql.sealed import metadata
from bot.adapters.sql.store import SqlStore


@pytest.fixture
def empty(databases):
    database = Database(databases.empty())
    yield database
    database.close()


def _text(database):
    return database.url.render_as_string(hide_password=False)


def test_the_migrated_schema_is_the_one_in_the_code(database):
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={**schema.OPTIONS, "target_metadata": metadata})
        differences = compare_metadata(context, metadata)

    assert differences == []


def test_the_newest_migration_is_the_one_that_the_code_waits_for():
    assert ScriptDirectory.from_config(schema.config()).get_current_head() == revision.HEAD


def test_it_is_ready_only_with_the_current_schema(empty, vault):
    store = SqlStore(empty, vault)
    assert store.ready() is False
    assert revision.current(empty) is None

    schema.upgrade(_text(empty))

    assert store.ready() is True
    schema.upgrade(_text(empty))
    assert revision.current(empty) == revision.HEAD


def test_processes_that_start_together_migrate_once(empty):
    failures = []

    def start():
        try:
            schema.upgrade(_text(empty))
        except Exception as error:  # noqa: BLE001 whatever it is, it is a failure
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert revision.current(empty) == revision.HEAD


def test_it_goes_back_to_nothing(database):
    with database.writing() as connection:
        connection.begin()
        settings = schema.config()
        settings.attributes["connection"] = connection
        schema.command.downgrade(settings, "base")

    with database.reading() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
