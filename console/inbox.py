"""The list of cases: tabs with counts, filters in the address, and a search that no address ever holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.core.cases import Case, is_overdue, read_reference
from bot.core.hours import BAMAKO
from bot.ports.case_reads import TABS, CaseLine, Narrowed, Tab
from bot.service.change_case import NoSuchCase, find_case
from console import words
from console.case import EYES
from console.doors import Desk, Door

A_PAGE: Final = 25
FOUND_AT_MOST: Final = 50
SHORTEST: Final = 2  # letters of a name
TAB_WORDS: Final[dict[Tab, str]] = {
    "mine": "À moi",
    "unassigned": "À prendre",
    "all": "Toutes",
    "overdue": "En retard",
    "sensitive": "Sensibles",
    "closed": "Fermées",
}
FILTERS: Final = {"priority": "Priorité", "kind": "Sujet", "language": "Langue", "region": "Région"}
TOO_SHORT: Final = "Écrivez une référence (K7421S), les quatre derniers chiffres d'un numéro, ou un nom entier."


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list, in words."""

    case: Case
    kind: str
    priority: str
    due: str
    late: bool
    state: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of the list."""

    tab: Tab
    filters: dict[str, str]
    page: int
    pages: int
    tabs: tuple[tuple[Tab, str, int | None], ...]
    lines: tuple[Line, ...]
    choices: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    at: str

    @property
    def narrowed(self) -> bool:
        """Say whether filters are on."""
        return bool(self.filters)

    @property
    def address(self) -> dict[str, str | int]:
        """Return what the address of this page holds."""
        return self.at_page(self.page)

    def at_page(self, page: int) -> dict[str, str | int]:
        """Return the address of another page of this list."""
        return {"tab": self.tab, **self.filters, **({"page": page} if page > 1 else {})}

    def at_tab(self, tab: Tab) -> dict[str, str | int]:
        """Return the address of another tab under the same filters."""
        return {"tab": tab, **self.filters}


def show(desk: Desk) -> ResponseReturnValue:
    """Show the list."""
    shown = _inbox(desk)
    return render_template("console/cases.html", view=shown, etag=_mark(desk), found=None, sought="")


def lines(desk: Desk) -> ResponseReturnValue:
    """Return the list alone for a page that asks by itself, or 304 without reading it while nothing has changed."""
    mark = _mark(desk)
    answer = Response(status=304)
    if not request.if_none_match.contains(mark):
        answer = Response(render_template("console/_cases.html", view=_inbox(desk), etag=mark))
    answer.set_etag(mark)
    return answer


def search(desk: Desk) -> ResponseReturnValue:
    """Find cases by what was typed; it is sent as a form, because addresses are written into logs."""
    sought = " ".join(request.form.get("sought", "").split())
    if read_reference(sought):
        try:
            case = find_case(desk.house.ports, sought, by=desk.staff)
            return redirect(url_for("console.case", reference=case.reference), 303)
        except NoSuchCase:
            return _found(desk, sought, ())
    if len(sought) < SHORTEST:
        return _found(desk, sought, (), problem=TOO_SHORT)
    persons = desk.house.ports.store.search(sought)
    return _found(desk, sought, desk.house.case_reads.of_persons(desk.staff, persons, limit=FOUND_AT_MOST))


def _found(desk: Desk, sought: str, found: tuple[CaseLine, ...], *, problem: str = "") -> ResponseReturnValue:
    now = desk.house.ports.clock.now()
    shown = None if problem else [_line(desk, one, now) for one in found]
    view = _inbox(desk) if problem else None
    page = render_template(
        "console/cases.html", view=view, etag=_mark(desk), found=shown, sought=sought, problem=problem
    )
    return page, 422 if problem else 200


def _inbox(desk: Desk) -> Inbox:
    now = desk.house.ports.clock.now()
    reads, wanted = desk.house.case_reads, _wanted(desk)
    counts = reads.counts(wanted, now=now)
    pages = max(-(-counts[wanted.tab] // A_PAGE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    found = reads.lines(wanted, now=now, limit=A_PAGE, offset=(page - 1) * A_PAGE)
    return Inbox(
        tab=wanted.tab,
        filters=dict(wanted.filters),
        page=page,
        pages=pages,
        tabs=tuple((tab, TAB_WORDS[tab], None if tab == "closed" else counts[tab]) for tab in _tabs(desk)),
        lines=tuple(_line(desk, one, now) for one in found),
        choices=_choices(desk),
        at=f"{now.astimezone(BAMAKO):%H:%M}",
    )


def _tabs(desk: Desk) -> tuple[Tab, ...]:
    """Return the tabs for these eyes: a list of sensitive cases is not even named to others."""
    return tuple(tab for tab in TABS if tab != "sensitive" or desk.staff.may("focal_point"))


def _wanted(desk: Desk) -> Narrowed:
    """Read the address; what no filter knows is left out."""
    first: Tab = "all" if desk.staff.may("partner") else "unassigned"
    tab = next((one for one in _tabs(desk) if one == request.args.get("tab")), first)
    chosen = {name: request.args.get(name, "") for name in FILTERS}
    known = {name: {value for value, _ in options} for name, _, options in _choices(desk)}
    return Narrowed(desk.staff, tab, {name: value for name, value in chosen.items() if value in known[name]})


def _choices(desk: Desk) -> tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]:
    """Return the filters: name, label, and (value, word) of each choice."""
    regions = desk.house.brain.assistant.facts.regions.values()
    kinds = [one for one in words.KINDS.items() if desk.staff.may("focal_point") or not words.is_complaint(one[0])]
    options = {
        "priority": tuple((name, f"{name} {word}") for name, word in words.PRIORITIES.items()),
        "kind": tuple(sorted(kinds, key=lambda pair: pair[1])),
        "language": tuple(words.LANGUAGES.items()),
        "region": tuple((region.code, region.name) for region in regions),
    }
    return tuple((name, label, options[name]) for name, label in FILTERS.items())


def _line(desk: Desk, one: CaseLine, now: datetime) -> Line:
    case = one.case
    region = desk.house.brain.assistant.facts.regions.get(one.region or "")
    wrote = f"a écrit {words.ago(one.wrote_at, now)}" if one.wrote_at else ""
    about = (wrote, words.LANGUAGES.get(one.language or "", ""), region.name if region else "")
    return Line(
        case=case,
        kind=words.kind(case.kind),
        priority=words.PRIORITIES[case.priority],
        due=words.deadline(case.due_at, now) if case.due_at else "",
        late=is_overdue(case, now),
        state=words.status(case),
        about=tuple(filter(None, about)),
    )


def _mark(desk: Desk) -> str:
    """Return the list's mark; "dans 8 min" is another sentence a minute later."""
    now = desk.house.ports.clock.now()
    return f"{desk.house.case_reads.list_stamp(desk.staff)}.{int(now.timestamp()) // 60}"


DOORS = (
    Door("/cases", "cases", show, EYES),
    Door("/cases/lines", "case_lines", lines, EYES),
    Door("/cases/search", "search_cases", search, EYES, ("POST",)),
)
