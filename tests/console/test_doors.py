"""Every door of the console, also one added tomorrow, needs sign-in, a role, a form of ours and strict headers."""

import re
from itertools import product

import pytest

from bot.core.staff import ROLES
from console.desk import MENU, all_doors
from console.manners import HEADERS

DOORS = all_doors()
PLACEHOLDER = re.compile(r"<(?:(int):)?[^>]+>")


def path(door):
    """Return an address of the door; what its placeholders name is nowhere."""
    return "/console" + PLACEHOLDER.sub(lambda found: "0" if found[1] else "nowhere", door.rule)


def verbs(*wanted):
    return [(door, verb) for door in DOORS for verb in door.methods if verb in wanted]


def name(value):
    return getattr(value, "name", str(value))


FORBIDDEN = [(door, role) for door, role in product(DOORS, sorted(ROLES)) if role not in door.roles]


@pytest.mark.parametrize(("door", "verb"), verbs("GET"), ids=name)
def test_a_page_leads_a_stranger_to_the_sign_in_page(console_app, door, verb):
    answer = console_app.test_client().get(path(door))

    assert answer.status_code == 303
    assert answer.location.startswith("/console/sign-in?next=/console/")


@pytest.mark.parametrize(("door", "verb"), verbs("POST"), ids=name)
def test_a_form_of_a_stranger_is_refused(console_app, door, verb):
    assert console_app.test_client().post(path(door)).status_code == 403


@pytest.mark.parametrize(("door", "role"), FORBIDDEN, ids=name)
def test_a_role_that_the_page_is_not_for_is_refused(staff_client, door, role):
    seat = staff_client(role, partner="somebody" if role == "partner" else None)
    answer = seat.get(path(door)) if "GET" in door.methods else seat.post_form(path(door))

    assert answer.status_code == 403


@pytest.mark.parametrize(("door", "verb"), verbs("POST"), ids=name)
@pytest.mark.parametrize("given", [{}, {"csrf": ""}, {"csrf": "0" * 64}], ids=["absent", "empty", "wrong"])
def test_a_form_without_its_token_is_refused(staff_client, door, verb, given):
    seat = staff_client(min(door.roles), partner="somebody")

    assert seat.client.post(path(door), data=given).status_code == 403


@pytest.mark.parametrize(("door", "verb"), verbs("POST"), ids=name)
@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}], ids=str
)
def test_a_form_that_another_site_sends_is_refused(staff_client, door, verb, headers):
    seat = staff_client(min(door.roles), partner="somebody")

    assert seat.post_form(path(door), headers=headers).status_code == 403


@pytest.mark.parametrize("door", DOORS, ids=name)
def test_every_answer_is_strict_about_what_a_browser_may_do_with_it(staff_client, console_app, door):
    seat = staff_client(*sorted(door.roles - {"partner"} or door.roles), partner="somebody")
    mine = seat.get(path(door)) if "GET" in door.methods else seat.post_form(path(door))

    for answer in (mine, console_app.test_client().post(path(door)), console_app.test_client().get(path(door))):
        assert answer.status_code < 500
        for header in HEADERS:
            assert header in answer.headers
        assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("door", [door for door in DOORS if door.methods == ("GET",)], ids=name)
def test_no_page_holds_a_script_or_a_style_that_the_policy_would_stop(staff_client, door):
    seat = staff_client(*sorted(door.roles - {"partner"} or door.roles), partner="somebody")
    page = seat.get(path(door)).get_data(as_text=True)

    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=\"", page)


def test_no_two_doors_have_the_same_name():
    names = [door.name for door in DOORS]

    assert len(set(names)) == len(names)


def test_every_role_finds_a_first_page(staff_client):
    for role in sorted(ROLES):
        seat = staff_client(role, partner="somebody")
        answer = seat.get("/console/", follow_redirects=True)
        assert answer.status_code == 200, role


def test_the_menu_shows_only_what_somebody_may_open(staff_client):
    roles = {door.name: door.roles for door in DOORS}
    for role in sorted(ROLES - {"partner"}):
        page = staff_client(role).get("/console/account").get_data(as_text=True)
        for name, word in MENU:
            assert (f">{word}</a>" in page) == (role in roles.get(name, ())), (role, name)
