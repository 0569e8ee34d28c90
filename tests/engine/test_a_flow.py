"""One conversation by itself: questions, answers, refusals, ways, ends."""

from dataclasses import replace

import pytest

from bot.core.commands import Back, Begin, CannotHandle, Correct, Fill, Repeat, Start
from bot.core.effects import Remind
from tests.engine.small import SOURCES, Talk, build


@pytest.fixture
def talk() -> Talk:
    return Talk().greeted()


def test_it_asks_the_questions_of_a_flow_one_by_one_and_ends(talk):
    assert talk.send(Start("lost_document")) == ["utter_ask_document_kind"]
    assert talk.send(Fill("document_kind", "carte")) == ["utter_declare_loss", "utter_ask_region"]
    assert talk.send(Fill("region", "Kayes")) == ["utter_office", "utter_ask_wants_reminder"]
    assert talk.send(Fill("wants_reminder", "true")) == ["utter_anything_else"]

    assert Remind("lost_document", 7) in talk.turn.effects
    assert talk.state.stack == ()


def test_it_fills_the_values_of_a_sentence_from_the_slots(talk):
    talk.send(Start("lost_document", {"document_kind": "carte", "region": "Kayes"}))

    assert talk.turn.said[1].values == {"office": "Mairie"}


def test_it_forgets_the_answers_at_the_end_but_for_what_persists_and_what_actions_set(talk):
    talk.send(Start("lost_document", {"document_kind": "carte", "region": "Kayes"}))
    talk.send(Fill("wants_reminder", "false"))

    assert talk.state.slots == {"region": "Kayes", "office": "Mairie"}


def test_it_keeps_an_answer_that_is_not_reset(talk):
    talk.send(Start("choose_sector"))
    talk.send(Fill("trade", "mason"))
    talk.send(Fill("age", "30"))

    assert talk.state.slots == {"trade": "mason"}


def test_it_skips_what_the_message_already_said(talk):
    assert talk.send(Start("lost_document", {"region": "Kayes", "age": 3})) == ["utter_ask_document_kind"]
    assert "utter_ask_region" not in talk.send(Fill("document_kind", "carte"))
    assert "age" not in talk.state.slots


def test_it_asks_before_filling_even_when_the_slot_is_filled(talk):
    said = talk.send(Start("lost_document", {"document_kind": "carte", "region": "Kayes", "wants_reminder": True}))

    assert said[-1] == "utter_ask_wants_reminder"


def test_it_does_not_take_a_prefilled_value_that_does_not_fit(talk):
    assert talk.send(Start("lost_document", {"document_kind": "horse"})) == ["utter_ask_document_kind"]


def test_it_says_the_rejection_and_asks_again(talk):
    talk.send(Start("lost_document", {"document_kind": "carte"}))

    assert talk.send(Fill("region", "12")) == ["utter_region_invalid", "utter_ask_region"]


def test_it_offers_a_person_the_second_time_an_answer_is_refused(talk):
    talk.send(Start("lost_document", {"document_kind": "carte"}))
    talk.send(Fill("region", "12"))

    assert talk.send(Fill("region", "13")) == ["utter_region_invalid", "utter_offer_person", "utter_ask_region"]


def test_it_asks_again_when_a_value_does_not_fit_the_slot(talk):
    talk.send(Start("lost_document"))

    assert talk.send(Fill("document_kind", "horse")) == ["utter_not_understood", "utter_ask_document_kind"]


@pytest.mark.parametrize("value", ["", "many", "0", "121", "nan", "inf", "1e999"])
def test_it_refuses_a_number_that_is_none_or_out_of_range(talk, value):
    talk.send(Start("choose_sector", {"trade": "mason"}))

    assert talk.send(Fill("age", value)) == ["utter_not_understood", "utter_ask_age"]


def test_it_takes_a_value_as_the_validate_method_returns_it(talk):
    talk.send(Begin("leave_name"))
    talk.send(Fill("name", "awa"))

    assert talk.state.slots["name"] == "Awa"


def test_it_asks_again_when_the_validate_method_refuses(talk):
    talk.send(Begin("leave_name"))

    assert talk.send(Fill("name", "refused")) == ["utter_not_understood", "utter_ask_name"]
    assert "name" not in talk.state.slots


def test_it_calls_a_flow_and_comes_back(talk):
    talk.send(Start("lost_document", {"document_kind": "carte"}))
    assert talk.send(Fill("region", "Gao")) == ["utter_ask_name"]
    assert talk.flows == ["lost_document", "leave_name"]
    talk.send(Fill("name", "Awa"))

    assert talk.send(Fill("remark", "rien")) == ["utter_anything_else"]
    assert talk.state.slots == {"region": "Gao"}


def test_it_links_to_another_flow_and_does_not_come_back(talk):
    talk.send(Start("lost_document"))

    assert talk.send(Fill("document_kind", "autre")) == ["utter_person_will_answer"]
    assert talk.effects == ["OpenCase"]
    assert talk.state.stack == ()
    assert talk.state.slots == {}


def test_it_says_nothing_more_when_a_flow_said_its_own_end(talk):
    assert talk.send(Start("menu")) == ["utter_menu"]


def test_it_goes_one_question_back(talk):
    talk.send(Start("lost_document"))
    talk.send(Fill("document_kind", "carte"))

    assert talk.send(Back()) == ["utter_ask_document_kind"]
    assert talk.state.slots == {}


def test_it_goes_back_from_a_called_flow_to_the_caller(talk):
    talk.send(Start("lost_document", {"document_kind": "carte"}))
    talk.send(Fill("region", "Gao"))
    assert talk.send(Back()) == ["utter_ask_region"]

    assert talk.flows == ["lost_document"]


def test_it_says_that_there_is_nothing_before_the_first_question(talk):
    talk.send(Start("lost_document"))

    assert talk.send(Back()) == ["utter_not_understood", "utter_ask_document_kind"]


def test_it_corrects_an_earlier_answer_and_takes_the_branch_anew(talk):
    talk.send(Start("lost_document"))
    talk.send(Fill("document_kind", "carte"))
    said = talk.send(Fill("document_kind", "passeport"))

    assert said == ["utter_corrected", "utter_declare_loss", "utter_ask_region"]
    assert talk.turn.said[0].values == {"value": "value.document_kind.passeport"}


def test_a_correction_does_not_ask_again_what_is_known(talk):
    talk.send(Start("lost_document"))
    talk.send(Fill("document_kind", "carte"))
    talk.send(Fill("region", "Kayes"))
    said = talk.send(Fill("document_kind", "passeport"))

    assert said == ["utter_corrected", "utter_declare_loss", "utter_office", "utter_ask_wants_reminder"]


def test_a_correction_that_is_refused_leaves_the_answer_as_it_was(talk):
    talk.send(Start("lost_document", {"document_kind": "carte"}))
    talk.send(Fill("region", "Kayes"))

    assert talk.send(Fill("region", "12")) == ["utter_region_invalid", "utter_ask_wants_reminder"]
    assert talk.state.slots["region"] == "Kayes"


def test_it_asks_the_question_again_whose_answer_is_to_be_changed(talk):
    talk.send(Start("lost_document", {"document_kind": "carte"}))
    talk.send(Fill("region", "Kayes"))

    assert talk.send(Correct("document_kind")) == ["utter_ask_document_kind"]
    assert talk.send(Fill("document_kind", "acte")) == [
        "utter_declare_loss",
        "utter_office",
        "utter_ask_wants_reminder",
    ]


def test_it_repeats_what_it_said_last(talk):
    talk.send(Start("lost_document"))
    said = talk.send(Fill("document_kind", "carte"))

    assert talk.send(Repeat()) == said
    assert talk.send(Repeat()) == said


def test_it_offers_a_person_after_two_messages_it_does_not_understand(talk):
    assert talk.send(CannotHandle()) == ["utter_not_understood"]
    assert talk.send(CannotHandle()) == ["utter_offer_person"]


def test_an_understood_message_ends_the_row_of_failures(talk):
    talk.send(CannotHandle())
    talk.send(Start("lost_document"))

    assert talk.send(CannotHandle())[0] == "utter_not_understood"


def test_it_expects_the_open_question_and_its_choices(talk):
    talk.send(Start("lost_document"))
    assert (talk.expected.slot, talk.expected.type) == ("document_kind", "categorical")
    assert [choice.payload for choice in talk.expected.choices] == [
        "/SetSlots(document_kind=carte)",
        "/SetSlots(document_kind=passeport)",
    ]

    talk.send(Fill("document_kind", "carte"))
    assert (talk.expected.slot, talk.expected.entity, talk.expected.choices) == ("region", "region", ())


def test_it_takes_the_variation_of_the_channel(talk):
    talk.given = {**talk.given, "channel": "whatsapp"}
    talk.send(Start("greet"))

    assert talk.turn.said[0].msgid == "utter_hello.whatsapp"


def test_it_does_not_start_a_flow_whose_guard_is_false(talk):
    talk.given = {**talk.given, "opted_out": "all"}

    assert talk.send(Start("stop")) == ["utter_not_understood"]
    assert talk.send(Begin("stop")) == ["utter_stopped"]


def test_a_flow_that_comes_round_asks_again():
    more = """
version: "3.1"
flows:
  again:
    description: Asks until the person has enough.
    steps:
      - id: stay
        collect: wants_reminder
        ask_before_filling: true
        next:
          - if: slots.wants_reminder
            then: stay
          - else: END
"""
    assistant = build(replace(SOURCES, flows={**SOURCES.flows, "flows/more.yml": more}))
    talk = Talk(assistant).greeted()
    talk.send(Begin("again"))

    assert talk.send(Fill("wants_reminder", "true")) == ["utter_ask_wants_reminder"]
    assert talk.send(Fill("wants_reminder", "true")) == ["utter_ask_wants_reminder"]
    assert talk.send(Fill("wants_reminder", "false")) == ["utter_anything_else"]


def test_a_forgotten_answer_does_not_live_on_in_the_history(talk):
    talk.send(Begin("leave_name"))
    talk.send(Fill("name", "awa"))
    assert "Awa" in str(talk.state.events)
    talk.send(Fill("remark", "secret words"))

    assert talk.state.slots == {}
    assert "Awa" not in str(talk.state.to_json())
    assert "secret words" not in str(talk.state.to_json())
