"""What is kept of what staff change about the calendar."""

from collections.abc import Mapping
from typing import Any, Protocol

from bot.core.calendar_edits import CalendarEdit


class CalendarEdits(Protocol):
    """Changes of the calendar; only added to."""

    def add(self, made: CalendarEdit) -> None:
        """Keep a change and note it in the audit trail. Raises StorageAway."""

    def values(self) -> Mapping[str, Any]:
        """Return the newest value of each name. Raises StorageAway."""

    def newest(self) -> int:
        """Return the number of the newest change, 0 before the first. Raises StorageAway."""

    def last(self, limit: int) -> tuple[CalendarEdit, ...]:
        """Return the newest changes, newest first. Raises StorageAway."""
