"""What happens to somebody between taking their message for sending and sending it: it does not leave."""

import pytest

from bot.core import limits
from bot.core.messages import Status
from bot.ports.broadcasts import LedgerFilter
from bot.service import broadcasts
from bot.service.broadcasts import Seen
from bot.service.feed_broadcasts import feed_broadcasts
from bot.service.hand_out import Road, hand_out
from bot.service.send_broadcasts import send_broadcasts
from bot.service.send_due import settle_all
from bot.service.take_status import Report, take_status
from tests.broadcasts.conftest import AMINATA, says, scheduled


@pytest.fixture
def road(post):
    return Road({"twilio": post})


def erase(desk, ident):
    with desk.ports.store.write() as tx:
        tx.forget(ident, receipt="r", now=desk.now)


def in_danger(desk, ident):
    says(desk, ident, "au secours on veut me tuer")


def tired(desk, ident):
    says(desk, ident, "stop")


def is_read_by_others(desk, ident):
    says(desk, ident, "quelqu'un d'autre lit ce telephone")


def becomes(**profile):
    def happens(desk, ident):
        with desk.ports.store.write() as tx:
            tx.save_profile(ident, profile, now=desk.now)

    return happens


HAPPENS = pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (erase, "erased"),
        (in_danger, "grave_case"),
        (tired, "opted_out"),
        (is_read_by_others, "discreet"),
        (becomes(consent="refused"), "no_consent"),
        (becomes(minor=True), "minor_without_guardian"),
        (becomes(unreachable=True), "dead_number"),
    ],
)


@HAPPENS
@pytest.mark.parametrize("content", [{}, {"kind": "check_in", "flow": "check_in"}])
def test_between_being_taken_and_sent(desk, village, post, road, *, happens, reason, content):
    first, second = village.people(2)
    one = scheduled(desk, **content)
    meanwhile = {first: second, second: first}
    post.before = lambda row: happens(desk, meanwhile[row.person_id]) if not post.taken else None

    send_broadcasts(desk, road)

    (written_to,) = post.times()
    assert written_to in (first, second)
    assert desk.broadcasts.reasons(one.id) == {("skipped", reason): 1}


@HAPPENS
def test_between_being_queued_and_taken(desk, village, post, road, *, happens, reason):
    ident = village.person()
    one = scheduled(desk)
    feed_broadcasts(desk)

    happens(desk, ident)
    send_broadcasts(desk, road)

    assert (post.taken, desk.broadcasts.reasons(one.id)) == ([], {("skipped", reason): 1})
    assert desk.broadcasts.spent(one.id) == 0  # what never left has cost nothing


@HAPPENS
def test_what_a_first_try_has_cost_stays_counted(desk, village, post, road, *, happens, reason):
    ident = village.person()
    one = scheduled(desk)
    send_broadcasts(desk, road)
    (first,) = post.taken
    lost = Report("twilio", f"SM{first.id}", Status.UNDELIVERED, first.id, error_code="30003", verdict="retry")
    take_status(desk.ports.store, desk.ports.clock, lost)
    desk.ports.clock.at += limits.BROADCAST_AGAIN
    feed_broadcasts(desk)
    assert desk.broadcasts.spent(one.id) == 2 * 2500

    happens(desk, ident)
    send_broadcasts(desk, road)

    assert desk.broadcasts.reasons(one.id) == {("skipped", reason): 1}
    assert desk.broadcasts.spent(one.id) >= 2500


def test_a_row_without_a_person_is_left_out_with_the_reason(desk, village, post, road):
    ident, other = village.people(2)
    one = scheduled(desk)
    feed_broadcasts(desk)
    erase(desk, ident)

    send_broadcasts(desk, road)

    assert post.times() == {other: 1}
    (row,) = desk.broadcasts.ledger(one.id, LedgerFilter(statuses=("skipped",)))
    assert (row.person_id, row.reason) == (None, "erased")


@pytest.mark.parametrize(("step", "then"), [("pause", Status.QUEUED), ("cancel", Status.SKIPPED)])
def test_a_pause_holds_even_what_was_taken_already(desk, village, post, road, *, step, then):
    village.people(4)
    one = scheduled(desk)
    feed_broadcasts(desk)
    store, lease = desk.ports.store, desk.now + limits.BULK_LEASE
    taken = store.claim_due(limit=4, lease_until=lease, now=desk.now, bulk=True)

    getattr(broadcasts, step)(desk, Seen(AMINATA, one.id))
    said = [(row, result) for row, result in hand_out(store, desk.ports.clock, road, taken) if result]
    settle_all(store, said, now=desk.now)

    assert post.taken == []
    assert {store.outgoing(row.id).status for row in taken} == {then}
