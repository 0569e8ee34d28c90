"""Mali's working days: when people of the team answer, and which days are public holidays."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, TypeAlias

from bot.core.hours import BAMAKO, Hours

Certainty = Literal["fixed", "estimated", "confirmed"]
_A_DAY: Final = timedelta(days=1)
_LONGEST: Final = 30  # days without one working day; no calendar of ours has so many
_FIELDS: Final = frozenset({"day", "name", "status", "instead_of"})


class BadFeast(ValueError):
    """A line of flows/calendar/feasts.yml cannot be read."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday. Feasts by the moon are estimated until the government has said the day."""

    name: str
    certainty: Certainty = "fixed"


Holidays: TypeAlias = Mapping[date, Holiday]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours and holidays, all in Bamako's time."""

    hours: Hours = field(default_factory=Hours)
    holidays: Holidays = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Say whether people of the team answer on this day."""
        return self.hours.first_day <= day.isoweekday() <= self.hours.last_day and day not in self.holidays

    def open_at(self, now: datetime) -> bool:
        """Say whether somebody answers at this moment (aware datetime)."""
        return self.hours.open_at(now) and self.is_working_day(now.astimezone(BAMAKO).date())

    def after_working_days(self, start: date, days: int) -> date:
        """Return the working day that lies so many working days after `start`; with 0 the first from `start` on."""
        day, left = start, days
        for _ in range(_LONGEST * (days + 1)):
            if self.is_working_day(day) and not left:
                return day
            day += _A_DAY
            left -= 1 if left and self.is_working_day(day) else 0
        return day

    def closing(self, day: date) -> datetime:
        """Return the moment at which the team leaves on a day."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=BAMAKO)
        return midnight + timedelta(hours=self.hours.closes)


@dataclass(frozen=True, slots=True)
class Feast:
    """What staff know better than the estimate: the day of a feast, and which estimated day it takes the place of."""

    day: date
    holiday: Holiday
    instead_of: date | None = None


def read_feasts(entries: Iterable[Any]) -> Iterator[Feast]:
    """Read `feasts` of flows/calendar/feasts.yml: {day, name, status: confirmed or estimated, instead_of}.

    Raises BadFeast with the entry's number and what is wrong with it.
    """
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, Mapping) or not entry.keys() <= _FIELDS:
            raise BadFeast(f"Feast {number} is written with {', '.join(sorted(_FIELDS))} and nothing else.")
        day, name, status = entry.get("day"), entry.get("name"), entry.get("status")
        if type(day) is not date or not isinstance(name, str) or not name:
            raise BadFeast(f"Feast {number} needs a day such as 2027-03-10 and a name.")
        if status not in ("confirmed", "estimated"):
            raise BadFeast(f"Feast {number} has a status that is neither confirmed nor estimated.")
        replaced = entry.get("instead_of")
        if replaced is not None and type(replaced) is not date:
            raise BadFeast(f"Feast {number} names with instead_of no day such as 2027-03-09.")
        yield Feast(day, Holiday(name, status), replaced)


def corrected(holidays: Holidays, feasts: Iterable[Feast]) -> dict[date, Holiday]:
    """Return the holidays with what staff know about feasts."""
    known = tuple(feasts)
    moved = {feast.instead_of for feast in known}
    return {day: found for day, found in holidays.items() if day not in moved} | {f.day: f.holiday for f in known}
