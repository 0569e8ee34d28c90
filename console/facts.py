"""What the assistant says about aid: which facts nobody has checked, and the switch that silences one at once."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from bot.channels import printed
from bot.core.facts import Fact, Facts, stale
from bot.core.facts_editing import BadEdit, FactEdit, edit, overlay, suspend, verify
from bot.core.facts_weighing import weigh
from bot.core.hours import BAMAKO
from bot.core.staff import Role
from console.doors import Desk, Door

KEEPERS: frozenset[Role] = frozenset({"reviewer", "supervisor"})
STATUSES: Final = {
    "stable": "stable",
    "to_verify": "à vérifier",
    "dated": "daté",
    "closed": "clos",
    "unknown": "inconnu",
    "internal": "interne, jamais dit",
}
WORDS: Final = ("text", "year", "note", "address", "email")  # what the form changes, besides status and telephones
LONGEST: Final = 500  # characters


@dataclass(frozen=True, slots=True)
class Shelf:
    """The facts as they are now, and how they became so."""

    facts: Facts
    edits: tuple[FactEdit, ...]
    now: datetime

    @property
    def today(self) -> date:
        """Return the day in Bamako."""
        return self.now.astimezone(BAMAKO).date()


def _shelf(desk: Desk) -> Shelf:
    edits = desk.house.fresh.edits.all()
    shipped = desk.house.fresh.shipped.assistant.facts
    return Shelf(overlay(shipped, edits), tuple(edits), desk.house.ports.clock.now())


def _list(desk: Desk) -> ResponseReturnValue:
    shelf = _shelf(desk)
    old = {fact.id for fact in stale(shelf.facts, shelf.today)}
    every = sorted(shelf.facts.facts.values(), key=lambda fact: (not fact.emergency, fact.id not in old, fact.topic))
    only = request.args.get("only", "old")
    shown = [fact for fact in every if only == "all" or fact.id in old or fact.suspended]
    return render_template(
        "console/facts.html", facts=shown, old=old, only=only, count=len(old), total=len(every), statuses=STATUSES
    )


def _fact(desk: Desk, fact_id: str) -> ResponseReturnValue:
    shelf = _shelf(desk)
    fact = shelf.facts.facts.get(fact_id)
    if fact is None:
        abort(404)
    if request.method == "GET":
        return _page(shelf, fact)
    try:
        made = _made(desk, shelf, fact)
    except BadEdit as error:
        return _page(shelf, fact, str(error)), 422
    desk.house.fresh.edits.add(replace(made, why=request.form.get("why", "").strip()[:LONGEST]))
    return desk.back("fact", "C'est noté ; les prochaines réponses en tiennent compte.", fact_id=fact_id)


def _made(desk: Desk, shelf: Shelf, fact: Fact) -> FactEdit:
    """Return the change that the form asks for. Raises BadEdit with what stands against it."""
    form, by = request.form, desk.staff.name
    act = form.get("act", "")
    if not form.get("why", "").strip():
        raise BadEdit("Dites pourquoi, ou comment vous l'avez vérifié : « appelé le numéro », « vu au bureau ».")
    if act == "verify":
        return verify(shelf.facts, fact.id, by=by, on=shelf.today, at=shelf.now)
    if act == "suspend":
        return suspend(shelf.facts, fact.id, by=by, at=shelf.now)
    assistant = replace(desk.house.fresh.shipped.assistant, facts=shelf.facts)
    if act == "resume":
        made = suspend(shelf.facts, fact.id, by=by, at=shelf.now, suspended=False)
    else:
        made = edit(shelf.facts, fact.id, _changes(fact), by=by, at=shelf.now)
    return weigh(assistant, made, words=printed.text, today=shelf.today)


def _changes(fact: Fact) -> dict[str, object]:
    """Return what differs from the fact as it is. Raises BadEdit when nothing does."""
    typed = {name: request.form.get(name, "").strip()[:LONGEST] for name in ("status", *WORDS)}
    changes: dict[str, object] = {name: value for name, value in typed.items() if value != getattr(fact, name)}
    phones = [part.strip() for part in request.form.get("phones", "").split(",") if part.strip()]
    if phones != list(fact.phones):
        changes["phones"] = phones
    if not changes:
        raise BadEdit("Rien n'a été changé.")
    return changes


def _page(shelf: Shelf, fact: Fact, problem: str = "") -> str:
    return render_template(
        "console/fact.html",
        fact=fact,
        typed=request.form if problem else None,
        problem=problem,
        source=shelf.facts.sources.get(fact.source),
        edits=[made for made in shelf.edits if made.fact_id == fact.id],
        statuses=STATUSES,
        bamako=BAMAKO,
    )


DOORS = (
    Door("/facts", "facts", _list, KEEPERS),
    Door("/facts/<fact_id>", "fact", _fact, KEEPERS, ("GET", "POST")),
)
