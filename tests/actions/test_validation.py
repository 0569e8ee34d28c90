"""Free answers are checked before they are kept; a refusal says why."""

import asyncio

import pytest
from rasa_sdk.executor import CollectingDispatcher

from flows.actions.validation import ValidateSlots
from tests.actions.conftest import tracker


def check(slot, value, **slots):
    dispatcher = CollectingDispatcher()
    kept = getattr(ValidateSlots(), f"validate_{slot}")(value, dispatcher, tracker(slots), {})
    return kept[slot], [message["response"] for message in dispatcher.messages]


@pytest.mark.parametrize("name", ["Awa", "Moussa Traoré", "N'Golo", "Ɲɛba", "El-Hadj", "Fatoumata B.", "Moussa 2"])
def test_it_takes_a_name(name):
    assert check("person_name", name) == (name, [])


@pytest.mark.parametrize("name", ["", "A", "76123456", "Awa 761", "2 Awa", "je m'appelle Moussa et je rentre", None])
def test_it_refuses_what_is_no_name_and_says_so(name):
    assert check("person_name", name) == (None, ["utter_name_invalid"])


def test_it_squeezes_spaces_in_names():
    assert check("person_name", "  Moussa   Traoré ") == ("Moussa Traoré", [])


@pytest.mark.parametrize("place", ["Kati", "Badalabougou Est", "ATT bougou 759"])
def test_it_takes_a_place_with_or_without_a_number(place):
    assert check("place", place) == (place, [])


@pytest.mark.parametrize("place", ["", "1", "759", "un village très loin de la grande route"])
def test_it_refuses_what_is_no_place(place):
    assert check("place", place) == (None, ["utter_place_invalid"])


@pytest.mark.parametrize("told", ["this", "last", "unknown", "2026-05", "2026-11"])
def test_it_takes_a_month_of_return_that_has_begun(told):
    assert check("return_month", told, today="2026-11-23") == (told, [])


@pytest.mark.parametrize("told", ["2026-12", "2027-01", "1826-05", "", None])
def test_nobody_has_come_home_in_a_month_that_is_still_to_come_or_in_another_century(told):
    assert check("return_month", told, today="2026-11-23") == (None, ["utter_month_invalid"])


@pytest.mark.parametrize("slot", ["phone", "relative_phone", "old_number"])
@pytest.mark.parametrize(
    ("written", "kept"),
    [("76 12 34 56", "+22376123456"), ("+223 66001122", "+22366001122"), ("0033612345678", "+33612345678")],
)
def test_it_keeps_a_number_as_the_world_writes_it(slot, written, kept):
    assert check(slot, written) == (kept, [])


@pytest.mark.parametrize("slot", ["phone", "relative_phone", "old_number"])
@pytest.mark.parametrize("written", ["12", "76 12 34", "je ne sais pas", None])
def test_it_refuses_what_is_no_number(slot, written):
    assert check(slot, written) == (None, ["utter_phone_invalid"])


def test_it_takes_a_forgotten_old_number_and_only_there():
    assert check("old_number", "unknown") == ("unknown", [])
    assert check("phone", "unknown")[0] is None


def test_it_is_found_by_the_name_that_rasa_sdk_fixes():
    events = [{"event": "action", "name": "action_listen"}, {"event": "slot", "name": "person_name", "value": "A 761"}]
    turn = tracker({"person_name": "A 761"})
    turn.events = events
    domain = {"slots": {"person_name": {"type": "text", "mappings": [{"type": "custom"}]}}}

    kept = asyncio.run(ValidateSlots().run(CollectingDispatcher(), turn, domain))

    assert ValidateSlots().name() == "action_validate_slot_mappings"
    assert [(event["name"], event["value"]) for event in kept] == [("person_name", None)]
