"""A broadcast through the real SDK to Twilio's stand-in: validated requests, reports late, doubled and backwards."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
import requests

from bot.adapters.pace import LocalPace
from bot.adapters.twilio import TwilioSender
from bot.adapters.twilio_words import STATUSES
from bot.core import limits
from bot.core.broadcasts import Refused
from bot.core.messages import Address, Incoming, Status
from bot.service import broadcasts
from bot.service.broadcasts import Seen
from bot.service.confirm_sent import confirm_sent
from bot.service.hand_out import Road
from bot.service.receive_message import receive_message
from bot.service.send_broadcasts import send_broadcasts
from bot.service.send_due import send_due
from bot.service.take_status import Report, take_status
from bot.twilio_settings import Twilio
from tests.broadcasts.conftest import AMINATA, scheduled
from tests.twilio_stand_in import ACCOUNT_SID, SMS_NUMBER, TOKEN, WHATSAPP_NUMBER, StandIn, stand_in
from tests.twilio_stand_in.knocks import Answer

TEMPLATE = "HX00000000000000000000000000000001"


@pytest.fixture
def twilio(clock) -> Iterator[StandIn]:
    with stand_in(now=clock.now).running() as found:
        yield found


@pytest.fixture
def road(twilio: StandIn) -> Road:
    account = Twilio(ACCOUNT_SID, TOKEN, SMS_NUMBER, WHATSAPP_NUMBER, twilio.url)
    paces = {"sms": LocalPace(1000), "whatsapp": LocalPace(1000)}
    sender = TwilioSender(account, public_url="http://127.0.0.1:1", paces=paces, timeout=5)
    return Road({"twilio": sender}, template=TEMPLATE)


def test_faults_on_the_way_lose_and_double_nobody(desk, village, twilio, road):
    people = village.people(8)
    one = scheduled(desk)
    twilio.account.fail_next("close", "429", "500 after accepting", "500")

    send_broadcasts(desk, road)
    desk.ports.clock.at += limits.SEND_LEASE
    confirm_sent(desk.ports.store, desk.ports.clock, road.senders)
    send_broadcasts(desk, road)

    got = Counter(message.to for message in twilio.account.outgoing())
    assert sorted(got.values()) == [1] * len(people)
    assert desk.broadcasts.counts(one.id) == {"accepted": len(people)}


@pytest.mark.parametrize("manner", ["in order", "doubled", "backwards"])
def test_reports_in_any_manner_end_at_delivered(desk, village, twilio, road, manner):
    village.people(3)
    one = scheduled(desk)
    send_broadcasts(desk, road)
    sids = {message.sid: message for message in twilio.account.outgoing()}

    def knocked(_url: str, body: bytes, _headers: object) -> Answer:
        fields = dict(parse_qsl(body.decode()))
        report = Report("twilio", fields["MessageSid"], STATUSES[fields["MessageStatus"]])
        take_status(desk.ports.store, desk.ports.clock, report)
        return Answer(204)

    twilio.knocker.post = knocked

    twilio.report(manner=manner)

    assert len(sids) == 3
    assert desk.broadcasts.counts(one.id) == {Status.DELIVERED.value: 3}


def test_outside_the_window_the_template_is_what_leaves(desk, village, twilio, road):
    village.person(channel="whatsapp")
    scheduled(replace(desk, template=TEMPLATE))

    send_broadcasts(replace(desk, template=TEMPLATE), road)

    (message,) = twilio.account.outgoing()
    assert (message.content, message.body) == (TEMPLATE, "")
    assert [status for status, _ in message.ends] == ["sent", "delivered"]


def test_the_stand_in_shows_what_was_delivered(desk, village, twilio, road):
    village.people(2)
    scheduled(desk)
    send_broadcasts(desk, road)

    page = requests.get(f"{twilio.url}/", timeout=5)

    assert page.status_code == 200
    assert page.text.count("réunion lundi") == 2


def test_it_waits_as_long_as_the_provider_asks(desk, village, twilio, road):
    village.person()
    scheduled(desk)
    twilio.account.fail_next("429")
    send_broadcasts(desk, road)

    (row,) = desk.ports.store.claim_due(
        limit=1, lease_until=desk.now, now=desk.now + limits.SEND_BACKOFF * 1.25, bulk=True
    )
    result = road.senders["twilio"].send(row)
    twilio.account.fail_next("429")
    refused = road.senders["twilio"].send(row)

    assert (result.verdict, result.after) == ("ok", 0)
    assert (refused.verdict, refused.after) == ("retry", 7)


def test_it_leaves_from_the_sender_that_the_broadcast_names(desk, village, twilio, road):
    village.person()
    twilio.account.senders.add("+22320111213")
    scheduled(desk, sender="+22320111213")

    send_broadcasts(desk, road)

    assert [message.sender for message in twilio.account.outgoing()] == ["+22320111213"]


def test_a_word_is_the_sender_only_where_the_text_names_a_number_to_write_to(desk, village, twilio, road):
    village.person()
    twilio.account.senders.add("SEGIN")
    with pytest.raises(Refused, match="Personne ne peut répondre à « SEGIN »"):
        scheduled(desk, sender="SEGIN")

    named = {"fr": "Réunion lundi. Écrivez au 76 12 34 56.", "bm": "Ɲɔgɔnye ntɛnɛ : 76 12 34 56."}
    made = scheduled(desk, sender="SEGIN", texts=named)
    send_broadcasts(desk, road)
    broadcasts.test_send(desk, Seen(AMINATA, made.id), [Address("sms", "+22376000001")])
    send_due(desk.ports.store, desk.ports.clock, road)

    assert [message.sender for message in twilio.account.outgoing()] == ["SEGIN"] * 3


@pytest.mark.parametrize("sender", ["SEGINASSISTANT", "7", "12ab!"])
def test_what_no_sms_can_leave_from_is_refused(desk, village, sender):
    village.person()
    with pytest.raises(Refused, match="L'expéditeur est un numéro"):
        scheduled(desk, sender=sender)


def test_the_answers_to_a_conversation_go_on_from_the_usual_sender(desk, village, twilio, road):
    ident = village.person()
    twilio.account.senders.add("+22320111213")
    scheduled(desk, kind="check_in", flow="check_in", sender="+22320111213")
    send_broadcasts(desk, road)
    desk.ports.clock.at += timedelta(minutes=1)

    to = desk.ports.store.person(ident).person.addresses[0]
    heard = Incoming("twilio", "SMin", to, "+22320111213", "1", desk.now)
    rows = receive_message(desk.brain, desk.ports, heard).rows

    assert [message.sender for message in twilio.account.outgoing()] == ["+22320111213"]
    assert [row.sender for row in rows] == [None] * len(rows)
