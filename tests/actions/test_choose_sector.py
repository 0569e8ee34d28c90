"""Trades: what is known is not asked again, and a partner is named only where the sources name it."""

from pathlib import Path

from bot.adapters.actions import known, package_actions
from bot.adapters.files import load_assistant
from flows.actions.choose_sector import OpenInterest, PartnerFit, UseKnownRegion

ROOT = Path(__file__).parents[2]
DIRECTORY = {"directory": {"couture": {"kayes": ["apej"], "segou": []}}}


def test_it_uses_the_region_that_the_person_told_before(act):
    assert act(UseKnownRegion(), known_region="kayes").slots == {"region": "kayes"}


def test_it_prefers_the_region_just_said(act):
    assert act(UseKnownRegion(), known_region="kayes", region="gao").slots == {}


def test_it_asks_when_no_region_is_known(act):
    assert act(UseKnownRegion()).slots == {}


def test_it_names_the_partner_where_trade_and_region_are_named(act):
    assert act(PartnerFit(), DIRECTORY, trade="couture", region="kayes").slots == {"partner_fit": "apej"}


def test_it_names_none_elsewhere_and_never_keeps_the_last_answer(act):
    for slots in ({"trade": "couture", "region": "segou"}, {"trade": "soudure", "region": "kayes"}, {}):
        assert act(PartnerFit(), DIRECTORY, partner_fit="apej", **slots).slots == {"partner_fit": "none"}


def test_it_keeps_an_interest_with_its_region(act):
    profile, case = act(OpenInterest(), trade="couture", region="kayes").effects

    assert profile["items"] == {"trade": "couture", "region": "kayes"}
    assert (case["kind"], case["priority"], case["note"]) == ("interest", "P3", {"trade": "couture", "region": "kayes"})


def test_it_gets_the_directory_of_the_shipped_facts_where_a_new_region_counts_as_its_old_one(act):
    actions, validates = known(package_actions())
    domain = load_assistant(ROOT, actions=actions, validates=validates).rasa_domain

    fits = {
        r: act(PartnerFit(), domain, trade="couture", region=r).slots["partner_fit"] for r in ("kayes", "kita", "segou")
    }

    assert fits == {"kayes": "apej", "kita": "apej", "segou": "none"}
