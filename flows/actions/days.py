"""Working days in Mali, to name the day by which a person should have answered."""

from datetime import date, timedelta
from typing import Final

# Fixed public holidays (month, day). Moon holidays are announced late: staff move a deadline by hand then.
_HOLIDAYS: Final = frozenset({(1, 1), (1, 20), (3, 26), (5, 1), (5, 25), (9, 22), (12, 25)})
_SATURDAY: Final = 5


def is_working_day(day: date) -> bool:
    """Say whether the office is open on this day, as far as the calendar knows."""
    return day.weekday() < _SATURDAY and (day.month, day.day) not in _HOLIDAYS


def after_working_days(start: date, days: int) -> date:
    """Return the day that lies so many working days after `start`."""
    day = start
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day
