"""When a check-in is due, what becomes of one that is late, and what a corrected date moves."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.check_ins import LATE_AFTER, CheckIn, Dates, due_at, months_since, overtaken, plan_steps, return_day
from bot.core.plans import Plan, PlanStep

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MONTHS = (1, 3, 6, 9, 12)


def plan(late="merge", **parts):
    steps = tuple(PlanStep(f"month_{months}", months, "check_in", late) for months in MONTHS)
    return Plan("follow_up", "suivi", steps, **parts)


def dates(returned=None, registered=NOW):
    return Dates(registered, returned)


def rows_of(changes):
    """Write what was planned as storage would."""
    return [
        CheckIn(one.step, "awa", one.plan, one.step, one.flow, one.due_at, one.status, one.reason, one.next_at)
        for one in changes.new
    ]


def fates(changes):
    return {one.step: (one.status, one.reason) for one in changes.new}


def test_the_months_are_counted_from_the_return():
    planned = plan_steps(plan(), dates(date(2026, 11, 20)), [], NOW)

    assert [one.due_at.date() for one in planned.new] == [
        *(date(2026, 12, 20), date(2027, 2, 20), date(2027, 5, 20), date(2027, 8, 20), date(2027, 11, 20))
    ]
    assert {one.due_at.hour for one in planned.new} == {10}
    assert all(one.status == "planned" and one.next_at == one.due_at for one in planned.new)


def test_without_a_return_they_are_counted_from_the_registration():
    assert plan_steps(plan(), dates(), [], NOW).new[0].due_at.date() == date(2026, 12, 23)


def test_a_plan_may_always_count_from_the_registration():
    from_then = plan(since="registration")

    assert plan_steps(from_then, dates(date(2026, 6, 1)), [], NOW).new[0].due_at.date() == date(2026, 12, 23)


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 11, 30), 12, date(2027, 11, 30)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_a_day_that_the_month_does_not_have_is_its_last(day, months, due):
    assert due_at(plan(), PlanStep("x", months, "check_in"), dates(day)).date() == due


def test_the_exact_day_counts_before_the_month_and_nonsense_not_at_all():
    assert return_day("2026-05-14", "2026-04") == date(2026, 5, 14)
    assert return_day(None, "2026-04") == date(2026, 4, 15)
    assert return_day("bientôt", "2026-13") is None
    assert return_day(None, None) is None


def test_late_ones_are_merged_into_one_that_is_asked_now():
    planned = plan_steps(plan(), dates(date(2026, 4, 1)), [], NOW)

    assert fates(planned) == {
        "month_1": ("skipped", "merged"),
        "month_3": ("skipped", "merged"),
        "month_6": ("planned", None),
        "month_9": ("planned", None),
        "month_12": ("planned", None),
    }


def test_a_late_one_is_merged_into_the_next_when_that_comes_soon():
    planned = plan_steps(plan(), dates(date(2026, 6, 1)), [], NOW)

    assert fates(planned)["month_3"] == ("skipped", "merged")
    assert fates(planned)["month_6"] == ("planned", None)


def test_late_ones_are_skipped_where_the_plan_says_so():
    planned = plan_steps(plan("skip"), dates(date(2026, 4, 1)), [], NOW)

    assert fates(planned)["month_1"] == ("skipped", "date_past")
    assert fates(planned)["month_6"] == ("skipped", "date_past")
    assert fates(planned)["month_9"] == ("planned", None)


def test_late_ones_are_all_sent_where_the_plan_says_so():
    assert {status for status, _ in fates(plan_steps(plan("send"), dates(date(2025, 4, 1)), [], NOW)).values()} == {
        "planned"
    }


def test_nobody_is_asked_on_the_day_they_register():
    planned = plan_steps(plan(), dates(date(2026, 10, 21)), [], NOW)

    assert planned.new[0].due_at == NOW + timedelta(days=1)


def test_planning_again_changes_nothing():
    for returned in (None, date(2026, 4, 1), date(2026, 11, 20), date(2020, 1, 1)):
        rows = rows_of(plan_steps(plan(), dates(returned), [], NOW))

        again = plan_steps(plan(), dates(returned), rows, NOW + timedelta(hours=5))

        assert (again.new, again.changed) == ((), ())


def test_a_corrected_date_moves_what_is_not_yet_sent():
    rows = rows_of(plan_steps(plan(), dates(date(2026, 10, 20)), [], NOW))
    sent = replace(rows[0], status="queued", asked_at=NOW, next_at=None)

    moved = plan_steps(plan(), dates(date(2026, 11, 10)), [sent, *rows[1:]], NOW)

    assert [row.step for row in moved.changed] == ["month_3", "month_6", "month_9", "month_12"]
    assert moved.changed[0].due_at.date() == date(2027, 2, 10)
    assert moved.changed[0].next_at == moved.changed[0].due_at


def test_a_corrected_date_brings_back_what_was_skipped_for_the_wrong_one():
    rows = rows_of(plan_steps(plan(), dates(date(2025, 11, 10)), [], NOW))
    assert rows[1].reason == "merged"

    moved = plan_steps(plan(), dates(date(2026, 11, 10)), rows, NOW)

    assert [(row.status, row.reason) for row in moved.changed] == [("planned", None)] * 5


def test_what_was_skipped_for_a_reason_of_the_persons_own_stays_skipped():
    rows = rows_of(plan_steps(plan(), dates(date(2026, 10, 20)), [], NOW))
    refused = replace(rows[1], status="skipped", reason="opted_out", next_at=None)

    moved = plan_steps(plan(), dates(date(2026, 11, 1)), [rows[0], refused, *rows[2:]], NOW)

    assert "month_3" not in {row.step for row in moved.changed}


def test_one_that_waits_for_somebody_keeps_waiting_when_nothing_has_changed():
    rows = rows_of(plan_steps(plan(), dates(date(2026, 10, 20)), [], NOW))
    waiting = replace(rows[0], next_at=NOW + timedelta(days=3), reason="with_a_person")

    assert plan_steps(plan(), dates(date(2026, 10, 20)), [waiting, *rows[1:]], NOW).changed == ()


def test_a_step_that_the_plan_has_no_more_is_dropped_and_a_new_one_is_added():
    rows = rows_of(plan_steps(plan(), dates(date(2026, 11, 1)), [], NOW))
    other = replace(plan(), steps=(*plan().steps[1:], PlanStep("month_18", 18, "check_in")))

    changes = plan_steps(other, dates(date(2026, 11, 1)), rows, NOW)

    assert [(row.step, row.status, row.reason) for row in changes.changed] == [("month_1", "skipped", "not_in_plan")]
    assert [one.step for one in changes.new] == ["month_18"]


def test_one_that_waited_too_long_is_merged_with_the_next_when_its_time_comes():
    then = NOW - timedelta(days=90)
    rows = rows_of(plan_steps(plan(), dates(date(2026, 8, 20), then), [], then))
    first, second = rows[0], rows[1]

    assert overtaken(plan(), first, rows, second.due_at) == "merged"
    assert overtaken(plan(), second, rows, second.due_at) is None
    assert overtaken(plan(), first, rows, first.due_at + LATE_AFTER - timedelta(hours=1)) is None


def test_one_whose_plan_is_gone_is_not_asked():
    row = rows_of(plan_steps(plan(), dates(), [], NOW))[0]

    assert overtaken(None, row, [row], NOW) == "not_in_plan"
    assert overtaken(replace(plan(), steps=plan().steps[1:]), row, [row], NOW) == "not_in_plan"


def test_months_since_the_return_are_whole_and_never_of_a_day_to_come():
    assert months_since(date(2026, 10, 23), NOW) == 1
    assert months_since(date(2026, 10, 24), NOW) == 0
    assert months_since(date(2027, 1, 1), NOW) is None
    assert months_since(None, NOW) is None


@given(
    returned=st.none() | st.dates(date(2015, 1, 1), date(2030, 1, 1)),
    registered=st.datetimes(datetime(2025, 1, 1), datetime(2026, 11, 23), timezones=st.just(UTC)),  # noqa: DTZ001 the zone is drawn
    late=st.sampled_from(["send", "skip", "merge"]),
    corrected=st.none() | st.dates(date(2015, 1, 1), date(2030, 1, 1)),
)
def test_each_step_has_one_row_with_a_fate_whatever_the_dates(returned, registered, late, corrected):
    rows = rows_of(plan_steps(plan(late), Dates(registered, returned), [], NOW))
    changed = plan_steps(plan(late), Dates(registered, corrected), rows, NOW)
    after = {row.step: row for row in (*rows, *changed.changed)}

    assert changed.new == ()
    assert sorted(after) == sorted(f"month_{months}" for months in MONTHS)
    assert all((row.status == "planned") == (row.reason is None) for row in after.values())
    assert all((row.next_at is None) == (row.status == "skipped") for row in after.values())
    if late == "merge":  # nobody is asked the same thing twice at once
        assert sum(row.status == "planned" and row.due_at <= NOW - LATE_AFTER for row in after.values()) <= 1
