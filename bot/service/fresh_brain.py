"""Gives every turn the facts and sentences as staff have left them: what is switched off is said no more."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.core.directory import domain_digest, for_actions
from bot.core.facts import unchecked_emergency
from bot.core.facts_editing import FactEdit, overlay
from bot.core.text_reviews import with_reviews
from bot.ports import Clock, FactEdits, StorageAway
from bot.ports.texts import TextReviews
from bot.service.brain import Brain

LOOK_EVERY = timedelta(seconds=2)  # one small question to the database, and still "at once" for whoever switched it off


def with_edits(brain: Brain, edits: Iterable[FactEdit], *, demo: bool) -> Brain:
    """Return the brain with these changes laid over the shipped facts, the directory for actions included.

    In a demo unchecked emergency numbers are said anyway, but none that staff have switched off.
    """
    facts = overlay(brain.assistant.facts, edits)
    off = any(fact.suspended for fact in facts.facts.values() if fact.emergency and fact.given)
    checked = not off and (demo or not unchecked_emergency(facts))
    domain = {**brain.assistant.rasa_domain, **for_actions(facts)}
    digest = domain_digest(brain.assistant.rev, facts)
    assistant = replace(brain.assistant, facts=facts, rasa_domain=domain, digest=digest)
    return replace(brain, assistant=assistant, numbers_checked=checked)


@dataclass(slots=True)
class FreshBrain:
    """The shipped brain, and the one with the newest changes; threads may both look, the later one wins."""

    shipped: Brain
    edits: FactEdits
    reviews: TextReviews
    clock: Clock
    demo: bool
    _seen: tuple[int, int] = (0, 0)
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
            newest = (self.edits.newest(), self.reviews.newest())
            if newest != self._seen:
                read = replace(self.shipped, assistant=with_reviews(self.shipped.assistant, self.reviews.all()))
                self._current = with_edits(read, self.edits.all(), demo=self.demo)
                self._seen = newest
        except StorageAway:
            return
