"""The list of cases: what each tab holds, what a search finds, and that nobody learns of what is not for their eyes."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from bot.adapters.sql.case_reads import SqlCaseReads
from bot.core.staff import ROLES, Staff, may_see
from bot.ports.case_reads import Narrowed
from bot.simulator import StoppedClock
from bot.web import create_app
from tests.console.conftest import Seat
from tests.console.conftest import seat as sit_down
from tests.console.letters import Sit, asks, complains, page, phone, version


def counts(text: str) -> dict[str, int]:
    """Return what the tabs say: {"À moi": 0, …}."""
    return {word: int(count) for word, count in re.findall(r">([^<]+) <span>\((\d+)\)</span>", text)}


def all_pages(seat: Seat, query: str) -> list[str]:
    """Return the references on every page of a list: the data are shared with other tests."""
    pages = int((re.search(r"page 1 sur (\d+)", page(seat, query)) or ["", "1"])[1])
    return [one for number in range(1, pages + 1) for one in listed(page(seat, f"{query}&page={number}"))]


def listed(text: str) -> list[str]:
    return re.findall(r'id="c-(\w+)"', text)


def test_a_new_case_waits_to_be_taken_and_then_is_mine(console_house, staff_client: Sit):
    seat = staff_client("caseworker")
    _, case = asks(console_house)
    assert case.reference in all_pages(seat, "?tab=unassigned")

    shown = page(seat, f"/{case.reference}")
    seat.post_form(f"/console/cases/{case.reference}/take", {"seen": version(shown)})

    assert case.reference not in all_pages(seat, "?tab=unassigned")
    assert listed(page(seat, "?tab=mine")) == [case.reference]
    assert counts(page(seat, ""))["À moi"] == 1


def test_a_line_says_in_words_how_urgent_a_case_is_and_until_when(console_house, staff_client: Sit):
    one = phone(console_house)
    one.write("aidez moi il va me tuer")
    text = page(staff_client("caseworker"), "?tab=all&priority=P1")

    assert "P1 urgent" in text
    assert re.search(r"dans 1\d min", text)


def test_what_is_late_says_so(console_house, staff_client: Sit):
    _, case = asks(console_house)
    with console_house.database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE case_ SET due_at = '2026-01-01 00:00:00' WHERE id = '{case.id}'")  # noqa: S608
    text = page(staff_client("caseworker"), "?tab=overdue")

    assert case.reference in listed(text)
    assert "en retard de" in text


def test_a_sensitive_case_is_nowhere_but_with_the_focal_point(console_house, staff_client: Sit):
    one, case = complains(console_house)
    number = one.number[-4:]
    for seat in (staff_client("caseworker"), staff_client("supervisor"), staff_client("partner", partner="apej")):
        everything = "".join(
            page(seat, f"?tab={tab}") for tab in ("all", "unassigned", "overdue", "sensitive", "closed")
        )
        found = seat.post_form("/console/cases/search", {"sought": case.reference})
        by_number = seat.post_form("/console/cases/search", {"sought": number})

        assert case.reference not in everything + by_number.get_data(as_text=True)
        assert listed(found.get_data(as_text=True)) == []
        assert "Sensibles" not in everything
        assert seat.get(f"/console/cases/{case.reference}").status_code == 404
        assert seat.get(f"/console/cases/{case.reference}/live").status_code == 404
    focal = staff_client("focal_point")

    assert case.reference in all_pages(focal, "?tab=sensitive")
    assert focal.get(f"/console/cases/{case.reference}").status_code == 200
    assert case.reference in focal.post_form("/console/cases/search", {"sought": number}).get_data(as_text=True)


def test_a_sensitive_case_changes_nobody_elses_counts(console_house, staff_client: Sit):
    seat = staff_client("caseworker")
    before = counts(page(seat, "?tab=all"))
    mark = seat.get("/console/cases/lines").headers["ETag"]
    complains(console_house)

    assert counts(page(seat, "?tab=all")) == before
    assert seat.get("/console/cases/lines").headers["ETag"].split(".")[:2] == mark.split(".")[:2]


def test_another_partners_case_is_not_there(console_house, staff_client: Sit):
    worker, ours, others = (
        staff_client("caseworker"),
        staff_client("partner", partner="apej"),
        staff_client("partner", partner="ccim"),
    )
    _, case = asks(console_house)
    assert ours.get(f"/console/cases/{case.reference}").status_code == 404
    shown = page(worker, f"/{case.reference}")
    worker.post_form(f"/console/cases/{case.reference}/refer", {"seen": version(shown), "partner": "apej"})

    assert case.reference in all_pages(ours, "?tab=all")
    assert ours.get(f"/console/cases/{case.reference}").status_code == 200
    assert case.reference not in listed(page(others, ""))
    assert others.get(f"/console/cases/{case.reference}").status_code == 404
    assert others.get("/console/cases/A0000A").status_code == 404


def test_search_finds_by_reference_last_digits_and_name(console_house, staff_client: Sit):
    seat = staff_client("caseworker")
    one, case = asks(console_house)
    person = one.person()
    assert person
    with console_house.ports.store.write() as tx:
        tx.save_contact(person.id, {"name": "Fatoumata Unique"}, now=console_house.ports.clock.now())

    straight = seat.post_form(
        "/console/cases/search", {"sought": f" {case.reference[:3].lower()}-{case.reference[3:]} "}
    )
    assert straight.location == f"/console/cases/{case.reference}"
    for sought in (one.number[-4:], "fatoumata unique", "Unique"):
        found = seat.post_form("/console/cases/search", {"sought": sought})
        assert found.status_code == 200
        assert case.reference in listed(found.get_data(as_text=True))


def test_what_is_searched_for_stands_in_no_address(staff_client: Sit):
    seat = staff_client("caseworker")
    answer = seat.get("/console/cases?sought=Fatoumata")

    assert 'method="post" action="/console/cases/search"' in answer.get_data(as_text=True)
    assert "Fatoumata" not in answer.get_data(as_text=True)
    assert seat.get("/console/cases/search").status_code in {404, 405}


def test_a_search_for_nothing_says_what_can_be_searched(staff_client: Sit):
    answer = staff_client("caseworker").post_form("/console/cases/search", {"sought": "x"})

    assert answer.status_code == 422
    assert 'value="x"' in answer.get_data(as_text=True)
    assert "quatre derniers chiffres" in answer.get_data(as_text=True)


def test_filters_stand_in_the_address_and_narrow_list_and_counts(console_house, staff_client: Sit):
    seat = staff_client("caseworker")
    _, plain = asks(console_house)
    query = "?tab=all&kind=question&priority=P3&region=nowhere"
    text = page(seat, query)

    assert plain.reference in all_pages(seat, query)
    assert "kind=question" in text
    assert "nowhere" not in text
    assert listed(page(seat, "?tab=all&kind=kidnapping")) == []


def test_a_long_list_has_pages(console_house, staff_client: Sit):
    seat = staff_client("caseworker")
    for _ in range(26):
        asks(console_house)
    first, second = page(seat, "?tab=all"), page(seat, "?tab=all&page=2")

    assert len(listed(first)) == 25
    assert listed(second)
    assert not set(listed(first)) & set(listed(second))
    assert "page 2 sur" in second
    assert listed(page(seat, "?tab=all&page=0")) == listed(page(seat, "?tab=all&page=-5"))


def test_a_list_that_has_not_changed_is_not_sent_again(console_house):
    stopped = StoppedClock(console_house.ports.clock.now())
    house = replace(console_house, ports=console_house.ports.with_clock(stopped))
    seat = sit_down(create_app(house), house, "caseworker")
    first = seat.get("/console/cases/lines?tab=mine")
    known = {"If-None-Match": first.headers["ETag"], "HX-Request": "true"}
    again = seat.get("/console/cases/lines?tab=mine", headers=known)
    assert (again.status_code, again.data) == (304, b"")

    _, case = asks(console_house)
    seat.post_form(f"/console/cases/{case.reference}/take", {"seen": version(page(seat, f"/{case.reference}"))})
    fresh = seat.get("/console/cases/lines?tab=mine", headers=known)

    assert fresh.status_code == 200
    assert "<html" not in fresh.get_data(as_text=True)
    assert listed(fresh.get_data(as_text=True)) == [case.reference]


def test_a_minute_later_the_list_says_other_times(console_house):
    clock = StoppedClock(console_house.ports.clock.now())
    house = replace(console_house, ports=console_house.ports.with_clock(clock))
    seat = sit_down(create_app(house), house, "caseworker")
    mark = seat.get("/console/cases/lines").headers["ETag"]
    clock.at += timedelta(minutes=1)

    assert seat.get("/console/cases/lines", headers={"If-None-Match": mark}).status_code == 200


@pytest.mark.parametrize("roles", [*product(sorted(ROLES)), ("caseworker", "focal_point"), ("partner", "focal_point")])
def test_the_list_holds_what_may_be_seen_and_nothing_else(console_house, staff_client: Sit, roles):
    _, complaint = complains(console_house)
    _, plain = asks(console_house)
    _, referred = asks(console_house)
    seat = staff_client("caseworker")
    shown = page(seat, f"/{referred.reference}")
    seat.post_form(f"/console/cases/{referred.reference}/refer", {"seen": version(shown), "partner": "gallice"})
    staff = Staff("any", "Any", frozenset(roles), "gallice" if "partner" in roles else None)
    reads = SqlCaseReads(console_house.database, console_house.vault)
    now = console_house.ports.clock.now()

    lines = reads.lines(Narrowed(staff), now=now, limit=10_000)
    made = [console_house.ports.store.case(one.reference) for one in (complaint, plain, referred)]

    assert all(may_see(staff, line.case) for line in lines)
    assert {one.id for one in made if may_see(staff, one)} <= {line.case.id for line in lines}
    assert reads.counts(Narrowed(staff), now=now)["all"] == len(lines)
