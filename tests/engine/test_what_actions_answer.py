"""What the engine takes from an action, and what it refuses as the author's fault."""

from dataclasses import replace

import pytest

from bot.core.acting import ActionResult
from bot.core.commands import Alarm, Begin, Fill, Start
from bot.core.effects import OptIn, SaveProfile, Say
from bot.core.engine import Fault
from bot.core.messages import Choice
from tests.engine.small import DOMAIN, PATTERNS, SOURCES, Talk, build, effect, slot

MORE = """
version: "3.1"
flows:
  acts:
    description: Runs an action between two sentences.
    nlu_trigger: [{intent: advice}]
    steps:
      - action: action_open_case
      - action: utter_trade_noted
  sets:
    description: Sets slots by itself, then asks by an action.
    steps:
      - set_slots:
          - trade: mason
          - age: 3
          - office: null
      - noop: true
        next:
          - if: slots.trade is "mason" and slots.age = 3
            then: topic
          - else: END
      - id: topic
        collect: topic
"""
ASSISTANT = build(
    replace(
        SOURCES,
        flows={**SOURCES.flows, "flows/more.yml": MORE},
        domain={"flows/domain.yml": DOMAIN.replace("action_count]", "action_count, action_ask_topic]")},
    )
)


def answering(*events, responses=()):
    """Begin the flow whose action answers so."""
    talk = Talk(ASSISTANT, act=lambda _call: ActionResult(events, tuple(responses))).greeted()
    talk.given = {**talk.given, "language": "fr", "consent": "none"}
    return talk


def message(**parts):
    return {"text": None, "custom": {}, "response": None, "buttons": [], **parts}


def test_it_says_what_the_action_says_with_its_values_and_buttons():
    buttons = [{"title": "Kayes", "payload": "/SetSlots(region=Kayes)"}]
    talk = answering(responses=[message(response="utter_office", office="Mairie", buttons=buttons)])
    talk.send(Start("advice"))

    assert talk.turn.said[0] == Say("utter_office", {"office": "Mairie"}, (Choice("Kayes", "/SetSlots(region=Kayes)"),))
    assert talk.state.menu == talk.turn.said[0].choices


def test_effects_and_sayings_keep_their_order():
    talk = answering(responses=[effect("opt_in"), message(response="utter_hello"), effect("opt_in")])
    talk.send(Start("advice"))

    assert [type(each) for each in talk.turn.effects[:3]] == [OptIn, Say, OptIn]


def test_what_a_profile_learns_holds_for_the_rest_of_the_turn():
    talk = answering(responses=[effect("save_profile", items={"language": "bm", "consent": "given"})])
    talk.send(Start("advice"))

    assert talk.state.lang == "bm"
    assert SaveProfile({"language": "bm", "consent": "given"}) in talk.turn.effects


def test_it_notes_events_that_only_tell():
    talk = answering({"event": "session_started"}, {"event": "agent", "text": "Bonjour"})
    talk.send(Start("advice"))

    assert {"session_started", "agent", "action"} <= {event["event"] for event in talk.state.events}


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({"events": [slot("gone", 1)]}, "slot 'gone' is not in the domain"),
        ({"events": [slot("trade", "dancer")]}, "none of its values"),
        ({"events": [{"event": "active_loop", "name": "form"}]}, "'active_loop' is not used"),
        ({"events": [{"event": "followup", "name": "action_x"}]}, "'followup' is not used"),
        ({"events": [{"event": "reminder"}]}, "'reminder' is not used"),
        ({"responses": [message(text="Bonjour")]}, "speaks by response name"),
        ({"responses": [message()]}, "speaks by response name"),
        ({"responses": [message(response="utter_gone")]}, "'utter_gone' is not in the domain"),
        ({"responses": [message(response="utter_office", office=None)]}, "a value of 'utter_office' is empty"),
        ({"responses": [effect("dance")]}, "no effect called 'dance'"),
        ({"responses": [effect("open_case", kind="x")]}, "does not fit its fields"),
        (
            {"responses": [message(response="utter_hello", buttons=[{"title": "x", "payload": "/menu"}] * 6)]},
            "offers 6 choices",
        ),
    ],
)
def test_it_refuses_an_answer_against_the_contract(answer, fault):
    talk = answering(*answer.get("events", ()), responses=answer.get("responses", ()))

    with pytest.raises(Fault, match=fault):
        talk.send(Start("advice"))


def test_a_validation_may_set_other_slots_too():
    talk = answering(slot("name", "Awa"), slot("region", "Kayes"))
    talk.send(Begin("leave_name"))
    talk.send(Fill("name", "awa de kayes"))

    assert talk.state.slots == {"name": "Awa", "region": "Kayes"}


def test_it_sets_slots_without_asking_and_lets_an_action_ask():
    talk = answering(responses=[message(response="utter_hello")])

    assert talk.send(Begin("sets")) == ["utter_hello"]
    assert talk.state.slots == {"trade": "mason", "age": 3.0}
    assert talk.expected.slot == "topic"


def test_the_person_is_answered_even_when_every_pattern_is_missing():
    bare = replace(build(strict=False), flows={})
    talk = Talk(bare).greeted()

    assert talk.send(Start("advice")) == ["utter_internal_error"]


def test_the_person_is_answered_when_the_pattern_for_faults_is_faulty_itself():
    broken = PATTERNS.replace("[{action: utter_internal_error}]", "[{action: utter_missing}]")
    talk = Talk(build(replace(SOURCES, flows={**SOURCES.flows, "flows/patterns.yml": broken}), strict=False)).greeted()

    assert talk.send(Start("wordless")) == ["utter_internal_error"]
    assert talk.state.stack == ()


def test_one_turn_opens_one_case_also_when_it_fails_after_opening_one():
    talk = answering(responses=[effect("open_case", kind="question", priority="P3", reference="K7421R"), message()])
    talk.assistant = replace(ASSISTANT, strict=False)
    talk.send(Start("advice"))

    assert talk.effects == ["OpenCase"]


def test_urgent_sentences_are_known():
    assert ASSISTANT.is_urgent("utter_emergency")
    assert not ASSISTANT.is_urgent("utter_menu")
    assert not ASSISTANT.is_signed("utter_emergency")
    assert [choice.title for choice in ASSISTANT.choices("utter_continue")] == ["button.continue", "button.menu"]
    assert ASSISTANT.choices("utter_gone") == ()


def test_an_alarm_tells_the_pattern_what_it_is_about_and_leaves_no_word_of_it():
    talk = Talk(ASSISTANT).greeted()
    talk.send(Alarm("violence", "P1", ("il me frappe",), doubt=True))

    assert talk.state.slots == {
        "danger_kind": "violence",
        "danger_priority": "P1",
        "danger_words": ["il me frappe"],
    }
    talk.send(Fill("stay", "true"))
    assert talk.state.slots == {}
    assert "il me frappe" not in str(talk.state.to_json())
