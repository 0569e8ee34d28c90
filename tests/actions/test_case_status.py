"""A request's stage is said only to the address that opened it; a person looks at everything else."""

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from flows.actions.case_status import OpenStatusCase, ReadStatusQuestion, SayOwnCases, references_in


def run(action, **slots):
    dispatcher = CollectingDispatcher()
    tracker = Tracker("p", {"next_reference": "A0007B", "answer_day": "26/11", **slots}, {}, [], False, None, {}, "x")
    return {event["name"]: event["value"] for event in action.run(dispatcher, tracker, {})}, dispatcher.messages


def test_own_requests_are_said_with_stage_and_day_and_no_more_than_three():
    own = "K7421R:taken:21/11 A0007B:open:22/11 C1:open:22/11 D1:open:22/11"

    _, messages = run(SayOwnCases(), own_cases=own)

    assert [m["reference"] for m in messages] == ["K7421R", "A0007B", "C1"]
    assert (messages[0]["case_stage"], messages[0]["case_day"]) == ("taken", "21/11")


@pytest.mark.parametrize(("text", "told"), [("mon dossier en est ou", True), ("1", False), ("Menu", False)])
def test_the_press_of_a_button_is_not_taken_for_a_question(text, told):
    assert run(ReadStatusQuestion(), person_text=text)[0]["status_written"] is told


def test_a_status_case_names_the_day_of_the_answer_and_the_references_for_a_person_to_check():
    slots, messages = run(OpenStatusCase(), person_text="ou est k 7421 r de moussa")

    assert (slots["reference"], slots["answer_by"]) == ("A0007B", "26/11")
    assert messages[0]["custom"]["kind"] == "status"


def test_references_are_read_as_people_write_them_and_wrong_ones_left_out():
    assert references_in("demande b 7421-z ou B7421A de moussa") == ("B7421Z",)
