"""SQLite's writers in a line: one at a time, and those of a process who wait share one commit.

A commit waits for the disk longer than its statements take. So whoever finds others waiting leaves the transaction open
to them, and the last commits for all (docs/decisions/0008). Each turn still returns only after the commit that holds
it, and a turn that fails takes back only what is its own.
"""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.ports import Conflict, StorageAway

LOCK_WAIT = 10.0  # seconds; a write takes some milliseconds, so somebody is stuck
NUDGE = 0.1  # seconds after which one looks whether those who were left to commit have given up
MOST = 16  # turns a commit: the first must not wait long for the last
AWAY = "The database cannot be reached or did not take the write; nothing was kept. Look at its disk, server and URL."


class Batch:
    """One transaction and the turns in it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.turns = 0
        self.done = threading.Event()
        self.error: Exception | None = None

    def say(self, word: str) -> None:
        """Begin, commit or roll back by the shortest way; the driver itself is in autocommit."""
        cursor = self.connection.connection.cursor()
        cursor.execute(word)
        cursor.close()

    def roll_back(self) -> None:
        """Take everything back; a connection that cannot is given up."""
        try:
            self.say("ROLLBACK")
        except Exception:  # noqa: BLE001 the connection is gone, or the database has rolled back by itself
            self.connection.invalidate()


class Line:
    """The line of one process before one SQLite file. `lock_path`: where processes wait for each other."""

    def __init__(self, engine: Engine, lock_path: Path | None) -> None:
        self._engine = engine
        self._lock_path = lock_path
        self._file: IO[bytes] | None = None
        self._turn = threading.Lock()
        self._counting = threading.Lock()
        self._waiting = 0
        self._open: Batch | None = None
        self._kept: Connection | None = None  # between two batches: to ask the pool each time takes 40 µs

    def close(self) -> None:
        """Close the connection and the lock file."""
        if self._kept is not None:
            self._kept.close()
        if self._file is not None:
            self._file.close()

    @contextmanager
    def turn(self) -> Iterator[Connection]:
        """Give a connection within a transaction; return when it is committed. Raises StorageAway or Conflict."""
        self._step_in()
        try:
            batch = self._open or self._begin()
        except BaseException:
            self._turn.release()
            raise
        try:
            with _part_of(batch):
                yield batch.connection
        finally:
            self._step_out(batch)
        if batch.error is not None:
            raise _told(batch) from batch.error

    def _step_in(self) -> None:
        with self._counting:
            self._waiting += 1
        mine = self._turn.acquire(timeout=LOCK_WAIT)
        with self._counting:
            self._waiting -= 1
        if not mine:
            raise StorageAway(AWAY)

    def _begin(self) -> Batch:
        self._lock()
        try:
            batch = Batch(self._kept or self._engine.connect())
            self._kept = None
            try:
                batch.say("BEGIN IMMEDIATE")
            except BaseException:
                batch.connection.close()
                raise
        except BaseException:
            self._unlock()
            raise
        self._open = batch
        return batch

    def _step_out(self, batch: Batch) -> None:
        """End the batch, or let those who wait go on with it and wait for its end."""
        goes_on = bool(self._waiting) and 0 < batch.turns < MOST and batch.error is None
        if not goes_on:
            self._end(batch)
        self._turn.release()
        while not batch.done.wait(NUDGE):
            if self._turn.acquire(blocking=False):
                if self._open is batch:
                    self._end(batch)
                self._turn.release()

    def _end(self, batch: Batch) -> None:
        self._open = None
        try:
            if batch.turns and batch.error is None:
                batch.say("COMMIT")
            else:
                batch.roll_back()
        except Exception as error:  # noqa: BLE001 each of its turns raises it
            batch.error = error
            batch.roll_back()
        finally:
            if batch.error is None and batch.turns:
                self._kept = batch.connection
            else:
                batch.connection.close()
            self._unlock()
            batch.done.set()

    def _lock(self) -> None:
        """Wait for other processes: SQLite's own busy wait is unfair (p99 of a second under 16 threads)."""
        if self._lock_path is None:
            return
        if self._file is None:
            self._file = _opened(self._lock_path)
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def _unlock(self) -> None:
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)


@contextmanager
def _part_of(batch: Batch) -> Iterator[None]:
    """Keep what one turn writes, or take back that alone; an error of the database itself ends the batch."""
    first = batch.turns == 0
    if not first:
        batch.say("SAVEPOINT turn")
    try:
        yield
        if not first:
            batch.say("RELEASE turn")
    except BaseException as error:
        if not first:
            _take_back(batch, error)
        raise
    batch.turns += 1


def _take_back(batch: Batch, error: BaseException) -> None:
    try:
        batch.say("ROLLBACK TO turn")
        batch.say("RELEASE turn")
    except Exception as lost:  # noqa: BLE001 a full disk, for one, has rolled back the whole
        lost.__cause__ = error
        batch.error = lost


def _told(batch: Batch) -> Exception:
    """Say what a failed commit means to each of its turns: alone the error itself, else whether to try again."""
    assert batch.error is not None  # noqa: S101 for the type checker
    cause = batch.error.orig if isinstance(batch.error, DBAPIError) else batch.error
    if batch.turns <= 1:
        return batch.error
    if isinstance(cause, sqlite3.IntegrityError):  # a deferred check: one of the turns is at fault, the others are not
        return Conflict("The commit that this write shared with others was refused; it has to be tried again.")
    return StorageAway(AWAY)


def _opened(path: Path) -> IO[bytes]:
    try:
        return open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600))
    except OSError as error:
        raise StorageAway(AWAY) from error
