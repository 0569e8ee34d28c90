"""What WhatsApp does not deliver goes by SMS, where that is allowed and paid for."""

from dataclasses import replace

import pytest

from bot.core import limits
from bot.core.messages import Status
from bot.ports.broadcasts import LedgerFilter
from bot.service.feed_broadcasts import feed_broadcasts
from bot.service.hand_out import Road
from bot.service.send_broadcasts import send_broadcasts
from bot.service.take_status import Report, take_status
from tests.broadcasts.conftest import TEMPLATE, scheduled


@pytest.fixture
def road(post):
    return Road({"twilio": post}, template=TEMPLATE)


def test_what_whatsapp_does_not_deliver_goes_as_sms_where_that_is_allowed(opening, village, post, road):
    ident = village.person(channel="whatsapp")
    scheduled_one = scheduled(opening, sms_fallback=True)
    send_broadcasts(opening, road)
    first = post.taken[0]

    take_status(
        opening.ports.store,
        opening.ports.clock,
        Report("twilio", f"SM{first.id}", Status.UNDELIVERED, first.id, error_code="63003"),
    )
    send_broadcasts(opening, road)

    assert [row.to.channel for row in post.taken] == ["whatsapp", "sms"]
    (row,) = opening.broadcasts.ledger(scheduled_one.id, LedgerFilter())
    assert (row.person_id, row.channel, row.status, row.centimes) == (ident, "sms", "accepted", 1650 + 300 + 2500)


def test_a_doubled_report_does_not_take_the_sms_back(opening, village, post, road):
    village.person(channel="whatsapp")
    one = scheduled(opening, sms_fallback=True)
    send_broadcasts(opening, road)
    first = post.taken[0]

    lost = Report("twilio", f"SM{first.id}", Status.UNDELIVERED, first.id, error_code="63003")
    for report in (lost, lost, replace(lost, status=Status.FAILED)):
        take_status(opening.ports.store, opening.ports.clock, report)
    (row,) = opening.broadcasts.ledger(one.id, LedgerFilter())
    assert (row.channel, row.status) == ("sms", "queued")
    send_broadcasts(opening, road)
    take_status(opening.ports.store, opening.ports.clock, lost)

    assert [row.to.channel for row in post.taken] == ["whatsapp", "sms"]
    (row,) = opening.broadcasts.ledger(one.id, LedgerFilter())
    assert (row.channel, row.status) == ("sms", "accepted")


def test_a_conversation_that_whatsapp_does_not_deliver_begins_by_sms(opening, village, post, road):
    village.person(channel="whatsapp")
    scheduled(opening, kind="check_in", flow="check_in", sms_fallback=True)
    send_broadcasts(opening, road)
    first = post.taken[0]

    lost = Report("twilio", f"SM{first.id}", Status.UNDELIVERED, first.id, error_code="63003")
    take_status(opening.ports.store, opening.ports.clock, lost)
    opening.ports.clock.at += limits.BUSY_FOR
    send_broadcasts(opening, road)

    assert [row.to.channel for row in post.taken] == ["whatsapp", "sms"]
    assert "Comment ca va" in post.taken[1].text


def test_a_conversation_for_sms_goes_to_the_number_of_whoever_wrote_by_whatsapp(opening, village, post, road):
    ident = village.person(channel="whatsapp")
    village.write(ident)
    scheduled(opening, kind="check_in", flow="check_in", channel="sms")

    send_broadcasts(opening, road)

    assert [row.to.channel for row in post.taken] == ["sms"]


@pytest.mark.parametrize(
    ("allowed", "then"),
    [
        ({}, ("done", "", "undelivered")),
        # What was sent, and one centime less than an SMS costs.
        ({"sms_fallback": True, "budget": 1650 + 300 + 2499}, ("paused", "budget", "queued")),
    ],
)
def test_it_goes_by_no_sms_where_that_is_not_allowed_or_not_paid_for(opening, village, post, road, *, allowed, then):
    village.person(channel="whatsapp")
    one = scheduled(opening, **allowed)
    send_broadcasts(opening, road)

    (first,) = post.taken
    lost = Report("twilio", f"SM{first.id}", Status.UNDELIVERED, first.id, error_code="63003")
    take_status(opening.ports.store, opening.ports.clock, lost)
    feed_broadcasts(opening)

    now = opening.broadcasts.get(one.id)
    (row,) = opening.broadcasts.ledger(one.id, LedgerFilter())
    assert (now.state, now.pause_reason, row.status) == then
    assert [sent.to.channel for sent in post.taken] == ["whatsapp"]
