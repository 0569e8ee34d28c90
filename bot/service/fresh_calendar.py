"""Gives everything that waits, and every deadline, the calendar as staff have left it: no restart, within seconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.calendar_edits import CalendarEdit, Named, Shipped
from bot.core.quiet import NEVER, Quiet
from bot.ports import Clock, StorageAway
from bot.ports.calendar import CalendarEdits
from bot.service.brain import Brain

LOOK_EVERY = timedelta(seconds=2)


@dataclass(slots=True)
class FreshCalendar:
    """The files' calendar with the newest changes; threads may both look, the later one wins."""

    shipped: Shipped
    edits: CalendarEdits
    clock: Clock
    is_kept: bool = True  # False: a demo without quiet hours
    _seen: int = 0
    _looked_at: datetime | None = None
    _current: Quiet | None = field(default=None, repr=False)

    def calendar(self) -> Quiet:
        """Return the calendar as it stands. With the database away it stays as it was."""
        moment = self.clock.now()
        if self._current is None or self._looked_at is None or abs(moment - self._looked_at) >= LOOK_EVERY:
            self._looked_at = moment
            self._look()
        return self._current or self.shipped.with_edits({})

    def quiet(self) -> Quiet:
        """Return when broadcasts and check-ins wait."""
        return self.calendar() if self.is_kept else NEVER

    def told(self, brain: Brain) -> Brain:
        """Return the brain with the holidays as staff have left them, for deadlines and opening hours."""
        holidays, known = self.calendar().holidays, brain.deadlines.calendar
        if not self._seen or known.holidays == holidays:
            return brain
        return replace(brain, deadlines=replace(brain.deadlines, calendar=replace(known, holidays=holidays)))

    def change(self, values: Mapping[Named, Any], *, by: str, why: str) -> None:
        """Keep what a member of staff has changed, with the reason; here it counts at once, elsewhere within seconds.

        Raises BadQuiet or BadFeast when it could not be read again; then nothing is kept.
        """
        self.shipped.with_edits({**self.edits.values(), **{str(name): value for name, value in values.items()}})
        for name, value in values.items():
            self.edits.add(CalendarEdit(name, value, by, self.clock.now(), why))
        self._looked_at = None

    def _look(self) -> None:
        try:
            newest = self.edits.newest()
            if newest != self._seen or self._current is None:
                self._current = self.shipped.with_edits(self.edits.values())
                self._seen = newest
        except StorageAway:
            return
