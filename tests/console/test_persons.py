"""A person on a page: masked until a reason is given, corrected without losing words, erased only when sure."""

import re
from itertools import count

import pytest
from sqlalchemy import select, update

from bot.adapters.sql.tables import audit
from bot.adapters.sql.tables import person as people
from bot.core.cases import Case
from bot.core.messages import Address
from bot.service.change_person import seen

numbers = count(100)  # the house is everybody's
COMPLAINT, PAPER = ("complaint", True), ("lost_document", False)


@pytest.fixture
def somebody(console_house):
    """Return the id of somebody whose number ends in 4321, with a complaint and a lost paper."""
    return keep(console_house, COMPLAINT, PAPER)


@pytest.fixture
def content(console_house):
    """Return the id of somebody who has lost a paper and complains of nothing."""
    return keep(console_house, PAPER)


def keep(console_house, *cases):
    ports = console_house.ports
    now, person_id = ports.clock.now(), ports.ids.new()
    with ports.store.write() as tx:
        tx.ensure_person(person_id, Address("sms", f"+2237{next(numbers):03}4321"), now=now)
        tx.save_profile(person_id, {"language": "bm", "region": "kayes", "consent": "given"}, now=now)
        tx.save_contact(person_id, {"name": "Nom Inventé", "relative_number": "+22366554433"}, now=now)
        for kind, sensitive in cases:
            case = Case(
                id=ports.ids.new(),
                reference=f"Y{ports.ids.number(9999):04}{'P' if sensitive else 'L'}",
                person_id=person_id,
                kind=kind,
                priority="P3",
                status="open",
                sensitive=sensitive,
                opened_at=now,
            )
            tx.open_case(case, now=now)
    return person_id


def person(house, ident):
    return house.ports.store.person(ident).person


def fields(house, ident, **changed):
    """Return the form as the page gives it."""
    one = person(house, ident)
    kept = {name: one.contact.get(name, "") for name in ("name", "place", "relation", "relative_knows", "call_hours")}
    return {
        **kept,
        "seen": seen(one),
        "language": one.language or "",
        "region": one.region or "",
        "number": "",
        "relative_number": "•••• 4433",
        **changed,
    }


def test_the_number_is_masked_until_a_reason_is_given(staff_client, somebody):
    desk = staff_client("caseworker")
    page = desk.get(f"/console/persons/{somebody}").text
    assert "•••• 4321" in page
    assert "66 55 44 33" not in page

    assert desk.post_form(f"/console/persons/{somebody}/numbers", {"why": ""}).status_code == 422

    assert "66 55 44 33" in desk.post_form(f"/console/persons/{somebody}/numbers", {"why": "call"}).text


def test_a_person_is_found_by_the_last_digits_and_no_address_holds_them(staff_client, somebody):
    answer = staff_client("caseworker").post_form("/console/persons", {"sought": "4321"})

    assert answer.status_code == 200
    assert f"/console/persons/{somebody}" in answer.text


def test_complaints_are_not_on_the_page_of_whoever_may_not_see_them(staff_client, somebody):
    page = staff_client("supervisor").get(f"/console/persons/{somebody}").text

    assert "papiers perdus" in page
    assert "plainte" not in page


def test_what_is_corrected_is_kept_and_a_masked_number_stays(console_house, staff_client, somebody):
    form = fields(console_house, somebody, place="Kita", do_not_call="1", number="76 00 00 02")

    answer = staff_client("caseworker").post_form(f"/console/persons/{somebody}/change", form)

    assert answer.status_code == 303
    one = person(console_house, somebody)
    assert (one.contact["place"], one.do_not_call, one.contact["number"]) == ("Kita", True, "+22376000002")
    assert one.contact["relative_number"] == "+22366554433"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("03/05/2026", ("2026-05", "2026-05-03")), ("mai 2026", ("2026-05", None)), ("", (None, None))],
)
def test_a_date_of_return_is_corrected_and_what_is_counted_from_it_planned_anew(
    console_house, staff_client, somebody, typed, kept
):
    with console_house.ports.store.write() as tx:
        now = console_house.ports.clock.now()
        tx.save_profile(somebody, {"return_month": "2026-01"}, now=now)
        tx.save_contact(somebody, {"return_date": "2026-01-09"}, now=now)
    with console_house.database.writing() as connection:
        connection.execute(update(people).where(people.c.id == somebody).values(planned_by="x"))
    seat = staff_client("caseworker")
    assert 'value="2026-01-09"' in seat.get(f"/console/persons/{somebody}").text

    answer = seat.post_form(f"/console/persons/{somebody}/change", fields(console_house, somebody, return_date=typed))

    assert answer.status_code == 303
    one = person(console_house, somebody)
    assert (one.return_month, one.contact.get("return_date")) == kept
    with console_house.database.reading() as connection:
        assert connection.execute(select(people.c.planned_by).where(people.c.id == somebody)).scalar() is None
        noted = select(audit.c.detail).where(audit.c.object_id == somebody, audit.c.action == "person.change")
        assert "return_month" in connection.execute(noted).scalar_one()


@pytest.mark.parametrize("typed", ["03/05/1826", "01/01/2199", "bientôt"])
def test_a_date_on_which_nobody_returned_says_what_to_do(console_house, staff_client, somebody, typed):
    form = fields(console_house, somebody, place="Diéma", return_date=typed)

    answer = staff_client("caseworker").post_form(f"/console/persons/{somebody}/change", form)

    assert answer.status_code == 422
    assert f'value="{typed}" aria-invalid="true"' in answer.text
    assert 'value="Diéma"' in answer.text
    assert "place" not in person(console_house, somebody).contact


def test_a_wrong_number_loses_nothing_that_was_typed(console_house, staff_client, somebody):
    form = fields(console_house, somebody, place="Diéma", number="12")

    answer = staff_client("caseworker").post_form(f"/console/persons/{somebody}/change", form)

    assert answer.status_code == 422
    assert 'value="Diéma"' in answer.text
    assert 'role="alert"' in answer.text
    assert "place" not in person(console_house, somebody).contact


def test_the_second_of_two_is_told_that_somebody_was_faster(console_house, staff_client, somebody):
    form = fields(console_house, somebody, place="Kita")
    staff_client("caseworker").post_form(f"/console/persons/{somebody}/change", {**form, "place": "Nioro"})

    answer = staff_client("caseworker").post_form(f"/console/persons/{somebody}/change", form)

    assert answer.status_code == 409
    assert 'value="Kita"' in answer.text
    assert person(console_house, somebody).contact["place"] == "Nioro"


def test_erasing_needs_a_supervisor_who_is_sure(console_house, staff_client, content):
    where, desk = f"/console/persons/{content}/erase", staff_client("supervisor")
    assert staff_client("caseworker").post_form(where, {"sure": "1"}).status_code == 403
    assert desk.post_form(where).status_code == 422
    assert person(console_house, content) is not None

    assert desk.post_form(where, {"sure": "1"}).status_code == 303

    assert person(console_house, content) is None
    assert desk.get(f"/console/persons/{content}").status_code == 404


def test_a_legal_hold_puts_the_erasure_off_until_it_is_lifted(console_house, staff_client, content):
    desk = staff_client("supervisor")
    assert desk.post_form(f"/console/persons/{content}/hold", {"reason": " "}).status_code == 422
    desk.post_form(f"/console/persons/{content}/hold", {"reason": "enquête en cours"})

    assert desk.post_form(f"/console/persons/{content}/erase", {"sure": "1"}).status_code == 409
    assert person(console_house, content) is not None

    desk.post_form(f"/console/persons/{content}/release")
    assert person(console_house, content) is None


def test_erasing_somebody_who_complained_is_answered_as_under_a_legal_hold(
    console_house, staff_client, somebody, content
):
    desk = staff_client("supervisor")
    desk.post_form(f"/console/persons/{content}/hold", {"reason": "enquête en cours"})
    under_hold, answer = (desk.post_form(f"/console/persons/{one}/erase", {"sure": "1"}) for one in (content, somebody))

    def told(page):
        return re.findall(r'role="alert" id="problem">([^<]+)', page.text)

    assert told(answer) == told(under_hold) != []
    assert answer.status_code == under_hold.status_code
    assert person(console_house, somebody) is not None
    assert "plainte" not in answer.text.casefold()


def test_the_export_is_whole_and_its_name_says_nothing(staff_client, somebody):
    answer = staff_client("supervisor").post_form(f"/console/persons/{somebody}/export")

    assert "Nom Inventé" in answer.text
    assert somebody not in answer.headers["Content-Disposition"]
