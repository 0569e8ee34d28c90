"""A demonstration has people and work in every state; an installation for people never has any of them."""

from dataclasses import replace

import pytest

from bot.demo import seed
from bot.house import House
from tests.console.conftest import make_house


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    house = make_house(tmp_path_factory.mktemp("demo"))
    assert seed(house) == 12
    yield house
    house.database.close()


def cases(house: House):
    return house.ports.store.cases(include_closed=True, include_sensitive=True)


def test_there_are_cases_of_every_kind_and_state(played):
    found = cases(played)

    assert {case.status for case in found} >= {"open", "taken", "waiting", "closed"}
    assert {case.priority for case in found} == {"P1", "P2", "P3"}
    assert {"violence_home", "complaint_money", "call_back", "contact_change"} <= {case.kind for case in found}
    assert [case.kind for case in found if case.sensitive] == ["complaint_money"]
    assert "apej" in {case.referred_to for case in found}


def test_check_ins_and_broadcasts_have_something_to_show(played):
    done, waiting = sorted(played.broadcasts.all(), key=lambda one: one.created_at)

    assert (done.state, waiting.state) == ("done", "submitted")
    assert played.broadcasts.counts(done.id)["delivered"] >= 5
    assert len(played.unmatched.all()) > 0


def test_nothing_is_played_twice(played):
    before = len(cases(played))

    assert seed(played) == 0
    assert len(cases(played)) == before


def test_nobody_invented_comes_into_an_installation_for_people(tmp_path):
    house = make_house(tmp_path)
    live = replace(house, settings=replace(house.settings, mode="live"))

    assert seed(live) == 0
    assert cases(house) == ()
    house.database.close()


def test_nobody_invented_comes_where_a_provider_could_write_to_their_numbers(tmp_path):
    url = "http://127.0.0.1:1/cgi-bin/sendsms"
    secrets = {"SEGIN_KANNEL_USERNAME": "segin", "SEGIN_KANNEL_PASSWORD": "x", "SEGIN_KANNEL_SECRET": "s" * 32}
    house = make_house(tmp_path, SEGIN_KANNEL_SEND_URL=url, SEGIN_KANNEL_FROM="36000", **secrets)

    assert seed(house) == 0
    house.database.close()
