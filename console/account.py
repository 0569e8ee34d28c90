"""My account: password, second factor, where I am signed in."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from bot.core.staff import ROLES
from bot.service.accounts import change_password
from bot.service.passphrases import BadPassword
from bot.service.sign_in import Refused
from console.doors import Desk, Door
from console.threshold import knock


def _show(desk: Desk) -> ResponseReturnValue:
    return _page(desk)


def _page(desk: Desk, problem: str = "") -> str:
    book = desk.house.entrance.book
    return render_template(
        "console/account.html",
        account=g.comer.account,
        here=g.comer.session.id,
        sessions=book.sessions(desk.staff.id),
        codes_left=book.codes_left(desk.staff.id),
        problem=problem,
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
        sentence = "L'ancien mot de passe ne va pas." if not done.wait else "Trop d'essais : réessayez plus tard."
        return render_template("console/password.html", problem=sentence, leaving=True), 422
    return desk.back("account", "Votre mot de passe est changé ; vos autres sessions sont fermées.")


def _end(desk: Desk) -> ResponseReturnValue:
    """End one other session, or all of them."""
    only = request.form.get("session", "")
    desk.house.entrance.book.end_sessions(desk.staff.id, only=only, but="" if only else g.comer.session.id)
    desk.saw("staff.end_sessions", desk.staff.id)
    return desk.back("account", "C'est fermé.")


DOORS = (
    Door("/account", "account", _show, ROLES),
    Door("/account/password", "password", _password, ROLES, ("GET", "POST")),
    Door("/account/sessions", "end_sessions", _end, ROLES, ("POST",)),
)
