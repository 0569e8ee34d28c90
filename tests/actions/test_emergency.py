"""Danger gets a short answer a kind, an urgent case, and a number only when somebody has checked it."""

import pytest

from flows.actions.emergency import ANSWERS, SERIOUS, Emergency, OpenDoubt


@pytest.mark.parametrize(("kind", "answer"), sorted(ANSWERS.items()))
def test_it_answers_each_kind_and_opens_its_case(act, kind, answer):
    done = act(Emergency(), danger_kind=kind, danger_priority="P1", danger_words=["aidez moi"])

    assert done.said == [answer]
    case = done.effects[-1]
    assert (case["effect"], case["kind"], case["priority"], case["words"]) == ("open_case", kind, "P1", ["aidez moi"])


def test_it_answers_a_kind_that_it_has_no_words_for(act):
    done = act(Emergency(), danger_kind="fire", danger_priority="P2", danger_words=[])

    assert done.said == [SERIOUS]
    assert done.effects[0]["priority"] == "P2"


def test_it_takes_danger_of_unknown_kind_and_urgency_as_the_gravest(act):
    case = act(Emergency()).effects[0]

    assert (case["kind"], case["priority"]) == ("other_danger", "P1")


def test_it_gives_a_number_only_when_numbers_were_checked(act):
    assert act(Emergency(), danger_kind="medical", has_checked_numbers=True).said == ["utter_emergency_medical_call"]
    assert act(Emergency(), danger_kind="medical", has_checked_numbers=False).said == ["utter_emergency_medical"]


def test_it_never_sends_a_number_to_a_kind_that_has_none(act):
    assert act(Emergency(), danger_kind="violence_home", has_checked_numbers=True).said == ["utter_emergency_home"]


def test_it_makes_sure_that_nobody_calls_where_a_call_is_not_safe(act):
    done = act(Emergency(), danger_kind="violence_home", danger_priority="P1")

    assert {"effect": "save_profile", "items": {"do_not_call": True, "discreet": True}} in done.effects


def test_it_leaves_calls_as_they_are_where_nothing_says_otherwise(act):
    done = act(Emergency(), danger_kind="medical", danger_priority="P1")

    assert [effect["effect"] for effect in done.effects] == ["open_case"]


def test_it_tells_the_region_that_is_known_so_that_help_near_by_is_found(act):
    assert act(Emergency(), danger_kind="threat", known_region="kayes").effects[0]["note"] == {"region": "kayes"}


def test_it_opens_a_doubt_before_the_question_is_answered(act):
    case = act(OpenDoubt(), danger_words=["😭"]).effects[0]

    assert (case["kind"], case["priority"], case["words"]) == ("doubt", "P2", ["😭"])


@pytest.mark.parametrize(
    ("open_kinds", "hidden"), [([], False), (["question:K7421R"], False), (["complaint_money:K7421R"], True)]
)
def test_a_doubt_after_a_complaint_is_for_the_focal_point_alone(act, open_kinds, hidden):
    case = act(OpenDoubt(), open_kinds=open_kinds, danger_words=["il vient le lundi"]).effects[0]

    assert case["sensitive"] is hidden
