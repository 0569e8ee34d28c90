"""Lists of people in the console: a file goes in, its lines are judged, and nobody enters before somebody says so."""

import io

import pytest

LIST = """Nom;Téléphone;Région
Awa Traoré;7611000{n};Kayes
Fanta;12;Mopti
"""


@pytest.fixture
def seat(staff_client):
    return staff_client("broadcaster")


@pytest.fixture
def work(console_house):
    return console_house.slices["import_contacts"].run


def upload(seat, text, name="liste.csv"):
    return seat.post_form("/console/contacts/new", {"file": (io.BytesIO(text.encode()), name)})


def terms(**more):
    return {"column": ["name", "number", "region"], "consent_source": "formulaire Kayes, mai 2026", **more}


def text_of(answer):
    return answer.get_data(as_text=True)


def test_a_list_goes_from_file_to_persons(seat, work, console_house):
    page = upload(seat, LIST.format(n=1)).location
    assert "Awa" not in text_of(seat.get(page))
    assert "A… (10 signes)" in text_of(seat.get(page))

    seat.post_form(f"{page}/check", terms(tag="kayes-1"))
    work()
    judged = text_of(seat.get(page))
    assert "Ligne 3, « Téléphone » (…12)" in judged

    refused = seat.post_form(f"{page}/let-in", {"all_or_nothing": "1"})
    assert (refused.status_code, "tout ou rien" in text_of(refused)) == (422, True)
    seat.post_form(f"{page}/let-in", {"all_or_nothing": "0"})
    work()

    assert "1 ligne(s) sont entrées" in text_of(seat.get(page))
    assert len(console_house.ports.store.search("76110001")) <= 1
    assert console_house.ports.store.search("+22376110001")


def test_nothing_typed_is_lost_when_something_is_missing(seat):
    page = upload(seat, LIST.format(n=2)).location

    answer = seat.post_form(f"{page}/check", terms(column=["relation", "", ""], tag="ma liste", consent_source=""))

    assert answer.status_code == 422
    assert "quelle colonne est le numéro" in text_of(answer)
    assert '<option value="relation" selected>' in text_of(answer)
    assert 'value="ma liste"' in text_of(answer)


@pytest.mark.parametrize(
    ("content", "told"), [("", "Choisissez"), ("\n", "vide")], ids=["no file", "a file without lines"]
)
def test_what_is_no_list_says_so(seat, content, told):
    answer = upload(seat, content, name="liste.csv" if content else "")

    assert (answer.status_code, told in text_of(answer)) == (422, True)


def test_a_list_that_is_too_large_is_refused(seat):
    body, kind = b"7" * 27_000_000, "multipart/form-data; boundary=x"
    answer = seat.client.post("/console/contacts/new", data=body, content_type=kind)

    assert answer.status_code == 413


def test_the_page_asks_again_only_while_something_happens(seat, work):
    page = upload(seat, LIST.format(n=3)).location
    seat.post_form(f"{page}/check", terms())
    live = seat.get(f"{page}/live")

    assert "hx-get" in text_of(live)
    assert seat.get(f"{page}/live", headers={"If-None-Match": live.headers["ETag"]}).status_code == 304
    work()
    assert "hx-get" not in text_of(seat.get(f"{page}/live"))


def test_problems_can_be_taken_along_without_values(seat, work):
    page = upload(seat, LIST.format(n=4) + "=1+1;999;Mopti\n").location
    seat.post_form(f"{page}/check", terms())
    work()

    problems = text_of(seat.get(f"{page}/problems.csv"))
    assert "Ligne 4" in problems
    assert "=1+1" not in problems


def test_a_list_that_is_given_up_says_so_and_cannot_be_let_in(seat):
    page = upload(seat, LIST.format(n=5)).location
    seat.post_form(f"{page}/drop")

    assert "abandonné" in text_of(seat.get(page))
    assert seat.post_form(f"{page}/let-in", {}).status_code == 422


def test_there_is_no_list_by_another_name(seat):
    assert seat.get("/console/contacts/none").status_code == 404
