"""The pages before the console: sign in, show the second factor or set it up, sign out."""

from datetime import timedelta
from math import ceil

import segno
from flask import Blueprint, Response, abort, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from bot.house import House
from bot.service.accounts import confirm_second_factor, secret_of
from bot.service.come_in import Comer
from bot.service.demo_staff import demo_people, enter_demo
from bot.service.sign_in import Entered, Knock, Refused, with_code, with_password
from console import cookies
from console.team import WORDS as ROLE_WORDS

WRONG = "Le nom ou le mot de passe ne va pas."
WRONG_CODE = "Ce code ne va pas, ou il a déjà servi. Attendez le prochain code, puis réessayez."
# The first that fits: each browser also names those that it wants to be taken for.
PROGRAMS = {
    "Opera Mini": "Opera Mini",
    "OPR/": "Opera",
    "Edg": "Edge",
    "SamsungBrowser": "Samsung Internet",
    "UCBrowser": "UC Browser",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
MACHINES = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}
LOOPBACK = frozenset({"127.0.0.1", "::1"})


def lay(pages: Blueprint, house: House) -> None:
    """Add the pages that need no full sign-in."""
    both = ["GET", "POST"]
    pages.add_url_rule("/sign-in", "sign_in", lambda: _sign_in(house), methods=both)
    pages.add_url_rule("/second-factor", "second_factor", lambda: _second_factor(house), methods=both)
    pages.add_url_rule("/set-up", "set_up", lambda: _set_up(house), methods=both)
    if house.settings.demo:
        pages.add_url_rule("/demo", "demo", lambda: _demo(house), methods=["POST"])
    pages.add_url_rule("/sign-out", "sign_out", lambda: _sign_out(house), methods=["POST"])


def knock() -> Knock:
    """Return what this browser brings along."""
    return Knock(_address(), g.token, browser(request.user_agent.string), request.cookies.get(cookies.DEVICE, ""))


def browser(told: str) -> str:
    """Return a browser's name as a person would say it: no more of it is kept."""
    program = next((word for part, word in PROGRAMS.items() if part in told), "Navigateur")
    machine = next((word for part, word in MACHINES.items() if part in told), "")
    return f"{program} sur {machine}" if machine else program


def _address() -> str:
    """Return where a request comes from; a proxy on this machine says it in X-Forwarded-For."""
    address = request.remote_addr or ""
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return told or address if address in LOOPBACK else address


def _sign_in(house: House) -> ResponseReturnValue:
    to = _inside(request.values.get("next", ""))
    if request.method == "GET":
        return _sign_in_page(house, to)
    login, password = request.form.get("login", ""), request.form.get("password", "")
    match with_password(house.entrance, login, password, knock()):
        case Refused(wait=wait):
            return _sign_in_page(house, to, _told(WRONG, wait)), 429 if wait else 422
        case Entered() as entered:
            return _go_on(house, entered, to)


def _sign_in_page(house: House, to: str, problem: str = "") -> str:
    login, demo = request.form.get("login", ""), demo_people(house.entrance)
    return render_template("console/sign_in.html", next=to, problem=problem, login=login, demo=demo, roles=ROLE_WORDS)


def _demo(house: House) -> ResponseReturnValue:
    """Let somebody in by one click; this page is only there in a demonstration."""
    entered = enter_demo(house.entrance, request.form.get("login", ""), knock())
    return _go_on(house, entered, "") if entered else (_sign_in_page(house, "", WRONG), 422)


def _second_factor(house: House) -> ResponseReturnValue:
    comer, to = _half_way("second_factor"), _inside(request.values.get("next", ""))
    if request.method == "GET":
        return render_template("console/second_factor.html", next=to, leaving=True)
    match with_code(house.entrance, comer, request.form.get("code", ""), knock()):
        case Refused(wait=wait):
            problem = _told(WRONG_CODE, wait)
            page = render_template("console/second_factor.html", next=to, problem=problem, leaving=True)
            return page, 429 if wait else 422
        case Entered() as entered:
            return _go_on(house, entered, to)


def _set_up(house: House) -> ResponseReturnValue:
    """Show the secret, and on the first right code the recovery codes, once."""
    comer = _half_way("set_up", whole=not g.comer or not g.comer.account.has_second_factor)
    secret = secret_of(house.entrance, comer.account)
    if request.method == "GET":
        return _set_up_page(house, comer, secret)
    done = confirm_second_factor(house.entrance, comer.account, request.form.get("code", ""), knock())
    if isinstance(done, Refused):
        return _set_up_page(house, comer, secret, _told(WRONG_CODE, done.wait)), 429 if done.wait else 422
    entered, codes = done
    g.comer, g.token = entered.comer, entered.token
    answer = make_response(render_template("console/recovery_codes.html", codes=codes))
    return _give(house, answer, entered)


def _set_up_page(house: House, comer: Comer, secret: str, problem: str = "") -> str:
    address = house.entrance.codes.address(secret, comer.account.login)
    # Drawn by us from what we made: nothing in it was typed by anybody but the login, which is encoded.
    drawn = Markup(segno.make(address).svg_inline(scale=5, border=4, light="#fff"))  # noqa: S704
    return render_template(
        "console/set_up.html", drawn=drawn, secret=secret, address=address, problem=problem, leaving=True
    )


def _sign_out(house: House) -> ResponseReturnValue:
    if g.comer is not None:
        house.entrance.book.end_sessions(g.comer.account.id, only=g.comer.session.id)
    answer = make_response(redirect(url_for("console.sign_in"), 303))
    cookies.give(answer, house.settings, cookies.new_token())
    cookies.say(answer, house.settings, "Vous êtes déconnecté.")
    return answer


def _half_way(step: str, *, whole: bool = False) -> Comer:
    """Return who has given their password and is to take this step; anybody else is led elsewhere."""
    comer: Comer | None = g.comer
    if comer is None:
        abort(redirect(url_for("console.sign_in"), 303))
    if comer.step != step and not (whole and comer.session.whole):
        abort(redirect(url_for("console.start"), 303))
    return comer


def _go_on(house: House, entered: Entered, to: str) -> Response:
    step = entered.comer.step
    where = url_for(f"console.{step}", next=to or None) if step else to or url_for("console.start")
    return _give(house, make_response(redirect(where, 303)), entered)


def _give(house: House, answer: Response, entered: Entered) -> Response:
    g.fresh_token = False
    cookies.give(answer, house.settings, entered.token)
    if entered.comer.session.whole:
        cookies.remember(answer, house.settings, entered.device)
    return answer


def _inside(to: str) -> str:
    """Return an address of the console, "" for any other: nobody is led away after signing in."""
    plain = to.isascii() and "\\" not in to and not any(c.isspace() or not c.isprintable() for c in to)
    return to if to.startswith("/console/") and plain else ""


def _told(wrong: str, wait: timedelta) -> str:
    """Say why somebody was not let in, and when to try again."""
    if not wait:
        return wrong
    minutes = ceil(wait.total_seconds() / 60)
    return f"Trop d'essais de suite. Réessayez dans {minutes} minute{'s' if minutes > 1 else ''}."
