"""What keeping data no longer than needed works with: purging, holds, export, and redaction at the provider."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.core.retention import Kind


class AlreadyHeld(Exception):
    """A legal hold is in force for this person."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Why somebody's data may not be erased for now."""

    id: str
    person_id: str
    reason: str
    placed_by: str
    placed_at: datetime
    lifted_by: str | None = None
    lifted_at: datetime | None = None
    erase: bool = False  # the person wished it meanwhile


class NotNow(Exception):
    """The provider is busy or away: the rest comes later."""


class RetentionBook(Protocol):
    """Data that is older than its period. Nothing of a person under a legal hold is touched."""

    def purge(self, kind: Kind, before: datetime, *, limit: int) -> int:
        """Take away up to `limit` of what is older, in one short transaction, and return how much."""

    def silent(self, before: datetime, *, limit: int) -> tuple[str, ...]:
        """Return persons (ids) without a sign of life since then, and without an open case."""

    def counted(self, kind: str, count: int, at: datetime) -> None:
        """Add to what this period has taken away."""

    def last_run(self) -> datetime | None:
        """Return when everything was last gone through."""


class HoldBook(Protocol):
    """Legal holds. Every verb is one transaction with its audit line."""

    def place(self, hold: Hold) -> None:
        """Put a hold on a person. Raises AlreadyHeld."""

    def lift(self, person_id: str, *, by: str, now: datetime) -> Hold | None:
        """End the hold in force and return it as it was; None when there is none."""

    def of_person(self, person_id: str) -> tuple[Hold, ...]:
        """Return a person's holds, newest first."""

    def in_force(self) -> tuple[Hold, ...]:
        """Return every hold in force, oldest first."""


class PersonExport(Protocol):
    """Everything that is kept of somebody."""

    def of_person(self, person_id: str) -> Mapping[str, Any] | None:
        """Return it in plain values, by kind; None when there is no such person."""


@dataclass(frozen=True, slots=True)
class Held:
    """A message at the provider whose text or media it still has."""

    provider_id: str
    has_media: bool


class RedactionBook(Protocol):
    """Which messages the provider still has the words of."""

    def due(self, *, before: datetime, limit: int) -> tuple[Held, ...]:
        """Return messages older than that, oldest first, whose media are dealt with here."""

    def dealt_with(self, answers: Mapping[str, str | None], *, now: datetime) -> None:
        """Remember by the provider's ids what it no longer has (None), and what it refuses to give up (its code)."""


class Redactor(Protocol):
    """Takes words and media away at the provider."""

    def redact(self, held: Held) -> str | None:
        """Return None when it is done (also: there is no such message), else the code of the refusal.

        Raises NotNow when the provider is busy or away.
        """
