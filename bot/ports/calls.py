"""What calling a person needs from the world."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.messages import Address


@dataclass(frozen=True, slots=True)
class Call:
    """One call that a caseworker asked for: their own telephone rings first, then the person's."""

    id: str
    person_id: str | None  # None: erased
    case_id: str
    staff_id: str
    staff_name: str
    asked_at: datetime
    status: str = (
        "asked"  # then "unheard" (the caseworker did not take it), or the provider's word for the person's leg
    )
    seconds: int = 0  # spoken with the person
    provider_id: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """What the provider said to a call: its id, or an error code; neither when its answer never came."""

    provider_id: str | None = None
    error_code: str | None = None


class Caller(Protocol):
    """A way to ring somebody."""

    def ring(self, call_id: str, caseworker: Address) -> Rung:
        """Let the caseworker's telephone ring; what happens then is asked of us by the call's id. Never raises."""


class CallBook(Protocol):
    """Calls that were asked for, and those that people made to us."""

    def add(self, call: Call) -> None:
        """Keep a call. Raises StorageAway."""

    def by_id(self, call_id: str) -> Call | None:
        """Find a call by its id."""

    def of_case(self, case_id: str) -> tuple[Call, ...]:
        """Return the calls of a case, oldest first."""

    def settle(self, call_id: str, *, status: str, seconds: int, at: datetime) -> Call | None:
        """Write down how a call ended and return it; None when that was written before, or there is no such call."""

    def rung(self, call_id: str, provider_id: str) -> None:
        """Keep the provider's id of a call."""

    def called_since(self, person_id: str, since: datetime) -> bool:
        """Say whether a person has called us since a time."""
