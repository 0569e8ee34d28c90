"""Who carries a message, and who does when the first cannot."""

import pytest

from bot.core import phones
from bot.core.messages import Address
from bot.core.ways import Way, choose, detour, order

SMS, BOTH = frozenset({"sms"}), frozenset({"sms", "whatsapp"})
ORANGE, MOOV = Address("sms", "+22376123456"), Address("sms", "+22366000002")
KANNEL = Way("kannel", SMS, frozenset({"orange"}), 15)
PHONE = Way("smsgate", SMS, frozenset({"sotelma", "atel"}), 10)
TWILIO = Way("twilio", BOTH, fcfa=75)
WAYS = (TWILIO, KANNEL, PHONE)


@pytest.mark.parametrize(
    ("number", "operator"), [("+22376123456", "orange"), ("+22366000002", "sotelma"), ("+22320212223", ""), ("x", "")]
)
def test_a_number_names_the_operator_that_gave_it_out(number: str, operator: str) -> None:
    assert phones.operator(number) == operator


def test_an_answer_goes_back_the_way_the_person_came() -> None:
    assert order(WAYS, to=ORANGE, last="twilio")[0] == "twilio"


def test_a_stranger_is_reached_by_the_way_for_their_operator_then_by_the_cheapest() -> None:
    assert order(WAYS, to=ORANGE, last="") == ("kannel", "twilio", "smsgate")
    assert order(WAYS, to=MOOV, last="") == ("smsgate", "twilio", "kannel")


def test_what_is_down_comes_last() -> None:
    ways = (TWILIO, KANNEL.seen(up=False), PHONE.seen(up=True))

    assert order(ways, to=ORANGE, last="kannel") == ("twilio", "smsgate", "kannel")


def test_whatsapp_goes_only_where_it_is_carried() -> None:
    assert order(WAYS, to=Address("whatsapp", "+22376123456"), last="kannel") == ("twilio",)
    assert order(WAYS, to=Address("voice", "+22376123456"), last="kannel")[0] == "kannel"


def test_a_first_refusal_waits_and_a_second_makes_a_detour() -> None:
    tried = [detour(WAYS, to=ORANGE, provider="kannel", tried=tried) for tried in range(4)]

    assert tried == [None, "twilio", None, "twilio"]


def test_a_way_that_is_down_is_left_at_once() -> None:
    ways = (TWILIO, KANNEL.seen(up=False), PHONE)

    assert detour(ways, to=ORANGE, provider="kannel", tried=0) == "twilio"


def test_there_is_no_detour_to_what_is_down_or_cannot_carry_it() -> None:
    assert detour((KANNEL, TWILIO.seen(up=False)), to=ORANGE, provider="kannel", tried=1) is None
    assert detour((TWILIO, KANNEL), to=Address("whatsapp", "+22376123456"), provider="twilio", tried=1) is None
    assert detour((), to=ORANGE, provider="kannel", tried=1) is None


def test_what_we_start_goes_the_way_the_person_came_and_to_a_stranger_by_their_operators() -> None:
    assert choose(WAYS, to=ORANGE, last="twilio") == "twilio"
    assert choose(WAYS, to=ORANGE, last="") == "kannel"
    assert choose(WAYS, to=MOOV, last="gone") == "smsgate"


def test_a_simulated_phone_is_reached_by_its_simulator_alone() -> None:
    assert choose(WAYS, to=ORANGE, last="simulator") == "simulator"
    assert choose((), to=ORANGE, last="") == "simulator"


def test_what_nobody_carries_stays_where_it_came_from_and_fails_there() -> None:
    assert choose((KANNEL,), to=Address("whatsapp", "+22376123456"), last="twilio") == "twilio"
