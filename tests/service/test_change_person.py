"""Staff correct what is known of a person: of several at once, one is first and the others are told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from bot.adapters.sql.tables import audit
from bot.core.messages import Address
from bot.core.staff import Staff
from bot.service.change_person import Change, SomebodyElse, change_person, seen
from tests.conftest import MORNING

AWA = Staff("s1", "Awa", frozenset({"caseworker"}))
ASKED = 4


@pytest.fixture
def mark(ports):
    """Return the mark of what is known of p1."""
    with ports.store.write() as tx:
        tx.ensure_person("p1", Address("sms", "+22376112233"), now=MORNING)
        tx.save_contact("p1", {"place": "Kayes"}, now=MORNING)
    return seen(ports.store.person("p1").person)


def move(ports, mark, place):
    try:
        return change_person(ports, "p1", Change({"place": place}, mark, AWA, "p1"))
    except SomebodyElse:
        return None


def test_of_several_who_save_the_same_page_at_once_one_is_first(ports, database, mark):
    places = [f"Kita {number}" for number in range(ASKED)]
    with ThreadPoolExecutor(ASKED) as pool:
        done = list(pool.map(lambda place: move(ports, mark, place), places))

    assert done.count(None) == ASKED - 1
    assert ports.store.person("p1").person.contact["place"] == places[done.index(("place",))]
    with database.reading() as connection:
        assert len(connection.execute(select(audit.c.id)).all()) == 1


def test_whoever_saves_what_the_person_has_meanwhile_changed_is_told(ports, mark):
    with ports.store.write() as tx:
        tx.save_contact("p1", {"place": "Nioro"}, now=MORNING)

    assert move(ports, mark, "Kita") is None
    assert ports.store.person("p1").person.contact["place"] == "Nioro"


def test_of_somebody_who_was_erased_there_is_nothing_to_change(ports, mark):
    with ports.store.write() as tx:
        tx.forget("p1", receipt="K7421R", now=MORNING)

    assert move(ports, mark, "Kita") is None
