"""When people of the team answer, and what part of the day it is in Mali."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

BAMAKO = ZoneInfo("Africa/Bamako")
_SHAPE = re.compile(r"^(?:([1-7])-([1-7]) )?(\d{1,2})-(\d{1,2})$")
# ankataa.com: sɔgɔma until about 12 h, tile until about 15 h, wula until nightfall
_PERIODS = ((5, "night"), (12, "morning"), (15, "midday"), (19, "afternoon"), (24, "night"))


class BadHours(ValueError):
    """The opening hours cannot be read."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours in Bamako: ISO weekdays (1 is Monday) and whole hours, the last one excluded."""

    first_day: int = 1
    last_day: int = 5
    opens: int = 8
    closes: int = 17

    def open_at(self, now: datetime) -> bool:
        """Say whether somebody answers at this moment (aware datetime)."""
        local = now.astimezone(BAMAKO)
        return self.first_day <= local.isoweekday() <= self.last_day and self.opens <= local.hour < self.closes


def read_hours(text: str) -> Hours:
    """Read "8-17" (Monday to Friday) or "1-6 8-17" (days, then hours). Raises BadHours with the expected form."""
    found = _SHAPE.match(text.strip())
    if found:
        first, last, opens, closes = (int(part) if part else None for part in found.groups())
        hours = Hours(first or 1, last or 5, opens or 0, closes or 0)
        if hours.opens < hours.closes <= 24 and hours.first_day <= hours.last_day:  # noqa: PLR2004 hours of a day
            return hours
    msg = f'Opening hours are written "8-17" or "1-6 8-17" (days from 1, Monday, then hours), not {text!r}.'
    raise BadHours(msg)


def period(now: datetime) -> str:
    """Return morning, midday, afternoon or night, as greetings part the day in Mali."""
    hour = now.astimezone(BAMAKO).hour
    return next(name for end, name in _PERIODS if hour < end)


def next_day(now: datetime) -> datetime:
    """Return the midnight in Bamako that comes next."""
    local = now.astimezone(BAMAKO)
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def month_before(day: date, months: int) -> str:
    """Name the month that was so many months before a day: "2026-05"."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return f"{year:04d}-{month + 1:02d}"


def month_of(now: datetime) -> str:
    """Name the month of a moment in Bamako: "2026-11"."""
    return now.astimezone(BAMAKO).strftime("%Y-%m")


def day_began(now: datetime) -> datetime:
    """Return the last midnight in Bamako."""
    return now.astimezone(BAMAKO).replace(hour=0, minute=0, second=0, microsecond=0)
