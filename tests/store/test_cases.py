"""Cases, their timelines, reminders and the audit trail."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import DBAPIError

from bot.core.case_life import Step
from bot.core.cases import CaseEvent
from bot.ports import Conflict, Reminder
from tests.store.people import FANTA, MINUTE, MOUSSA, NOW, case, meet


@pytest.fixture(autouse=True)
def people(store):
    meet(store)
    meet(store, "moussa", MOUSSA)
    meet(store, "fanta", FANTA)


def open_case(store, wanted):
    with store.write() as tx:
        return tx.open_case(wanted, now=NOW)


def change(store, before, **parts):
    with store.write() as tx:
        tx.change_case(before, Step(replace(before, **parts), CaseEvent(NOW, "note", "mariam")))


def test_it_gives_a_case_back_by_its_reference(store):
    wanted = case()

    assert open_case(store, wanted) == wanted
    assert store.case(wanted.reference) == wanted
    assert store.case("X0000X") is None
    assert store.person("awa").open_cases == (wanted,)


def test_it_joins_the_open_case_of_the_same_kind_and_raises_it(store):
    first = open_case(store, case(kind="threat", priority="P2"))

    again = open_case(store, case(kind="threat", priority="P1", number=8, sensitive=True))
    lower = open_case(store, case(kind="threat", priority="P3", number=9))

    assert again == replace(first, priority="P1", sensitive=True)
    assert lower == again


def test_it_joins_the_open_case_however_often_danger_is_written(store):
    first = open_case(store, case(kind="threat", priority="P1"))

    assert {open_case(store, case(kind="threat", number=number)).id for number in range(8, 38)} == {first.id}


def test_it_opens_another_case_of_the_kind_once_the_first_is_closed(store):
    first = open_case(store, case())
    change(store, first, status="closed", closed_at=NOW)

    second = open_case(store, case(number=8))

    assert second.id != first.id
    with pytest.raises(Conflict):  # reopening would make two open ones
        change(store, replace(first, status="closed", version=1), status="open", closed_at=None)


def test_it_refuses_a_reference_that_is_taken(store):
    open_case(store, case(number=5))

    with pytest.raises(Conflict):
        open_case(store, case("moussa", number=5))


def test_it_lists_the_most_urgent_first_then_the_oldest(store):
    open_case(store, case("awa", number=1, opened_at=NOW + MINUTE))
    open_case(store, case("moussa", number=2))
    urgent = open_case(store, case("fanta", number=3, priority="P1", opened_at=NOW + MINUTE))
    hidden = open_case(store, case("fanta", number=4, kind="complaint", sensitive=True))

    assert [found.person_id for found in store.cases()] == ["fanta", "moussa", "awa"]
    assert hidden in store.cases(include_sensitive=True)
    change(store, urgent, status="closed")
    assert [found.person_id for found in store.cases()] == ["moussa", "awa"]
    assert len(store.cases(include_closed=True)) == 3


def test_only_one_of_two_caseworkers_takes_a_case(store):
    wanted = open_case(store, case())
    change(store, wanted, status="taken", taken_by="mariam")

    with pytest.raises(Conflict):
        change(store, wanted, status="taken", taken_by="issa")

    assert store.case(wanted.reference).taken_by == "mariam"


def test_it_tells_the_story_of_a_case_in_order(store):
    wanted = open_case(store, case())
    story = (
        CaseEvent(NOW, "message", "person", "g perdu ma kart"),
        CaseEvent(NOW, "answer", "mariam", "Nous vous rappelons."),
    )
    with store.write() as tx:
        for event in story:
            tx.add_case_event(wanted.id, event)

    assert store.timeline(wanted.id) == story


def test_it_keeps_one_reminder_a_person_and_flow(store):
    with store.write() as tx:
        tx.add_reminder(Reminder("r1", "awa", "check_in", NOW))
        tx.add_reminder(Reminder("r2", "awa", "check_in", NOW + MINUTE, {"round": 2}))
        tx.add_reminder(Reminder("r3", "moussa", "check_in", NOW + 2 * MINUTE))

    assert store.due_reminders(limit=9, now=NOW) == ()
    assert store.due_reminders(limit=9, now=NOW + MINUTE) == (
        Reminder("r2", "awa", "check_in", NOW + MINUTE, {"round": 2}),
    )
    assert [item.id for item in store.due_reminders(limit=9, now=NOW + 9 * MINUTE)] == ["r2", "r3"]


@pytest.mark.parametrize(
    ("which", "left"),
    [({}, []), ({"flow": "check_in"}, ["r2"]), ({"reminder_id": "r2"}, ["r1"])],
)
def test_it_drops_reminders(store, which, left):
    with store.write() as tx:
        tx.add_reminder(Reminder("r1", "awa", "check_in", NOW))
        tx.add_reminder(Reminder("r2", "awa", "ask_again", NOW))
        tx.drop_reminders("awa", **which)

    assert [item.id for item in store.due_reminders(limit=9, now=NOW)] == left


@pytest.mark.parametrize("statement", ["DELETE FROM audit", "UPDATE audit SET actor = 'nobody'"])
def test_the_audit_trail_only_grows(store, database, statement):
    with store.write() as tx:
        tx.audit(actor="mariam", action="case.take", object_id="c1", now=NOW)

    with pytest.raises(DBAPIError, match="only grows"), database.writing() as connection:
        connection.exec_driver_sql(statement)


def test_what_the_person_writes_puts_a_case_that_waited_before_its_caseworker_again(store):
    wanted = open_case(store, case(status="answered", taken_by="mariam"))
    with store.write() as tx:
        tx.join_case(wanted.id, CaseEvent(NOW, "message", "person", "merci"), raised=None, due_at=NOW)

    found = store.case(wanted.reference)
    assert (found.status, found.due_at, found.version) == ("taken", None, 1)


def test_danger_makes_a_case_more_urgent_and_its_deadline_earlier(store):
    wanted = open_case(store, case(status="taken", taken_by="mariam", due_at=NOW + 9 * MINUTE))
    with store.write() as tx:
        for minutes in (5, 7):  # the second alarm puts nothing off
            event = CaseEvent(NOW, "danger", "person", "il va me tuer")
            tx.join_case(wanted.id, event, raised="P1", due_at=NOW + minutes * MINUTE)

    found = store.case(wanted.reference)
    assert (found.priority, found.due_at, found.first_due_at) == ("P1", NOW + 5 * MINUTE, NOW + 5 * MINUTE)


def test_asking_again_is_owed_an_answer_again(store):
    first = open_case(store, case(status="answered", first_due_at=NOW, first_answer_at=NOW))
    again = open_case(store, case(number=8, due_at=NOW + MINUTE, first_due_at=NOW + MINUTE))

    assert again == replace(first, status="taken", due_at=NOW + MINUTE)


def test_an_alert_is_remembered_with_its_time(store):
    wanted = open_case(store, case())
    with store.write() as tx:
        tx.add_case_event(wanted.id, CaseEvent(NOW + MINUTE, "alert", "segin"))

    assert store.case(wanted.reference).alerted_at == NOW + MINUTE


def test_a_person_s_case_is_found_for_that_person_only(store):
    wanted = open_case(store, case())

    with store.write() as tx:
        assert tx.case_of("awa", wanted.reference) == wanted
        assert tx.case_of("moussa", wanted.reference) is None
