"""Cases are asked for as data, and a second case of one kind tells the first one's reference."""

from rasa_sdk.executor import CollectingDispatcher

from flows.actions.asking import Wish, case_reference, open_case, said
from tests.actions.conftest import tracker


def test_it_offers_the_new_reference_when_no_case_of_the_kind_is_open():
    assert case_reference(tracker({"open_kinds": ["question:A0001B"]}), "lost_document") == "K7421R"


def test_it_says_the_reference_of_the_case_that_the_message_joins():
    assert case_reference(tracker({"open_kinds": ["question:A0001B"]}), "question") == "A0001B"


def test_it_reads_open_kinds_that_were_never_given_as_none():
    assert case_reference(tracker({"open_kinds": None}), "question") == "K7421R"


def test_it_leaves_empty_notes_out_and_keeps_the_reference_for_the_next_sentence():
    dispatcher = CollectingDispatcher()

    events = open_case(dispatcher, tracker({}), Wish("question", note={"region": "kayes", "trade": ""}))

    assert dispatcher.messages[0]["custom"]["note"] == {"region": "kayes"}
    assert [(event["name"], event["value"]) for event in events] == [("reference", "K7421R")]


def test_it_reads_slots_as_words():
    slots = tracker({"declared": True, "has_receipt": False, "region": "kayes"})

    assert [said(slots, name) for name in ("declared", "has_receipt", "region", "place")] == ["yes", "no", "kayes", ""]
