"""What the import of lists needs from storage."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.core.entries import Entry, Problem
from bot.core.imports import Import, RowStatus


class BadFile(ValueError):
    """The file is no list that can be read; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was read: what it says, or why it cannot be kept."""

    number: int
    entry: Entry | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """One line and what became of it, for the report."""

    number: int
    status: RowStatus
    problems: tuple[Problem, ...] = ()


class Imports(Protocol):
    """Lists on their way in. Everything personal is sealed; every write is short."""

    def add(self, new: Import, pieces: Iterable[bytes]) -> None:
        """Keep a list and its file, piece by piece; an id that is there is replaced. Raises StorageAway."""

    def one(self, ident: str) -> Import | None:
        """Return a list with its counts."""

    def newest(self, *, limit: int = 50) -> tuple[Import, ...]:
        """Return lists, newest first, with their counts."""

    def waiting(self, *, now: datetime) -> tuple[str, ...]:
        """Return ids of lists that are to be read or let in and that nobody works on."""

    def claim(self, ident: str, *, until: datetime, now: datetime) -> bool:
        """Take a list to work on until a time; False when somebody else does."""

    def change(self, ident: str, changes: Mapping[str, Any], *, expected: Sequence[str]) -> bool:
        """Change a list that is in one of the expected states; False when it is not."""

    def file(self, ident: str) -> Iterator[bytes]:
        """Return the file, piece by piece."""

    def stage(self, ident: str, lines: Sequence[Line]) -> None:
        """Write read lines in one transaction: what is known or stands twice is told from what is new."""

    def let_in(self, ident: str, *, limit: int, now: datetime) -> int:
        """Let the next lines in, in one transaction, and return how many were looked at; 0: none is left."""

    def unread(self, ident: str) -> None:
        """Remove the lines, some at a time; the file stays."""

    def clear(self, ident: str) -> None:
        """Remove the file and what is left of the lines' contents, some at a time; who came in by which line stays."""

    def judged(self, ident: str, *, statuses: Sequence[RowStatus], after: int = 0, limit: int = 200) -> list[Judged]:
        """Return lines by status, in their order, from after a line number."""
