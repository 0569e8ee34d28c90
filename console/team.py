"""The team: an administrator adds accounts, changes and resets them, and closes them."""

from typing import cast

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from bot.core.accounts import Account, Sex
from bot.core.staff import ROLES, Role
from bot.service.staffing import Asked, BadAccount, add_staff, change_staff, reset_staff, set_active
from console.doors import Desk, Door

_CLOSED = "Le compte est fermé, ses sessions avec lui ; ses demandes sont de nouveau à prendre."
ADMINISTRATOR: frozenset[Role] = frozenset({"administrator"})
WORDS: dict[Role, str] = {
    "caseworker": "agent d'écoute : les cas et les personnes",
    "supervisor": "superviseur : tous les cas non sensibles, le journal, les chiffres",
    "focal_point": "point focal : les plaintes sensibles",
    "broadcaster": "envois groupés et suivis",
    "reviewer": "relecteur : textes, faits, messages non compris",
    "administrator": "administrateur : les comptes",
    "partner": "partenaire : seulement les cas qui lui sont transmis",
}


def _list(desk: Desk) -> ResponseReturnValue:
    return render_template("console/team.html", accounts=desk.house.entrance.book.all(), words=WORDS)


def _add(desk: Desk) -> ResponseReturnValue:
    if request.method == "GET":
        return _form(desk, Asked("", "", frozenset()))
    asked = _asked()
    try:
        account, password = add_staff(desk.house.entrance, asked, by=desk.staff.id)
    except BadAccount as error:
        return _form(desk, asked, error=error), 422
    return render_template("console/first_password.html", account=account, password=password)


def _change(desk: Desk, ident: str) -> ResponseReturnValue:
    account = _account(desk, ident)
    if request.method == "GET":
        return _form(desk, _as_asked(account), account)
    asked = _asked()
    try:
        change_staff(desk.house.entrance, desk.house.ports, account, asked, by=desk.staff.id)
    except BadAccount as error:
        return _form(desk, asked, account, error), 422
    return desk.back("staff", "Le compte est changé.")


def _reset(desk: Desk, ident: str) -> ResponseReturnValue:
    account = _account(desk, ident)
    password = reset_staff(desk.house.entrance, account, by=desk.staff.id)
    return render_template("console/first_password.html", account=account, password=password)


def _activate(desk: Desk, ident: str) -> ResponseReturnValue:
    account = _account(desk, ident)
    active = request.form.get("active") == "1"
    try:
        set_active(desk.house.entrance, desk.house.ports, account, active=active, by=desk.staff.id)
    except BadAccount as error:
        return _form(desk, _as_asked(account), account, error), 422
    return desk.back("staff", "Le compte est rouvert." if active else _CLOSED)


def _end(desk: Desk, ident: str) -> ResponseReturnValue:
    desk.house.entrance.book.end_sessions(_account(desk, ident).id)
    desk.saw("staff.end_sessions", ident)
    return desk.back("staff", "Ses sessions sont fermées.")


def _account(desk: Desk, ident: str) -> Account:
    account = desk.house.entrance.book.by_id(ident)
    if account is None:
        abort(404)
    return account


def _form(desk: Desk, asked: Asked, account: Account | None = None, error: BadAccount | None = None) -> str:
    partners = desk.house.brain.assistant.facts.partners
    return render_template(
        "console/team_form.html",
        asked=asked,
        account=account,
        error=error,
        words=WORDS,
        partners=sorted((partner.name, ident) for ident, partner in partners.items()),
        sessions=desk.house.entrance.book.sessions(account.id) if account else (),
    )


def _asked() -> Asked:
    form = request.form
    return Asked(
        login=form.get("login", ""),
        name=form.get("name", ""),
        roles=frozenset(role for role in ROLES if role in form.getlist("roles")),
        partner=form.get("partner", ""),
        languages=tuple(code for code in ("fr", "bm") if code in form.getlist("languages")) or ("fr",),
        sex=cast("Sex", form["sex"]) if form.get("sex") in {"f", "m"} else None,
        phone=form.get("phone", ""),
    )


def _as_asked(account: Account) -> Asked:
    phone = account.phone.reveal() if account.phone else ""
    given = (account.login, account.name, account.roles, account.partner or "")
    return Asked(*given, languages=account.languages, sex=account.sex, phone=phone)


DOORS = (
    Door("/staff", "staff", _list, ADMINISTRATOR),
    Door("/staff/new", "staff_new", _add, ADMINISTRATOR, ("GET", "POST")),
    Door("/staff/<ident>", "staff_change", _change, ADMINISTRATOR, ("GET", "POST")),
    Door("/staff/<ident>/reset", "staff_reset", _reset, ADMINISTRATOR, ("POST",)),
    Door("/staff/<ident>/active", "staff_active", _activate, ADMINISTRATOR, ("POST",)),
    Door("/staff/<ident>/sessions", "staff_sessions", _end, ADMINISTRATOR, ("POST",)),
)
