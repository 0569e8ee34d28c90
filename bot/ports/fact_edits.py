"""What storage does for changes of facts."""

from typing import Protocol

from bot.core.facts_editing import FactEdit


class FactEdits(Protocol):
    """What staff change about facts; only added to."""

    def add(self, made: FactEdit) -> None:
        """Keep a change. Raises StorageAway."""

    def all(self) -> tuple[FactEdit, ...]:
        """Return every change, oldest first. Raises StorageAway."""

    def newest(self) -> int:
        """Return the number of the newest change, 0 before the first. Raises StorageAway."""
