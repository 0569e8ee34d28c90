"""When nothing is sent that nobody waits for."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bot.adapters.holidays import load_shipped
from bot.core.calendar import Holiday
from bot.core.quiet import NEVER, BadQuiet, Quiet, Spell, read_quiet

CALENDAR = Quiet(
    ramadan=((date(2027, 2, 8), date(2027, 3, 9)),), holidays={date(2026, 12, 25): Holiday("Noël", "fixed")}
)


def at(day: int, hour: int, minute: int = 0, *, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)  # Bamako is at UTC


@pytest.mark.parametrize(
    ("now", "allowed"),
    [
        (at(23, 9), at(23, 9)),  # a Monday morning
        (at(23, 7, 59), at(23, 8)),
        (at(23, 20), at(24, 8)),
        (at(24, 3), at(24, 8)),
        (at(27, 12, 30), at(27, 15)),  # Friday's prayer
        (at(26, 12, 30), at(26, 12, 30)),
        (at(25, 10, month=12), at(26, 8, month=12)),  # Christmas, then its night
        (at(24, 21, month=12), at(26, 8, month=12)),
        (at(8, 18, month=2, year=2027), at(9, 8, month=2, year=2027)),  # an evening of Ramadan
        (at(10, 18, month=3, year=2027), at(10, 18, month=3, year=2027)),
    ],
)
def test_the_next_moment_at_which_something_may_be_begun(now: datetime, allowed: datetime):
    assert CALENDAR.next_allowed(now) == allowed
    assert CALENDAR.is_quiet(now) == (now != allowed)


def test_a_demo_may_write_at_any_hour():
    assert not NEVER.is_quiet(at(24, 3))


def test_the_file_that_we_ship_can_be_read():
    shipped = load_shipped(Path(__file__).parents[2]).with_edits({})

    assert shipped.night == Spell(time(20), time(8))
    assert shipped.is_quiet(at(1, 10, month=1, year=2027))


@pytest.mark.parametrize(
    "stored",
    [
        [],
        {},
        {"night": "20-8h"},
        {"night": None},
        {"night": "20:00-08:00", "noon": 1},
        {"night": "20:00-08:00", "ramadan": [1]},
    ],
)
def test_what_cannot_be_read_is_said(stored):
    with pytest.raises(BadQuiet, match=r"quiet\.yml"):
        read_quiet(stored, {})
