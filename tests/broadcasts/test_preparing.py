"""Recipients are written down in slices: a turn never waits for it, a crash doubles nobody, no part is ever seen."""

from dataclasses import replace

import pytest

from bot.core import limits
from bot.ports.broadcasts import LedgerFilter
from bot.service import broadcasts
from bot.service.broadcast_desk import weigh
from bot.service.broadcasts import Seen
from bot.service.feed_broadcasts import begin
from bot.service.hand_out import Road
from bot.service.send_broadcasts import send_broadcasts
from tests.broadcasts.conftest import AMINATA, scheduled


@pytest.fixture
def road(post):
    return Road({"twilio": post})


@pytest.fixture
def small_slices(monkeypatch):
    monkeypatch.setattr(limits, "PREPARE_SLICE", 2)


def prepared_in_part(desk, *, slices):
    """Bring a broadcast to where a worker was killed after some slices of two persons."""
    one = scheduled(desk)
    desk.broadcasts.save(replace(one, state="preparing"))
    for _ in range(slices):
        assert desk.broadcasts.prepare(one, weigh(desk, one), limit=2)
    return desk.broadcasts.get(one.id)


def test_slices_come_to_the_same_as_one(desk, village, post, road, small_slices):
    people = village.people(4) + village.people(3, language="bm")
    village.person(opt_out="all")
    one = scheduled(desk)

    send_broadcasts(desk, road)

    assert post.times() == dict.fromkeys(people, 1)
    now = desk.broadcasts.get(one.id)
    assert (now.state, now.expected_people, now.expected_centimes) == ("running", 7, 7 * 2500)
    assert desk.broadcasts.counts(one.id) == {"accepted": 7, "skipped": 1}


@pytest.mark.parametrize("slices", [0, 1, 3])
def test_a_worker_killed_between_two_slices_is_gone_on_from(desk, village, post, road, slices):
    people = village.people(7)
    prepared_in_part(desk, slices=slices)

    send_broadcasts(desk, road)

    assert post.times() == dict.fromkeys(people, 1)


def test_no_part_of_the_recipients_is_seen_and_nobody_is_written_to_before_the_end(desk, village):
    village.people(5)
    one = prepared_in_part(desk, slices=2)

    assert (one.state, one.frozen_at) == ("preparing", None)
    assert desk.broadcasts.counts(one.id) == {}
    assert desk.broadcasts.recipients(one.id, LedgerFilter()) == ()
    with desk.broadcasts.handing(one.id) as handing:
        assert handing is None


def test_a_pause_holds_between_two_slices_and_it_goes_on_where_it_stopped(desk, village, post, road):
    people = village.people(5)
    one = prepared_in_part(desk, slices=1)

    broadcasts.pause(desk, Seen(AMINATA, one.id))
    assert not desk.broadcasts.prepare(one, weigh(desk, one), limit=2)
    send_broadcasts(desk, road)
    assert (post.taken, desk.broadcasts.get(one.id).state) == ([], "paused")

    assert broadcasts.resume(desk, Seen(AMINATA, one.id)).state == "preparing"
    send_broadcasts(desk, road)
    assert post.times() == dict.fromkeys(people, 1)


def test_what_is_called_off_meanwhile_reaches_nobody(desk, village, post, road):
    village.people(5)
    one = prepared_in_part(desk, slices=2)

    broadcasts.cancel(desk, Seen(AMINATA, one.id))
    send_broadcasts(desk, road)

    assert (post.taken, desk.broadcasts.get(one.id).state) == ([], "cancelled")
    assert desk.broadcasts.counts(one.id) == {}


def test_two_workers_prepare_together_without_doubling_anybody(desk, village, post, road):
    people = village.people(6)
    one = prepared_in_part(desk, slices=1)
    weight = weigh(desk, one)

    assert desk.broadcasts.prepare(one, weight, limit=3)
    begin(desk, one)
    begin(desk, one)
    send_broadcasts(desk, road)

    assert post.times() == dict.fromkeys(people, 1)


def test_whoever_is_erased_meanwhile_is_not_written_to(desk, village, post, road):
    people = village.people(4)
    prepared_in_part(desk, slices=1)
    with desk.ports.store.write() as tx:
        tx.forget(people[0], receipt="r", now=desk.now)

    send_broadcasts(desk, road)

    assert post.times() == dict.fromkeys(people[1:], 1)
