"""My account: password, second factor, where I am signed in."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from bot.core.staff import ROLES
from bot.service.accounts import change_password, new_codes
from bot.service.own_phone import choose_phone
from bot.service.passphrases import BadPassword
from bot.service.sign_in import Refused, confirm_password
from bot.service.staffing import BadAccount
from console import masking
from console.doors import Desk, Door
from console.threshold import knock

WRONG = "Le mot de passe actuel ne va pas."
LATER = "Trop d'essais de suite : réessayez dans quelques minutes."


def _show(desk: Desk) -> ResponseReturnValue:
    book = desk.house.entrance.book
    return render_template(
        "console/account.html",
        account=g.comer.account,
        number=masking.number(g.comer.account.phone.reveal()) if g.comer.account.phone else "",
        here=g.comer.session.id,
        sessions=book.sessions(desk.staff.id),
        codes_left=book.codes_left(desk.staff.id),
    )


def _password(desk: Desk) -> ResponseReturnValue:
    if request.method == "GET":
        return render_template("console/password.html", leaving=True)
    old, new = request.form.get("old_password", ""), request.form.get("new_password", "")
    try:
        done = change_password(desk.house.entrance, g.comer, old, new, knock())
    except BadPassword as error:
        return render_template("console/password.html", problem=str(error), leaving=True), 422
    if isinstance(done, Refused):
        return render_template("console/password.html", problem=LATER if done.wait else WRONG, leaving=True), 422
    return desk.back("account", "Votre mot de passe est changé ; vos autres sessions sont fermées.")


def _phone(desk: Desk) -> ResponseReturnValue:
    """Choose telephone and PIN for work by SMS."""
    account = g.comer.account
    if request.method == "GET":
        return render_template("console/own_phone.html", number=account.phone.reveal() if account.phone else "")
    number, pin, password = (request.form.get(name, "") for name in ("phone", "pin", "password"))
    try:
        done = choose_phone(desk.house.entrance, account, (number, pin, password), knock())
    except BadAccount as error:
        return render_template("console/own_phone.html", number=number, problem=str(error), entry=error.field), 422
    if done is not None:
        problem = LATER if done.wait else WRONG
        return render_template("console/own_phone.html", number=number, problem=problem, entry="password"), 422
    return desk.back("account", "Le téléphone est enregistré." if number.strip() else "Le téléphone est retiré.")


def _codes(desk: Desk) -> ResponseReturnValue:
    """Make new recovery codes; the password is asked for once more."""
    account = g.comer.account
    if not account.has_second_factor:
        return desk.back("account")
    refused = confirm_password(desk.house.entrance, account, request.form.get("password", ""), knock())
    if refused is not None:
        return desk.back("account", LATER if refused.wait else WRONG)
    desk.saw("staff.recovery_codes", account.id)
    return render_template("console/recovery_codes.html", codes=new_codes(desk.house.entrance, account))


def _end(desk: Desk) -> ResponseReturnValue:
    """End one other session, or all of them."""
    only = request.form.get("session", "")
    desk.house.entrance.book.end_sessions(desk.staff.id, only=only, but="" if only else g.comer.session.id)
    desk.saw("staff.end_sessions", desk.staff.id)
    return desk.back("account", "C'est fermé.")


DOORS = (
    Door("/account", "account", _show, ROLES),
    Door("/account/password", "password", _password, ROLES, ("GET", "POST")),
    Door("/account/phone", "own_phone", _phone, ROLES, ("GET", "POST")),
    Door("/account/codes", "recovery_codes", _codes, ROLES, ("POST",)),
    Door("/account/sessions", "end_sessions", _end, ROLES, ("POST",)),
)
