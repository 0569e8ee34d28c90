"""Conversations and check-ins by WhatsApp through Twilio's stand-in, which refuses free text outside the 24 hours."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.crypto import Vault
from bot.adapters.pace import LocalPace
from bot.adapters.sql.check_ins import SqlCheckIns
from bot.adapters.twilio import TwilioSender
from bot.core.messages import Incoming
from bot.core.quiet import NEVER
from bot.service.broadcast_desk import first_words
from bot.service.hand_out import Road
from bot.service.plan_check_ins import plan_check_ins
from bot.service.receive_message import receive_message
from bot.service.send_broadcasts import send_broadcasts
from bot.service.send_check_ins import send_check_ins
from bot.service.send_due import send_due
from bot.twilio_settings import Twilio
from tests.broadcasts.conftest import scheduled
from tests.conftest import KEYS
from tests.service.asking import desk_of
from tests.twilio_stand_in import ACCOUNT_SID, SMS_NUMBER, TOKEN, WHATSAPP_NUMBER, StandIn, stand_in

USUAL = "HX00000000000000000000000000000001"
OWN = "HX00000000000000000000000000000002"


@pytest.fixture
def twilio(clock) -> Iterator[StandIn]:
    with stand_in(now=clock.now).running() as found:
        yield found


@pytest.fixture
def road(twilio) -> Road:
    account = Twilio(ACCOUNT_SID, TOKEN, SMS_NUMBER, WHATSAPP_NUMBER, twilio.url)
    paces = {"sms": LocalPace(1000), "whatsapp": LocalPace(1000)}
    sender = TwilioSender(account, public_url="http://127.0.0.1:1", paces=paces, timeout=5)
    return Road({"twilio": sender}, template=USUAL)


@pytest.fixture
def opening(desk):
    return replace(desk, template=USUAL)


def left(twilio):
    """Return what Twilio got: a template's name, or words; and the end of each."""
    return [(one.content or one.body, one.ends[-1][1]) for one in twilio.account.outgoing()]


def answers(desk, twilio, road, text):
    """Let Awa write, and send what is said to her."""
    to = desk.ports.store.person("person00001").person.addresses[0]
    twilio.account.take_in(sender=f"whatsapp:{to.reveal()}", to=WHATSAPP_NUMBER, body=text)
    desk.ports.clock.at += timedelta(minutes=5)
    heard = Incoming("twilio", desk.ports.ids.new(), to, WHATSAPP_NUMBER, text, desk.now)
    rows = receive_message(desk.brain, desk.ports, heard).rows
    send_due(desk.ports.store, desk.ports.clock, road)
    return rows


@pytest.mark.parametrize("content", [{"kind": "flow", "flow": "advice"}, {"kind": "check_in", "flow": "check_in"}])
def test_inside_the_window_a_conversation_leaves_as_text(opening, village, twilio, road, content):
    village.person(channel="whatsapp", language="bm")
    answers(opening, twilio, road, "ok")
    before = len(left(twilio))
    opening.ports.clock.at += timedelta(hours=2)
    scheduled(opening, **content, template=OWN)

    send_broadcasts(opening, road)

    ((said, code),) = left(twilio)[before:]
    assert (said.startswith("HX"), code) == (False, None)


@pytest.mark.parametrize("content", [{"kind": "flow", "flow": "advice"}, {"kind": "check_in", "flow": "check_in"}])
def test_outside_the_template_opens_it_and_the_conversation_follows_in_bambara(opening, village, twilio, road, content):
    village.person(channel="whatsapp", language="bm")
    scheduled(opening, **content, template=OWN)

    send_broadcasts(opening, road)
    assert left(twilio) == [(OWN, None)]
    answers(opening, twilio, road, "Lire")

    in_bambara = [wire.text for _, wire in first_words(opening, content["flow"], "bm", "whatsapp")]
    assert left(twilio) == [(OWN, None), *((text, None) for text in in_bambara)]
    assert answers(opening, twilio, road, "1")  # the first question is answered, not the template


def test_a_check_in_outside_the_window_is_opened_by_the_template_too(opening, village, twilio, road, database):
    village.person(channel="whatsapp", language="bm")
    desk = desk_of(opening.brain, opening.ports, SqlCheckIns(database, Vault(KEYS)), NEVER)
    plan_check_ins(desk.brain, desk.ports, desk.check_ins)
    opening.ports.clock.at += timedelta(days=32, hours=2)

    send_check_ins(desk)
    send_due(opening.ports.store, opening.ports.clock, road)
    assert left(twilio) == [(USUAL, None)]
    answers(opening, twilio, road, "Lire")
    rows = answers(opening, twilio, road, "1")

    assert [code for _, code in left(twilio)][:2] == [None, None]
    assert rows
    (asked, *_) = desk.check_ins.of_person("person00001")
    assert asked.answered_at is not None


def test_without_a_template_nothing_is_sent_that_the_provider_would_refuse(desk, village, twilio, road):
    village.person(channel="whatsapp")
    one = scheduled(desk, kind="check_in", flow="check_in")

    send_broadcasts(desk, replace(road, template=None))

    assert (left(twilio), desk.broadcasts.reasons(one.id)) == ([], {("skipped", "no_template"): 1})
