"""Who has gone quiet: a work list, the most worrying first, from which cases are opened."""

from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.core.gone_quiet import TRIES, Risk, Silent, by_risk
from bot.core.staff import Role
from bot.service.seek_silent import seek_all
from console import words
from console.doors import Desk, Door

EYES: Final[frozenset[Role]] = frozenset({"caseworker", "supervisor", "broadcaster"})
HANDS: Final[frozenset[Role]] = frozenset({"caseworker", "supervisor"})
LISTED: Final = 2000  # weighed; those with a dead number and the most questions without an answer come first
SHOWN: Final = 50
MOST_TRIES: Final = 10


def _show(desk: Desk, *, problem: str = "") -> ResponseReturnValue:
    found = _found(desk)
    may = desk.staff.may(*HANDS)  # whoever only sends sees no names: they stand with what somebody went through
    people = desk.house.ledgers.people([one.person_id for one, _ in found[:SHOWN]], names=may)
    desk.saw("gone_quiet.view", "gone_quiet")
    page = render_template(
        "console/gone_quiet.html",
        rows=[
            _row(desk, one, risk, people[one.person_id].name) for one, risk in found[:SHOWN] if one.person_id in people
        ],
        count=len(found),
        tries=_tries(),
        problem=problem,
        may=may,
    )
    return page, 422 if problem else 200


def _found(desk: Desk) -> tuple[tuple[Silent, Risk], ...]:
    now = desk.house.ports.clock.now()
    return by_risk(desk.house.gone_quiet.silent(now=now, tries=_tries(), limit=LISTED), now)


def _tries() -> int:
    return min(max(request.values.get("tries", TRIES, type=int), 1), MOST_TRIES)


def _row(desk: Desk, one: Silent, risk: Risk, name: str) -> dict[str, object]:
    region = desk.house.brain.assistant.facts.regions.get(one.region or "")
    now = desk.house.ports.clock.now()
    return {
        "id": one.person_id,
        "name": name or "sans nom",
        "risk": risk.points,
        "reasons": ", ".join(risk.reasons),
        "region": region.name if region else "",
        "language": words.LANGUAGES.get(one.language or "", ""),
        "heard": words.ago(one.heard_at, now) if one.heard_at else "jamais",
    }


def _open(desk: Desk) -> ResponseReturnValue:
    """Open a case for each one that was ticked, with the reasons as its first line."""
    chosen = set(request.form.getlist("person"))
    reasons = {one.person_id: ", ".join(risk.reasons) for one, risk in _found(desk) if one.person_id in chosen}
    if not reasons:
        return _show(desk, problem="Cochez au moins une personne de la liste.")
    house = desk.house
    opened = seek_all(house.brain, house.ports, reasons, by=desk.staff)
    return desk.back("gone_quiet", f"{len(opened)} demande(s) ouverte(s).")


DOORS = (
    Door("/gone-quiet", "gone_quiet", _show, EYES),
    Door("/gone-quiet/open", "gone_quiet_open", _open, HANDS, ("POST",)),
)
