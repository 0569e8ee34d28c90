"""The rota: who is on duty this week, shifts to add and remove, and a pause for oneself."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from bot.core.duty import Shift
from bot.core.hours import BAMAKO
from bot.core.staff import Role
from bot.service.keep_rota import Asked, BadShift, add_shifts, drop_shift, pause
from console.doors import Desk, Door

SEE: frozenset[Role] = frozenset({"caseworker", "supervisor", "focal_point", "administrator"})
KEEP: frozenset[Role] = frozenset({"supervisor", "administrator"})
ROLES = {"main": "de garde", "substitute": "remplaçant", "supervisor": "superviseur de garde"}
CHANNELS = {"sms": "SMS", "whatsapp": "WhatsApp", "email": "courriel seul"}
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Line:
    """One shift as a day's list shows it."""

    shift: Shift
    name: str
    hours: str
    now: bool
    first: bool  # the first of its days that the page shows


def _week(desk: Desk) -> ResponseReturnValue:
    return _page(desk, Asked())


def _page(desk: Desk, asked: Asked, error: BadShift | None = None) -> str:
    book, now = desk.house.ports.store.duty, desk.house.ports.clock.now()
    monday = _monday(now)
    begins = datetime(monday.year, monday.month, monday.day, tzinfo=BAMAKO)
    people = book.people()
    names = {account.id: account.name for account in people}
    shifts = book.shifts(since=begins, until=begins + A_WEEK)
    days = [monday + timedelta(days=number) for number in range(7)]
    on_duty = [one for one in book.roster(now=now) if one.role]
    return render_template(
        "console/duty.html",
        days=[(f"{DAYS[day.weekday()]} {day:%d/%m}", _of_day(shifts, day, names, now)) for day in days],
        before=monday - A_WEEK,
        after=monday + A_WEEK,
        monday=monday,
        people=[account for account in people if account.roles & SEE],
        on_duty=[(one.staff.name, ROLES[one.role or "main"]) for one in on_duty],
        mine=any(one.staff.id == desk.staff.id for one in on_duty),
        paused=book.paused_until(desk.staff.id, now=now),
        may_keep=desk.staff.may(*KEEP),
        asked=asked,
        error=error,
        roles=ROLES,
        channels=CHANNELS,
    )


def _monday(now: datetime) -> date:
    """Return the Monday of the week in the address; of this week when there is none or a wrong one."""
    try:
        day = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        day = now.astimezone(BAMAKO).date()
    return day - timedelta(days=day.weekday())


def _of_day(shifts: tuple[Shift, ...], day: date, names: dict[str, str], now: datetime) -> list[Line]:
    begins = datetime(day.year, day.month, day.day, tzinfo=BAMAKO)
    ends = begins + timedelta(days=1)
    return [
        Line(
            shift,
            names.get(shift.staff_id, "compte fermé"),
            _hours(shift),
            now=shift.starts_at <= now < shift.ends_at,
            first=shift.starts_at >= begins or day.weekday() == 0,
        )
        for shift in sorted(shifts, key=lambda one: (one.starts_at, list(ROLES).index(one.role)))
        if shift.starts_at < ends and shift.ends_at > begins
    ]


def _hours(shift: Shift) -> str:
    starts, ends = shift.starts_at.astimezone(BAMAKO), shift.ends_at.astimezone(BAMAKO)
    same_day = starts.date() == ends.date()
    return f"{starts:%Hh%M} – {ends:%Hh%M}" if same_day else f"{starts:%d/%m %Hh%M} – {ends:%d/%m %Hh%M}"


def _add(desk: Desk) -> ResponseReturnValue:
    given = {name: request.form.get(name, "")[:40] for name in Asked.__dataclass_fields__}
    asked = Asked(**given)
    try:
        made = add_shifts(desk.house.ports, asked, by=desk.staff.id)
    except BadShift as error:
        return _page(desk, asked, error), 422
    week = made[0].starts_at.astimezone(BAMAKO).date().isoformat()
    return desk.back("duty", f"{len(made)} garde(s) ajoutée(s).", week=week)


def _drop(desk: Desk, ident: str) -> ResponseReturnValue:
    if not drop_shift(desk.house.ports, ident, by=desk.staff.id):
        abort(404)
    return desk.back("duty", "La garde est retirée.")


def _pause(desk: Desk) -> ResponseReturnValue:
    on = request.form.get("on") == "1"
    pause(desk.house.ports, desk.staff.id, on=on)
    return desk.back("duty", "Pause : les alertes vont à la personne suivante." if on else "Les alertes vous arrivent.")


DOORS = (
    Door("/duty", "duty", _week, SEE),
    Door("/duty/add", "duty_add", _add, KEEP, ("POST",)),
    Door("/duty/<ident>/drop", "duty_drop", _drop, KEEP, ("POST",)),
    Door("/duty/pause", "duty_pause", _pause, SEE, ("POST",)),
)
