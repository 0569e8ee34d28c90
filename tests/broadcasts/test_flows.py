"""A conversation or a check-in as what a broadcast says: it begins with each person, once, and answers belong to it."""

from datetime import timedelta

import pytest

from bot.core import limits
from bot.core.messages import Incoming
from bot.ports.broadcasts import LedgerFilter
from bot.service import broadcasts
from bot.service.hand_out import Road
from bot.service.receive_message import receive_message
from bot.service.send_broadcasts import send_broadcasts
from tests.broadcasts.conftest import scheduled, wanted


@pytest.fixture
def road(post):
    return Road({"twilio": post})


def writes(desk, ident, text):
    to = desk.ports.store.person(ident).person.addresses[0]
    incoming = Incoming("twilio", desk.ports.ids.new(), to, "+22320000000", text, desk.now)
    return receive_message(desk.brain, desk.ports, incoming)


def test_a_check_in_begins_with_everybody_once(desk, village, post, road):
    people = village.people(3) + village.people(2, language="bm")
    one = scheduled(desk, kind="check_in", flow="check_in")

    send_broadcasts(desk, road)
    send_broadcasts(desk, road)

    assert post.times() == dict.fromkeys(people, 1)
    assert {row.broadcast_id for row in post.taken} == {one.id}
    assert desk.ports.store.person(people[0]).state["stack"]


def test_an_answer_to_it_is_noted(desk, village, post, road):
    ident = village.person()
    one = scheduled(desk, kind="check_in", flow="check_in")
    send_broadcasts(desk, road)
    desk.ports.clock.at += timedelta(minutes=1)

    replies = writes(desk, ident, "1").rows

    assert replies
    assert desk.broadcasts.answered(one.id) == 1


def test_a_conversation_that_would_pass_the_budget_is_not_begun(desk, village, post, road):
    first, second = village.people(2)
    for_both = broadcasts.preview(desk, wanted(kind="flow", flow="check_in")).centimes
    one = scheduled(desk, kind="flow", flow="check_in", budget=for_both - 1)

    send_broadcasts(desk, road)

    assert (len(post.times()), desk.broadcasts.get(one.id).pause_reason) == (1, "budget")
    begun = [bool(desk.ports.store.person(ident).state) for ident in (first, second)]
    assert sorted(begun) == [False, True]


def test_whoever_is_in_the_middle_of_something_is_left_to_it_first(desk, village, post, road):
    ident = village.person()
    writes(desk, ident, "j'ai perdu ma carte d'identité")
    one = scheduled(desk)

    send_broadcasts(desk, road)
    (row,) = desk.broadcasts.ledger(one.id, LedgerFilter())
    desk.ports.clock.at += limits.BUSY_FOR + timedelta(minutes=30)
    send_broadcasts(desk, road)

    assert (row.status, row.reason) == ("queued", "busy")
    assert [sent.person_id for sent in post.taken] == [ident]


def test_whoever_is_in_grave_trouble_is_left_out_in_the_end(desk, village, post, road):
    ident = village.person()
    writes(desk, ident, "au secours on veut me tuer")
    one = scheduled(desk)

    for _ in range(6):
        send_broadcasts(desk, road)
        desk.ports.clock.at += timedelta(hours=25)

    (row,) = desk.broadcasts.ledger(one.id, LedgerFilter())
    assert (row.status, row.reason, post.taken) == ("skipped", "grave_case", [])


def test_nobody_gets_more_than_the_set_number_a_day_over_all_broadcasts(desk, village, post, road):
    (ident,) = village.people(1)
    for _ in range(limits.STARTED_A_DAY + 1):
        scheduled(desk)

    send_broadcasts(desk, road)
    assert post.times() == {ident: limits.STARTED_A_DAY}

    desk.ports.clock.at += timedelta(days=1)
    send_broadcasts(desk, road)
    assert post.times() == {ident: limits.STARTED_A_DAY + 1}
