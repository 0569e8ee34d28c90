"""Lists of people: upload, say what each column is, read the dry run, let in or drop."""

from collections.abc import Iterable, Sequence

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from bot.adapters import sheets
from bot.core import imports
from bot.core.entries import CALLED, FIELDS, Field, masked, sentence
from bot.core.imports import Import, NotNow, RowStatus, Terms
from bot.core.staff import Role
from bot.ports.imports import BadFile, Judged
from bot.service import import_contacts as use
from console.doors import Desk, Door
from console.live import fresh, tag

ROLES: frozenset[Role] = frozenset({"broadcaster", "supervisor"})
STATES: dict[imports.State, str] = {
    "uploaded": "colonnes à confirmer",
    "checking": "lecture en cours",
    "checked": "à décider",
    "letting_in": "entrée en cours",
    "done": "terminé",
    "dropped": "abandonné",
    "failed": "illisible",
}
BECAME: dict[RowStatus, str] = {
    "good": "peuvent entrer",
    "bad": "ont un problème",
    "twice": "répètent un numéro de la liste",
    "known": "ont un numéro que nous connaissons déjà",
    "in": "sont entrées",
    "merged": "ont complété une personne déjà connue",
    "left": "laissées telles quelles : numéro devenu celui de quelqu'un entre-temps, ou accord refusé",
}
MOVING = ("checking", "letting_in")
FORM_FRAME = 64 * 1024  # bytes of a form around its file
SHOWN = 100


def _list(desk: Desk, *, problem: str = "") -> ResponseReturnValue:
    page = render_template(
        "console/contacts.html",
        found=desk.house.import_desk.imports.newest(),
        states=STATES,
        problem=problem,
        names=_names(desk),
        most=imports.MOST_BYTES // 1024 // 1024,
    )
    return page, 422 if problem else 200


def _names(desk: Desk) -> dict[str, str]:
    return {account.id: account.name for account in desk.house.entrance.book.all()}


def _upload(desk: Desk) -> ResponseReturnValue:
    file = request.files.get("file")
    if file is None or not file.filename:
        return _list(desk, problem="Choisissez d'abord le fichier de la liste.")
    try:
        new = use.upload(desk.house.import_desk, file.stream, by=desk.staff.id)
    except BadFile as error:
        return _list(desk, problem=str(error))
    return desk.back("contact_list", ident=new.id)


def _one(desk: Desk, ident: str) -> ResponseReturnValue:
    return _page(desk, _found(desk, ident))


def _live(desk: Desk, ident: str) -> ResponseReturnValue:
    found = _found(desk, ident)
    answer = fresh(_mark(found), lambda: render_template("console/_contact_state.html", **_shown(found)))
    if found.state not in MOVING:
        answer.headers["HX-Refresh"] = "true"  # something is to be decided: the whole page is another one
    return answer


def _mark(found: Import) -> str:
    return tag(found.id, found.state, found.lines, found.last_line, sorted(found.counts.items()))


def _found(desk: Desk, ident: str) -> Import:
    found = desk.house.import_desk.imports.one(ident)
    if found is None:
        abort(404)
    return found


def _shown(found: Import) -> dict[str, object]:
    return {
        "found": found,
        "state": STATES[found.state],
        "became": [(BECAME[status], count) for status, count in found.counts.items() if count],
        "moving": found.state in MOVING,
        "etag": _mark(found),
    }


def _page(
    desk: Desk, found: Import, *, problems: Sequence[str] = (), typed: dict[str, str] | None = None
) -> ResponseReturnValue:
    page = render_template(
        "console/contact_list.html",
        **_shown(found),
        problems=problems,
        typed=typed or {"consent_source": found.consent_source, "tag": found.tag},
        columns=_columns(desk, found) if found.state == "uploaded" else (),
        fields=[(field, CALLED[field]) for field in FIELDS],
        sentences=list(_sentences(desk, found, limit=SHOWN)),
        shown=SHOWN,
        doubles=found.count("twice", "known"),
    )
    return page, 422 if problems else 200


def _columns(desk: Desk, found: Import) -> list[tuple[str, str, list[str]]]:
    """Return title, guess or choice, and three masked examples of each column."""
    chosen = request.form.getlist("column") or [field or "" for field in found.columns]
    rows = use.sample(desk.house.import_desk, found)
    examples = [[masked(row[at]) for row in rows if at < len(row)] for at in range(len(found.titles))]
    return list(zip(found.titles, chosen, examples, strict=False))


def _sentences(desk: Desk, found: Import, *, limit: int) -> Iterable[str]:
    titles = {field: title for title, field in zip(found.titles, found.columns, strict=False) if field}
    lines = desk.house.import_desk.imports.judged(found.id, statuses=("bad",), limit=limit)
    return (_sentence(titles, line, at) for line in lines for at in range(len(line.problems)))


def _sentence(titles: dict[Field, str], line: Judged, at: int) -> str:
    problem = line.problems[at]
    return sentence(line.number, titles.get(problem.field, CALLED[problem.field]), problem)


def _check(desk: Desk, ident: str) -> ResponseReturnValue:
    found = _found(desk, ident)
    typed = {name: request.form.get(name, "") for name in ("consent_source", "tag")}
    columns = tuple(one if one in FIELDS else None for one in request.form.getlist("column"))
    padded = (columns + (None,) * len(found.titles))[: len(found.titles)]
    try:
        faults = use.agree(desk.house.import_desk, ident, Terms(padded, **typed), by=desk.staff.id)
    except NotNow as error:
        return _page(desk, found, problems=(str(error),), typed=typed)
    if faults:
        return _page(desk, found, problems=faults, typed=typed)
    return desk.back("contact_list", ident=ident)


def _let_in(desk: Desk, ident: str) -> ResponseReturnValue:
    merge, whole = request.form.get("merge") == "1", request.form.get("all_or_nothing") == "1"
    try:
        use.let_in(desk.house.import_desk, ident, merge=merge, all_or_nothing=whole, by=desk.staff.id)
    except NotNow as error:
        return _page(desk, _found(desk, ident), problems=(str(error),))
    return desk.back("contact_list", ident=ident)


def _again(desk: Desk, ident: str) -> ResponseReturnValue:
    try:
        use.again(desk.house.import_desk, ident, by=desk.staff.id)
    except NotNow as error:
        return _page(desk, _found(desk, ident), problems=(str(error),))
    return desk.back("contact_list", ident=ident)


def _drop(desk: Desk, ident: str) -> ResponseReturnValue:
    try:
        use.drop(desk.house.import_desk, ident, by=desk.staff.id)
    except NotNow as error:
        return _page(desk, _found(desk, ident), problems=(str(error),))
    return desk.back("contacts", "La liste est abandonnée ; rien n'en est gardé.")


def _problems(desk: Desk, ident: str) -> ResponseReturnValue:
    """Return every problem of a list as CSV, values masked, for whoever mends it."""
    found = _found(desk, ident)
    every = _sentences(desk, found, limit=imports.MOST_LINES)
    answer = Response(sheets.write_csv((one,) for one in every), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="problemes.csv"'
    return answer


DOORS = (
    Door("/contacts", "contacts", _list, ROLES),
    Door("/contacts/new", "contact_upload", _upload, ROLES, ("POST",), imports.MOST_BYTES + FORM_FRAME),
    Door("/contacts/<ident>", "contact_list", _one, ROLES),
    Door("/contacts/<ident>/live", "contact_live", _live, ROLES),
    Door("/contacts/<ident>/check", "contact_check", _check, ROLES, ("POST",)),
    Door("/contacts/<ident>/again", "contact_again", _again, ROLES, ("POST",)),
    Door("/contacts/<ident>/let-in", "contact_let_in", _let_in, ROLES, ("POST",)),
    Door("/contacts/<ident>/drop", "contact_drop", _drop, ROLES, ("POST",)),
    Door("/contacts/<ident>/problems.csv", "contact_problems", _problems, ROLES),
)
