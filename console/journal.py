"""The audit trail for supervisors: who saw and did what, and whether the chain over it is whole."""

from datetime import date, datetime, time, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.core.hours import BAMAKO
from bot.core.staff import Role
from bot.ports.audit import Wanted
from console.doors import Desk, Door

SUPERVISOR: frozenset[Role] = frozenset({"supervisor"})
PAGE = 50  # lines: some 8 kB on a weak connection


def _show(desk: Desk) -> ResponseReturnValue:
    asked, accounts = request.args, desk.house.entrance.book.all()
    names = {account.id: account.name for account in accounts}
    try:
        day = date.fromisoformat(asked["day"]) if asked.get("day") else None
    except ValueError:
        return _page(desk, names, Wanted(), "Écrivez le jour ainsi : 2026-11-23."), 422
    return _page(desk, names, _wanted(names, day))


def _wanted(names: dict[str, str], day: date | None) -> Wanted:
    asked = request.args
    actor = asked.get("actor", "").strip()
    since = datetime.combine(day, time(), BAMAKO) if day else None
    before = asked.get("before", "")
    return Wanted(
        actors=(actor, names[actor]) if actor in names else (actor,) if actor else (),  # older lines have the name
        object_id=asked.get("object", "").strip(),
        action=asked.get("action", "").strip(),
        since=since,
        until=since + timedelta(days=1) if since else None,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < len("9999999999") else None,
    )


def _page(desk: Desk, names: dict[str, str], wanted: Wanted, problem: str = "") -> str:
    lines = desk.house.trail.lines(wanted, limit=PAGE + 1)
    checked = desk.house.trail.verify() if "verify" in request.args else None
    return render_template(
        "console/journal.html",
        lines=lines[:PAGE],
        older=lines[PAGE - 1].id if len(lines) > PAGE else None,
        names=names,
        asked={name: value for name, value in request.args.items() if name not in {"before", "verify"}},
        checked=checked,
        problem=problem,
    )


DOORS = (Door("/audit", "audit", _show, SUPERVISOR),)
