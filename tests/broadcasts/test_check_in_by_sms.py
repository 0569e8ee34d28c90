"""What WhatsApp does not deliver of a check-in goes by SMS, once, if the plan and the month's money allow it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.crypto import Vault
from bot.adapters.sql.check_ins import SqlCheckIns
from bot.core.messages import Address, Incoming, Status
from bot.core.quiet import NEVER
from bot.ports import SendResult
from bot.service.hand_out import Road
from bot.service.plan_check_ins import plan_check_ins
from bot.service.receive_message import receive_message
from bot.service.send_check_ins import send_check_ins
from bot.service.send_due import send_due
from bot.service.take_status import Report, take_status
from tests.broadcasts.conftest import TEMPLATE
from tests.conftest import KEYS
from tests.service.asking import desk_of


@pytest.fixture
def check_ins(desk, database):
    return desk_of(desk.brain, desk.ports, SqlCheckIns(database, Vault(KEYS)), NEVER)


@pytest.fixture
def road(post):
    return Road({"twilio": post}, template=TEMPLATE)


@pytest.fixture
def asked(check_ins, village, clock, road):
    """Somebody who has been asked by WhatsApp."""
    ident = village.person(channel="whatsapp")
    plan_check_ins(check_ins.brain, check_ins.ports, check_ins.check_ins)
    clock.at += timedelta(days=32)
    goes_on(check_ins, road)
    return ident


def goes_on(check_ins, road, **later):
    check_ins.ports.clock.at += timedelta(**later)
    send_check_ins(check_ins)
    send_due(check_ins.ports.store, check_ins.ports.clock, road)


def lost(check_ins, row):
    report = Report("twilio", f"SM{row.id}", Status.UNDELIVERED, row.id, error_code="63024")
    assert take_status(check_ins.ports.store, check_ins.ports.clock, report)


def channels(post):
    return [row.to.channel for row in post.taken]


def spent(desk, check_ins):
    return desk.broadcasts.spent_in(check_ins.ports.clock.at.strftime("%Y-%m"))


def test_it_goes_by_sms_once_and_its_price_is_counted(desk, check_ins, asked, post, road):
    lost(check_ins, post.taken[0])
    goes_on(check_ins, road)
    assert channels(post) == ["whatsapp"]  # the question was open a moment ago
    goes_on(check_ins, road, hours=2)

    by_sms = post.taken[1]
    assert (by_sms.to, by_sms.template) == (Address("sms", post.taken[0].to.reveal()), None)
    assert "Comment ca va" in by_sms.text
    assert spent(desk, check_ins) == by_sms.segments * 2_500

    lost(check_ins, by_sms)
    goes_on(check_ins, road, hours=2)
    assert channels(post) == ["whatsapp", "sms"]


def test_what_follows_the_answer_to_the_template_goes_by_sms_when_it_is_lost(check_ins, asked, post, road):
    ports = check_ins.ports
    ports.clock.at += timedelta(minutes=5)
    says = Incoming("twilio", ports.ids.new(), post.taken[0].to, "+22320000000", "Lire", ports.clock.now())
    receive_message(check_ins.brain, ports, says)
    send_due(ports.store, ports.clock, road)
    assert [row.template for row in post.taken] == [TEMPLATE, None]

    lost(check_ins, post.taken[1])
    goes_on(check_ins, road, hours=2)

    assert channels(post) == ["whatsapp", "whatsapp", "sms"]
    assert "Comment ca va" in post.taken[2].text


def test_the_answer_by_sms_is_the_answer(check_ins, asked, post, road):
    lost(check_ins, post.taken[0])
    goes_on(check_ins, road, hours=2)
    ports = check_ins.ports
    says = Incoming("twilio", ports.ids.new(), post.taken[1].to, "+22320000000", "1", ports.clock.now())

    taken = receive_message(check_ins.brain, ports, says)

    assert taken.rows
    (first, *_) = check_ins.check_ins.of_person(asked)
    assert first.answered_at == ports.clock.at


def test_the_reminder_goes_where_the_question_arrived(check_ins, asked, post, road):
    lost(check_ins, post.taken[0])
    goes_on(check_ins, road, hours=2)
    goes_on(check_ins, road, days=3)
    goes_on(check_ins, road, days=4)

    assert channels(post) == ["whatsapp", "sms", "sms"]
    (first, *_) = check_ins.check_ins.of_person(asked)
    assert (first.reason, first.next_at) == ("no_answer", None)


def test_a_message_that_whatsapp_refuses_at_once_goes_by_sms_too(check_ins, village, clock, post, road):
    village.person(channel="whatsapp")
    plan_check_ins(check_ins.brain, check_ins.ports, check_ins.check_ins)
    clock.at += timedelta(days=32)
    post.answers = [SendResult(Status.FAILED, error_code="63003", verdict="permanent")]
    goes_on(check_ins, road)
    goes_on(check_ins, road, hours=2)

    assert channels(post) == ["sms"]


def test_without_money_it_waits_for_the_reminder(desk, check_ins, asked, post, road):
    poor = replace(check_ins, month_cap=2_499)
    lost(poor, post.taken[0])
    goes_on(poor, road, hours=2)
    assert channels(post) == ["whatsapp"]
    goes_on(poor, road, days=3)
    goes_on(poor, road, days=5)
    goes_on(poor, road, days=1)

    assert channels(post) == ["whatsapp", "whatsapp"]
    assert spent(desk, check_ins) == 0
    (first, *_) = poor.check_ins.of_person(asked)
    assert (first.reason, first.next_at) == ("no_answer", None)


def test_a_plan_that_does_not_allow_it_sends_none(check_ins, asked, post, road):
    brain = check_ins.brain
    strict = tuple(replace(one, sms_fallback=False) for one in brain.assistant.plans)
    careful = replace(check_ins, brain=replace(brain, assistant=replace(brain.assistant, plans=strict)))
    lost(careful, post.taken[0])
    goes_on(careful, road, hours=2)

    assert channels(post) == ["whatsapp"]


def test_whoever_answered_before_the_report_came_gets_nothing_more(check_ins, asked, post, road):
    ports = check_ins.ports
    says = Incoming("twilio", ports.ids.new(), post.taken[0].to, "+22320000000", "Lire", ports.clock.now())
    receive_message(check_ins.brain, ports, says)
    answer = replace(says, provider_id=ports.ids.new(), text="1")
    receive_message(check_ins.brain, ports, answer)
    before = len(post.taken)
    lost(check_ins, post.taken[0])
    goes_on(check_ins, road, hours=2)

    assert [row.to.channel for row in post.taken[before:] if row.kind == "check_in"] == []


def test_a_whatsapp_name_that_is_no_number_gets_no_sms(check_ins, village, clock, post, road):
    ident = village.person(channel="")
    with check_ins.ports.store.write() as tx:
        tx.ensure_person(ident, Address("whatsapp", "ML.13491208655302741918"), now=clock.now())
    plan_check_ins(check_ins.brain, check_ins.ports, check_ins.check_ins)
    clock.at += timedelta(days=32)
    goes_on(check_ins, road)
    lost(check_ins, post.taken[0])
    goes_on(check_ins, road, hours=2)

    assert channels(post) == ["whatsapp"]
