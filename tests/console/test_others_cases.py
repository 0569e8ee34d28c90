"""Whoever may not see a case finds nothing under its reference, at every door there is and will be."""

import pytest

from bot.core.staff import Role
from console.desk import all_doors
from tests.console.letters import asks, complains, version

CASE_DOORS = [(door, verb) for door in all_doors() if "<reference>" in door.rule for verb in door.methods]
PARTNER: frozenset[Role] = frozenset({"partner"})


def name(value):
    return getattr(value, "name", str(value))


def knock(seat, door, verb, case):
    path = f"/console{door.rule}".replace("<reference>", case.reference)
    return seat.get(path) if verb == "GET" else seat.post_form(path, {"seen": "0", "text": "x", "reason": "call"})


def story(house, case):
    return [(event.kind, event.text) for event in house.ports.store.timeline(case.id)]


@pytest.fixture(scope="module")
def sensitive(console_house):
    return complains(console_house)[1]


@pytest.fixture(scope="module")
def ordinary(console_house):
    return asks(console_house)[1]


@pytest.mark.parametrize(("door", "verb"), CASE_DOORS, ids=name)
def test_a_sensitive_case_is_not_there_for_others_than_the_focal_point(
    staff_client, console_house, sensitive, door, verb
):
    before = story(console_house, sensitive)
    for role in ("caseworker", "supervisor"):
        answer = knock(staff_client(role), door, verb, sensitive)
        assert answer.status_code == (404 if role in door.roles else 403), role

    assert story(console_house, sensitive) == before


@pytest.mark.parametrize(("door", "verb"), [one for one in CASE_DOORS if one[0].roles >= PARTNER], ids=name)
def test_a_case_that_was_not_referred_to_a_partner_is_not_there_for_them(
    staff_client, console_house, ordinary, door, verb
):
    before = story(console_house, ordinary)

    assert knock(staff_client("partner", partner="ccim"), door, verb, ordinary).status_code == 404
    assert story(console_house, ordinary) == before


def test_a_partner_reads_no_note_but_their_own(staff_client, console_house):
    case, worker = asks(console_house)[1], staff_client("caseworker")
    partner, path = staff_client("partner", partner="apej"), f"/console/cases/{case.reference}"

    def note(seat, reason, seen=None):
        seen = seen or version(seat.get(path).get_data(as_text=True))
        return seat.post_form(f"{path}/note", {"seen": seen, "reason": reason})

    seen = version(worker.get(path).get_data(as_text=True))
    worker.post_form(f"{path}/refer", {"seen": seen, "partner": "apej", "reason": "Formation."})
    seen = version(partner.get(path).get_data(as_text=True))
    note(worker, "se méfie de ce partenaire")
    late = note(partner, "ne répond pas", seen)
    note(partner, "vient jeudi")
    shown = partner.get(path).get_data(as_text=True)

    assert late.status_code == 409
    assert "vient jeudi" in shown
    assert "méfie" not in shown + late.get_data(as_text=True)
    assert "méfie" in worker.get(path).get_data(as_text=True)


@pytest.mark.parametrize(("door", "verb"), [one for one in CASE_DOORS if one[0].roles >= PARTNER], ids=name)
def test_a_case_that_was_referred_to_another_partner_is_not_there_for_them(staff_client, console_house, door, verb):
    case, worker = asks(console_house)[1], staff_client("caseworker")
    path = f"/console/cases/{case.reference}"
    seen = version(worker.get(path).get_data(as_text=True))
    worker.post_form(f"{path}/refer", {"seen": seen, "partner": "apej", "reason": "Formation."})
    assert staff_client("partner", partner="apej").get(path).status_code == 200

    assert knock(staff_client("partner", partner="ccim"), door, verb, case).status_code == 404
