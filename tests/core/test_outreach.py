"""Whom we may write to of our own accord: each reason by itself, and the order in which they count."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core import limits
from bot.core.cases import Case
from bot.core.messages import Address
from bot.core.outreach import WORDS, Skip, Standing, Start, Wait, Wanted, may_start
from bot.core.people import Person

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AWA = Person("awa", consent="given", addresses=(Address("sms", "+22376000001"),))


def asked(person=AWA, *cases, kind="check_in", rings=False, **standing):
    return may_start(Standing(person, tuple(cases), **standing), Wanted(kind, NOW, rings=rings))


def case(**parts):
    told = {"id": "c", "reference": "K7421R", "person_id": "awa", "kind": "question", "priority": "P3"}
    return Case(**{**told, "status": "open", "sensitive": False, "opened_at": NOW, **parts})


def test_somebody_who_agreed_is_written_to():
    assert asked() == Start()
    assert asked(kind="broadcast") == Start()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"opt_out": "all"}, "opted_out"),
        ({"opt_out": "check_ins"}, "opted_out"),
        ({"consent": "none"}, "no_consent"),
        ({"consent": "refused"}, "no_consent"),
        ({"discreet": True}, "discreet"),
        ({"minor": True}, "minor_without_guardian"),
        ({"addresses": ()}, "no_address"),
        ({"addresses": (Address("voice", "+22376000001"),)}, "no_address"),
        ({"unreachable": True}, "dead_number"),
    ],
)
def test_these_are_left_out_for_good(change, reason):
    assert asked(replace(AWA, **change)) == Skip(reason)
    assert asked(replace(AWA, **change), kind="broadcast") == Skip(reason)


def test_an_erased_person_is_left_out():
    assert asked(None) == Skip("erased")


def test_a_minor_whose_guardian_agreed_is_written_to():
    assert asked(replace(AWA, minor=True, guardian=True)) == Start()


def test_do_not_call_bars_the_telephone_and_stands_beside_a_text():
    quiet = replace(AWA, do_not_call=True)

    assert asked(quiet, rings=True) == Skip("do_not_call")
    assert asked(quiet) == Start("do_not_call")


def test_a_refusal_counts_before_everything_that_only_waits():
    assert asked(replace(AWA, opt_out="all"), case(priority="P1"), started_today=9) == Skip("opted_out")


@pytest.mark.parametrize("grave", [{"priority": "P1"}, {"priority": "P2"}, {"sensitive": True}])
def test_an_urgent_or_sensitive_case_makes_it_wait(grave):
    assert asked(AWA, case(**grave)) == Wait(NOW + limits.REMINDER_HELD, "grave_case")


@pytest.mark.parametrize("status", ["taken", "waiting", "answered"])
def test_a_case_in_somebodys_hands_makes_it_wait(status):
    assert asked(AWA, case(status=status)) == Wait(NOW + limits.REMINDER_HELD, "with_a_person")


def test_a_case_that_nobody_has_taken_holds_nothing_up_unless_they_wait_for_somebody():
    assert asked(AWA, case()) == Start()
    assert asked(AWA, case(), paused=True) == Wait(NOW + limits.REMINDER_HELD, "with_a_person")


def test_nothing_is_held_up_any_more_once_the_case_is_closed():
    assert asked(AWA, case(status="closed", priority="P1")) == Start()


def test_who_is_answering_something_else_is_left_to_it():
    assert asked(AWA, busy=True) == Wait(NOW + limits.BUSY_FOR, "busy")


def test_after_enough_messages_a_day_the_next_waits_until_midnight_in_bamako():
    assert asked(AWA, started_today=limits.STARTED_A_DAY - 1) == Start()

    waits = asked(AWA, started_today=limits.STARTED_A_DAY)

    assert waits == Wait(datetime(2026, 11, 24, 0, 0, tzinfo=UTC), "too_many_today")


def test_each_reason_is_a_sentence_for_staff():
    assert all(text.endswith(".") and len(text) < 120 for text in WORDS.values())
    assert timedelta(0) < limits.BUSY_FOR <= limits.REMINDER_HELD
