"""Quiet hours: when nothing is sent that nobody waits for. Answers, alerts and caseworkers are never held back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.core.calendar import Holidays
from bot.core.hours import BAMAKO

_A_DAY = timedelta(days=1)
_FRIDAY = 5
_AT_MOST = 60  # quiet spells one after the other; more is a calendar that never lets anything out
_FIELDS = {"night", "friday", "holidays", "ramadan_evening", "ramadan"}


class BadQuiet(ValueError):
    """flows/calendar/quiet.yml cannot be read."""


@dataclass(frozen=True, slots=True)
class Spell:
    """Hours of one day in Bamako; where the end comes first, it is the next day's."""

    starts: time
    ends: time

    def on(self, day: date) -> tuple[datetime, datetime]:
        """Return the moments between which it is quiet."""
        starts = datetime.combine(day, self.starts, BAMAKO)
        return starts, datetime.combine(day if self.ends > self.starts else day + _A_DAY, self.ends, BAMAKO)


@dataclass(frozen=True, slots=True)
class Quiet:
    """When it is quiet. What each rule rests on stands in docs/broadcasts.md."""

    night: Spell | None = Spell(time(20), time(8))
    friday: Spell | None = Spell(time(12), time(15))  # the midday prayer
    holidays_too: bool = True
    ramadan_evening: Spell | None = Spell(time(18), time(8))  # breaking the fast, and the prayers after it
    ramadan: tuple[tuple[date, date], ...] = ()  # first and last day, both within
    holidays: Holidays = field(default_factory=dict)

    def is_quiet(self, now: datetime) -> bool:
        """Say whether nothing is begun at this moment (aware datetime)."""
        return self._end(now) is not None

    def next_allowed(self, now: datetime) -> datetime:
        """Return `now` itself, or the first moment after it at which something may be begun."""
        moment = now
        for _ in range(_AT_MOST):
            end = self._end(moment)
            if end is None:
                return moment
            moment = end
        return moment

    def _end(self, now: datetime) -> datetime | None:
        """Return when the quiet spell that holds this moment ends; None when there is none."""
        local = now.astimezone(BAMAKO)
        spells = [*self._of(local.date() - _A_DAY), *self._of(local.date())]
        return max((end for start, end in spells if start <= local < end), default=None)

    def _of(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if self.night:
            yield self.night.on(day)
        if self.friday and day.isoweekday() == _FRIDAY:
            yield self.friday.on(day)
        if self.holidays_too and day in self.holidays:
            yield Spell(time(), time()).on(day)
        if self.ramadan_evening and any(first <= day <= last for first, last in self.ramadan):
            yield self.ramadan_evening.on(day)


NEVER = Quiet(night=None, friday=None, holidays_too=False, ramadan_evening=None)


def read_quiet(stored: Any, holidays: Holidays) -> Quiet:
    """Read flows/calendar/quiet.yml. Raises BadQuiet with the line's name and what is wrong with it."""
    if not isinstance(stored, Mapping) or not stored.keys() <= _FIELDS or "night" not in stored:
        raise BadQuiet(f"flows/calendar/quiet.yml is written with {', '.join(sorted(_FIELDS))}; night is needed.")
    night = _spell(stored, "night")
    if night is None:
        raise BadQuiet("night in flows/calendar/quiet.yml needs hours, such as 20:00-08:00.")
    return Quiet(
        night=night,
        friday=_spell(stored, "friday"),
        holidays_too=bool(stored.get("holidays", True)),
        ramadan_evening=_spell(stored, "ramadan_evening"),
        ramadan=tuple(_days(one) for one in stored.get("ramadan") or ()),
        holidays=holidays,
    )


def _spell(stored: Mapping[str, Any], name: str) -> Spell | None:
    text = stored.get(name)
    if text is None:
        return None
    try:
        starts, ends = (time.fromisoformat(part.strip()) for part in str(text).split("-"))
    except ValueError as error:
        raise BadQuiet(f"{name} in flows/calendar/quiet.yml is written like 20:00-08:00.") from error
    return Spell(starts, ends)


def _days(one: Any) -> tuple[date, date]:
    first, last = (one.get("first"), one.get("last")) if isinstance(one, Mapping) else (None, None)
    if type(first) is not date or type(last) is not date or first > last:
        raise BadQuiet("ramadan in flows/calendar/quiet.yml lists {first: 2027-02-08, last: 2027-03-09}.")
    return first, last
