"""Writers of one process who wait share a commit, and each keeps or loses only what is its own."""

import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.adapters.sql.engine import Database
from bot.adapters.sql.store import SqlStore
from bot.ports import AlreadyTaken, Conflict, StorageAway
from tests.servers import Databases
from tests.store.people import look_up, meet, message


@pytest.fixture
def file(sqlite):
    return sqlite.fresh().removeprefix("sqlite:///")


@pytest.fixture
def database(file):
    opened = Database(f"sqlite:///{file}")
    yield opened
    opened.close()


@pytest.fixture
def store(database, vault):
    store = SqlStore(database, vault)
    meet(store)
    return store


class Writers:
    """Threads that write one message each and note what they were told."""

    def __init__(self, store):
        self.store, self.told, self.threads = store, {}, []

    def start(self, sid, *, person="awa", text="merci", fails=None):
        thread = threading.Thread(target=self.write, args=(sid, person, text, fails))
        self.threads.append(thread)
        thread.start()

    def write(self, sid, person, text, fails):
        try:
            with self.store.write() as tx:
                tx.claim(message(text=text, sid=sid), row_id=f"in-{sid}", person_id=person)
                if fails is not None:
                    raise fails
        except (Conflict, AlreadyTaken, StorageAway) as error:
            self.told[sid] = type(error)
        else:
            self.told[sid] = None

    def wait(self):
        for thread in self.threads:
            thread.join()


@contextmanager
def all_waiting(database, writers, **starts):
    """Hold the line until every writer stands in it, and write something of our own before they do."""
    with database.writing() as connection:
        for sid, how in starts.items():
            writers.start(sid, **how)
        line = database._process().line
        while line._waiting < len(starts):
            threading.Event().wait(0.001)
        yield connection
    writers.wait()


def commits(file):
    """Count the commits in the write-ahead log: the frames that name a size (SQLite's file format, 4.1)."""
    log = Path(f"{file}-wal").read_bytes()
    frame = 24 + int.from_bytes(log[8:12], "big")
    return sum(log[at + 4 : at + 8] != bytes(4) for at in range(32, len(log), frame))


def kept(store, *sids):
    return [look_up(store, sid=sid).answered is not None for sid in sids]


def test_those_who_wait_share_a_commit(store, database, file):
    writers, before = Writers(store), commits(file)
    with all_waiting(database, writers, SM1={}, SM2={}, SM3={}):
        pass

    assert writers.told == {"SM1": None, "SM2": None, "SM3": None}
    assert kept(store, "SM1", "SM2", "SM3") == [True] * 3
    assert commits(file) == before + 1


def test_who_fails_takes_back_only_what_is_its_own(store, database):
    writers = Writers(store)
    with all_waiting(database, writers, SM1={}, SM2={"fails": Conflict("too late")}, SM3={}):
        pass

    assert writers.told == {"SM1": None, "SM2": Conflict, "SM3": None}
    assert kept(store, "SM1", "SM2", "SM3") == [True, False, True]


def test_the_first_of_all_may_fail_too(store, database):
    writers = Writers(store)
    with pytest.raises(Conflict), all_waiting(database, writers, SM1={}, SM2={}):
        raise Conflict("too late")

    writers.wait()
    assert kept(store, "SM1", "SM2") == [True, True]


def test_a_commit_that_is_refused_keeps_nothing_of_anybody(store, database):
    writers = Writers(store)
    with pytest.raises(Conflict), all_waiting(database, writers, SM1={}, SM2={"person": "nobody"}):
        pass

    writers.wait()
    assert writers.told == {"SM1": Conflict, "SM2": Conflict}
    assert kept(store, "SM1", "SM2") == [False, False]


def test_a_disk_that_is_full_is_told_to_all(store, database):
    writers = Writers(store)
    with pytest.raises(StorageAway), all_waiting(database, writers, SM1={}, SM2={"text": "x" * 100_000}) as connection:  # noqa: PT012
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    writers.wait()
    assert StorageAway in writers.told.values()
    assert kept(store, "SM2") == [False]


def test_the_line_goes_on_after_a_failure(store, database):
    writers = Writers(store)
    with pytest.raises(Conflict), all_waiting(database, writers, SM1={"person": "nobody"}):
        pass
    writers.start("SM2")
    writers.wait()

    assert kept(store, "SM2") == [True]


def test_threads_that_open_a_database_at_once_share_one_line(sqlite: Databases) -> None:
    for _ in range(20):
        database, start, lines = Database(sqlite.fresh()), threading.Barrier(8), []

        def write(database: Database = database, start: threading.Barrier = start, lines: list = lines) -> None:
            start.wait()
            with database.writing():
                lines.append(id(database._here))

        threads = [threading.Thread(target=write) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        database.close()

        assert len(lines) == 8
        assert len(set(lines)) == 1
