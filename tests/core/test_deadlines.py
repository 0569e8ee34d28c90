"""Working days, holidays and by when a case has to be answered."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.adapters.holidays import public_holidays
from bot.core.calendar import BadFeast, Calendar, Holiday, corrected, read_feasts
from bot.core.deadlines import BadDeadlines, Deadlines, read_deadlines

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FRIDAY_EVENING = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)
CHRISTMAS = Calendar(holidays={date(2026, 12, 25): Holiday("Noël")})


def test_a_life_at_stake_has_a_quarter_of_an_hour_day_and_night():
    at_night = MONDAY + timedelta(hours=14)

    assert Deadlines().due("P1", at_night) - at_night == timedelta(minutes=15)


@pytest.mark.parametrize(
    ("written", "due"),
    [
        (MONDAY, datetime(2026, 11, 23, 17, tzinfo=UTC)),
        (MONDAY - timedelta(hours=5), datetime(2026, 11, 23, 17, tzinfo=UTC)),
        (FRIDAY_EVENING, datetime(2026, 11, 30, 17, tzinfo=UTC)),
        (FRIDAY_EVENING + timedelta(days=1), datetime(2026, 11, 30, 17, tzinfo=UTC)),
    ],
)
def test_the_same_day_is_the_next_one_when_hardly_anything_of_it_is_left(written, due):
    assert Deadlines().due("P2", written) == due


def test_three_working_days_leave_out_the_weekend_and_a_holiday():
    wednesday = datetime(2026, 12, 23, 10, tzinfo=UTC)

    assert Deadlines(CHRISTMAS).due("P3", wednesday) == datetime(2026, 12, 29, 17, tzinfo=UTC)


def test_nobody_answers_on_a_holiday():
    assert CHRISTMAS.open_at(datetime(2026, 12, 24, 10, tzinfo=UTC))
    assert not CHRISTMAS.open_at(datetime(2026, 12, 25, 10, tzinfo=UTC))


def test_the_package_knows_malis_holidays_and_marks_what_the_moon_decides():
    found = public_holidays()

    assert found[date(2027, 9, 22)].certainty == "fixed"
    assert found[date(2027, 3, 9)].certainty == "estimated"
    assert "Ramadan" in found[date(2027, 3, 9)].name


def test_staff_correct_an_estimated_feast():
    entry = {"day": date(2027, 3, 10), "name": "Ramadan", "status": "confirmed", "instead_of": date(2027, 3, 9)}

    found = corrected(public_holidays(), read_feasts([entry]))

    assert date(2027, 3, 9) not in found
    assert found[date(2027, 3, 10)] == Holiday("Ramadan", "confirmed")


@pytest.mark.parametrize(
    "entry",
    [
        "2027-03-10",
        {"day": "bientôt", "name": "Ramadan", "status": "confirmed"},
        {"day": date(2027, 3, 10), "status": "confirmed"},
        {"day": date(2027, 3, 10), "name": "Ramadan", "status": "sure"},
        {"day": date(2027, 3, 10), "name": "Ramadan", "status": "confirmed", "instead_of": "hier"},
        {"day": date(2027, 3, 10), "name": "Ramadan", "status": "confirmed", "moon": "new"},
    ],
)
def test_it_refuses_a_feast_that_cannot_be_read(entry):
    with pytest.raises(BadFeast, match="Feast 1"):
        tuple(read_feasts([entry]))


def test_deadlines_are_a_setting():
    found = read_deadlines("30min, 1h, 2days")

    assert (found.urgent, found.notice, found.days) == (timedelta(minutes=30), timedelta(hours=1), 2)


@pytest.mark.parametrize("text", ["", "15", "0min,2h,3days", "15min,2h,0days", "soon"])
def test_it_refuses_deadlines_that_cannot_be_kept(text):
    with pytest.raises(BadDeadlines):
        read_deadlines(text)
