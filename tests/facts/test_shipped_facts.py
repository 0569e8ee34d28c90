"""The shipped facts say what the two source documents say, no more and no less."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.core import sms_text
from bot.core.facts import present, unchecked_emergency

LIBRARY = Path(__file__).parents[2] / "../shared/domain"
STATUS = {
    "a_verifier": "to_verify",
    "date": "dated",
    "clos": "closed",
    "inconnu": "unknown",
    "interne": "internal",
    "stable": "stable",
}


def library(name: str):
    path = LIBRARY / name
    if not path.exists():
        pytest.skip(f"the reference library is not here: {path}")
    return yaml.safe_load(path.read_text("utf-8"))


def test_every_fact_of_the_sources_is_there_with_its_status(facts):
    wanted = {fact["id"]: STATUS[fact["statut"]] for fact in library("facts.yml")["faits"]}

    assert {i: facts.facts[i].status for i in wanted if i in facts.facts} == wanted


def test_all_partners_offices_and_trades_of_the_sources_are_there(facts):
    data = library("facts.yml")
    trades = next(fact for fact in data["faits"] if fact["id"] == "metiers")["liste"]

    assert {partner["id"] for partner in data["partenaires"]} <= facts.partners.keys()
    assert {office["id"] for office in data["contacts_oim"]} <= facts.facts.keys()
    assert {(t["code"], t["fr"], *t["mots"]) for t in trades} == {
        (t.code, t.name, *t.words) for t in facts.trades.values()
    }


def test_telephones_are_those_of_the_sources(facts):
    data = library("facts.yml")
    contacts = [partner["contact"] for partner in data["partenaires"] if "contact" in partner] + data["contacts_oim"]

    assert {n for c in contacts for n in c["telephones_e164"]} == {n for f in facts.facts.values() for n in f.phones}


def test_regions_are_the_twenty_of_the_law_with_the_old_region(facts):
    wanted = {(region["nom"], region["mere"]) for region in library("external.yml")["regions_2023"]["liste"]}

    assert {(r.name, facts.regions[r.old].name) for r in facts.regions.values()} == wanted


def test_a_menu_of_trades_never_has_more_than_five_choices(facts):
    assert len(facts.trade_groups) <= 5
    assert all(len(codes) <= 5 for codes in facts.trade_groups.values())
    assert sorted(c for codes in facts.trade_groups.values() for c in codes) == sorted(facts.trades)


def test_no_number_has_been_called_and_the_emergency_ones_say_so(facts):
    unverified = [f.id for f in facts.facts.values() if f.emergency and f.given and f.verified_on is None]

    assert len(unchecked_emergency(facts)) == len(unverified)
    given = {f.id: list(f.says.values()) for f in facts.facts.values() if f.emergency and f.given}
    assert given == {"urgence_police": ["17"], "urgence_pompiers": ["18"], "urgence_sante": ["15"]}


def test_prices_and_costs_are_internal(facts):
    priced = {f.id for f in facts.facts.values() if re.search(r"\d ?\d{3} (F CFA|euros)|\d F CFA", f.text)}

    assert {facts.facts[i].status for i in priced} == {"internal"}


def test_no_sentence_promises(sentences):
    promising = re.compile(
        r"vous (aurez|recevrez|toucherez|serez (aidé|payé)|avez droit)|\b(garanti|éligible)", re.IGNORECASE
    )

    assert {msgid: text for msgid, text in sentences.items() if promising.search(text)} == {}


def test_what_holds_for_returns_from_morocco_says_so(facts, sentences, rests_on):
    scoped = {r for r, ids in rests_on.items() if any(facts.facts[i].scope == "Maroc" for i in ids)}

    silent = {r for r in scoped if "Maroc" not in sentences[r].replace("{maroc}", "Maroc")}
    assert silent == set()


def test_sentences_about_the_closed_project_begin_with_closed(facts, sentences, rests_on):
    closed = {r: ids for r, ids in rests_on.items() if any(facts.facts[i].status == "closed" for i in ids)}

    assert closed
    for response, ids in closed.items():
        said = present(facts.of(ids), sentences[response], texts=sentences, today=date(2026, 11, 23))
        assert said.startswith("Terminé."), response


def test_dated_sentences_speak_of_the_past(facts, sentences, rests_on):
    present_tense = re.compile(r"\b(aide|aident|mène|propose|offre|forme|existe|peut|est|sont|va|donne)\b")
    dated = {r for r, ids in rests_on.items() if any(facts.facts[i].status == "dated" for i in ids)}

    assert {r: sentences[r] for r in dated if present_tense.search(sentences[r])} == {}


def test_every_wrapper_is_in_the_catalogue_and_leaves_room(sentences):
    for msgid in ("to_verify", "to_verify_call", "dated", "closed", "closed_since", "unknown", "doubt", "verified"):
        text = sentences[f"fact.status.{msgid}"].replace("{year}", "2017-2018").replace("{month}", "11/2026")
        assert len(sms_text.fold(text.replace("{sentence}", ""))) <= 75, msgid
