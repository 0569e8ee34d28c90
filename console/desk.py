"""The console: every page is a door in one list, behind sign-in, with one set of manners."""

import hmac
from typing import Any

from flask import Blueprint, Response, abort, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from bot.core.hours import BAMAKO
from bot.core.media import REASONS
from bot.core.staff import ROLES, Staff
from bot.house import House
from bot.ports import StorageAway
from bot.service.come_in import who_comes
from console import (
    account,
    answers,
    broadcasts,
    calendar,
    calls,
    case,
    case_forms,
    check_ins,
    contacts,
    cookies,
    duty,
    facts,
    figures,
    flows,
    gone_quiet,
    inbox,
    journal,
    ledger,
    numbers,
    persons,
    prices,
    team,
    texts,
    threshold,
    unmatched,
)
from console.doors import LARGEST_FORM, Desk, Door, lay
from console.manners import dress, from_elsewhere, squeeze

# (name of a door, its word in the menu); shown to whoever may pass the door.
MENU: tuple[tuple[str, str], ...] = (
    ("cases", "Demandes"),
    ("persons", "Personnes"),
    ("duty", "Permanence"),
    ("check_ins", "Suivis"),
    ("broadcasts", "Envois groupés"),
    ("contacts", "Contacts"),
    ("unmatched", "Non compris"),
    ("facts", "Faits"),
    ("texts", "Textes"),
    ("flows", "Parcours"),
    ("figures", "Chiffres"),
    ("staff", "Équipe"),
    ("audit", "Journal"),
)
START = "cases"  # where one lands after signing in, for whoever may go there
FIELD = "csrf"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
TYPED = 20  # characters: what is shorter is typed again sooner than it is copied
FOREIGN = "Ce formulaire n'est plus valable : rechargez la page d'où il vient, puis envoyez-le de nouveau."
SENTENCES = {
    400: "Ce formulaire est incomplet : revenez en arrière et réessayez.",
    403: "Cette page n'est pas pour vous. Demandez à l'administrateur si vous en avez besoin.",
    404: "Il n'y a rien à cette adresse, ou ce n'est pas pour vous.",
    405: "Cette adresse ne s'utilise pas ainsi : revenez à la page d'avant.",
    413: "C'est trop grand pour ce formulaire.",
    503: "La base de données ne répond pas. Rien n'a été enregistré : réessayez dans un instant.",
}


def all_doors() -> tuple[Door, ...]:
    """Return every page of the console: a module of pages adds its DOORS here."""
    return (
        Door("/", "start", _start, ROLES),
        *account.DOORS,
        *team.DOORS,
        *journal.DOORS,
        *inbox.DOORS,
        *case.DOORS,
        *calls.DOORS,
        *contacts.DOORS,
        *gone_quiet.DOORS,
        *answers.DOORS,
        *check_ins.DOORS,
        *prices.DOORS,
        *calendar.DOORS,
        *numbers.DOORS,
        *ledger.DOORS,
        *broadcasts.DOORS,
        *case_forms.DOORS,
        *unmatched.DOORS,
        *facts.DOORS,
        *texts.DOORS,
        *flows.DOORS,
        *figures.DOORS,
        *persons.DOORS,
        *duty.DOORS,
    )


def blueprint(house: House) -> Blueprint:
    """Return the console's pages under /console."""
    pages = Blueprint("console", __name__, url_prefix="/console", template_folder="templates", static_folder="static")
    doors = {door.name: door for door in all_doors()}
    pages.before_request(lambda: _at_the_door(house, doors))
    pages.after_request(lambda answer: _leaving(house, answer))
    pages.context_processor(lambda: _words(doors) | _of_house(house))
    pages.register_error_handler(HTTPException, _refusal)
    pages.register_error_handler(StorageAway, lambda _: _page(503))
    for code in (404, 405):
        pages.app_errorhandler(code)(_off_the_map)
    threshold.lay(pages, house)
    lay(pages, doors.values(), house, _who)
    return pages


def _at_the_door(house: House, doors: dict[str, Door]) -> ResponseReturnValue | None:
    """Find out who comes, and refuse forms that no page of theirs has sent."""
    door = doors.get((request.endpoint or "").removeprefix("console."))
    request.max_content_length = request.max_form_memory_size = LARGEST_FORM
    g.comer, g.token = None, cookies.token(request, house.settings)
    g.notice = cookies.said(request)
    if request.endpoint == "console.static":
        return None
    g.comer = who_comes(house.entrance, g.token, polling="HX-Request" in request.headers)
    if door and g.comer:  # a stranger's file is not read at all
        request.max_content_length = request.max_form_memory_size = door.largest
    if _has_nul():
        abort(400)
    if request.method in SAFE:
        return None
    ours = hmac.compare_digest(request.form.get(FIELD, "").encode(), cookies.form_token(g.token).encode())
    if ours and not from_elsewhere(request, cookie=cookies.name(house.settings)):
        return None
    return render_template("console/refused.html", sentence=FOREIGN), 403


def _has_nul() -> bool:
    """Say whether a NUL came along, which nobody types and PostgreSQL takes in no text."""
    typed = [text for many in (request.args, request.form) for _, text in many.items(multi=True)]
    return any("\0" in text for text in (request.path, *typed))


def _who() -> Staff:
    """Return who is signed in; anybody else is led to where that is done."""
    if g.comer is None:
        abort(_sign_in_first())
    step = g.comer.step
    if step and request.endpoint != f"console.{step}":
        abort(redirect(url_for(f"console.{step}"), 303))
    staff: Staff = g.comer.account.staff
    return staff


def _sign_in_first() -> Response:
    """Lead to the sign-in page; what was typed into a form is shown again, so that it can be kept."""
    if "HX-Request" in request.headers:
        return Response("", 401)  # leaves the page, and what is being typed in it, as they are
    if request.method in SAFE:
        return make_response(redirect(url_for("console.sign_in", next=request.full_path.rstrip("?")), 303))
    typed = [text for name, text in request.form.items() if name != FIELD and "password" not in name]
    long = [text for text in typed if len(text) >= TYPED]
    return make_response(render_template("console/session_over.html", typed=long), 401)


def _leaving(house: House, answer: Response) -> Response:
    """Give the cookies that the page calls for, and our headers."""
    if g.get("fresh_token"):
        cookies.give(answer, house.settings, g.token)
    if g.get("notice_said"):
        cookies.hush(answer, house.settings)
    return squeeze(request, dress(answer))


def _words(doors: dict[str, Door]) -> dict[str, Any]:
    """Return what every template of the console may use."""
    comer = g.get("comer")
    staff = comer.account.staff if comer and not comer.step else None
    return {"staff": staff, "menu": _menu(doors, staff), "csrf": _csrf, "notice": _notice, "bamako": BAMAKO}


def _of_house(house: House) -> dict[str, Any]:
    """Return what the parts for calls and voice notes need, and whether everybody here is invented."""
    account = house.settings.twilio
    invented = house.settings.demo and not house.settings.ways
    return {"can_call": bool(account and account.voice_from), "media_reasons": REASONS, "invented": invented}


def _menu(doors: dict[str, Door], staff: Staff | None) -> list[tuple[str, str]]:
    return [(name, word) for name, word in MENU if staff and name in doors and staff.may(*doors[name].roles)]


def _csrf() -> Markup:
    """Return the hidden field that every form carries."""
    if not g.token:
        g.token, g.fresh_token = cookies.new_token(), True
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, cookies.form_token(g.token))


def _notice() -> str:
    """Return the sentence that the last page left to say, and take it back from the browser."""
    g.notice_said = bool(g.notice)
    return str(g.notice)


def _refusal(error: HTTPException) -> ResponseReturnValue:
    return error.response if error.response is not None else _page(error.code or 500)


def _off_the_map(error: HTTPException) -> ResponseReturnValue:
    """Say in our words that there is no such address; the rest of the application answers as before."""
    if not request.path.startswith("/console/"):
        return error
    return Response(f"{SENTENCES[error.code or 404]}\n", error.code, mimetype="text/plain")


def _page(code: int) -> ResponseReturnValue:
    """Say in a sentence why there is no page."""
    sentence = SENTENCES.get(code, "Cela n'a pas marché : réessayez dans un instant.")
    return render_template("console/refused.html", sentence=sentence), code


def _start(desk: Desk) -> ResponseReturnValue:
    """Lead to the cases, or to the first page that there is for them."""
    menu = [name for name, _ in _menu({door.name: door for door in all_doors()}, desk.staff)]
    first = START if START in menu else next(iter(menu), "account")
    return redirect(url_for(f"console.{first}"), 303)
