"""By when a person of the team has to have answered a case."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.core.calendar import Calendar
from bot.core.cases import Priority
from bot.core.hours import BAMAKO

_SHAPE: Final = re.compile(r"^(\d+)min,(\d+)h,(\d+)days?$")


class BadDeadlines(ValueError):
    """The deadlines cannot be read."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long each priority may take.

    P1 is counted by the clock, day and night: a life may be at stake. P2 has to be answered by the end of the working
    day if at least `notice` of it is left, else by the end of the next one. P3 has so many working days.
    """

    calendar: Calendar = field(default_factory=Calendar)
    urgent: timedelta = timedelta(minutes=15)
    notice: timedelta = timedelta(hours=2)
    days: int = 3

    def due(self, priority: Priority, now: datetime) -> datetime:
        """Return the moment by which a case of this priority that begins now has to be answered."""
        if priority == "P1":
            return now + self.urgent
        local = now.astimezone(BAMAKO)
        if priority == "P3":
            return self.calendar.closing(self.calendar.after_working_days(local.date(), self.days))
        late = self.calendar.is_working_day(local.date()) and self.calendar.closing(local.date()) - now < self.notice
        return self.calendar.closing(self.calendar.after_working_days(local.date(), 1 if late else 0))

    def on(self, calendar: Calendar) -> "Deadlines":
        """Return the same deadlines by this calendar."""
        return Deadlines(calendar, self.urgent, self.notice, self.days)


def read_deadlines(text: str) -> Deadlines:
    """Read "15min,2h,3days": P1 by the clock, what P2 needs of the day, P3 in working days. Raises BadDeadlines."""
    found = _SHAPE.match(text.replace(" ", ""))
    if found is None:
        msg = f'Deadlines are written "15min,2h,3days", not {text!r}.'
        raise BadDeadlines(msg)
    minutes, hours, days = map(int, found.groups())
    if not minutes or not days:
        msg = "A deadline of nothing cannot be kept: P1 needs at least 1min, P3 at least 1day."
        raise BadDeadlines(msg)
    return Deadlines(urgent=timedelta(minutes=minutes), notice=timedelta(hours=hours), days=days)
