"""A person: what is known, what may be changed, their cases, their rights over their data."""

import json
from typing import Final

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from bot.core.cases import REFERENCES, reference
from bot.core.own_data import for_hands
from bot.core.people import Person
from bot.core.staff import Role, may_see, named_in_trail
from bot.ports.retention import AlreadyHeld
from bot.service.change_person import (
    NUMBERS,
    BadChange,
    Change,
    SomebodyElse,
    change_person,
    returned,
    seen,
)
from bot.service.own_data import IsHeld, erase_person, hold_person, release_person
from bot.service.unmask import REASONS, Asked, BadReason
from console import masking, words
from console.doors import Desk, Door

WORKERS: frozenset[Role] = frozenset({"caseworker", "supervisor"})
SUPERVISORS: frozenset[Role] = frozenset({"supervisor"})
FOUND_AT_MOST: Final = 50
CASES: Final = 50
SHORTEST: Final = 2  # letters of a name
HELD: Final = (
    "Une conservation légale est en place : rien n'est effacé. La demande est notée ; elle est faite à la levée."
)
ASK_SURE: Final = "Cochez la case : l'effacement ne se défait pas."
MEANWHILE: Final = (
    "Quelqu'un a changé cette fiche entre-temps : rien n'a été fait. Relisez, puis enregistrez de nouveau."
)


def _search(desk: Desk) -> ResponseReturnValue:
    """Find persons; what is looked for is sent as a form, because addresses are written into logs."""
    sought = " ".join(request.form.get("sought", "").split())
    if request.method == "GET" or len(sought) < SHORTEST:
        return render_template("console/persons.html", sought=sought, found=None)
    desk.saw("person.search", "persons")
    ids = desk.house.ports.store.search(sought)[:FOUND_AT_MOST]
    people = [known.person for ident in ids if (known := desk.house.ports.store.person(ident)).person]
    regions = {code: region.name for code, region in desk.house.brain.assistant.facts.regions.items()}
    return render_template(
        "console/persons.html", sought=sought, found=people, words=words, number=_masked, regions=regions
    )


def _masked(person: Person) -> str:
    to = person.written_to or next(iter(person.addresses), None)
    return masking.number(to.reveal()) if to else "pas de numéro"


def _show(desk: Desk, ident: str) -> ResponseReturnValue:
    person = _person(desk, ident)
    desk.saw("person.view", _about(desk, person))
    return _page(desk, person)


def _about(desk: Desk, person: Person) -> str:
    """Return what the audit trail is to name: the complaint that somebody came from, else the person."""
    came_from = request.args.get("case", "")
    case = desk.house.ports.store.case(came_from) if came_from else None
    ours = case is not None and case.person_id == person.id and may_see(desk.staff, case)
    return named_in_trail(case) if case and ours else person.id


def _person(desk: Desk, ident: str) -> Person:
    person = desk.house.ports.store.person(ident).person
    if person is None:
        abort(404)
    return person


def _change(desk: Desk, ident: str) -> ResponseReturnValue:
    person, typed = _person(desk, ident), {name: request.form.get(name, "") for name in request.form}
    kept = {
        name: person.contact.get(name, "") if typed.get(name) == _shown(person, name) else typed.get(name, "")
        for name in NUMBERS
    }  # a number that still stands there masked was not touched
    try:
        change = Change({**typed, **kept}, mark=typed.get("seen", ""), by=desk.staff, about=_about(desk, person))
        changed = change_person(desk.house.ports, person.id, change)
    except BadChange as error:
        return _page(desk, person, typed=typed, problem=str(error), field=error.field), 422
    except SomebodyElse:
        return _page(desk, _person(desk, ident), typed=typed, problem=MEANWHILE), 409
    return _back(desk, "C'est enregistré." if changed else "Rien n'a été changé.", ident)


def _back(desk: Desk, notice: str, ident: str) -> Response:
    return desk.back("person", notice, ident=ident, case=request.args.get("case"))


def _shown(person: Person, name: str, *, whole: bool = False) -> str:
    value = person.contact.get(name, "")
    return masking.number(value, whole=whole) if value else ""


def _numbers(desk: Desk, ident: str) -> ResponseReturnValue:
    person = _person(desk, ident)
    try:
        desk.unmask(Asked(person.id, request.form.get("why", ""), _about(desk, person)))
    except BadReason as error:
        return _page(desk, person, problem=str(error), field="why"), 422
    return _page(desk, person, whole=True)


def _export(desk: Desk, ident: str) -> ResponseReturnValue:
    """Hand over what is kept of somebody, as a file that its name does not betray; complaints go another way."""
    person = _person(desk, ident)
    desk.saw("person.export", _about(desk, person))
    whole = for_hands(desk.house.exports.of_person(person.id) or {}, desk.staff)
    answer = Response(json.dumps(whole, ensure_ascii=False, indent=2), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="segin-export.json"'
    return answer


def _erase(desk: Desk, ident: str) -> ResponseReturnValue:
    person = _person(desk, ident)
    if "sure" not in request.form:
        return _page(desk, person, problem=ASK_SURE, field="sure"), 422
    receipt = _receipt(desk)
    try:
        erase_person(desk.house.brain, desk.house.ports, person.id, by=desk.staff, receipt=receipt)
    except IsHeld:
        return _page(desk, person, problem=HELD), 409
    return desk.back("persons", f"Tout est effacé. Reçu : {receipt}.")


def _hold(desk: Desk, ident: str) -> ResponseReturnValue:
    person, reason = _person(desk, ident), request.form.get("reason", "")
    try:
        hold_person(desk.house.ports, desk.house.holds, person.id, reason=reason, by=desk.staff.id)
    except ValueError as error:
        return _page(desk, person, problem=str(error), field="reason"), 422
    except AlreadyHeld:
        return _back(desk, "Une conservation légale est déjà en place.", ident)
    return _back(desk, "Rien ne sera effacé tant que la conservation légale dure.", ident)


def _release(desk: Desk, ident: str) -> ResponseReturnValue:
    person = _person(desk, ident)
    house, receipt = desk.house, _receipt(desk)
    was = release_person(house.brain, house.ports, house.holds, person.id, by=desk.staff, receipt=receipt)
    if was is not None and was.erase:
        return desk.back("persons", "La conservation est levée, et la personne effacée comme elle l'avait demandé.")
    return _back(desk, "La conservation légale est levée.", ident)


def _receipt(desk: Desk) -> str:
    return reference(desk.house.ports.ids.number(REFERENCES))


def _page(  # noqa: PLR0913 - what came of the form stands beside the person
    desk: Desk,
    person: Person,
    *,
    typed: dict[str, str] | None = None,
    problem: str = "",
    field: str = "",
    whole: bool = False,
) -> str:
    known = desk.house.brain.assistant
    texts = known.texts["fr"]
    cases = desk.house.case_reads.of_persons(desk.staff, [person.id], limit=CASES)
    return render_template(
        "console/person.html",
        person=person,
        typed=typed,
        problem=problem,
        field=field,
        mark=seen(person),
        returned=returned(person),
        numbers=_numbers_of(person, whole=whole),
        shown={name: _shown(person, name, whole=whole) for name in NUMBERS},
        whole=whole,
        reasons=REASONS,
        regions=[(value, texts.get(f"value.region.{value}", value)) for value in known.domain.slots["region"].values],
        choices={
            name: [(value, texts.get(f"value.{name}.{value}", value)) for value in known.domain.slots[name].values]
            for name in ("relation", "call_hours")
        },
        cases=[line.case for line in cases],
        to_verify=[line.case for line in cases if line.case.kind == "contact_change" and line.case.status != "closed"],
        holds=desk.house.holds.of_person(person.id) if desk.staff.may("supervisor") else (),
        opt_outs=words.OPT_OUTS,
        came_from=request.args.get("case"),
        words=words,
    )


def _numbers_of(person: Person, *, whole: bool) -> list[tuple[str, str]]:
    return [
        (words.CHANNELS.get(one.channel, one.channel), masking.number(one.reveal(), whole=whole))
        for one in person.addresses
    ]


DOORS = (
    Door("/persons", "persons", _search, WORKERS, ("GET", "POST")),
    Door("/persons/<ident>", "person", _show, WORKERS),
    Door("/persons/<ident>/change", "person_change", _change, WORKERS, ("POST",)),
    Door("/persons/<ident>/numbers", "person_numbers", _numbers, WORKERS, ("POST",)),
    Door("/persons/<ident>/export", "person_export", _export, SUPERVISORS, ("POST",)),
    Door("/persons/<ident>/erase", "person_erase", _erase, SUPERVISORS, ("POST",)),
    Door("/persons/<ident>/hold", "person_hold", _hold, SUPERVISORS, ("POST",)),
    Door("/persons/<ident>/release", "person_release", _release, SUPERVISORS, ("POST",)),
)
