"""The condition language: what holds, and what is refused at load."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.conditions import BadCondition, parse

SLOTS = {"kind": "card", "region": "Kayes", "age": 30.0, "well": True, "ill": False, "empty": None, "words": ["a", "b"]}
CONTEXT = {"reason": "media", "failures": 2.0}


def holds(text):
    return parse(text, slots=SLOTS, context=CONTEXT).holds(SLOTS, CONTEXT)


@pytest.mark.parametrize(
    "text",
    [
        'slots.kind is "card"',
        "slots.kind = 'card'",
        'slots.kind == "card"',
        'slots.kind is not "passport"',
        'slots.kind != "passport"',
        "slots.empty is null",
        "slots.kind is not null",
        "slots.well",
        "slots.well is true",
        "slots.ill is False",
        "not slots.ill",
        "not slots.empty",
        "slots.age > 29",
        "slots.age >= 30",
        "slots.age < 30.5",
        "slots.age <= 30",
        "slots.age > -1",
        'slots.region matches "^K"',
        'slots.region matches "es$"',
        'slots.region contains "aye"',
        'slots.words contains "a"',
        '{"card" "passport"} contains slots.kind',
        "{1 30} contains slots.age",
        'context.reason is "media"',
        "context.failures >= 2",
        'slots.ill or slots.kind is "card"',
        "slots.well and not slots.ill",
        "not (slots.well and slots.ill)",
        "not slots.ill and slots.well",
        "true or false and false",  # and binds tighter
        "not not slots.well",
    ],
)
def test_it_holds(text):
    assert holds(text)


@pytest.mark.parametrize(
    "text",
    [
        "slots.empty > 1",
        "slots.empty < 1",
        "slots.kind > 1",
        "(true or true) and false",
        'slots.age matches "3"',  # a search in text only
        'slots.empty matches "."',
        'slots.empty contains "a"',
        'slots.age contains "3"',
        "{} contains slots.kind",
        "slots.well is not true",
        'slots.kind is "Card"',
        "null",
    ],
)
def test_it_does_not_hold(text):
    assert not holds(text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("slots.typo is null", "no slot 'typo'"),
        ("slots.kind is card", "'card' is neither"),
        ("kind", "'kind' is neither"),
        ("slots", "'slots' is neither"),
        ("slots.", "'slots.' is neither"),
        ("context.mood", "no 'context.mood'"),
        ("slots.kind is", "ends too early"),
        ("", "ends too early"),
        ("not", "ends too early"),
        ("(slots.well", "closing bracket"),
        ("slots.well)", "is not expected there"),
        ("slots.well slots.ill", "is not expected there"),
        ('slots.kind is "card', "cannot be read"),
        ("slots.age > 3x", "cannot be read"),
        ("slots.age & 3", "cannot be read"),
        ('slots.region matches "("', "the pattern"),
        ("slots.region matches slots.kind", "pattern in quotes"),
        ("slots.region matches 3", "pattern in quotes"),
        ("{slots.kind", "ends too early"),
        ("and slots.well", "'and' is neither"),
    ],
)
def test_it_is_refused_at_load(text, fault):
    with pytest.raises(BadCondition, match=fault.replace("(", r"\(")):
        holds(text)


def test_it_knows_the_slots_it_looks_at_and_what_they_are_compared_with():
    condition = parse('slots.kind is "card" and (slots.age > 3 or "x" is not slots.region)', slots=SLOTS, context=())

    assert condition.slots == {"kind", "age", "region"}
    assert set(condition.compared) == {("kind", "card"), ("region", "x")}


@given(st.text(alphabet="slot.kindage \"'(){}=<>!0123nulandoris", max_size=40))
def test_any_text_is_read_or_refused_and_nothing_else(text):
    with suppress(BadCondition):
        assert holds(text) in (True, False)
