"""A mistake in a file of facts is named, with the file and the entry."""

import pytest

from bot.core.facts_reading import parse_facts

GOOD = {
    "sources": {"leaflet": {"title": "Dépliant", "publisher": "OIM", "year": "2018"}},
    "facts": {"a": {"topic": "t", "source": "leaflet", "status": "stable", "text": "Texte."}},
}


def faults(**changes) -> str:
    fact = {**GOOD["facts"]["a"], **changes}
    data = {**GOOD, "facts": {"a": {k: v for k, v in fact.items() if v is not None}}}
    return "\n".join(map(str, parse_facts({"programme.yml": data})[1]))


def test_a_fact_takes_the_year_of_its_source():
    parsed, found = parse_facts({"programme.yml": GOOD})

    assert not found
    assert parsed.facts["a"].year == "2018"
    assert parsed.files["a"] == "programme.yml"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"status": "sure"}, "status 'sure' does not exist"),
        ({"source": "rumour"}, "source 'rumour' does not exist"),
        ({"text": None}, "text is missing"),
        ({"colour": "red"}, "unknown key 'colour'"),
        ({"phones": ["20 22 76 97"]}, "is not a valid telephone number"),
        ({"phones": ["+22399"]}, "is not a valid telephone number"),
        ({"year": "bientôt"}, "the year is missing"),
        ({"status": "internal", "says": {"cost": "400 000"}}, "must not have values"),
        ({"verified_by": "Awa"}, "go together"),
    ],
)
def test_a_faulty_fact_is_named(changes, sentence):
    assert faults(**changes).startswith("programme.yml: a: ")
    assert sentence in faults(**changes)


def test_two_facts_may_not_claim_one_value_or_one_id():
    body = {**GOOD["facts"]["a"], "says": {"phone": "20 22 76 97"}}
    other = {"facts": {"b": body, "a": body}}

    found = "\n".join(map(str, parse_facts({"x.yml": {**GOOD, "facts": {"c": body}}, "y.yml": other})[1]))

    assert "the value {phone} belongs to c already" in found


def test_a_partner_that_names_what_does_not_exist_is_a_fault():
    partner = {"p": {"name": "P", "short": "P", "facts": ["none"], "trades": ["none"], "regions": ["none"]}}

    assert len(parse_facts({"x.yml": {**GOOD, "partners": partner}})[1]) == 3


def test_a_file_that_is_no_mapping_is_a_fault():
    assert "is not a mapping" in str(parse_facts({"x.yml": ["a"]})[1][0])
