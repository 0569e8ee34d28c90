"""What the phone receives: numbered choices, GSM-7 by SMS, official letters on WhatsApp."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import sms, whatsapp
from bot.core.messages import Choice, Outgoing, Wire

YES_NO = (Choice("Ɔwɔ (oui)", "/affirm"), Choice("Ayi (non)", "/deny"))
SAID = st.builds(
    Outgoing, response=st.just("utter_x"), text=st.text(max_size=200), choices=st.sampled_from([(), YES_NO])
)


def test_sms_prints_choices_as_lines_in_gsm7() -> None:
    wires = sms.render(Outgoing("utter_ask", "I bɛ sɔn wa ? « ɲuman »", YES_NO))

    assert wires == (Wire('I bè sòn wa ? "nyuman"\n1 Owò (oui)\n2 Ayi (non)', "GSM-7", 1),)


def test_whatsapp_keeps_the_official_letters() -> None:
    wires = whatsapp.render(Outgoing("utter_ask", "I bɛ sɔn wa ?", YES_NO))

    assert wires == (Wire("I bɛ sɔn wa ?\n1 Ɔwɔ (oui)\n2 Ayi (non)", "unicode", 1),)


def test_choices_alone_are_a_message() -> None:
    assert sms.render(Outgoing("utter_ask", "", YES_NO))[0].text == "1 Owò (oui)\n2 Ayi (non)"


def test_a_long_sms_is_counted_and_a_very_long_one_becomes_several() -> None:
    two = sms.render(Outgoing("utter_long", "mot " * 60))
    many = sms.render(Outgoing("utter_longer", "mot " * 200))

    assert [wire.segments for wire in two] == [2]
    assert [wire.segments for wire in many] == [3, 3]
    assert sum(wire.text.count("mot") for wire in many) == 200


def test_whatsapp_stays_below_the_provider_s_limit() -> None:
    wires = whatsapp.render(Outgoing("utter_long", "kunnafoni " * 300))

    assert all(len(wire.text) <= 1600 for wire in wires)
    assert len(wires) == 2


def said(*texts: str) -> list[Outgoing]:
    return [Outgoing(f"utter_{number}", text) for number, text in enumerate(texts)]


def test_two_short_messages_become_one_sms() -> None:
    merged = sms.merge([*said("Merci."), Outgoing("utter_ask", "Autre chose ?", YES_NO)])

    assert merged == (Outgoing("utter_0 utter_ask", "Merci.\nAutre chose ?", YES_NO),)


@pytest.mark.parametrize("length", [79, 80])
def test_sms_are_joined_only_while_one_segment_holds_them(length: int) -> None:
    merged = sms.merge(said("a" * 80, "b" * length))

    assert len(merged) == (1 if length == 79 else 2)  # the line break costs one septet


def test_nothing_is_put_before_choices_that_were_already_given() -> None:
    first = Outgoing("utter_ask", "Oui ?", YES_NO)

    assert sms.merge([first, *said("Merci.")]) == (first, *said("Merci."))


def test_whatsapp_joins_up_to_a_screen() -> None:
    assert len(whatsapp.merge(said("a" * 300, "b" * 299))) == 1
    assert len(whatsapp.merge(said("a" * 300, "b" * 300))) == 2


@given(st.lists(SAID, max_size=5))
def test_joining_loses_no_words_and_no_choices(outgoings: list[Outgoing]) -> None:
    for channel in (sms, whatsapp):
        merged = channel.merge(outgoings)

        assert "".join("".join(one.text for one in merged).split()) == "".join(
            "".join(o.text for o in outgoings).split()
        )
        assert [one.choices for one in merged if one.choices] == [one.choices for one in outgoings if one.choices]


@given(SAID)
def test_whatever_is_said_can_travel_in_xml(outgoing: Outgoing) -> None:
    for wire in (*sms.render(outgoing), *whatsapp.render(outgoing)):
        element = ET.Element("Message")
        element.text = wire.text
        back = ET.fromstring(ET.tostring(element)).text or ""  # noqa: S314 - our own document

        assert back.replace("\r", "\n") == wire.text.replace("\r\n", "\n").replace("\r", "\n")
