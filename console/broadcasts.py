"""Broadcasts: write, see on a phone what it will be, price and public; a second person approves; follow it live."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, cast

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from bot.core.broadcast_content import PLACEHOLDERS, flows_for
from bot.core.broadcasts import (
    ACTION_WORDS,
    PAUSE_WORDS,
    STATE_WORDS,
    Action,
    Broadcast,
    Refused,
    actions,
)
from bot.core.hours import BAMAKO
from bot.core.prices import in_francs
from bot.core.staff import Role
from bot.service import broadcasts as use
from bot.service.broadcasts import Seen
from console import broadcast_form, broadcast_view, words
from console.doors import Desk, Door
from console.live import fresh, tag

EYES: Final[frozenset[Role]] = frozenset({"broadcaster", "supervisor", "administrator"})
HANDS: Final[frozenset[Role]] = frozenset({"broadcaster"})
BIG_FORM: Final = 256 * 1024
_MOVING: Final = ("scheduled", "preparing", "running", "paused")
_NOTHING: Final = Broadcast("", "", "draft", "text", "", datetime.min)  # noqa: DTZ901 an empty form has no time
_STEPS: Final = {
    "submit": use.submit,
    "reject": use.reject,
    "approve": use.approve,
    "pause": use.pause,
    "resume": use.resume,
    "cancel": use.cancel,
    "retry": use.retry_failed,
}
_BAD_TIME: Final = (
    "Écrivez le jour et l'heure du départ, par exemple 2026-11-24T09:30, ou laissez vide pour maintenant."
)


def _list(desk: Desk) -> ResponseReturnValue:
    found = desk.house.broadcasts.all()
    return render_template(
        "console/broadcasts.html",
        found=found,
        states=STATE_WORDS,
        kinds=broadcast_form.KINDS,
        names=names_of(desk),
        francs={one.id: in_francs(one.expected_centimes) for one in found},
        may_write=desk.staff.may(*HANDS),
    )


def names_of(desk: Desk) -> dict[str, str]:
    """Return what staff are called, by id."""
    return {account.id: account.name for account in desk.house.entrance.book.all()}


def _new(desk: Desk) -> ResponseReturnValue:
    if request.method == "GET":
        return _form(desk, _NOTHING, broadcast_form.typed_of(_NOTHING))
    read = broadcast_form.read(request.form, _NOTHING)
    if read.problems or "look" in request.form:
        return _form(desk, _NOTHING, read.typed, wanted=read.wanted, problems=read.problems)
    made = use.draft(desk.house.broadcast_desk, desk.staff, read.wanted)
    return desk.back("broadcast", "Le brouillon est enregistré.", ident=made.id)


def _edit(desk: Desk, ident: str) -> ResponseReturnValue:
    old = _found(desk, ident)
    if "edit" not in actions(old, desk.staff):
        return _page(desk, old, problem=f"Une diffusion « {STATE_WORDS[old.state]} » ne se modifie plus.")
    if request.method == "GET":
        return _form(desk, old, broadcast_form.typed_of(old))
    read = broadcast_form.read(request.form, old)
    seen = _seen(desk, ident)
    if read.problems or "look" in request.form:
        return _form(
            desk, replace(old, version=seen.version or 0), read.typed, wanted=read.wanted, problems=read.problems
        )
    try:
        use.edit(desk.house.broadcast_desk, seen, read.wanted)
    except Refused as error:
        return _form(desk, old, read.typed, wanted=read.wanted, problems=(str(error),), now_stored=old)
    return desk.back("broadcast", "La diffusion est enregistrée ; elle est de nouveau un brouillon.", ident=ident)


def _found(desk: Desk, ident: str) -> Broadcast:
    found = desk.house.broadcasts.get(ident)
    if found is None:
        abort(404)
    return found


def _seen(desk: Desk, ident: str) -> Seen:
    return Seen(desk.staff, ident, request.form.get("version", 0, type=int))


def _form(  # noqa: PLR0913 a form, what was typed, and what is said about it
    desk: Desk,
    old: Broadcast,
    typed: Any,
    *,
    wanted: Broadcast | None = None,
    problems: Sequence[str] = (),
    now_stored: Broadcast | None = None,
) -> ResponseReturnValue:
    page = render_template(
        "console/broadcast_form.html",
        one=old,
        typed=typed,
        problems=problems,
        view=broadcast_view.look(desk.house.broadcast_desk, wanted) if wanted and not problems else None,
        stored=broadcast_form.typed_of(now_stored) if now_stored else None,
        kinds=broadcast_form.KINDS,
        ways=broadcast_form.WAYS,
        placeholders=PLACEHOLDERS,
        **_offered(desk),
    )
    return page, 422 if problems else 200


def _offered(desk: Desk) -> dict[str, Any]:
    """Return what can be chosen in the form."""
    assistant = desk.house.brain.assistant
    texts = assistant.texts["fr"]
    check_ins = flows_for(assistant, "check_in")
    flows = flows_for(assistant, "flow") - check_ins
    return {
        "flows": sorted((name, texts.get(f"flow.{name}", name)) for name in flows),
        "check_ins": sorted((name, texts.get(f"flow.{name}", name)) for name in check_ins),
        "lists": (
            ("languages", "Langue", tuple(words.LANGUAGES.items())),
            ("regions", "Région", tuple((one.code, one.name) for one in assistant.facts.regions.values())),
            ("trades", "Métier", tuple((one.code, one.name) for one in assistant.facts.trades.values())),
            ("origins", "Revenu de", tuple(words.ORIGINS.items())),
            ("consents", "Accord (sans lui, personne ne reçoit rien)", tuple(words.CONSENTS.items())),
            ("tags", "Avec l'étiquette (les listes déposées en sont)", _tags(desk)),
            ("without_tags", "Sans l'étiquette", _tags(desk)),
        ),
    }


def _tags(desk: Desk) -> tuple[tuple[str, str], ...]:
    return tuple((name, f"{name} ({people})") for name, people in desk.house.broadcasts.tags().items())


def _one(desk: Desk, ident: str) -> ResponseReturnValue:
    return _page(desk, _found(desk, ident))


def _page(
    desk: Desk, one: Broadcast, *, problem: str = "", starts_at: str = "", budget: str = ""
) -> ResponseReturnValue:
    may = actions(one, desk.staff)
    page = render_template(
        "console/broadcast.html",
        view=broadcast_view.look(desk.house.broadcast_desk, one) if one.frozen_at is None else None,
        phones=broadcast_view.phones(desk.house.broadcast_desk, one),
        chosen=_chosen(desk, one),
        may=[(name, ACTION_WORDS[name]) for name in may if name not in ("edit", "schedule", "fund")],
        can=may,
        problem=problem,
        starts_at=starts_at,
        names=names_of(desk),
        testers=_testers(desk) if desk.staff.may(*HANDS) else (),
        own=one.is_by(desk.staff),
        budget=in_francs(one.budget) if one.budget is not None else "",
        typed_budget=budget,
        **_live_values(desk, one),
    )
    return page, 422 if problem else 200


def _testers(desk: Desk) -> list[tuple[str, str]]:
    """Return staff with a telephone that takes a test."""
    return [(one.id, one.name) for one in desk.house.entrance.book.all() if one.active and one.phone]


def _chosen(desk: Desk, one: Broadcast) -> list[tuple[str, str]]:
    """Return whom a broadcast is for, in words."""
    typed, lists = broadcast_form.typed_of(one), _offered(desk)["lists"]
    told = [
        (label, ", ".join(dict(options).get(value, value) for value in typed[name]))
        for name, label, options in lists
        if typed[name]
    ]
    spans = {
        "returned_from": "Revenu à partir de",
        "returned_until": "Revenu jusqu'à",
        "months_since_return_min": "Mois depuis le retour, au moins",
        "months_since_return_max": "Mois depuis le retour, au plus",
        "heard_within_days": "A écrit depuis moins de (jours)",
        "silent_for_days": "N'a pas écrit depuis (jours)",
    }
    return told + [(label, str(typed[name])) for name, label in spans.items() if typed[name] != ""]


def _live(desk: Desk, ident: str) -> ResponseReturnValue:
    shown = _live_values(desk, _found(desk, ident))
    return fresh(shown["etag"], lambda: render_template("console/_broadcast_state.html", **shown))


def _live_values(desk: Desk, one: Broadcast) -> dict[str, Any]:
    now = desk.house.ports.clock.now()
    moved = desk.house.ledgers.moved(one.id, since=broadcast_view.since(now)) if one.state == "running" else 0
    far = broadcast_view.progress(desk.house.broadcast_desk, one, moved)
    return {
        "one": one,
        "state": STATE_WORDS[one.state],
        "why_paused": dict(PAUSE_WORDS).get(cast("Any", one.pause_reason), ""),
        "far": far,
        "moving": one.state in _MOVING,
        "quiet_until": _quiet_until(desk, one, now),
        "skipped": broadcast_view.reasons(desk.house.broadcasts.reasons(one.id)) if one.frozen_at else (),
        "etag": tag(one.version, one.state, far, one.pause_reason),
    }


def _quiet_until(desk: Desk, one: Broadcast, now: datetime) -> str:
    """Say when what is to leave now may leave, where it is quiet at this moment."""
    waits = one.state in ("running", "preparing", "scheduled") and (one.starts_at is None or one.starts_at <= now)
    return words.moment(desk.house.quiet.next_allowed(now)) if waits and desk.house.quiet.is_quiet(now) else ""


def _do(desk: Desk, ident: str) -> ResponseReturnValue:
    """Take one step: the button says which, the form says what its author had before their eyes."""
    old, wanted = _found(desk, ident), request.form.get("do", "")
    step = _STEPS.get(wanted)
    if step is None:
        abort(400)
    try:
        step(desk.house.broadcast_desk, _seen(desk, ident))
    except Refused as error:
        return _page(desk, old, problem=str(error))
    return desk.back("broadcast", f"C'est fait : {ACTION_WORDS[cast('Action', wanted)]}.", ident=ident)


def _schedule(desk: Desk, ident: str) -> ResponseReturnValue:
    typed = request.form.get("starts_at", "").strip()
    try:
        at = datetime.fromisoformat(typed).replace(tzinfo=BAMAKO) if typed else None
    except ValueError:
        return _page(desk, _found(desk, ident), problem=_BAD_TIME, starts_at=typed)
    try:
        use.schedule(desk.house.broadcast_desk, _seen(desk, ident), at)
    except Refused as error:
        return _page(desk, _found(desk, ident), problem=str(error), starts_at=typed)
    return desk.back("broadcast", "Le départ est programmé.", ident=ident)


def _fund(desk: Desk, ident: str) -> ResponseReturnValue:
    typed = request.form.get("budget", "").strip()
    francs = broadcast_form.whole_number(typed)
    if francs is None:
        said = f"Le budget est un nombre entier de francs, pas « {typed} »."
        return _page(desk, _found(desk, ident), problem=said, budget=typed)
    try:
        use.fund(desk.house.broadcast_desk, _seen(desk, ident), francs * 100)
    except Refused as error:
        return _page(desk, _found(desk, ident), problem=str(error), budget=typed)
    return desk.back("broadcast", "Le budget est relevé ; reprenez l'envoi quand vous voulez.", ident=ident)


def _test(desk: Desk, ident: str) -> ResponseReturnValue:
    chosen = [desk.house.entrance.book.by_id(one) for one in request.form.getlist("to")]
    phones = [one.phone for one in chosen if one and one.active and one.phone]
    if not phones:
        return _page(desk, _found(desk, ident), problem="Choisissez au moins une personne de l'équipe pour l'essai.")
    try:
        sent = use.test_send(desk.house.broadcast_desk, _seen(desk, ident), phones)
    except Refused as error:
        return _page(desk, _found(desk, ident), problem=str(error))
    return desk.back("broadcast", f"{sent} message(s) d'essai partent.", ident=ident)


DOORS = (
    Door("/broadcasts", "broadcasts", _list, EYES),
    Door("/broadcasts/new", "broadcast_new", _new, HANDS, ("GET", "POST"), BIG_FORM),
    Door("/broadcasts/<ident>", "broadcast", _one, EYES),
    Door("/broadcasts/<ident>/edit", "broadcast_edit", _edit, HANDS, ("GET", "POST"), BIG_FORM),
    Door("/broadcasts/<ident>/live", "broadcast_live", _live, EYES),
    Door("/broadcasts/<ident>/do", "broadcast_do", _do, EYES, ("POST",)),
    Door("/broadcasts/<ident>/schedule", "broadcast_schedule", _schedule, HANDS, ("POST",)),
    Door("/broadcasts/<ident>/budget", "broadcast_fund", _fund, EYES - {"administrator"}, ("POST",)),
    Door("/broadcasts/<ident>/test", "broadcast_test", _test, HANDS, ("POST",)),
)
