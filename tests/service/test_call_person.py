"""A caseworker calls: their own telephone rings first, through the real SDK and signed webhooks, then the person's."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from bot.adapters.sql.calls import SqlCalls
from bot.adapters.sql.engine import Database
from bot.adapters.twilio_voice import TwilioCaller
from bot.core.cases import Case
from bot.core.messages import Address
from bot.core.staff import Staff
from bot.ports.calls import Rung
from bot.service.brain import Brain
from bot.service.call_person import NotCalled, Telephone, Wish, call_person, end_call, number_for
from bot.service.receive_message import Ports
from bot.simulator import StoppedClock
from bot.twilio_settings import Twilio
from tests.service.letters import AWA, say
from tests.twilio_stand_in import ACCOUNT_SID, SMS_NUMBER, TOKEN, VOICE_NUMBER, StandIn, stand_in
from tests.twilio_stand_in.knocks import Knocker, into
from webhooks.twilio import Line
from webhooks.twilio_call import CallCases, blueprint

PUBLIC_URL = "https://segin.example"
SANA = Staff("s1", "Sana", frozenset({"caseworker"}))
DESK = Address("sms", "+22370000055")


class Silent:
    """A provider that never answers."""

    def ring(self, call_id: str, caseworker: Address) -> Rung:
        return Rung()


@pytest.fixture
def twilio(clock: StoppedClock) -> Iterator[StandIn]:
    with stand_in(now=clock.now).running() as running:
        yield running


@pytest.fixture
def telephone(ports: Ports, database: Database, twilio: StandIn) -> Telephone:
    account = Twilio(ACCOUNT_SID, TOKEN, SMS_NUMBER, None, twilio.url, voice_from=VOICE_NUMBER)
    return Telephone(ports, SqlCalls(database), TwilioCaller(account, public_url=PUBLIC_URL))


@pytest.fixture
def knocker(telephone: Telephone) -> Knocker:
    app = Flask(__name__)
    cases = CallCases(
        number=lambda call_id: number_for(telephone, call_id),
        end=lambda call_id, status, seconds: end_call(telephone, call_id, status, seconds),
    )
    app.register_blueprint(blueprint(Line(PUBLIC_URL, ACCOUNT_SID, (TOKEN,)), cases, voice_from=VOICE_NUMBER))
    return Knocker(TOKEN, into(app))


@pytest.fixture
def case(brain: Brain, ports: Ports) -> Case:
    say(brain, ports, "je veux parler a quelqu'un")
    return ports.store.cases()[0]


def profile(ports: Ports, case: Case, **items: bool) -> None:
    with ports.store.write() as tx:
        tx.save_profile(case.person_id, items, now=ports.clock.now())


def lines(ports: Ports, case: Case) -> list[str]:
    return [event.text for event in ports.store.timeline(case.id) if event.kind == "call"]


def test_the_caseworker_s_telephone_rings_then_the_person_s_and_both_see_our_number(
    telephone: Telephone, twilio: StandIn, knocker: Knocker, case: Case, ports: Ports
) -> None:
    asked = call_person(telephone, Wish(case, SANA, DESK))
    (call,) = twilio.switchboard.calls
    twilio.switchboard.pick_up(knocker, call)
    kept = telephone.book.by_id(asked.id)

    assert (call.to, call.sender) == (DESK.reveal(), VOICE_NUMBER)
    assert call.dialled == [(AWA, VOICE_NUMBER)]
    assert kept
    assert (kept.status, kept.seconds, kept.provider_id) == ("completed", 90, call.sid)
    assert lines(ports, case) == ["appel demandé", "appel : on s'est parlé 2 min"]


def test_the_number_that_they_gave_for_calls_rings_and_not_the_one_they_wrote_from(
    telephone: Telephone, ports: Ports, case: Case
) -> None:
    with ports.store.write() as tx:
        tx.save_contact(case.person_id, {"number": "+22376112233"}, now=ports.clock.now())
    call = call_person(telephone, Wish(case, SANA, DESK))

    assert number_for(telephone, call.id) == "+22376112233"


def test_no_number_stands_in_an_address_that_twilio_asks(telephone: Telephone, twilio: StandIn, case: Case) -> None:
    call_person(telephone, Wish(case, SANA, DESK))
    (call,) = twilio.switchboard.calls

    assert AWA[1:] not in call.url + call.status_callback
    assert DESK.reveal()[1:] not in call.url + call.status_callback


def test_a_mailbox_presses_no_key_and_the_person_is_not_called(
    telephone: Telephone, twilio: StandIn, knocker: Knocker, case: Case, ports: Ports
) -> None:
    call_person(telephone, Wish(case, SANA, DESK))
    twilio.switchboard.pick_up(knocker, twilio.switchboard.calls[0], presses="")

    assert twilio.switchboard.calls[0].dialled == []
    assert lines(ports, case)[-1] == "appel : le collègue n'a pas décroché"


def test_a_telephone_that_rings_out_is_written_down_once(
    telephone: Telephone, twilio: StandIn, knocker: Knocker, case: Case, ports: Ports
) -> None:
    call_person(telephone, Wish(case, SANA, DESK))
    for _ in range(2):
        twilio.switchboard.leave_it(knocker, twilio.switchboard.calls[0])

    assert lines(ports, case) == ["appel demandé", "appel : le collègue n'a pas décroché"]


def test_nobody_is_called_who_does_not_want_it_whatever_the_case(
    telephone: Telephone, twilio: StandIn, case: Case, ports: Ports
) -> None:
    profile(ports, case, do_not_call=True)

    with pytest.raises(NotCalled, match="ne veut pas être appelée"):
        call_person(telephone, Wish(replace(case, priority="P1"), SANA, DESK, override="danger"))
    assert twilio.switchboard.calls == []


def test_whoever_says_so_while_it_rings_is_not_called_either(
    telephone: Telephone, twilio: StandIn, knocker: Knocker, case: Case, ports: Ports
) -> None:
    call_person(telephone, Wish(case, SANA, DESK))
    profile(ports, case, do_not_call=True)
    twilio.switchboard.pick_up(knocker, twilio.switchboard.calls[0])

    assert twilio.switchboard.calls[0].dialled == []
    assert lines(ports, case)[-1] == "appel : arrêté, la personne ne peut plus être appelée"


def test_at_night_only_a_life_in_danger_and_a_reason_let_it_ring(
    telephone: Telephone, twilio: StandIn, case: Case, clock: StoppedClock
) -> None:
    clock.at = clock.at.replace(hour=22)
    with pytest.raises(NotCalled, match="de 8 h à 20 h"):
        call_person(telephone, Wish(case, SANA, DESK, override="elle attend"))
    with pytest.raises(NotCalled, match="de 8 h à 20 h"):
        call_person(telephone, Wish(replace(case, priority="P1"), SANA, DESK))
    call_person(telephone, Wish(replace(case, priority="P1"), SANA, DESK, override="elle est menacée"))

    assert len(twilio.switchboard.calls) == 1


def test_the_hours_that_the_person_named_count(
    telephone: Telephone, case: Case, ports: Ports, clock: StoppedClock
) -> None:
    with ports.store.write() as tx:
        tx.save_contact(case.person_id, {"call_hours": "evening"}, now=clock.now())

    with pytest.raises(NotCalled, match="de 18 h à 21 h"):
        call_person(telephone, Wish(case, SANA, DESK))


def test_a_second_click_is_the_same_wish(
    telephone: Telephone, twilio: StandIn, case: Case, clock: StoppedClock
) -> None:
    call_person(telephone, Wish(case, SANA, DESK))
    with pytest.raises(NotCalled, match="sonne déjà"):
        call_person(telephone, Wish(case, SANA, DESK))
    clock.at += timedelta(minutes=2)
    call_person(telephone, Wish(case, SANA, DESK))

    assert len(twilio.switchboard.calls) == 2


def test_a_refusal_of_the_provider_is_said_and_nothing_has_rung(
    telephone: Telephone, twilio: StandIn, case: Case, ports: Ports
) -> None:
    twilio.switchboard.verified.clear()

    with pytest.raises(NotCalled, match="21210"):
        call_person(telephone, Wish(case, SANA, DESK))
    assert telephone.book.of_case(case.id)[0].status == "refused"


def test_a_lost_answer_is_not_tried_again(telephone: Telephone, case: Case) -> None:
    asked = call_person(replace(telephone, caller=Silent()), Wish(case, SANA, DESK))

    assert telephone.book.of_case(case.id) == (asked,)


@pytest.mark.parametrize(
    ("staff", "sensitive"),
    [(Staff("s2", "Paul", frozenset({"partner"}), "apej"), False), (SANA, True)],
)
def test_whoever_may_not_see_the_case_calls_nobody(
    telephone: Telephone, case: Case, staff: Staff, *, sensitive: bool
) -> None:
    with pytest.raises(NotCalled, match="pas pour vous"):
        call_person(telephone, Wish(replace(case, sensitive=sensitive), staff, DESK))


def test_without_a_line_or_a_telephone_of_one_s_own_it_says_so(telephone: Telephone, case: Case) -> None:
    with pytest.raises(NotCalled, match="SEGIN_TWILIO_VOICE_FROM"):
        call_person(replace(telephone, caller=None), Wish(case, SANA, DESK))
    with pytest.raises(NotCalled, match="Mon compte"):
        call_person(telephone, Wish(case, SANA, None))
