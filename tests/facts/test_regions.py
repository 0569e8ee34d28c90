"""Regions are understood as people name them: today's, the old ones, by number, in Bambara."""

from datetime import date

import pytest

from bot.core.commands import Expectation
from bot.core.directory import names_of_region
from bot.core.engine import expectation
from bot.core.facts import Facts
from bot.core.messages import Language
from bot.service.brain import Brain
from bot.service.ports import Ports
from bot.simulator import Phone

TODAY = date(2026, 11, 23)
TWO_MEANINGS = {"San"}  # also "year" in Bambara: alone it is asked about again


@pytest.fixture
def asked(brain: Brain, ports: Ports) -> Expectation:
    """What is expected once the assistant has asked for the region."""
    phone = Phone(brain, ports, "sms", "+22376000001")
    taken = phone.write("je veux apprendre la couture")
    assert taken.decision
    assert "Dans quelle région" in taken.rows[-1].text
    return expectation(brain.assistant, taken.decision.state, "fr")


def region_of(brain: Brain, asked: Expectation, name: str, language: Language) -> object:
    reading = brain.understanding.read(name, expectation=asked, language=language, paused=False, today=TODAY)
    return reading.entities.get("region")


def test_every_name_that_a_region_has_is_understood_when_the_region_is_asked(
    brain: Brain, asked: Expectation, facts: Facts
) -> None:
    names = [
        (r.code, name)
        for r in facts.regions.values()
        for name in names_of_region(r)
        if name.title() not in TWO_MEANINGS
    ]

    heard = {(code, name): region_of(brain, asked, name, "fr") for code, name in names}

    assert {name: got for name, got in heard.items() if got != name[0]} == {}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("je suis dans la 8eme region", "kidal"),
        ("cercle de bafoulabe", "kayes"),
        ("Diré", "tombouctou"),
        ("wassoulou", "bougouni"),
        ("kati", "koulikoro"),
    ],
)
def test_a_town_or_an_old_number_leads_to_its_region_of_today(
    brain: Brain, asked: Expectation, said: str, code: str
) -> None:
    assert region_of(brain, asked, said, "fr") == code
