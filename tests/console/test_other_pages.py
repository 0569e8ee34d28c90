"""Facts to verify, messages that were not understood, flows as pictures."""

import pytest

from bot.core.effects import KeepUnmatched
from bot.core.messages import Address

FACT = "oim_bamako"


def shown(house):
    return next(iter(fact for fact in house.fresh.now().assistant.facts.facts.values() if fact.id == FACT))


def test_a_fact_is_verified_with_how_it_is_known(console_house, staff_client):
    desk = staff_client("supervisor")
    assert "jamais vérifié" in desk.get("/console/facts?only=all").text

    answer = desk.post_form(f"/console/facts/{FACT}", {"act": "verify", "why": "appelé le numéro"})

    assert answer.status_code == 303
    made = console_house.fresh.edits.all()[-1]
    assert (made.fact_id, made.by, made.why) == (FACT, desk.account.name, "appelé le numéro")


@pytest.mark.parametrize("act", ["verify", "suspend", "edit"])
def test_nothing_changes_without_a_reason(console_house, staff_client, act):
    before = console_house.fresh.edits.newest()

    answer = staff_client("reviewer").post_form(f"/console/facts/{FACT}", {"act": act, "why": " "})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert console_house.fresh.edits.newest() == before


def test_a_fact_is_switched_off_and_on_again(console_house, staff_client):
    desk = staff_client("supervisor")

    desk.post_form(f"/console/facts/{FACT}", {"act": "suspend", "why": "le numéro ne répond plus"})
    assert "coupé" in desk.get(f"/console/facts/{FACT}").text

    desk.post_form(f"/console/facts/{FACT}", {"act": "resume", "why": "rappelé, il répond"})
    assert "coupé" not in desk.get(f"/console/facts/{FACT}").text


def test_a_wrong_number_comes_back_as_it_was_typed(staff_client):
    form = {"act": "edit", "why": "vu au bureau", "status": "to_verify", "phones": "12"}

    answer = staff_client("reviewer").post_form(f"/console/facts/{FACT}", form)

    assert answer.status_code == 422
    assert 'value="12"' in answer.text


def test_what_was_not_understood_is_labelled_or_thrown_away(console_house, staff_client):
    ports, desk = console_house.ports, staff_client("reviewer")
    now, person_id = ports.clock.now(), ports.ids.new()
    with ports.store.write() as tx:
        tx.ensure_person(person_id, Address("sms", f"+2237{ports.ids.number(10**7):07}"), now=now)
        tx.keep_unmatched(person_id, KeepUnmatched("un mot <b>inconnu</b>", "fr"), now=now)
        tx.keep_unmatched(person_id, KeepUnmatched("kuma dɔ", "bm"), now=now)
    page = desk.get("/console/unmatched").text
    assert "un mot &lt;b&gt;inconnu" in page
    newer, older = [one.id for one in console_house.unmatched.all()][:2]

    assert desk.post_form(f"/console/unmatched/{older}", {"intent": "advice"}).status_code == 303
    assert desk.post_form(f"/console/unmatched/{newer}", {"drop": "1"}).status_code == 303

    left = {one.id: one for one in console_house.unmatched.all()}
    assert left[older].label == "advice"
    assert newer not in left


def test_a_flow_is_drawn_from_what_is_run(staff_client):
    desk = staff_client("caseworker")
    assert "lost_document" in desk.get("/console/flows").text

    assert "<svg" in desk.get("/console/flows/lost_document").text
    assert desk.get("/console/flows/nothing").status_code == 404
