"""The calendar by which broadcasts and check-ins wait: hours, public holidays and Ramadan, changed with a reason."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any, Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.core.calendar_edits import Named
from bot.core.hours import BAMAKO
from bot.core.staff import Role
from console.doors import Desk, Door

EYES: Final[frozenset[Role]] = frozenset({"broadcaster", "supervisor", "administrator"})
HANDS: Final[frozenset[Role]] = frozenset({"broadcaster", "supervisor"})
AHEAD: Final = timedelta(days=400)
SHOWN: Final = 10  # changes
SHORTEST_REASON: Final = 3
LONGEST: Final = 255
SPELLS: Final[tuple[tuple[Named, str], ...]] = (
    ("night", "La nuit, tous les jours"),
    ("friday", "Le vendredi, la prière de midi"),
    ("ramadan_evening", "Les soirs de ramadan"),
)


class Wrong(ValueError):
    """What was typed cannot be kept; the message is a sentence for staff."""


def _show(desk: Desk, *, problem: str = "") -> ResponseReturnValue:
    calendar, today = desk.house.calendar.calendar(), _today(desk)
    names = {account.id: account.name for account in desk.house.entrance.book.all()}
    page = render_template(
        "console/calendar.html",
        spells=[(name, label, _typed(name, getattr(calendar, name))) for name, label in SPELLS],
        holidays_too=calendar.holidays_too,
        holidays=[(day, one) for day, one in sorted(calendar.holidays.items()) if today <= day <= today + AHEAD],
        ramadan=[period for period in calendar.ramadan if period[1] >= today],
        changes=[(one, names.get(one.by, one.by)) for one in desk.house.calendar.edits.last(SHOWN)],
        words={"night": "nuit", "friday": "vendredi", "holidays": "jours fériés", "feasts": "dates de fêtes"}
        | {"ramadan_evening": "soirs de ramadan", "ramadan": "dates du ramadan"},
        kept=desk.house.calendar.is_kept,
        may=desk.staff.may(*HANDS),
        typed=request.form,
        problem=problem,
    )
    return page, 422 if problem else 200


def _entered(desk: Desk) -> list[Mapping[str, str]]:
    """Return the feasts that were entered by hand."""
    return list(desk.house.calendar.edits.values().get("feasts") or ())


def _today(desk: Desk) -> date:
    return desk.house.ports.clock.now().astimezone(BAMAKO).date()


def _typed(name: str, spell: Any) -> tuple[str, str]:
    """Return the two times of a rule as its form shows them: what was typed, or what holds."""
    if f"{name}_from" in request.form:
        return request.form[f"{name}_from"], request.form.get(f"{name}_until", "")
    return (f"{spell.starts:%H:%M}", f"{spell.ends:%H:%M}") if spell else ("", "")


def _set(desk: Desk) -> ResponseReturnValue:
    read = {"hours": _hours, "ramadan": _ramadan, "feast": _feast}.get(request.form.get("what", ""))
    if read is None:
        return _show(desk, problem="Choisissez ce qui change.")
    try:
        _keep(desk, read(desk))
    except Wrong as error:
        return _show(desk, problem=str(error))
    return desk.back("calendar", "Le calendrier est changé ; il compte dès maintenant.")


def _keep(desk: Desk, values: Mapping[Named, Any]) -> None:
    why = request.form.get("why", "").strip()[:LONGEST]
    if len(why) < SHORTEST_REASON:
        msg = "Écrivez pourquoi, en quelques mots : on le lira dans le journal."
        raise Wrong(msg)
    desk.house.calendar.change(values, by=desk.staff.id, why=why)


def _hours(desk: Desk) -> Mapping[Named, Any]:
    """Read the hours that have changed."""
    before = desk.house.calendar.calendar()
    values: dict[Named, Any] = {name: _spell(name, label) for name, label in SPELLS}
    if values["night"] is None:
        msg = "La nuit a toujours ses heures : écrivez les deux, par exemple 20:00 et 08:00."
        raise Wrong(msg)
    old = {name: _written(getattr(before, name)) for name, _ in SPELLS}
    changed: dict[Named, Any] = {name: value for name, value in values.items() if value != old[name]}
    if (request.form.get("holidays") == "1") != before.holidays_too:
        changed["holidays"] = not before.holidays_too
    if not changed:
        msg = "Rien n'a changé."
        raise Wrong(msg)
    return changed


def _written(spell: Any) -> str | None:
    return f"{spell.starts:%H:%M}-{spell.ends:%H:%M}" if spell else None


def _spell(name: Named, label: str) -> str | None:
    typed = [request.form.get(f"{name}_{end}", "").strip() for end in ("from", "until")]
    if not any(typed):
        return None
    try:
        starts, ends = (time.fromisoformat(one) for one in typed)
    except ValueError as error:
        msg = f"« {label} » : écrivez les deux heures, par exemple 20:00 et 08:00, ou aucune."
        raise Wrong(msg) from error
    if starts == ends:
        msg = f"« {label} » : le début et la fin sont la même heure."
        raise Wrong(msg)
    return f"{starts:%H:%M}-{ends:%H:%M}"


def _day(name: str) -> date | None:
    typed = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError as error:
        msg = f"« {typed} » n'est pas un jour : écrivez par exemple 2027-03-10."
        raise Wrong(msg) from error


def _ramadan(desk: Desk) -> Mapping[Named, Any]:
    """Read a Ramadan: a new one, one instead of another, or (without days) one less."""
    first, last, instead = _day("first"), _day("last"), _day("instead_of")
    if (first is None) != (last is None) or (first is None and instead is None):
        msg = "Écrivez le premier et le dernier jour du ramadan."
        raise Wrong(msg)
    if first and last and not first < last <= first + timedelta(days=30):
        msg = "Le ramadan dure 29 ou 30 jours : vérifiez le premier et le dernier jour."
        raise Wrong(msg)
    periods = {start: end for start, end in desk.house.calendar.calendar().ramadan if start != instead}
    if first and last:
        periods[first] = last
    return {"ramadan": [{"first": f"{one}", "last": f"{end}"} for one, end in sorted(periods.items())]}


def _feast(desk: Desk) -> Mapping[Named, Any]:
    """Read a holiday: a new one, one that is moved, or (without a day) one that was entered by hand and goes."""
    day, name, instead = _day("day"), request.form.get("name", "").strip()[:80], _day("instead_of")
    entered = [one for one in _entered(desk) if one["day"] != f"{instead}"]
    if day is None:
        if len(entered) == len(_entered(desk)):
            msg = "Écrivez le jour ; seule une fête entrée à la main peut être retirée."
            raise Wrong(msg)
        return {"feasts": entered}
    moved = desk.house.calendar.calendar().holidays.get(instead) if instead else None
    called = name or (moved.name if moved else "")
    if not called:
        msg = "Écrivez le nom de la fête, ou choisissez celle qui change de jour."
        raise Wrong(msg)
    entry = {"day": f"{day}", "name": called, "status": "confirmed"}
    shipped = _first_of(desk, instead)
    return {"feasts": [*entered, {**entry, "instead_of": f"{shipped}"} if shipped else entry]}


def _first_of(desk: Desk, instead: date | None) -> date | None:
    """Return the estimated day that a feast had before anybody moved it."""
    for one in _entered(desk):
        if one["day"] == f"{instead}":
            return date.fromisoformat(one["instead_of"]) if "instead_of" in one else None
    return instead


DOORS = (
    Door("/calendar", "calendar", _show, EYES),
    Door("/calendar/set", "calendar_set", _set, HANDS, ("POST",)),
)
