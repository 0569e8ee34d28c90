"""How a fact is said follows from its status, its year and who checked it when."""

from dataclasses import replace
from datetime import date

import pytest

from bot.core.facts import Fact, Facts, InternalFact, present, response_faults, stale, unchecked_emergency

TODAY = date(2026, 11, 23)
TEXTS = {
    "fact.status.to_verify": "{sentence} Info de {year}. 9 pour confirmer.",
    "fact.status.to_verify_call": "{sentence} Info de {year} : appelez pour vérifier, ou 9.",
    "fact.status.dated": "En {year}, {sentence} Je ne sais pas si cela continue. 9 pour confirmer.",
    "fact.status.closed": "Terminé. {sentence} Une autre piste : 9.",
    "fact.status.closed_since": "Terminé : ce n'est plus possible. Une autre piste : 9.",
    "fact.status.dated_since": "Mon information est de {year}.",
    "fact.status.unknown": "Je ne sais pas. Tapez 9.",
    "fact.status.doubt": "{sentence} 9 pour confirmer.",
    "fact.status.verified": "{sentence} Vérifié en {month}.",
}
STABLE = Fact(id="steps", topic="x", status="stable", source="s", year="2018", text="…", timeless=True)
CHECKED = {"verified_on": date(2026, 10, 1), "verified_by": "Awa"}


def say(*facts: Fact, sentence: str = "l'aide existe.") -> str:
    return present(facts, sentence, texts=TEXTS, today=TODAY)


def test_advice_that_does_not_age_is_said_as_it_is():
    assert say(STABLE) == "L'aide existe."


def test_a_stable_procedure_that_nobody_checked_gets_the_doubt_by_itself():
    assert say(replace(STABLE, timeless=False)) == "L'aide existe. 9 pour confirmer."


def test_the_doubt_goes_when_somebody_has_checked_lately():
    assert say(replace(STABLE, timeless=False, **CHECKED)) == "L'aide existe."


@pytest.mark.parametrize(
    ("checked", "doubt"),
    [(date(2025, 11, 24), False), (date(2025, 11, 23), True), (date(2025, 3, 1), True)],  # twelve months to the day
)
def test_the_doubt_comes_back_after_twelve_months(checked, doubt):
    fact = replace(STABLE, timeless=False, verified_on=checked, verified_by="Awa")

    assert ("9 pour confirmer" in say(fact)) is doubt


def test_what_is_to_be_verified_carries_its_year():
    assert say(replace(STABLE, status="to_verify", timeless=False)) == "L'aide existe. Info de 2018. 9 pour confirmer."


def test_a_telephone_carries_its_year_and_the_advice_to_call():
    fact = replace(STABLE, status="to_verify", timeless=False, phones=("+22320227697",))

    assert say(fact) == "L'aide existe. Info de 2018 : appelez pour vérifier, ou 9."


def test_what_was_verified_lately_says_when():
    assert say(replace(STABLE, status="to_verify", timeless=False, **CHECKED)) == "L'aide existe. Vérifié en 10/2026."


def test_a_dated_fact_begins_with_its_year_and_ends_with_not_knowing():
    said = say(replace(STABLE, status="dated"), sentence="l'agence aidait.")

    assert said == "En 2018, l'agence aidait. Je ne sais pas si cela continue. 9 pour confirmer."


def test_closed_is_the_first_word_about_what_is_closed():
    assert say(replace(STABLE, status="closed")).startswith("Terminé.")


def test_a_sentence_in_the_present_is_not_said_of_what_was_closed_or_dated_since_it_was_written():
    closed, dated = (replace(STABLE, status=status, written_as="to_verify") for status in ("closed", "dated"))

    assert say(closed) == "Terminé : ce n'est plus possible. Une autre piste : 9."
    assert say(dated) == "Mon information est de 2018."


def test_a_sentence_in_the_past_may_still_be_said_of_what_was_closed_since():
    ended = replace(STABLE, status="closed", written_as="dated")

    assert say(ended, sentence="l'agence aidait.") == "Terminé. L'agence aidait. Une autre piste : 9."


def test_an_unknown_fact_says_nothing_of_what_the_sentence_claims():
    assert say(replace(STABLE, status="unknown")) == "Je ne sais pas. Tapez 9."


def test_a_suspended_fact_falls_silent_at_once():
    assert say(replace(STABLE, suspended=True)) == "Je ne sais pas. Tapez 9."


def test_what_must_be_checked_first_is_not_said_before():
    fact = replace(STABLE, status="to_verify", timeless=False, check_first=True)

    assert say(fact) == "Je ne sais pas. Tapez 9."
    assert say(replace(fact, **CHECKED)) == "L'aide existe. Vérifié en 10/2026."


def test_the_gravest_of_several_facts_decides():
    dated, closed = replace(STABLE, status="dated"), replace(STABLE, status="closed")

    assert say(STABLE, dated, closed).startswith("Terminé.")


def test_an_emergency_number_is_said_bare():
    assert say(replace(STABLE, status="to_verify", emergency=True), sentence="Appelez le 15.") == "Appelez le 15."


def test_an_internal_fact_is_never_said():
    with pytest.raises(InternalFact, match="steps"):
        say(replace(STABLE, status="internal"))


def test_a_response_may_not_rest_on_an_internal_fact_nor_use_a_value_without_naming_its_fact():
    phone = replace(STABLE, id="office", timeless=False, says={"oim_phone": "20 22 76 97"})
    facts = Facts(facts={"cost": replace(STABLE, id="cost", status="internal"), "office": phone})
    texts = {"utter_cost": "Cher.", "utter_call": "Appelez {oim_phone}.", "utter_lost": "Perdu."}

    faults = response_faults(facts, {"utter_cost": ["cost"], "utter_call": [], "utter_lost": ["gone"]}, texts)

    assert [name for name, _ in faults] == ["utter_cost", "utter_call", "utter_lost"]


def test_an_emergency_number_that_nobody_dialled_is_a_finding():
    number = replace(STABLE, status="to_verify", emergency=True, given=True)
    checked = replace(number, **CHECKED)

    assert "never checked" in unchecked_emergency(Facts(facts={"a": number}), today=TODAY)[0]
    assert unchecked_emergency(Facts(facts={"a": checked}), today=TODAY) == []
    assert "2026-10-01" in unchecked_emergency(Facts(facts={"a": checked}), today=date(2028, 1, 1))[0]
    assert "suspended" in unchecked_emergency(Facts(facts={"a": replace(checked, suspended=True)}), today=TODAY)[0]


def test_stale_lists_what_ages_and_was_not_checked():
    old, fresh = replace(STABLE, id="old", timeless=False), replace(STABLE, id="fresh", timeless=False, **CHECKED)

    assert stale(Facts(facts={"t": STABLE, "old": old, "fresh": fresh}), TODAY) == (old,)
