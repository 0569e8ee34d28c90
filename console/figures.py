"""The work as figures: pictures with a table beside each, and the same as CSV; no name, no number, no small group."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from bot.core.assistant import Assistant, reach
from bot.core.case_figures import AGES, OLDER, PRIORITIES, Prompt, by_age, by_region, by_week, promptness
from bot.core.staff import Role
from console import words
from console.doors import Desk, Door
from console.exports import table
from console.plots import Bar, bars

VIEWERS: frozenset[Role] = frozenset({"supervisor", "focal_point", "administrator"})
LOOKS_BACK: Final = timedelta(days=90)
WEEKS: Final = timedelta(weeks=8)
HIDDEN: Final = "moins de 5"
NOT_UNDERSTOOD: Final = "pattern_cannot_handle"


@dataclass(frozen=True, slots=True)
class Figure:
    """One table and its picture. Cells are texts; `picture` may be empty."""

    name: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    picture: Markup | str = ""
    remark: str = ""


def _show(desk: Desk) -> ResponseReturnValue:
    return render_template("console/figures.html", figures=_figures(desk), days=LOOKS_BACK.days)


def _export(desk: Desk, name: str) -> ResponseReturnValue:
    figure = next((one for one in _figures(desk) if one.name == name), None)
    if figure is None:
        abort(404)
    return table(iter([figure.head, *figure.rows]), f"segin-{name}", "csv")


def _figures(desk: Desk) -> tuple[Figure, ...]:
    now, sensitive = desk.house.ports.clock.now(), desk.staff.may("focal_point")
    return (
        _waiting(desk, now, sensitive=sensitive),
        _prompt(desk, now, sensitive=sensitive),
        _kinds(desk, now, sensitive=sensitive),
        _quiet(desk, now),
        _understood(desk, now),
    )


def _waiting(desk: Desk, now: datetime, *, sensitive: bool) -> Figure:
    counts = by_age(desk.house.case_figures.waiting(sensitive=sensitive), now)
    ages = [*(word for word, _ in AGES), OLDER]
    legend = [f"{one} {words.PRIORITIES[one]}" for one in PRIORITIES]
    rows = [(age, tuple(counts.get((age, one), 0) for one in PRIORITIES)) for age in ages]
    title = "Cas ouverts, par âge et par priorité"
    picture = bars(title, legend, [Bar(age, parts) for age, parts in rows])
    return Figure("waiting", title, ("Âge", *legend), _texts([(age, *parts) for age, parts in rows]), picture)


def _prompt(desk: Desk, now: datetime, *, sensitive: bool) -> Figure:
    found = promptness(desk.house.case_figures.since(now - LOOKS_BACK, sensitive=sensitive), now)
    title = "Première réponse et délai"
    legend = ("à temps", "en retard")
    rows = [Bar(f"{one.priority} {words.PRIORITIES[one.priority]}", (one.in_time, one.late)) for one in found]
    head = ("Priorité", "Cas", "Répondus", "À temps", "En retard", "La moitié répondue en")
    return Figure("prompt", title, head, tuple(map(_prompt_row, found)), bars(title, legend, rows))


def _prompt_row(one: Prompt) -> tuple[str, ...]:
    half = words.span(one.half_within) if one.half_within is not None else "—"
    return (one.priority, str(one.cases), str(one.answered), str(one.in_time), str(one.late), half)


def _kinds(desk: Desk, now: datetime, *, sensitive: bool) -> Figure:
    groups = by_region(desk.house.case_figures.kinds_by_region(now - LOOKS_BACK, sensitive=sensitive))
    known = desk.house.brain.assistant
    rows = [
        (_region(known, group.name), words.kind(cell.value), HIDDEN if cell.count is None else str(cell.count))
        for group in groups
        for cell in group.cells
    ]
    title = "Genres de cas, par région"
    picture = bars(title, ("cas",), [Bar(_region(known, one.name), (one.total,)) for one in groups])
    remark = "Ce qui concerne moins de cinq cas n'est pas montré : on pourrait y reconnaître quelqu'un."
    return Figure("kinds", title, ("Région", "Genre", "Cas"), tuple(rows), picture, remark)


def _region(known: Assistant, name: str) -> str:
    return known.texts["fr"].get(f"value.region.{name}", name) if name else "non dite"


def _quiet(desk: Desk, now: datetime) -> Figure:
    count = desk.house.case_figures.unanswered(now - LOOKS_BACK)
    rows = (("personnes à qui l'on a demandé des nouvelles et qui n'ont rien répondu", str(count)),)
    return Figure("quiet", "Sans nouvelles", ("", "Personnes"), rows)


def _understood(desk: Desk, now: datetime) -> Figure:
    kept, known = desk.house.case_figures, desk.house.brain.assistant
    weeks = by_week(kept.came(now - WEEKS), kept.said(_apologies(known), now - WEEKS))
    title = "Messages reçus, compris ou non"
    rows = [(one.week, one.messages, one.not_understood) for one in weeks]
    drawn = [Bar(one.week, (max(one.messages - one.not_understood, 0), one.not_understood)) for one in weeks]
    head = ("Semaine du", "Messages", "Dont non compris")
    return Figure("understood", title, head, _texts(rows), bars(title, ("compris", "non compris"), drawn))


def _apologies(known: Assistant) -> frozenset[str]:
    """Return what is said when a message was not understood."""
    steps = [step for flow in reach(known.flows, NOT_UNDERSTOOD, links=False) for step in flow.steps.values()]
    said = {getattr(step.work, "name", "") or getattr(step.work, "utter", "") for step in steps}
    return frozenset(said & known.domain.responses.keys())


def _texts(rows: Sequence[Sequence[object]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(map(str, row)) for row in rows)


DOORS = (
    Door("/figures", "figures", _show, VIEWERS),
    Door("/figures/<name>.csv", "figures_csv", _export, VIEWERS),
)
