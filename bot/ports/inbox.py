"""The lists of cases that staff see: which, how many, and found by what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.core.cases import Case
from bot.core.staff import Staff

View = Literal["mine", "unassigned", "all", "overdue", "sensitive", "closed"]


@dataclass(frozen=True, slots=True)
class Sought:
    """Which cases are wanted: a view, perhaps words to find them by, and the page, from 1.

    `text` is a reference as it was typed, a whole number, its last four digits, or whole words of a name.
    """

    view: View = "all"
    text: str = ""
    page: int = 1
    size: int = 25


@dataclass(frozen=True, slots=True)
class Found:
    """One page of cases, most urgent and longest owed first (closed ones: newest first), and how many there are."""

    cases: tuple[Case, ...]
    total: int
    page: int = 1
    pages: int = 1


class Inbox(Protocol):
    """Reads; what is not for somebody's eyes is in no list, no count and no search of theirs."""

    def cases_for(self, staff: Staff, sought: Sought, *, now: datetime) -> Found:
        """Return a page of the cases that somebody may see."""

    def counts_for(self, staff: Staff, *, now: datetime) -> Mapping[View, int]:
        """Return how many cases each view has for somebody."""
