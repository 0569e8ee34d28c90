"""What the ledgers of broadcasts and check-ins need from storage beyond their own rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class About:
    """What a ledger says of a person; `name` and `number` (masked) only where they were asked for."""

    region: str = ""
    trade: str = ""
    name: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class CheckInFilter:
    """Which check-ins to list; an empty field asks for nothing."""

    plan: str = ""
    step: str = ""
    status: str = ""
    reasons: tuple[str, ...] = ()
    region: str = ""
    answered: bool | None = None


@dataclass(frozen=True, slots=True)
class CheckInLine:
    """One check-in of one person: `status` is the message's own once there is one."""

    id: str
    person_id: str | None  # None: erased
    plan: str
    step: str
    due_at: datetime
    status: str
    reason: str
    asked_at: datetime | None
    reminded_at: datetime | None
    answered_at: datetime | None
    region: str
    language: str


class Ledgers(Protocol):
    """Pages and exports of what became of whom."""

    def people(self, person_ids: Iterable[str], *, names: bool) -> Mapping[str, About]:
        """Return what is said of persons; whoever was erased is missing."""

    def moved(self, broadcast_id: str, *, since: datetime) -> int:
        """Return how many recipients have got on since then."""

    def check_ins(
        self, wanted: CheckInFilter, *, after: tuple[datetime, str] | None = None, limit: int = 100
    ) -> tuple[CheckInLine, ...]:
        """Return a page of check-ins by day, from after the last one of the page before."""

    def check_in_counts(self, wanted: CheckInFilter) -> Mapping[tuple[str, str], int]:
        """Return how many check-ins have which status and reason."""

    def questions(self) -> Mapping[str, int]:
        """Return every question that has answers, with how many."""
