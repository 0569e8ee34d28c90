"""No sentence of either catalogue holds a number, address, amount or organisation that does not come from a fact."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.channels.printed import text
from bot.core.facts import Facts, response_faults
from bot.core.messages import LANGUAGES
from bot.core.speech import longest
from bot.service.brain import Brain
from tests.conftest import MORNING

ROOT = Path(__file__).parents[2]
KEYS = re.compile(r"(?<![\d.,])[0-59](?![\d.,/]\d|\d)")  # menu digits, 0 and 9
OUR_WORDS = {"SMS", "STOP", "START", "QUESTIONS", "EFFACER", "FEMME"}  # what people type, and what they write in
OURS = {"utter_ask_wants_reminder": "7 days until our own reminder", "utter_ask_trade": "an example of a trade"}
FIGURES = re.compile(r"\d[\d .,/-]*")
AMOUNTS = re.compile(
    r"F ?CFA|\bfrancs?\b|\beuros?\b|\bd[ɔo]r[ɔo]m[ɛe]|\b(mille|millions?|cents?)\b|"
    r"\b(kɛmɛ|waga|ba (kelen|fila|saba|naani|duuru|tan))\b",
    re.IGNORECASE,
)
LINKS = re.compile(r"https?:|www\.|\w+\.(ma|ml|fr|int|org|com)\b|\S+@\S+")
STREETS = re.compile(r"\b(rue|avenue|boulevard|porte|BP|place de|monument)\b", re.IGNORECASE)
INSTITUTIONS = re.compile(
    r"\b(Agence|Direction|Minist[èe]re|Ambassade|Consulat|Chambre|Soci[ée]t[ée]|Croix|Caritas|Fondation|Banque)\b"
)
ACRONYM = re.compile(r"\b[A-Z]{3,}\b")
TELLING = re.compile(r"\d{1,3} \d{3}|\d,\d million|\d+ %|OFPRA|Méditerranée|freine")  # of internal facts
PLACES = {"Maroc", "Rabat"}  # a country and a town: facts have them too, but they are nobody's name


@pytest.fixture(params=LANGUAGES)
def catalogue(request: pytest.FixtureRequest) -> Mapping[str, str]:
    """{msgid: the words that stand in the catalogue itself}: placeholders are taken out."""
    with (ROOT / f"locales/{request.param}/LC_MESSAGES/flows.po").open("rb") as file:
        entries = {str(message.id): str(message.string) for message in read_po(file) if message.id}
    return {msgid: re.sub(r"\{\w+\}", "", sentence) for msgid, sentence in entries.items()}


def found(catalogue: Mapping[str, str], pattern: re.Pattern[str]) -> dict[str, str]:
    return {msgid: words for msgid, words in catalogue.items() if pattern.search(words)}


def test_no_figure_but_the_keys_of_a_menu(catalogue):
    figures = {msgid: words for msgid, words in catalogue.items() if FIGURES.search(KEYS.sub("", words))}

    assert figures.keys() <= OURS.keys()


@pytest.mark.parametrize("pattern", [AMOUNTS, LINKS, STREETS], ids=["amounts", "links", "streets"])
def test_no_amount_link_or_street(catalogue, pattern):
    assert found(catalogue, pattern) == {}


def test_no_address_of_a_fact_is_typed_into_a_sentence(catalogue, facts: Facts):
    words = {word for fact in facts.facts.values() for word in re.findall(r"[A-ZÀ-Ý][\wÀ-ÿ]{4,}", fact.address)}

    assert words
    assert found(catalogue, re.compile(rf"\b({'|'.join(words)})\b")) == {}


def test_no_organisation_but_in_the_menu_of_those_that_can_be_called(catalogue, facts: Facts):
    names = {value for fact in facts.facts.values() for value in fact.says.values() if not re.search(r"\d", value)}
    names |= {name for partner in facts.partners.values() for name in (partner.name, partner.short)}
    known = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in sorted(names - PLACES)), re.IGNORECASE)
    named = found(catalogue, known) | found(catalogue, INSTITUTIONS)
    named |= {msgid: words for msgid, words in catalogue.items() if set(ACRONYM.findall(words)) - OUR_WORDS}

    assert {msgid: words for msgid, words in named.items() if not msgid.startswith("value.partner.")} == {}


def test_the_menu_names_only_organisations_that_facts_know(catalogue, facts: Facts):
    known = {name for partner in facts.partners.values() for name in (partner.name, partner.short)}
    titles = {words for msgid, words in catalogue.items() if msgid.startswith("value.partner.")}

    assert {a for title in titles for a in ACRONYM.findall(title)} <= known
    assert all(title.startswith(tuple(facts.values().values())) for title in titles if INSTITUTIONS.search(title))


def test_every_response_names_the_facts_that_it_rests_on(brain: Brain):
    assistant = brain.assistant
    rests_on = {name: response.facts for name, response in assistant.domain.responses.items()}

    for language in LANGUAGES:
        assert response_faults(assistant.facts, rests_on, assistant.texts[language]) == []


def test_nothing_of_an_internal_fact_is_in_any_message(brain: Brain):
    internal = [fact for fact in brain.assistant.facts.facts.values() if fact.status == "internal"]
    told = {part for fact in internal for part in TELLING.findall(fact.text)}

    assert {"400 000", "17 000", "OFPRA"} <= told
    assert [words for words in _messages(brain) if any(part in words for part in told)] == []


def _messages(brain: Brain) -> Iterator[str]:
    for language in LANGUAGES:
        for response in brain.assistant.domain.responses:
            yield text(longest(brain.assistant, response, language=language, today=MORNING.date()))


@pytest.mark.parametrize("status", ["to_verify", "dated", "doubt"])
def test_what_sends_to_a_person_ends_in_the_words_that_a_turn_says_once(catalogue, status):
    assert catalogue[f"fact.status.{status}"].endswith(f" {catalogue['fact.status.ask']}")
