"""Accounts: an administrator adds, changes, resets and closes them; everybody looks after their own."""

import re
from datetime import timedelta

import pytest

from bot.core.messages import Address
from bot.ports.audit import Wanted
from bot.ports.staff import Note
from bot.web import create_app
from tests.console.conftest import PASSWORD, make_account, make_house, seat


def text(answer):
    return answer.get_data(as_text=True)


def book(house):
    return house.entrance.book


@pytest.fixture
def administrator(staff_client):
    return staff_client("administrator")


def unused(house):
    return f"new-{house.ports.ids.new()[:10]}"


def add(seat, login, **more):
    fields = {"login": login, "name": "Kadi Koné", "roles": ["caseworker"], "languages": ["fr", "bm"], **more}
    return seat.post_form("/console/staff/new", fields)


def test_a_new_account_gets_a_first_password_that_has_to_be_changed(administrator, console_house):
    login = unused(console_house)
    page = text(add(administrator, login, sex="f", phone="76 55 44 33"))

    made = book(console_house).by_login(login)
    first = re.search(r"<dd class=\"code\">([a-z2-9]{5}(?:-[a-z2-9]{5}){3})</dd>", page)
    assert first
    assert console_house.entrance.passwords.matches(made.password_hash, first[1])
    assert made.must_change_password
    assert made.phone == Address("sms", "+22376554433")
    assert (made.sex, made.languages) == ("f", ("bm", "fr"))
    assert book(console_house).by_phone("+22376554433").id == made.id


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"login": "x"}, "de 2 à 64 lettres"),
        ({"login": "Éva"}, "de 2 à 64 lettres"),
        ({"login": "demo.me"}, "démonstration"),
        ({"name": " "}, "Le nom : de 2 à 128 caractères."),
        ({"roles": []}, "Donnez au moins un rôle."),
        ({"roles": ["king"]}, "Donnez au moins un rôle."),
        ({"roles": ["partner"]}, "Un compte de partenaire"),
        ({"roles": ["partner", "caseworker"], "partner": "x"}, "Un compte de partenaire"),
        ({"phone": "12"}, "pas un numéro de téléphone"),
    ],
    ids=str,
)
def test_a_form_that_cannot_be_taken_comes_back_as_it_was_typed(administrator, console_house, fields, told):
    answer = add(administrator, **{"login": unused(console_house), "name": "Kadi <Koné>", **fields})

    assert answer.status_code == 422
    assert told in text(answer)
    assert 'role="alert"' in text(answer)
    assert fields.get("name", "Kadi &lt;Koné&gt;") in text(answer)


def test_a_name_is_taken_once(administrator, console_house):
    login = unused(console_house)
    add(administrator, login)

    answer = add(administrator, login.upper())
    assert answer.status_code == 422
    assert "déjà pris" in text(answer)


def test_roles_are_changed_and_the_trail_says_so(administrator, console_house):
    account = make_account(console_house, "reviewer")
    path = f"/console/staff/{account.id}"
    answer = administrator.post_form(path, {"name": account.name, "roles": ["reviewer", "broadcaster"]})

    assert answer.location == "/console/staff"
    assert book(console_house).by_id(account.id).roles == {"reviewer", "broadcaster"}
    line = console_house.trail.lines(Wanted(object_id=account.id), limit=1)[0]
    assert (line.actor, line.action, line.detail) == (administrator.account.id, "staff.change", "roles")


def test_nobody_gives_themselves_other_roles_while_another_administrator_could(administrator, staff_client):
    staff_client("administrator")
    mine = administrator.account
    fields = {"name": mine.name, "roles": ["administrator", "focal_point"], "languages": ["fr"]}

    answer = administrator.post_form(f"/console/staff/{mine.id}", fields)

    assert (answer.status_code, "un autre administrateur doit les changer" in text(answer)) == (422, True)


def test_the_only_administrator_may_and_the_trail_says_so(tmp_path):
    house = make_house(tmp_path)
    for other in book(house).all():
        book(house).change(other.id, {"active": False}, Note("test", "staff.deactivate", other.id, other.created_at))
    alone = seat(create_app(house), house, "administrator")
    mine = alone.account
    fields = {"name": mine.name, "roles": ["administrator", "reviewer"], "languages": ["fr"]}

    answer = alone.post_form(f"/console/staff/{mine.id}", fields)
    line = house.trail.lines(Wanted(object_id=mine.id), limit=1)[0]
    house.database.close()

    assert (answer.status_code, line.actor, line.detail) == (303, mine.id, "roles")


def test_a_reset_takes_everything_back(administrator, staff_client, console_house):
    seat = staff_client("caseworker", login=unused(console_house))
    page = text(administrator.post_form(f"/console/staff/{seat.account.id}/reset"))

    after = book(console_house).by_id(seat.account.id)
    assert "Premier mot de passe" in page
    assert (after.totp, after.must_change_password) == (None, True)
    assert seat.get("/console/account").status_code == 303


def test_a_closed_account_loses_its_sessions_at_once(administrator, staff_client):
    seat = staff_client("caseworker")
    administrator.post_form(f"/console/staff/{seat.account.id}/active", {"active": "0"})
    assert seat.get("/console/account").status_code == 303

    administrator.post_form(f"/console/staff/{seat.account.id}/active", {"active": "1"})
    assert seat.get("/console/account").status_code == 303


def test_an_administrator_ends_another_s_sessions(administrator, staff_client):
    seat = staff_client("caseworker")
    administrator.post_form(f"/console/staff/{seat.account.id}/sessions")

    assert seat.get("/console/account").status_code == 303


@pytest.mark.parametrize("act", ["", "/reset", "/active", "/sessions"])
def test_there_is_nobody_under_an_unknown_id(administrator, act):
    assert administrator.post_form(f"/console/staff/nobody{act}").status_code == 404


def test_sessions_are_listed_and_ended_one_by_one(staff_client, console_house):
    seat = staff_client("caseworker")
    entrance = console_house.entrance
    from bot.core.accounts import Session

    now = entrance.clock.now()
    for ident in ("phone", "office"):
        made = Session(f"{ident}-{seat.account.id}"[:32], seat.account.id, True, now, now, f"Browser {ident}")
        entrance.book.open_session(made, entrance.token())
    page = text(seat.get("/console/account"))
    assert "Browser phone" in page

    seat.post_form("/console/account/sessions", {"session": f"phone-{seat.account.id}"[:32]})
    assert "Browser phone" not in text(seat.get("/console/account"))
    seat.post_form("/console/account/sessions")
    assert len(entrance.book.sessions(seat.account.id)) == 1
    assert seat.get("/console/account").status_code == 200


def test_nobody_ends_another_s_session_by_its_id(staff_client, console_house):
    mine, other = staff_client("caseworker"), staff_client("caseworker")
    theirs = book(console_house).sessions(other.account.id)[0].id
    mine.post_form("/console/account/sessions", {"session": theirs})

    assert other.get("/console/account").status_code == 200


@pytest.fixture
def with_password(staff_client, console_house):
    return staff_client("caseworker", password_hash=console_house.entrance.passwords.hash(PASSWORD))


def exchange(seat, new, old=PASSWORD):
    return seat.post_form("/console/account/password", {"old_password": old, "new_password": new})


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("trop court", "au moins 15 caractères"),
        ("aaaaaaaaaaaaaaaaaaaa", "On le devine trop vite"),
        ("password1234567890", "On le devine trop vite"),
        ("a" * 257, "au plus 256"),
        (PASSWORD, "le même mot de passe"),
    ],
    ids=str,
)
def test_a_password_that_cannot_be_taken_is_refused_with_the_reason(with_password, new, told):
    answer = exchange(with_password, new)

    assert answer.status_code == 422
    assert told in text(answer)
    assert new not in text(answer).replace("value", "")


def test_a_new_password_ends_every_other_session(with_password, console_house):
    from bot.core.accounts import Session

    entrance, account = console_house.entrance, with_password.account
    now = entrance.clock.now()
    entrance.book.open_session(Session(entrance.ids.new(), account.id, True, now, now, "other"), entrance.token())
    answer = exchange(with_password, "la mangue dort sous le car jaune")

    assert answer.location == "/console/account"
    assert len(entrance.book.sessions(account.id)) == 1
    kept = entrance.book.by_id(account.id).password_hash
    assert entrance.passwords.matches(kept, "la mangue dort sous le car jaune")


def test_both_ways_of_writing_an_accent_are_the_same_password(with_password, console_house):
    import unicodedata

    assert exchange(with_password, "éléphant à pied sec", unicodedata.normalize("NFD", PASSWORD)).status_code == 303


def test_the_old_password_is_asked_for(with_password):
    answer = exchange(with_password, "la mangue dort sous le car jaune", old="wrong")

    assert answer.status_code == 422
    assert "Le mot de passe actuel ne va pas." in text(answer)


def test_a_first_password_is_changed_before_anything_else(staff_client, console_house):
    kept = console_house.entrance.passwords.hash(PASSWORD)
    seat = staff_client("reviewer", password_hash=kept, must_change_password=True)
    assert seat.get("/console/account").location == "/console/account/password"

    assert exchange(seat, "la mangue dort sous le car jaune").status_code == 303
    assert seat.get("/console/account").status_code == 200


def phone(seat, number, pin="2580", password=PASSWORD):
    return seat.post_form("/console/account/phone", {"phone": number, "pin": pin, "password": password})


def test_a_telephone_and_its_pin_are_chosen_with_the_password(with_password, console_house):
    assert phone(with_password, "70 11 22 33").status_code == 303

    account = book(console_house).by_phone("+22370112233")
    assert account.id == with_password.account.id
    assert console_house.entrance.passwords.matches(account.pin_hash, "2580")
    assert account.phone_confirmed_at is None
    page = text(with_password.get("/console/account"))
    assert "22370112233" not in page
    phone(with_password, "")
    assert book(console_house).by_phone("+22370112233") is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"number": "12"}, "pas un numéro"),
        ({"pin": "12"}, "de 4 à 8 chiffres"),
        ({"pin": "12345678901"}, "de 4 à 8 chiffres"),
        ({"pin": "1111"}, "On devine ce code"),
        ({"pin": "3456"}, "On devine ce code"),
        ({"password": "wrong"}, "Le mot de passe actuel"),
    ],
    ids=str,
)
def test_a_telephone_that_cannot_be_taken_is_refused_with_the_reason(with_password, given, told):
    answer = phone(with_password, **{"number": "70 11 22 44", **given})

    assert answer.status_code == 422
    assert told in text(answer)
    assert given.get("number", "70 11 22 44") in text(answer)


def test_recovery_codes_are_made_anew_with_the_password(with_password, console_house):
    refused = with_password.post_form("/console/account/codes", {"password": "wrong"})
    assert refused.status_code == 303
    assert book(console_house).codes_left(with_password.account.id) == 0

    page = text(with_password.post_form("/console/account/codes", {"password": PASSWORD}))
    assert len(re.findall(r"<li>[a-z2-9]{5}-[a-z2-9]{5}</li>", page)) == 10


def test_a_session_that_is_over_gives_back_what_was_typed(staff_client, console_house):
    seat = staff_client("caseworker")
    book(console_house).end_sessions(seat.account.id)
    typed = {"session": "une longue réponse que personne ne veut perdre", "password": "a secret that is long enough"}
    answer = seat.post_form("/console/account/sessions", typed)

    assert answer.status_code == 401
    assert "une longue réponse que personne ne veut perdre" in text(answer)
    assert "a secret" not in text(answer)


@pytest.fixture
def supervisor(staff_client):
    return staff_client("supervisor")


def test_a_supervisor_reads_who_did_what(supervisor, console_house, staff_client):
    seat = staff_client("caseworker")
    now = console_house.ports.clock.now()
    from bot.ports.staff import Note

    book(console_house).note(Note(seat.account.id, "person.view", "p-77", now))
    page = text(supervisor.get("/console/audit?object=p-77"))
    assert f"<td>{seat.account.name}</td><td>fiche lue</td>" in page

    seen = "<td>fiche lue</td>"
    assert seen in text(supervisor.get(f"/console/audit?actor={seat.account.id}&day={now:%Y-%m-%d}"))
    assert seen in text(supervisor.get("/console/audit?object=p-77&action=person.view"))
    assert seen not in text(supervisor.get("/console/audit?object=p-77&action=case.view"))
    day_before = now - timedelta(days=2)
    assert seen not in text(supervisor.get(f"/console/audit?object=p-77&day={day_before:%Y-%m-%d}"))
    assert supervisor.get("/console/audit?day=hier").status_code == 422
    assert "La chaîne est entière" in text(supervisor.get("/console/audit?verify=1"))


def test_the_trail_is_turned_page_by_page(supervisor, console_house):
    from bot.ports.staff import Note

    for number in range(60):
        book(console_house).note(Note("s", "person.view", "p-88", console_house.ports.clock.now(), f"n{number}"))
    first = text(supervisor.get("/console/audit?object=p-88"))
    older = re.search(r'href="([^"]+before=\d+[^"]*)">Plus ancien', first)
    assert older
    second = text(supervisor.get(older[1].replace("&amp;", "&")))

    assert "<td>n59</td>" in first
    assert "<td>n9</td>" not in first
    assert "<td>n9</td>" in second
    assert "Plus ancien" not in second
