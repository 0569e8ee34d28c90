"""Gives every turn the facts as staff have left them, so that a fact which is switched off is said no more."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.core.facts import unchecked_emergency
from bot.core.facts_editing import FactEdit, overlay
from bot.ports import Clock, FactEdits, StorageAway
from bot.service.brain import Brain

LOOK_EVERY = timedelta(seconds=2)  # one small question to the database, and still "at once" for whoever switched it off


def with_edits(brain: Brain, edits: Iterable[FactEdit], *, demo: bool) -> Brain:
    """Return the brain with these changes laid over the shipped facts. In a demo unchecked numbers are said anyway."""
    facts = overlay(brain.assistant.facts, edits)
    checked = demo or not unchecked_emergency(facts)
    return replace(brain, assistant=replace(brain.assistant, facts=facts), numbers_checked=checked)


@dataclass(slots=True)
class FreshBrain:
    """The shipped brain, and the one with the newest changes; threads may both look, the later one wins."""

    shipped: Brain
    edits: FactEdits
    clock: Clock
    demo: bool
    _seen: int = 0
    _looked_at: datetime | None = None
    _current: Brain | None = field(default=None, repr=False)

    def now(self) -> Brain:
        """Return the brain for a turn. With the database away it stays as it was: the turn itself will say so."""
        moment = self.clock.now()
        if self._looked_at is None or moment - self._looked_at >= LOOK_EVERY:
            self._looked_at = moment
            self._look()
        return self._current or self.shipped

    def _look(self) -> None:
        try:
            newest = self.edits.newest()
            if newest != self._seen:
                self._current = with_edits(self.shipped, self.edits.all(), demo=self.demo)
                self._seen = newest
        except StorageAway:
            return
