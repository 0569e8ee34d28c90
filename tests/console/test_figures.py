"""Figures of the work: right, without names, and without groups in which somebody could be recognised."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.case_figures import OLDER, Timed, by_age, by_region, by_week, promptness
from bot.core.cases import Case
from bot.core.messages import Address
from console.plots import Bar, bars

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_what_waits_is_counted_by_age_and_priority():
    waiting = [Timed("P1", NOW - HOUR / 2, None, None), Timed("P3", NOW - 30 * 24 * HOUR, None, None)]

    assert by_age(waiting, NOW) == {("moins d'une heure", "P1"): 1, (OLDER, "P3"): 1}


def test_a_case_that_nobody_answered_is_late_once_it_is_owed():
    prompt, *_ = promptness(
        [
            Timed("P1", NOW - 3 * HOUR, NOW - 2 * HOUR, None),
            Timed("P1", NOW - 3 * HOUR, NOW - 2 * HOUR, NOW - 2.5 * HOUR),
            Timed("P1", NOW - HOUR, NOW + HOUR, None),
        ],
        NOW,
    )

    assert (prompt.cases, prompt.answered, prompt.in_time, prompt.late) == (3, 1, 1, 1)
    assert prompt.half_within == HOUR / 2


def test_small_regions_are_hidden():
    groups = by_region([("kayes", "hunger", 2), ("segou", "hunger", 9), ("mopti", "hunger", 8)])

    totals = {group.name: group.total for group in groups}
    assert totals["kayes"] is None
    assert sum(total is None for total in totals.values()) == 2  # one alone could be reckoned from the sum


def test_weeks_begin_on_monday():
    (week,) = by_week({date(2026, 11, 17): 3, date(2026, 11, 22): 1}, {date(2026, 11, 22): 1})

    assert (week.week, week.messages, week.not_understood) == ("2026-11-16", 4, 1)


def test_a_picture_says_its_numbers_and_draws_nothing_hidden():
    picture = bars("Cas", ("un", "deux"), [Bar("Kayes <b>", (3, 40)), Bar("Gao", (None, 4))])

    assert "Kayes &lt;b&gt;" in picture
    assert ">43<" in picture
    assert "—" in picture
    assert bars("Cas", ("un",), []) == ""


@pytest.fixture
def with_cases(console_house):
    """Six hungry people in a region, and one complaint."""
    ports = console_house.ports
    now = ports.clock.now()
    for number in range(7):
        person_id, case_id = ports.ids.new(), ports.ids.new()
        with ports.store.write() as tx:
            tx.ensure_person(person_id, Address("sms", f"+2236{ports.ids.number(10**7):07}"), now=now)
            tx.save_profile(person_id, {"region": "menaka"}, now=now)
            tx.open_case(
                Case(
                    id=case_id,
                    reference=f"Z{ports.ids.number(9999):04}{chr(65 + number)}",
                    person_id=person_id,
                    kind="complaint" if number == 6 else "hunger",
                    priority="P2",
                    status="open",
                    sensitive=number == 6,
                    opened_at=now,
                ),
                now=now,
            )


@pytest.mark.usefixtures("with_cases")
def test_complaints_are_counted_for_the_focal_point_alone(staff_client):
    supervisor, focal = staff_client("supervisor"), staff_client("focal_point")

    assert "plainte" not in supervisor.get("/console/figures/kinds.csv").text
    seen = supervisor.get("/console/figures/waiting.csv").text
    assert seen != focal.get("/console/figures/waiting.csv").text


@pytest.mark.usefixtures("with_cases")
def test_the_page_shows_pictures_and_tables(staff_client):
    page = staff_client("supervisor").get("/console/figures")

    assert page.status_code == 200
    assert "<svg" in page.text
    assert "faim" in page.text
    assert staff_client("supervisor").get("/console/figures/nothing.csv").status_code == 404


@pytest.mark.db
def test_reads_count_the_same_on_every_database(database):
    from bot.adapters.sql.case_figures import SqlCaseFigures

    kept = SqlCaseFigures(database)
    start = NOW - 90 * 24 * HOUR

    assert kept.waiting(sensitive=True) == ()
    assert kept.kinds_by_region(start, sensitive=False) == []
    assert kept.came(start) == {}
    assert kept.said({"utter_x"}, start) == {}
    assert kept.unanswered(start) == 0
