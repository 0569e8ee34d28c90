"""Check-ins: what was planned for whom and became of it, to read, to filter and to take along."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.core.staff import Role
from bot.ports.ledgers import About, CheckInFilter, CheckInLine
from console import words
from console.broadcast_view import reason_choices, reason_words, reasons_meant
from console.doors import Desk, Door
from console.exports import Rows, reason_of, table
from console.ledger import at, named, person_link

EYES: Final[frozenset[Role]] = frozenset({"broadcaster", "supervisor", "caseworker"})
A_PAGE: Final = 50
_SLICE: Final = 500
STATUSES: Final = {"planned": "prévu", **words.SENDING}
TITLES: Final = (
    "Personne",
    "Plan",
    "Étape",
    "Prévu le",
    "État",
    "Pourquoi",
    "Région",
    "Langue",
    "Demandé le",
    "Relancé le",
    "A répondu le",
)


def _show(desk: Desk, *, problem: str = "") -> ResponseReturnValue:
    wanted = _wanted()
    found = desk.house.ledgers.check_ins(wanted, after=_after(), limit=A_PAGE + 1)
    choices = _choices(desk)
    filters = {name: request.args[name] for name, _, _ in choices if request.args.get(name)}
    last = found[A_PAGE - 1] if len(found) > A_PAGE else None
    page = render_template(
        "console/check_ins.html",
        titles=TITLES,
        rows=[_seen(desk, one) for one in found[:A_PAGE]],
        following={**filters, "due": last.due_at.isoformat(), "id": last.id} if last else None,
        filters=filters,
        choices=choices,
        counts=_counts(desk.house.ledgers.check_in_counts(wanted)),
        problem=problem,
    )
    return page, 422 if problem else 200


def _wanted() -> CheckInFilter:
    asked = request.args.get
    names = ("plan", "step", "status", "region")
    answered = {"yes": True, "no": False}.get(asked("answered", ""))
    plain = {name: asked(name, "") for name in names}
    return CheckInFilter(**plain, reasons=reasons_meant(asked("reason", "")), answered=answered)


def _after() -> tuple[datetime, str] | None:
    try:
        moment = datetime.fromisoformat(request.args.get("due", ""))
    except ValueError:
        return None
    return (moment, request.args.get("id", "")) if moment.tzinfo else None


def _choices(desk: Desk) -> tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]:
    assistant = desk.house.brain.assistant
    steps = {step.id: f"{plan.name} : {step.months} mois" for plan in assistant.plans for step in plan.steps}
    return (
        ("plan", "Plan", tuple((plan.id, plan.name) for plan in assistant.plans)),
        ("step", "Étape", tuple(steps.items())),
        ("status", "État", tuple(STATUSES.items())),
        ("reason", "Pourquoi", reason_choices()),
        ("region", "Région", tuple((one.code, one.name) for one in assistant.facts.regions.values())),
        ("answered", "A répondu", (("yes", "oui"), ("no", "non"))),
    )


def _counts(counted: Mapping[tuple[str, str], int]) -> list[tuple[str, int]]:
    summed: dict[str, int] = {}
    for (status, _), count in counted.items():
        summed[STATUSES.get(status, status)] = summed.get(STATUSES.get(status, status), 0) + count
    return sorted(summed.items(), key=lambda pair: -pair[1])


def _row(desk: Desk, one: CheckInLine) -> tuple[object, ...]:
    assistant = desk.house.brain.assistant
    region = assistant.facts.regions.get(one.region)
    plan = next((plan.name for plan in assistant.plans if plan.id == one.plan), one.plan)
    return (
        one.person_id or "effacée",
        plan,
        one.step,
        at(one.due_at),
        STATUSES.get(one.status, one.status),
        reason_words(one.reason) if one.reason else "",
        region.name if region else "",
        words.LANGUAGES.get(one.language, ""),
        at(one.asked_at),
        at(one.reminded_at),
        at(one.answered_at),
    )


def _seen(desk: Desk, one: CheckInLine) -> tuple[object, ...]:
    """Return a line as the page shows it: the way to the person for whoever may go there, words in place of codes."""
    _, plan, _, *rest = _row(desk, one)
    steps = dict(next(options for name, _, options in _choices(desk) if name == "step"))
    step = steps.get(one.step, one.step).removeprefix(f"{plan} : ")
    return (person_link(desk, one.person_id), plan, step, *rest)


def _rows(desk: Desk, wanted: CheckInFilter, *, names: bool) -> Rows:
    yield (*TITLES, "Nom", "Numéro masqué") if names else TITLES
    after: tuple[datetime, str] | None = None
    while part := desk.house.ledgers.check_ins(wanted, after=after, limit=_SLICE):
        about: Mapping[str, About] = {}
        if names:
            about = desk.house.ledgers.people([one.person_id for one in part if one.person_id], names=True)
        for one in part:
            yield (*_row(desk, one), *(named(about.get(one.person_id or "")) if names else ()))
        after = (part[-1].due_at, part[-1].id)


def _take(desk: Desk, kind: str) -> ResponseReturnValue:
    desk.saw("ledger.export", "check_ins")
    return table(_rows(desk, _wanted(), names=False), "suivis", kind)


def _take_named(desk: Desk) -> ResponseReturnValue:
    problem = reason_of(desk, request.form.get("reason", ""), "check_ins")
    if problem:
        return _show(desk, problem=problem)
    return table(_rows(desk, CheckInFilter(), names=True), "suivis-noms", "csv")


DOORS = (
    Door("/check-ins", "check_ins", _show, EYES),
    Door("/check-ins.<kind>", "check_ins_take", _take, EYES),
    Door("/check-ins/named", "check_ins_named", _take_named, frozenset({"supervisor"}), ("POST",)),
)
