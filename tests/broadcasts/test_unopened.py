"""What the ledger says of somebody who got a WhatsApp template: nothing of the text before the text itself."""

from datetime import timedelta

import pytest

from bot.adapters.sql.gone_quiet import SqlGoneQuiet
from bot.core import limits
from bot.core.messages import Incoming, Status
from bot.ports.broadcasts import LedgerFilter
from bot.service import broadcasts
from bot.service.broadcasts import Seen
from bot.service.hand_out import Road
from bot.service.receive_message import receive_message
from bot.service.send_broadcasts import send_broadcasts
from bot.service.send_due import send_due
from bot.service.take_status import Report, take_status
from tests.broadcasts.conftest import AMINATA, TEMPLATE, scheduled


@pytest.fixture
def road(post):
    return Road({"twilio": post}, template=TEMPLATE)


def asks(opening, village, road, **changes):
    """Let a template have gone to one person."""
    ident = village.person(channel="whatsapp")
    one = scheduled(opening, **changes)
    send_broadcasts(opening, road)
    return ident, one


def reports(desk, row, status, **more):
    assert take_status(desk.ports.store, desk.ports.clock, Report("twilio", f"SM{row.id}", status, row.id, **more))


def answers(desk, ident, road, text="Lire"):
    desk.ports.clock.at += timedelta(minutes=5)
    to = desk.ports.store.person(ident).person.addresses[0]
    receive_message(
        desk.brain, desk.ports, Incoming("twilio", desk.ports.ids.new(), to, "+22320000000", text, desk.now)
    )
    send_due(desk.ports.store, desk.ports.clock, road)


def stands(desk, one):
    """Return the state of a broadcast, and what its one row says."""
    (row,) = desk.broadcasts.ledger(one.id, LedgerFilter())
    return desk.broadcasts.get(one.id).state, row.status, row.reason


def test_a_template_that_arrived_is_no_text_that_arrived(opening, village, post, road):
    _, one = asks(opening, village, road)
    assert stands(opening, one) == ("running", "accepted", "awaits_answer")

    reports(opening, post.taken[0], Status.DELIVERED)
    reports(opening, post.taken[0], Status.READ)
    opening.ports.clock.at += limits.REPORTS_WITHIN
    send_broadcasts(opening, road)

    assert stands(opening, one) == ("running", "sent", "awaits_answer")


def test_after_three_days_without_an_answer_the_row_says_so_and_the_broadcast_ends(opening, village, post, road):
    ident, one = asks(opening, village, road)
    reports(opening, post.taken[0], Status.DELIVERED)

    opening.ports.clock.at += limits.TEMPLATE_WAITS
    send_broadcasts(opening, road)
    assert stands(opening, one) == ("done", "skipped", "no_answer")
    assert opening.broadcasts.spent(one.id) == 1650 + 300  # the template has left

    reports(opening, post.taken[0], Status.READ)
    answers(opening, ident, road, "bonjour")
    assert stands(opening, one) == ("done", "skipped", "no_answer")


def test_once_it_is_answered_the_row_follows_the_text(opening, village, post, road):
    ident, one = asks(opening, village, road)
    reports(opening, post.taken[0], Status.DELIVERED)

    answers(opening, ident, road)
    assert stands(opening, one) == ("running", "accepted", "")
    reports(opening, post.taken[0], Status.READ)
    reports(opening, post.taken[1], Status.DELIVERED)
    send_broadcasts(opening, road)

    assert stands(opening, one) == ("done", "delivered", "")
    assert [row.template for row in post.taken] == [TEMPLATE, None]


def test_a_text_that_fails_after_the_answer_goes_by_sms(opening, village, post, road):
    ident, one = asks(opening, village, road, sms_fallback=True)
    answers(opening, ident, road)

    reports(opening, post.taken[1], Status.UNDELIVERED, error_code="63003")
    send_broadcasts(opening, road)

    assert [row.to.channel for row in post.taken] == ["whatsapp", "whatsapp", "sms"]
    assert stands(opening, one) == ("running", "accepted", "")
    assert opening.broadcasts.spent(one.id) == 1650 + 300 + 2500


def test_a_pause_keeps_no_answer_from_whoever_opened_it(opening, village, post, road):
    ident, one = asks(opening, village, road)
    broadcasts.pause(opening, Seen(AMINATA, one.id))

    answers(opening, ident, road)

    assert [row.template for row in post.taken] == [TEMPLATE, None]
    assert stands(opening, one) == ("paused", "accepted", "")


def test_what_is_called_off_does_not_follow_the_template(opening, village, post, road):
    ident, one = asks(opening, village, road)
    broadcasts.cancel(opening, Seen(AMINATA, one.id))
    assert stands(opening, one) == ("cancelled", "skipped", "cancelled")

    answers(opening, ident, road, "bonjour")

    assert not [row for row in post.taken if row.text.startswith("Bonjour Awa") and not row.template]
    assert opening.broadcasts.spent(one.id) == 1650 + 300


def test_whoever_never_opens_what_asks_is_gone_quiet(opening, village, road, database):
    ident, _ = asks(opening, village, road, kind="check_in", flow="check_in")
    opening.ports.clock.at += limits.TEMPLATE_WAITS
    send_broadcasts(opening, road)

    (silent,) = SqlGoneQuiet(database).silent(now=opening.now, tries=1, limit=10)
    assert silent.person_id == ident
