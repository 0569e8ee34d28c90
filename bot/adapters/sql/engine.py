"""Connections: opened late and once per process, short writes, and one sentence when the database is away."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from bot.adapters.sql.line import AWAY, Line
from bot.ports import Conflict, StorageAway

# PostgreSQL: deadlock and serialization failure (another turn was faster), and what only an operator can mend.
_FASTER = {"40P01", "40001"}
_NO_FILE = (0, 0)
_AWAY = (sqlite3.OperationalError, psycopg.OperationalError, psycopg.InterfaceError)
_BROKEN = {"42P01", "25006", "57P03"}  # undefined table, read-only transaction, cannot connect now


class Database:
    """One database by its URL, usable from any thread and after a fork."""

    def __init__(self, url: str, *, busy_seconds: float = 5.0) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._busy = busy_seconds
        self._here: _Process | None = None
        self._inherited: list[_Process] = []
        self._opening = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection on which each statement stands alone and waits for nobody. Raises StorageAway."""
        with _sentences(), self._process().reader() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection within one transaction: committed at the end, rolled back on any error.

        Raises StorageAway, or Conflict when the database itself saw that another write was faster.
        """
        process = self._process()
        with _sentences(), process.line.turn() if self.is_sqlite else _transaction(process.engine) as connection:
            yield connection

    def close(self) -> None:
        """Close this process's connections; the next use opens new ones."""
        if self._here is not None and self._here.pid == os.getpid():
            self._here.close()
        self._here = None

    def _process(self) -> "_Process":
        here = self._here
        if here is not None and here.pid == os.getpid() and here.file == self._file():
            return here
        with self._opening:  # threads that come at once to a process's first use share one line of writers
            return self._opened()

    def _opened(self) -> "_Process":
        """Return what is open here; after a fork, or when the URL names another file, something new."""
        here, file = self._here, self._file()
        if here is not None and here.pid == os.getpid():
            if here.file == file:
                return here
            self.close()  # what is open is no longer what the URL names: nothing more may be written into it
        elif here is not None:
            self._inherited.append(here)  # kept: closing the parent's connections would harm it
        if file is None:
            raise StorageAway(AWAY)
        self._here = _Process(self._engine(), self._lock_path(), file)
        return self._here

    def _file(self) -> tuple[int, int] | None:
        """Say which file the URL names at this moment; None when there is none (a server's database has no file)."""
        path = self._lock_path() and self.url.database
        if not path:
            return _NO_FILE
        try:
            found = os.stat(path)  # noqa: PTH116 a path object would cost as much as the call
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _lock_path(self) -> Path | None:
        in_file = self.is_sqlite and self.url.database not in (None, "", ":memory:")
        return Path(f"{self.url.database}.lock") if in_file else None

    def _engine(self) -> Engine:
        # AUTOCOMMIT: the driver begins nothing by itself; a write says BEGIN, a read needs no transaction.
        if not self.is_sqlite:
            return create_engine(
                self.url,
                isolation_level="AUTOCOMMIT",
                hide_parameters=True,
                pool_size=16,
                pool_pre_ping=True,
                pool_reset_on_return=None,
                connect_args={"connect_timeout": 5, "tcp_user_timeout": 10_000},  # providers wait for 15 seconds
            )
        engine = create_engine(
            self.url,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            pool_size=16,
            pool_reset_on_return=None,
            connect_args={"timeout": self._busy, "check_same_thread": False},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        return engine


class _Process:
    """What belongs to one process: its connections, and the line of its writers."""

    def __init__(self, engine: Engine, lock_path: Path | None, file: tuple[int, int]) -> None:
        self.pid = os.getpid()
        self.file = file
        self.engine = engine
        self.line = Line(engine, lock_path)
        self._idle: list[Connection] = []

    @contextmanager
    def reader(self) -> Iterator[Connection]:
        """Give a connection for reading: to SQLite one that was used before, because the pool takes 40 µs to ask."""
        if self.engine.dialect.name != "sqlite":
            with self.engine.connect() as connection:  # a server's may have been dropped: the pool looks first
                yield connection
            return
        connection = self._idle.pop() if self._idle else self.engine.connect()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)

    def close(self) -> None:
        """Close the connections and the lock file."""
        while self._idle:
            self._idle.pop().close()
        self.line.close()
        self.engine.dispose()


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    """Give a connection within a transaction of its own: PostgreSQL's writers wait only for rows, and share syncs."""
    with engine.connect() as connection:
        _say(connection, "BEGIN")
        try:
            yield connection
            _say(connection, "COMMIT")
        except BaseException:
            _roll_back(connection)
            raise


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _say(connection: Connection, word: str) -> None:
    """Begin, commit or roll back by the shortest way; the driver itself is in autocommit."""
    cursor = connection.connection.cursor()
    cursor.execute(word)
    cursor.close()


def _roll_back(connection: Connection) -> None:
    try:
        _say(connection, "ROLLBACK")
    except Exception:  # noqa: BLE001 the connection is gone, or the database has rolled back by itself
        connection.invalidate()


@contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise StorageAway(AWAY) from error
    except (DBAPIError, sqlite3.Error, psycopg.Error) as error:
        told = _told(error.orig if isinstance(error, DBAPIError) else error)
        if told is None:
            raise
        raise told from error


def _told(cause: BaseException | None) -> Exception | None:
    """Say what a driver's error means for the caller; None: a fault of ours."""
    state = getattr(cause, "sqlstate", None)
    if state in _FASTER:
        return Conflict("The database let another write of the same rows go first.")
    # SQLite says DatabaseError itself, no subclass, for a file that is none or is damaged.
    if isinstance(cause, _AWAY) or type(cause) is sqlite3.DatabaseError or state in _BROKEN:
        return StorageAway(AWAY)
    return None
