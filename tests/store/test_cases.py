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
