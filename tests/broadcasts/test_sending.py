"""A broadcast from its schedule to its end: everybody once, whatever happens on the way."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core import limits
from bot.core.messages import Incoming, Status
from bot.ports import SendResult
from bot.ports.broadcasts import LedgerFilter
from bot.service import broadcasts
from bot.service.broadcasts import Seen
from bot.service.confirm_sent import confirm_sent
from bot.service.feed_broadcasts import feed_broadcasts
from bot.service.hand_out import Road
from bot.service.receive_message import receive_message
from bot.service.send_broadcasts import send_broadcasts
from bot.service.send_due import send_due
from bot.service.take_status import Report, take_status
from tests.broadcasts.conftest import AMINATA, scheduled


@pytest.fixture
def road(post):
    return Road({"twilio": post})


def ledger(desk, one):
    return {row.person_id: (row.status, row.reason) for row in desk.broadcasts.ledger(one.id, LedgerFilter())}


def test_it_reaches_everybody_once_in_their_language_and_ends(desk, village, post, road, clock):
    people = village.people(20) + village.people(20, language="bm")
    one = scheduled(desk)

    sent = send_broadcasts(desk, road)

    assert sent == 40
    assert post.times() == dict.fromkeys(people, 1)
    texts = {row.person_id: row.text for row in post.taken}
    assert texts[people[0]] == "Bonjour Awa 1, réunion lundi à 9 h. Écrivez OUI."
    assert texts[people[-1]] == "I ni ce Awa 40, nyògònye ntènè 9."
    assert desk.broadcasts.counts(one.id) == {"accepted": 40}
    clock.at += limits.REPORTS_WITHIN
    send_broadcasts(desk, road)
    assert desk.broadcasts.get(one.id).state == "done"


def test_the_expected_price_is_the_sum_over_the_ledger(desk, village, road):
    village.people(3)
    village.people(2, language="bm")
    one = scheduled(desk)
    before = desk.broadcasts.get(one.id)

    send_broadcasts(desk, road)

    after = desk.broadcasts.get(one.id)
    assert (before.expected_people, before.expected_centimes) == (after.expected_people, after.expected_centimes)
    assert after.expected_people == 5
    assert desk.broadcasts.spent(one.id) == sum(row.centimes for row in desk.broadcasts.ledger(one.id, LedgerFilter()))


def test_two_workers_at_once_double_nothing(desk, village, post, road):
    people = village.people(150)
    scheduled(desk)
    workers = [threading.Thread(target=send_broadcasts, args=(desk, road)) for _ in range(3)]

    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    send_broadcasts(desk, road)

    assert post.times() == dict.fromkeys(people, 1)


def test_after_a_crash_between_the_call_and_the_commit_the_provider_is_asked(desk, village, post, road, clock):
    people = village.people(5)
    one = scheduled(desk)
    feed_broadcasts(desk)
    now = clock.now()
    claimed = desk.ports.store.claim_due(limit=9, lease_until=now + limits.SEND_LEASE, now=now, bulk=True)
    for row in claimed[:3]:
        post.send(row)  # and the worker is killed here: three have it, two do not, and no row says so

    clock.at += limits.SEND_LEASE
    confirm_sent(desk.ports.store, clock, {"twilio": post})
    send_broadcasts(desk, road)

    assert post.times() == dict.fromkeys(people, 1)
    assert desk.broadcasts.counts(one.id) == {"accepted": 5}


def test_a_pause_holds_what_is_queued_and_resuming_sends_it_once(desk, village, post, road):
    people = village.people(10)
    one = scheduled(desk)
    feed_broadcasts(desk)
    broadcasts.pause(desk, Seen(AMINATA, one.id))

    assert send_broadcasts(desk, road) == 0
    assert post.taken == []

    broadcasts.resume(desk, Seen(AMINATA, one.id))
    send_broadcasts(desk, road)
    assert post.times() == dict.fromkeys(people, 1)


def test_calling_off_leaves_out_whoever_was_not_written_to_and_gives_their_price_back(desk, village, post, clock):
    village.people(6)
    one = scheduled(desk)
    feed_broadcasts(desk)
    send_due(desk.ports.store, clock, {"twilio": post}, limit=2, bulk=True)

    broadcasts.cancel(desk, Seen(AMINATA, one.id))

    assert send_broadcasts(desk, Road({"twilio": post})) == 0
    assert desk.broadcasts.counts(one.id) == {"accepted": 2, "skipped": 4}
    assert desk.broadcasts.reasons(one.id) == {("skipped", "cancelled"): 4}
    assert desk.broadcasts.spent(one.id) == 2 * 2500


def waits(desk, ident):
    """Let somebody ask for a person, whom they wait for."""
    to = desk.ports.store.person(ident).person.addresses[0]
    words = "au secours on veut me tuer"
    receive_message(desk.brain, desk.ports, Incoming("twilio", desk.ports.ids.new(), to, "+2232", words, desk.now))


def test_whoever_has_to_wait_after_a_long_pause_is_waited_for_as_long_as_anybody(desk, village, post, road, clock):
    (ident,) = village.people(1)
    one = scheduled(desk)
    waits(desk, ident)
    feed_broadcasts(desk)
    assert ledger(desk, one)[ident] == ("queued", "grave_case")
    broadcasts.pause(desk, Seen(AMINATA, one.id))
    clock.at += limits.BROADCAST_HELD + timedelta(days=1)
    broadcasts.resume(desk, Seen(AMINATA, one.id))
    feed_broadcasts(desk)
    assert ledger(desk, one)[ident] == ("queued", "grave_case")

    for _ in range(4):
        clock.at += timedelta(days=1)
        feed_broadcasts(desk)
    assert ledger(desk, one)[ident] == ("skipped", "grave_case")


def test_whoever_has_to_wait_late_in_a_broadcast_is_waited_for_from_then_on(desk, village, post, road, clock):
    (person,) = village.people(1)
    one = scheduled(desk)
    post.answers = [SendResult(Status.FAILED, error_code="30006", verdict="permanent")]
    send_broadcasts(desk, road)
    clock.at += limits.BROADCAST_HELD + timedelta(days=1)
    waits(desk, person)

    broadcasts.retry_failed(desk, Seen(AMINATA, one.id))
    feed_broadcasts(desk)

    assert ledger(desk, one)[person] == ("queued", "grave_case")


def test_failed_ones_are_tried_again_on_demand_and_nobody_else(desk, village, post, road, clock):
    people = village.people(4)
    post.answers = [SendResult(Status.FAILED, error_code="30006", verdict="permanent")]
    one = scheduled(desk)
    send_broadcasts(desk, road)
    assert desk.broadcasts.reasons(one.id) == {("failed", "30006"): 1}

    broadcasts.retry_failed(desk, Seen(AMINATA, one.id))
    send_broadcasts(desk, road)

    assert post.times() == dict.fromkeys(people, 1)
    assert desk.broadcasts.counts(one.id) == {"accepted": 4}


def test_what_was_tried_again_on_demand_shows_the_price_of_both_tries(desk, village, post, road, clock):
    village.people(1)
    one = scheduled(desk)
    send_broadcasts(desk, road)
    row = post.taken[0]
    take_status(desk.ports.store, clock, Report("twilio", f"SM{row.id}", Status.UNDELIVERED, row.id, "30003"))

    broadcasts.retry_failed(desk, Seen(AMINATA, one.id))
    (waits,) = desk.broadcasts.ledger(one.id, LedgerFilter())
    assert (waits.status, waits.reason, waits.centimes) == ("queued", "", 2500)
    send_broadcasts(desk, road)

    (again,) = desk.broadcasts.ledger(one.id, LedgerFilter())
    assert (again.status, again.reason, again.centimes) == ("accepted", "", 2 * 2500)
    assert desk.broadcasts.spent(one.id) == 2 * 2500


def test_it_pauses_before_its_budget_is_passed(desk, village, post, road):
    village.people(10)
    one = scheduled(desk, budget=4 * 2500)

    send_broadcasts(desk, road)

    paused = desk.broadcasts.get(one.id)
    assert (paused.state, paused.pause_reason) == ("paused", "budget")
    assert len(post.taken) == 4
    assert desk.broadcasts.spent(one.id) == 4 * 2500


def test_the_cap_of_the_month_counts_every_broadcast(desk, village, post, road):
    village.people(4)
    capped = replace(desk, month_cap=6 * 2500)
    first, second = scheduled(capped), scheduled(capped)

    send_broadcasts(capped, road)
    send_broadcasts(capped, road)

    states = [capped.broadcasts.get(one.id).pause_reason for one in (first, second)]
    assert sorted(states) == ["", "month_budget"]
    assert capped.broadcasts.spent_in("2026-11") == 6 * 2500


def test_nothing_leaves_in_quiet_hours_but_answers_do(desk, village, post, road, clock):
    village.people(2)
    scheduled(desk)
    clock.at += timedelta(hours=12)

    assert send_broadcasts(desk, road) == 0

    clock.at += timedelta(hours=12)
    assert send_broadcasts(desk, road) == 2


def test_an_answer_that_waits_goes_before_the_next_slice(desk, village, post, road, clock):
    ports = desk.ports
    people = village.people(40)
    scheduled(desk)
    feed_broadcasts(desk)
    row = ports.store.claim_due(limit=1, lease_until=clock.now(), now=clock.now(), bulk=True)[0]
    with ports.store.write() as tx:
        tx.update_outgoing(row.id, {"status": Status.QUEUED, "not_before": clock.now()})
        tx.add_outgoing([replace(row, id="answer", kind="reply", broadcast_id=None, status=Status.QUEUED)])

    send_broadcasts(desk, road)

    assert post.taken[0].id == "answer"
    assert len(post.taken) == len(people) + 1


def test_a_refusal_for_now_is_tried_again_after_a_pause(desk, village, post, road, clock):
    people = village.people(2)
    post.answers = [SendResult(Status.QUEUED, error_code="20429", verdict="retry")]
    one = scheduled(desk)
    send_broadcasts(desk, road)
    assert len(post.taken) == 1

    clock.at += timedelta(minutes=2)
    send_broadcasts(desk, road)

    assert post.times() == dict.fromkeys(people, 1)
    assert desk.broadcasts.counts(one.id) == {"accepted": 2}


def test_a_telephone_that_was_off_is_tried_again_hours_later_and_not_for_ever(desk, village, post, road, clock):
    (person,) = village.people(1)
    one = scheduled(desk)
    for _ in range(limits.BROADCAST_TRIES + 2):
        send_broadcasts(desk, road)
        row = post.taken[-1]
        take_status(
            desk.ports.store,
            clock,
            Report("twilio", f"SM{row.id}", Status.UNDELIVERED, row.id, error_code="30003", verdict="retry"),
        )
        clock.at += timedelta(days=1)

    assert post.times() == {person: limits.BROADCAST_TRIES}
    assert ledger(desk, one)[person] == ("undelivered", "30003")


def test_a_doubled_report_does_not_take_the_next_try_away(desk, village, post, road, clock):
    (person,) = village.people(1)
    one = scheduled(desk)
    send_broadcasts(desk, road)
    row = post.taken[0]
    off = Report("twilio", f"SM{row.id}", Status.UNDELIVERED, row.id, error_code="30003", verdict="retry")

    for report in (off, off, replace(off, verdict="ok")):
        take_status(desk.ports.store, clock, report)
    assert ledger(desk, one)[person] == ("queued", "30003")
    clock.at += limits.BROADCAST_AGAIN
    send_broadcasts(desk, road)

    assert post.times() == {person: 2}


def test_a_doubled_report_does_not_pause_what_has_been_resumed(desk, village, post, road, clock):
    village.people(1)
    one = scheduled(desk)
    send_broadcasts(desk, road)
    row = post.taken[0]
    refused = Report("twilio", f"SM{row.id}", Status.FAILED, row.id, error_code="30034", verdict="blocked")
    take_status(desk.ports.store, clock, refused)
    assert desk.broadcasts.get(one.id).pause_reason == "refused"

    broadcasts.resume(desk, Seen(AMINATA, one.id))
    take_status(desk.ports.store, clock, refused)

    assert desk.broadcasts.get(one.id).state == "running"


def test_its_own_sender_is_listened_to_while_it_runs_and_for_two_weeks(desk, village, post, road, clock):
    village.people(1)
    for sender in ("36200", None):
        scheduled(desk, sender=sender)
    assert desk.broadcasts.senders(since=clock.at) == ()  # nothing has left from it

    send_broadcasts(desk, road)
    began = clock.at
    assert desk.broadcasts.senders(since=began) == ("36200",)
    clock.at += timedelta(days=1)
    send_broadcasts(desk, road)

    assert desk.broadcasts.senders(since=began) == ("36200",)
    assert desk.broadcasts.senders(since=clock.at) == ()


def test_reports_doubled_and_backwards_move_the_ledger_only_forward(desk, village, post, road, clock):
    (person,) = village.people(1)
    one = scheduled(desk)
    send_broadcasts(desk, road)
    row = post.taken[0]

    for status in (Status.DELIVERED, Status.SENT, Status.DELIVERED, Status.ACCEPTED):
        take_status(desk.ports.store, clock, Report("twilio", f"SM{row.id}", status, row.id))

    assert ledger(desk, one)[person] == ("delivered", "")


def test_a_wrong_configuration_stops_the_whole_broadcast_and_loses_nobody(desk, village, post, road, clock):
    people = village.people(3)
    post.answers = [SendResult(Status.FAILED, error_code="21606", verdict="blocked")]
    one = scheduled(desk)

    send_broadcasts(desk, road)

    paused = desk.broadcasts.get(one.id)
    assert (paused.state, paused.pause_reason, post.taken) == ("paused", "refused", [])
    clock.at += timedelta(hours=1)
    broadcasts.resume(desk, Seen(AMINATA, one.id))
    send_broadcasts(desk, road)
    assert post.times() == dict.fromkeys(people, 1)
