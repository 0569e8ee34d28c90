"""What nobody types in good faith: it is refused in a sentence, and breaks nothing."""

import re
from io import BytesIO

import pytest

from console import cookies
from console.desk import all_doors
from console.doors import LARGEST_FORM
from tests.console.conftest import PASSWORD

EVIL = (
    "a\x00b",
    "9" * 5000,
    "99999999999999999999",
    "-1",
    "²",
    '"><script>alert(1)</script>',
    "2026-13-45",
    "\r\nX-Evil: 1",
)
FIELDS = (
    *("text", "reason", "until", "to", "partner", "outcome", "priority", "seen", "sought", "page", "day", "before"),
    *(
        "week",
        "due",
        "id",
        "after",
        "tries",
        "number",
        "pin",
        "staff_id",
        "starts",
        "ends",
        "region",
        "language",
        "tab",
    ),
)
DOORS = [(door, verb) for door in all_doors() for verb in door.methods]


@pytest.mark.parametrize(("door", "verb"), DOORS, ids=lambda one: getattr(one, "name", one))
def test_no_door_breaks_on_what_nobody_types(staff_client, door, verb):
    role = min(door.roles)
    seat = staff_client(role, **({"partner": "ccim"} if role == "partner" else {}))
    for evil in EVIL:
        typed = dict.fromkeys(FIELDS, evil)
        for value in ("1", evil.replace("/", "").replace("\r\n", "")):
            path = "/console" + re.sub("<[^>]+>", value.replace("\\", ""), door.rule)
            answer = seat.get(path, query_string=typed) if verb == "GET" else seat.post_form(path, typed)

            assert answer.status_code < 500, (path, evil[:20])
            assert "<script>alert" not in answer.get_data(as_text=True)
            assert "X-Evil" not in answer.headers


def test_a_nul_in_a_form_is_refused_before_it_reaches_the_database(staff_client, console_app):
    stranger = console_app.test_client()
    stranger.get("/console/sign-in")
    token = next(one.value for one in stranger._cookies.values() if one.key.endswith("segin_console"))
    form = {"csrf": cookies.form_token(token), "login": "a\x00b", "password": PASSWORD}

    assert stranger.post("/console/sign-in", data=form).status_code == 400
    assert staff_client("supervisor").get("/console/persons/a%00b").status_code == 400


def test_a_stranger_cannot_make_us_read_a_whole_file(console_app):
    large = b"x" * (4 * LARGEST_FORM)

    assert console_app.test_client().post("/console/contacts/new", data=large).status_code in {403, 413}
    body = {"file": (BytesIO(large), "liste.csv")}
    assert console_app.test_client().post("/console/contacts/new", data=body).status_code == 413
