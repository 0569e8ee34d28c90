"""When the database is away, that is said in one sentence and nothing is half done."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from bot.adapters.sql.engine import Database
from bot.adapters.sql.store import SqlStore
from bot.ports import StorageAway
from tests.store.people import AWA, NOW, look_up, meet, row


@pytest.fixture
def file(sqlite):
    return sqlite.fresh().removeprefix("sqlite:///")


@pytest.fixture
def hasty(file, vault):
    database = Database(f"sqlite:///{file}", busy_seconds=0.01)
    yield SqlStore(database, vault)
    database.close()


def test_it_says_so_when_somebody_else_locks_the_file(hasty, file):
    stranger = sqlite3.connect(file, isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageAway):
        meet(hasty)
    assert look_up(hasty).person is None  # readers wait for nobody

    stranger.execute("ROLLBACK")
    stranger.close()

    meet(hasty)
    assert look_up(hasty).person.id == "awa"


def test_it_keeps_nothing_of_a_turn_that_fills_the_disk(database, hasty, file, vault):
    meet(hasty)
    filled = Database(f"sqlite:///{file}")
    with filled.writing() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")
    full = SqlStore(filled, vault)

    with pytest.raises(StorageAway), full.write() as tx:  # noqa: PT012 whichever of them fills it
        tx.save_state("awa", {}, expected=0, now=NOW)
        tx.add_outgoing([row(row_id="big", text="x" * 100_000)])
    filled.close()

    assert look_up(hasty).version == 0
    assert hasty.outgoing("big") is None


def test_it_says_so_while_the_file_is_moved_away_and_goes_on_when_it_is_back(hasty, file, tmp_path):
    meet(hasty)
    away = Path(file).rename(tmp_path / "elsewhere.db")

    with pytest.raises(StorageAway):
        look_up(hasty)
    with pytest.raises(StorageAway):
        meet(hasty)
    assert hasty.ready() is False
    assert not Path(file).exists()

    away.rename(file)

    assert hasty.ready() is True
    assert look_up(hasty).person.id == "awa"


def test_it_writes_into_the_file_that_is_there_now_when_a_copy_was_put_back(hasty, file, tmp_path):
    Path(file).rename(tmp_path / "older.db")
    shutil.copy(tmp_path / "older.db", file)
    meet(hasty)
    kept = sqlite3.connect(file).execute("SELECT count(*) FROM person").fetchone()

    assert kept == (1,)


def test_it_says_so_when_the_file_is_no_database(tmp_path, vault):
    (tmp_path / "segin.db").write_bytes(b"no database at all, but long enough to look like one" * 40)
    store = SqlStore(Database(f"sqlite:///{tmp_path}/segin.db"), vault)

    with pytest.raises(StorageAway):
        look_up(store)
    assert store.ready() is False
    store.close()


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/at/all/segin.db",
        "postgresql+psycopg://segin@/segin?host=/nowhere/at/all",
        "postgresql+psycopg://segin@127.0.0.1:1/segin?connect_timeout=2",
    ],
)
def test_it_says_so_when_there_is_no_server_or_folder(url, vault):
    store = SqlStore(Database(url), vault)

    with pytest.raises(StorageAway):
        look_up(store)
    with pytest.raises(StorageAway):
        meet(store)
    assert store.ready() is False
    store.close()


def test_it_says_so_when_the_tables_are_not_laid(databases, vault):
    store = SqlStore(Database(databases.empty()), vault)

    with pytest.raises(StorageAway):
        look_up(store)
    with pytest.raises(StorageAway):
        meet(store)
    store.close()


def test_it_tells_no_personal_datum(hasty, file):
    sqlite3.connect(file).close()
    stranger = sqlite3.connect(file, isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageAway) as caught:
        meet(hasty)
    stranger.close()

    told = f"{caught.value} {caught.value.__cause__!r}"
    assert AWA.reveal() not in told
    assert "70000001" not in told


@pytest.mark.db
def test_it_comes_back_after_the_server_has_dropped_its_connections(postgresql, vault):
    database = Database(postgresql.fresh())
    store = SqlStore(database, vault)
    other = Database(str(postgresql.server))
    drop = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database.url.database}'"  # noqa: S608

    with pytest.raises(StorageAway), store.write() as tx:  # noqa: PT012 in the middle of it
        tx.ensure_person("awa", AWA, now=NOW)
        with other.reading() as connection:
            connection.exec_driver_sql(drop)
        tx.save_state("awa", {}, expected=0, now=NOW)

    assert look_up(store).person is None
    meet(store)
    with other.reading() as connection:
        connection.exec_driver_sql(drop)
    assert look_up(store).person.id == "awa"
    database.close()
    other.close()
