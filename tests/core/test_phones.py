"""Numbers are read as people write them and never guessed."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import carrier

from bot.core.phones import Phone, operator, parse, pretty


@pytest.mark.parametrize(
    "written",
    [
        "76 12 34 56",
        "76123456",
        "76.12.34.56",
        "76-12-34-56",
        "76/12/34/56",
        "+223 76 12 34 56",
        "+22376123456",
        "(+223) 76123456",
        "00223 76 12 34 56",
        "223 76 12 34 56",
        "22376123456",
        " 7612\u202f3456 ",
        "٧٦١٢٣٤٥٦",
    ],
)
def test_it_reads_a_malian_mobile_however_it_is_written(written: str) -> None:
    assert parse(written) == Phone("+22376123456", "mobile", "ML")


@pytest.mark.parametrize(
    ("written", "e164", "kind", "country"),
    [
        ("20 22 12 34", "+22320221234", "fixed", "ML"),  # a Bamako landline gets no SMS
        ("80 00 11 14", "+22380001114", "other", "ML"),  # free of charge
        ("+33 6 12 34 56 78", "+33612345678", "mobile", "FR"),
        ("00 33 6 12 34 56 78", "+33612345678", "mobile", "FR"),
        ("00212 661-234567", "+212661234567", "mobile", "MA"),
        ("+225 07 08 09 10 11", "+2250708091011", "mobile", "CI"),
    ],
)
def test_it_says_what_kind_of_number_it_is(written: str, e164: str, kind: str, country: str) -> None:
    phone = parse(written)

    assert phone is not None
    assert (phone.e164, phone.kind, phone.country) == (e164, kind, country)


def test_a_region_says_whose_a_number_without_country_is() -> None:
    phone = parse("06 12 34 56 78", region="FR")

    assert phone is not None
    assert phone.e164 == "+33612345678"


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "0",
        "123",
        "12 34 56 78",
        "7612345",
        "761234567",
        "76 12 34 5O",
        "mon num 76123456",
        "+",
        "++",
        "00",
        "oui",
        "½",
    ],
)
def test_it_does_not_guess(written: str) -> None:
    assert parse(written) is None


def test_it_shows_numbers_in_groups_of_two() -> None:
    assert pretty("+22376123456") == "+223 76 12 34 56"
    assert pretty("+33612345678") == "+33 6 12 34 56 78"
    assert pretty("ML.1349ab") == "ML.1349ab"


def test_it_prints_masked() -> None:
    assert "7612" not in f"{parse('76123456')!r}"


@given(st.text(max_size=40) | st.text(alphabet="0123456789+ .-()", max_size=30))
def test_any_text_is_a_number_or_none(text: str) -> None:
    phone = parse(text)

    assert phone is None or parse(phone.e164) == phone


@pytest.mark.parametrize(
    "number", ["+22376123456", "+22376129999", "+22320223344", "+33612345678", "US.1234", "abc", ""]
)
def test_whose_number_it_was_is_what_the_numbering_plan_says(number):
    try:
        told = carrier.name_for_number(phonenumbers.parse(number, None), "en").lower()
    except phonenumbers.NumberParseException:
        told = ""

    assert operator(number) == told
