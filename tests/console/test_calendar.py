"""The calendar is changed with a reason and counts at once: hours, Ramadan, and holidays that the moon moves."""

import html
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.calendar_edits import Shipped
from bot.service.fresh_calendar import FreshCalendar

WHY = {"why": "Communiqué du gouvernement"}
HOURS = {
    "what": "hours",
    "night_from": "20:00",
    "night_until": "08:00",
    "friday_from": "12:00",
    "friday_until": "15:00",
    "ramadan_evening_from": "18:00",
    "ramadan_evening_until": "08:00",
    "holidays": "1",
}


def text_of(answer):
    return html.unescape(answer.get_data(as_text=True))


@pytest.fixture(params=["supervisor", "broadcaster"])
def seat(request, staff_client):
    return staff_client(request.param)


@pytest.fixture(autouse=True)
def as_shipped(console_house):
    """Leave the calendar as the files have it: the house is everybody's."""
    yield
    files = {**console_house.calendar.shipped.quiet, "feasts": []}
    plain = {
        name: [{key: str(day) for key, day in one.items()} for one in value] if name == "ramadan" else value
        for name, value in files.items()
    }
    console_house.calendar.change(plain, by="test", why="comme avant")


def send(seat, **typed):
    return seat.post_form("/console/calendar/set", {**WHY, **typed})


def test_hours_that_are_changed_count_at_once(seat, console_house):
    evening = datetime(2026, 11, 24, 19, 30, tzinfo=UTC)
    assert not console_house.calendar.calendar().is_quiet(evening)

    answer = send(seat, **(HOURS | {"night_from": "19:00"}))

    assert answer.status_code == 303
    assert console_house.calendar.calendar().is_quiet(evening)
    assert "Communiqué du gouvernement" in text_of(seat.get("/console/calendar"))


def test_a_rule_that_is_taken_out_holds_no_more(seat, console_house):
    friday = datetime(2026, 11, 27, 13, tzinfo=UTC)
    assert console_house.calendar.calendar().is_quiet(friday)

    send(seat, **(HOURS | {"friday_from": "", "friday_until": ""}))

    assert not console_house.calendar.calendar().is_quiet(friday)


def test_a_feast_is_moved_and_deadlines_follow(seat, console_house):
    before = console_house.calendar.calendar().holidays
    estimated = next(day for day in sorted(before) if before[day].certainty == "estimated" and day > date(2026, 11, 23))
    moved = estimated + timedelta(days=1)

    assert send(seat, what="feast", instead_of=str(estimated), day=str(moved)).status_code == 303
    brain = console_house.brain
    assert (estimated in brain.deadlines.calendar.holidays, moved in brain.deadlines.calendar.holidays) == (False, True)

    again = moved + timedelta(days=1)
    send(seat, what="feast", instead_of=str(moved), day=str(again))
    holidays = console_house.calendar.calendar().holidays
    assert [day in holidays for day in (estimated, moved, again)] == [False, False, True]

    send(seat, what="feast", instead_of=str(again), day="")
    assert estimated in console_house.calendar.calendar().holidays


def test_a_ramadan_is_put_right(seat, console_house):
    evening = datetime(2027, 3, 10, 18, 30, tzinfo=UTC)
    assert not console_house.calendar.calendar().is_quiet(evening)

    send(seat, what="ramadan", instead_of="2027-02-08", first="2027-02-09", last="2027-03-10")

    assert console_house.calendar.calendar().is_quiet(evening)
    assert (date(2027, 2, 9), date(2027, 3, 10)) in console_house.calendar.calendar().ramadan
    assert date(2027, 2, 8) not in dict(console_house.calendar.calendar().ramadan)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (HOURS | {"night_from": "19:00", "why": ""}, "Écrivez pourquoi"),
        (HOURS | {"night_from": "", "night_until": ""}, "La nuit a toujours ses heures"),
        (HOURS | {"friday_from": "midi"}, "écrivez les deux heures"),
        (HOURS, "Rien n'a changé"),
        ({"what": "ramadan", "first": "2031-01-01", "last": ""}, "premier et le dernier jour"),
        ({"what": "ramadan", "first": "2031-01-01", "last": "2031-06-01"}, "29 ou 30 jours"),
        ({"what": "feast", "day": "demain", "name": "Fête"}, "n'est pas un jour"),
        ({"what": "feast", "day": "2027-05-05"}, "le nom de la fête"),
        ({"what": "feast", "day": "", "instead_of": "2027-01-01"}, "entrée à la main"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(staff_client, console_house, typed, said):
    before = console_house.calendar.edits.newest()

    answer = send(staff_client("supervisor"), **typed)

    assert (answer.status_code, said in text_of(answer)) == (422, True)
    assert console_house.calendar.edits.newest() == before


def test_an_administrator_reads_it_and_a_caseworker_does_not(staff_client):
    assert "Enregistrer" not in text_of(staff_client("administrator").get("/console/calendar"))
    assert send(staff_client("administrator"), **HOURS).status_code == 403
    assert staff_client("caseworker").get("/console/calendar").status_code == 403


def test_another_process_takes_it_up_by_itself(seat, console_house, clock):
    here = console_house.calendar
    there = FreshCalendar(here.shipped, here.edits, clock)
    there.calendar()
    send(seat, **(HOURS | {"night_from": "21:00"}))

    clock.at += timedelta(seconds=3)

    assert f"{there.calendar().night.starts:%H:%M}" == "21:00"


def test_without_quiet_hours_a_demo_sends_at_any_time_and_knows_the_holidays(console_house):
    here = console_house.calendar
    demo = FreshCalendar(Shipped(here.shipped.quiet, (), here.shipped.public), here.edits, here.clock, is_kept=False)

    assert not demo.quiet().is_quiet(datetime(2026, 11, 24, 2, tzinfo=UTC))
    assert demo.calendar().holidays
