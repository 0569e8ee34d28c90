"""Greetings come back in kind, and the price is said as the setting wants it."""

import pytest

from flows.actions.welcome import Greet, KeepLanguage, ReturnSalam, SayWho, greeting


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("i ni sogoma", "utter_greet_morning"),
        ("Aw ni sɔgɔma", "utter_greet_morning"),
        ("i ni tile", "utter_greet_midday"),
        ("i ni wula", "utter_greet_afternoon"),
        ("aw ni oula", "utter_greet_afternoon"),
        ("i ni su", "utter_greet_night"),
        ("bsr", "utter_greet_night"),
        ("Assalam aleykoum je suis rentré", "utter_greet_salam"),
        ("salam", "utter_greet_salam"),
        ("salamalekoum", "utter_greet_salam"),
        ("assalamou aleykoum", "utter_greet_salam"),
        ("slm", "utter_greet_salam"),
    ],
)
def test_it_answers_a_greeting_in_kind_whatever_the_hour(text, answer):
    assert greeting(text, "midday") == answer


@pytest.mark.parametrize("period", ["morning", "midday", "afternoon", "night"])
def test_it_greets_by_the_hour_when_the_words_do_not_tell(period):
    assert greeting("bonjour", period) == f"utter_greet_{period}"


def test_it_greets_even_when_nobody_says_what_time_it_is():
    assert greeting("bonjour", "") == "utter_greet_morning"


def test_it_does_not_take_a_word_that_only_contains_a_greeting(act):
    done = act(Greet(), person_text="je suis à Salamanque", period="afternoon")

    assert done.said == ["utter_greet_afternoon"]


def test_it_returns_a_salam_before_the_language_is_known_and_nothing_else(act):
    assert act(ReturnSalam(), person_text="salam").said == ["utter_greet_salam"]
    assert act(ReturnSalam(), person_text="1").said == []


def test_it_says_free_only_when_it_is_free(act):
    assert act(SayWho(), sms_price="free").said == ["utter_who_free"]
    assert act(SayWho(), sms_price="operator").said == ["utter_who_operator"]
    assert act(SayWho()).said == ["utter_who_operator"]


def test_it_keeps_the_language_of_the_first_words_but_no_guess(act):
    assert act(KeepLanguage(), language="bm").effects == [{"effect": "save_profile", "items": {"language": "bm"}}]
    assert act(KeepLanguage(), language="und").effects == []


def test_it_keeps_the_chosen_language(act):
    done = act(KeepLanguage(), language_choice="bm", language="fr")

    assert done.effects == [{"effect": "save_profile", "items": {"language": "bm"}}]
