"""What reading cases on a screen needs from storage, beside `bot.ports.Store`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, get_args

from bot.core.cases import Case
from bot.core.staff import Staff

Tab = Literal["mine", "unassigned", "all", "overdue", "sensitive", "closed"]
TABS: tuple[Tab, ...] = get_args(Tab)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which cases somebody wants to see; `filters` by priority, kind, language or region, exactly."""

    staff: Staff
    tab: Tab = "all"
    filters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case of a list, with what its line shows of the person; no name and no number."""

    case: Case
    language: str | None
    region: str | None
    wrote_at: datetime | None  # when the person wrote last


class CaseReads(Protocol):
    """Reads; each is a few indexed statements without a lock. What is not for somebody's eyes is never counted."""

    def lines(self, wanted: Narrowed, *, now: datetime, limit: int, offset: int = 0) -> tuple[CaseLine, ...]:
        """Return cases, most urgent first (closed ones: last closed first)."""

    def counts(self, wanted: Narrowed, *, now: datetime) -> Mapping[Tab, int]:
        """Return how many cases each tab has under these filters."""

    def of_persons(self, staff: Staff, person_ids: Sequence[str], *, limit: int) -> tuple[CaseLine, ...]:
        """Return the cases of these persons that are for these eyes, newest first, closed ones too."""

    def cases_of(self, person_id: str) -> tuple[Case, ...]:
        """Return every case of a person, newest first, closed and sensitive ones too."""

    def stamp(self, case: Case) -> str:
        """Return a mark that differs whenever the case or the conversation has changed; nothing is decrypted."""

    def list_stamp(self, staff: Staff) -> str:
        """Return a mark that differs whenever a case that is for these eyes has changed; nothing is decrypted."""
