"""Conversations that meet: interruption, return, cancelling, clarification, silence, danger, changed files."""

from dataclasses import replace

import pytest

from bot.core.commands import Alarm, Back, Begin, Cancel, CannotHandle, Clarify, Fill, Repeat, Start
from bot.core.conversation import State
from bot.core.effects import OpenCase
from bot.core.messages import Choice
from tests.engine.small import FLOWS, SOURCES, Talk, build


@pytest.fixture
def talk() -> Talk:
    return Talk().greeted()


@pytest.fixture
def asked(talk) -> Talk:
    """Somebody who is asked for their region in the matter of a lost paper."""
    talk.send(Start("lost_document", {"document_kind": "carte"}))
    return talk


def test_it_greets_the_first_time_and_then_begins():
    assert Talk().send(Start("lost_document")) == ["utter_hello", "utter_ask_document_kind"]


def test_it_greets_once_when_the_first_word_is_a_greeting():
    assert Talk().send(Start("greet")) == ["utter_hello"]


def test_it_does_not_greet_who_says_stop():
    assert Talk().send(Start("stop")) == ["utter_stopped"]


def test_it_greets_again_after_days_when_nothing_is_open(talk):
    assert talk.later(days=2).send(Start("lost_document")) == ["utter_hello", "utter_ask_document_kind"]


def test_a_digression_comes_back_to_the_interrupted_question(asked):
    assert asked.send(Start("choose_sector", {"trade": "mason"})) == ["utter_ask_age"]
    assert asked.send(Fill("age", "30")) == ["utter_trade_noted", "utter_continue"]
    assert asked.turn.said[-1].values == {"flow": "flow.lost_document"}

    assert asked.send(Fill("stay", "true")) == ["utter_ask_region"]


def test_who_does_not_want_to_continue_gets_the_menu(asked):
    asked.send(Start("menu"))

    assert asked.send(Fill("stay", "false")) == ["utter_menu"]
    assert asked.state.stack == ()


def test_a_clear_answer_to_the_interrupted_question_is_taken_at_once(asked):
    asked.send(Start("menu"))

    assert asked.send(Fill("region", "Kayes")) == ["utter_office", "utter_ask_wants_reminder"]


def test_starting_what_is_open_asks_the_open_question_again(asked):
    assert asked.send(Start("lost_document")) == ["utter_ask_region"]
    assert asked.flows == ["lost_document"]


def test_starting_what_is_open_takes_what_the_message_says(asked):
    assert asked.send(Start("lost_document", {"region": "Kayes"})) == ["utter_office", "utter_ask_wants_reminder"]


def test_starting_what_lies_below_brings_it_up(asked):
    asked.send(Start("choose_sector"))

    assert asked.send(Start("lost_document")) == ["utter_ask_region"]
    assert asked.flows == ["choose_trade", "lost_document"]


def test_a_flow_with_its_called_flow_is_brought_up_together(asked):
    asked.send(Fill("region", "Gao"))
    asked.send(Start("choose_sector"))

    assert asked.send(Start("lost_document")) == ["utter_ask_name"]
    assert asked.flows == ["choose_trade", "lost_document", "leave_name"]


def test_an_answer_of_the_open_flow_outlives_a_digression_that_asks_the_same(asked):
    asked.send(Begin("leave_name"))
    asked.send(Fill("document_kind", "acte"))

    assert asked.state.slots["document_kind"] == "acte"


def test_cancelling_leaves_the_conversation_on_top_and_asks_about_the_one_below(asked):
    asked.send(Start("choose_sector", {"trade": "mason"}))

    assert asked.send(Cancel()) == ["utter_cancelled", "utter_continue"]
    assert asked.flows == ["lost_document", "pattern_continue_interrupted"]


def test_cancelling_empties_the_answers(talk):
    talk.send(Start("lost_document", {"document_kind": "carte"}))

    assert talk.send(Cancel()) == ["utter_cancelled"]
    assert talk.state.slots == {}


def test_cancelling_nothing_still_gets_an_answer(talk):
    assert talk.send(Cancel()) == ["utter_cancelled"]


def test_back_at_the_first_question_of_a_digression_leaves_it(asked):
    asked.send(Start("choose_sector"))

    assert asked.send(Back()) == ["utter_ask_region"]
    assert asked.flows == ["lost_document"]


def test_it_offers_the_candidates_by_number_and_keeps_the_question_for_later(asked):
    assert asked.send(Clarify(("choose_sector", "lost_document"))) == ["utter_clarify"]
    assert asked.expected.choices == (
        Choice("flow.choose_trade", "/start(choose_trade)"),
        Choice("papiers perdus", "/start(lost_document)"),
    )

    assert asked.send(Begin("choose_trade")) == ["utter_ask_trade"]
    assert asked.flows == ["lost_document", "choose_trade"]


def test_candidates_that_do_not_exist_are_not_understood(talk):
    assert talk.send(Clarify(("nothing", "nobody"))) == ["utter_not_understood"]


def test_an_intent_without_a_flow_is_not_understood(talk):
    assert talk.send(Start("nothing")) == ["utter_not_understood"]


def test_a_button_of_long_ago_is_no_choice(talk):
    assert talk.send(Fill("document_kind", "carte")) == ["utter_not_understood"]


def test_danger_speaks_alone_and_everything_else_sleeps(asked):
    said = asked.send(Start("choose_sector"), Alarm("danger", "P1", ("il me frappe",)))

    assert said == ["utter_emergency"]
    assert asked.flows == ["lost_document"]
    assert asked.send(Fill("region", "Kayes"))[0] == "utter_office"


def test_danger_is_heard_first_of_all_without_a_greeting():
    assert Talk().send(Alarm("danger", "P1", ("au secours",))) == ["utter_emergency"]


def test_danger_is_heard_while_a_caseworker_has_the_word(talk):
    talk.send(Start("talk_to_person"))

    assert talk.send(Alarm("danger", "P1", ("au secours",))) == ["utter_emergency"]
    assert talk.state.paused


def test_a_doubt_asks_and_then_goes_on(asked):
    assert asked.send(Alarm("danger", "P2", ("fatigué",), doubt=True)) == ["utter_doubt"]
    assert asked.send(Fill("stay", "true")) == ["utter_ask_region"]


def test_a_person_of_the_team_silences_the_assistant_and_the_menu_wakes_it(talk):
    talk.send(Start("talk_to_person"))
    assert talk.state.paused
    assert talk.send(CannotHandle()) == []

    assert talk.send(Start("menu")) == ["utter_menu"]
    assert not talk.state.paused


def test_an_interrupted_question_sleeps_while_a_person_of_the_team_has_the_word(asked):
    assert asked.send(Start("talk_to_person")) == ["utter_person_will_answer"]
    assert asked.send() == []

    assert asked.send(Start("menu")) == ["utter_menu", "utter_continue"]


def test_after_days_it_asks_whether_to_continue(asked):
    assert asked.later(days=5).send(CannotHandle()) == ["utter_continue"]
    assert asked.send(Fill("stay", "true")) == ["utter_ask_region"]


def test_after_days_a_clear_answer_is_taken(asked):
    assert asked.later(days=5).send(Fill("region", "Kayes"))[0] == "utter_office"


def test_after_days_any_word_is_no_answer_to_a_question_for_a_name(talk):
    talk.send(Begin("leave_name"))

    assert talk.later(days=5).send(Fill("name", "bonjour")) == ["utter_continue"]


def test_after_days_another_wish_goes_first_and_the_question_comes_after(asked):
    said = asked.later(days=5).send(Start("choose_sector", {"trade": "mason", "age": 30}))

    assert said == ["utter_trade_noted", "utter_continue"]


def test_after_days_repeating_repeats(asked):
    assert asked.later(days=5).send(Repeat()) == ["utter_declare_loss", "utter_ask_region"]


def changed(old: str, new: str):
    assert old in FLOWS
    return build(replace(SOURCES, flows={**SOURCES.flows, "flows/topics.yml": FLOWS.replace(old, new)}))


def test_a_conversation_whose_step_is_gone_begins_again_kindly_and_keeps_what_persists(asked):
    asked.send(Fill("region", "Kayes"))
    asked.assistant = changed("id: wants_reminder\n", "id: wants_a_reminder\n")

    assert asked.send(Fill("wants_reminder", "true")) == ["utter_again", "utter_menu"]
    assert asked.state.slots == {"region": "Kayes", "office": "Mairie"}
    assert asked.state.rev == asked.assistant.rev


def test_a_new_wish_is_begun_after_the_word_about_the_change(asked):
    asked.assistant = changed("id: region\n", "id: where\n")

    assert asked.send(Start("choose_sector"))[-1] == "utter_ask_trade"


def test_a_conversation_goes_on_where_its_step_is_still_there(asked):
    asked.assistant = changed("      - id: office\n", "      - action: utter_hello\n      - id: office\n")

    assert asked.send(Fill("region", "Kayes"))[:2] == ["utter_hello", "utter_office"]


def test_a_sleeper_in_a_called_flow_comes_back_to_the_call_that_has_no_id(asked):
    asked.send(Fill("region", "Gao"))
    asked.assistant = changed("      - id: office\n", "      - action: utter_hello\n      - id: office\n")
    asked.send(Fill("name", "Awa"))

    assert asked.send(Fill("remark", "rien")) == ["utter_anything_else"]


def test_a_value_that_no_longer_exists_is_forgotten(talk):
    talk.state = replace(talk.state, rev="old", slots={"document_kind": "horse", "gone": 1, "region": "Kayes"})
    talk.send(Start("menu"))

    assert talk.state.slots == {"region": "Kayes"}


def test_a_state_of_an_unknown_version_is_refused():
    with pytest.raises(ValueError, match="version 2"):
        State.from_json({**State.new().to_json(), "v": 2})


@pytest.mark.parametrize(
    ("commands", "fault"),
    [
        ((Start("loops"),), "more than 100 steps"),
        ((Start("wordless"),), "{name}"),
        ((Start("breaks", {"remark": "x"}),), "action_break"),
    ],
)
def test_a_fault_of_the_authors_is_said_and_put_before_a_person(commands, fault):
    talk = Talk(build(strict=False)).greeted()

    assert talk.send(*commands) == ["utter_internal_error"]
    case = next(effect for effect in talk.turn.effects if isinstance(effect, OpenCase))
    assert (case.kind, case.priority, case.reference) == ("technical", "P2", "K7421R")
    assert fault in case.note["fault"]
    assert talk.state.stack == ()


def test_a_fault_leaves_what_was_interrupted_asleep():
    talk = Talk(build(strict=False)).greeted()
    talk.send(Start("lost_document", {"document_kind": "carte"}))
    talk.send(Start("wordless"))

    assert talk.flows == ["lost_document"]
    assert talk.send(Fill("region", "Kayes"))[0] == "utter_office"


@pytest.mark.parametrize("commands", [(Start("loops"),), (Start("wordless"),), (Start("breaks", {"remark": "x"}),)])
def test_a_strict_assistant_raises_the_fault(talk, commands):
    with pytest.raises(Exception, match=r"loops|value for|action_break"):
        talk.send(*commands)
