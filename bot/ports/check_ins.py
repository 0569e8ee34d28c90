"""What storage does for check-ins and for the answers to what we ask by ourselves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from bot.core.check_ins import Changes, CheckIn, Dates
from bot.core.effects import Ending
from bot.core.figures import Asked, Cell

SourceKind = Literal["check_in", "broadcast"]


@dataclass(frozen=True, slots=True)
class Source:
    """What we asked for: one check-in's row, or one recipient's of a broadcast."""

    kind: SourceKind
    id: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a closed question, with what plots are drawn by at the moment it was given."""

    source: Source
    person_id: str
    question: str
    value: str  # a code of the question, never words of a person
    at: datetime
    region: str | None = None
    trade: str | None = None
    sex: str | None = None
    language: str | None = None
    months_since_return: int | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """One slice of planning: by which plans, how many persons at most, and when it is."""

    planned_by: str
    limit: int
    now: datetime
    new_id: Callable[[], str] = field(repr=False)


class CheckInWrites(Protocol):
    """What a transaction does to check-ins (`Transaction.check_ins`)."""

    def change(self, row: CheckIn, *, expected: int) -> None:
        """Write a row as its version `expected` + 1. Raises Conflict when it has another version or is gone."""

    def pay(self, centimes: int, *, month: str, cap: int) -> bool:
        """Count a price (centimes) towards a month's spending ("2026-11"), and say whether it could be paid.

        Where it would pass the cap (0: there is none) nothing is counted.
        """

    def keep_answer(self, answer: Answer) -> None:
        """Keep the answer to a question; a correction takes its place. The row of its source knows that it has one."""

    def heard(self, person_id: str, *, now: datetime) -> None:
        """Note on broadcasts that reached a person lately that they have written since."""

    def end(self, source: Source, reason: Ending, *, now: datetime) -> None:
        """Note that a check-in is over and why; one that is over stays as it is."""

    def end_all(self, person_id: str, reason: Ending, *, now: datetime) -> None:
        """Note that all that was asked of a person is over, such as after STOP."""


class CheckIns(Protocol):
    """Questions about check-ins, and planning."""

    def plan(self, decide: Callable[[Dates, Sequence[CheckIn]], Changes], one: Round) -> int:
        """Plan for persons with consent whom these plans have not planned for yet; return how many there were.

        `decide` gets a person's dates and rows. Safe with several workers: one person is planned by one at a time.
        """

    def due(self, *, limit: int, now: datetime, person_id: str | None = None) -> tuple[CheckIn, ...]:
        """Return rows about which something is to be done, longest first; of one person alone if one is named."""

    def of_person(self, person_id: str) -> tuple[CheckIn, ...]:
        """Return a person's rows in the order of their days."""

    def started_since(self, person_id: str, since: datetime) -> int:
        """Count what we have started with a person since then, over all plans: check-ins, reminders, broadcasts."""

    def answers(self, asked: Asked) -> tuple[Cell, ...]:
        """Return counts of answers by group, small ones not yet hidden (`core.figures.hide_small`)."""
