"""The ledger of a broadcast: what happened to each person and why, with filters, to read and to take along."""

from datetime import datetime
from itertools import islice
from typing import Final

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from bot.core.broadcasts import Broadcast, Recipient
from bot.core.hours import BAMAKO
from bot.core.staff import Role
from bot.ports.broadcasts import LedgerFilter
from bot.ports.ledgers import About
from console import words
from console.broadcast_view import reason_choices, reason_words, reasons_meant
from console.doors import Desk, Door
from console.exports import Rows, reason_of, table
from console.persons import WORKERS

EYES: Final[frozenset[Role]] = frozenset({"broadcaster", "supervisor"})
A_PAGE: Final = 50
SHOWN: Final = 6  # signs of an id: enough to tell two lines apart
_SLICE: Final = 500
TITLES: Final = (
    "Ligne",
    "Personne",
    "État",
    "Pourquoi",
    "Langue",
    "Canal",
    "Opérateur",
    "Région",
    "Métier",
    "SMS",
    "Francs",
    "Essais",
    "Changé le",
    "A répondu le",
)
NAMED: Final = (*TITLES, "Nom", "Numéro masqué")


def _show(desk: Desk, ident: str, *, problem: str = "") -> ResponseReturnValue:
    one, wanted = _found(desk, ident), _wanted()
    after = request.args.get("after", 0, type=int)
    found = desk.house.broadcasts.recipients(ident, wanted, after=after, limit=A_PAGE + 1)
    about = desk.house.ledgers.people([row.person_id for row in found if row.person_id], names=False)
    filters = {name: request.args[name] for name, _, _ in _choices() if request.args.get(name)}
    page = render_template(
        "console/ledger.html",
        one=one,
        titles=TITLES,
        rows=[_seen(desk, row, about.get(row.person_id or "")) for row in found[:A_PAGE]],
        following=found[A_PAGE - 1].id if len(found) > A_PAGE else None,
        filters=filters,
        choices=_choices(),
        problem=problem,
    )
    return page, 422 if problem else 200


def _found(desk: Desk, ident: str) -> Broadcast:
    found = desk.house.broadcasts.get(ident)
    if found is None:
        abort(404)
    return found


def _wanted() -> LedgerFilter:
    asked = request.values.get
    return LedgerFilter(
        statuses=tuple(filter(None, (asked("status", ""),))),
        reasons=reasons_meant(asked("reason", "")),
        language=asked("language", ""),
        channel=asked("channel", ""),
        answered={"yes": True, "no": False}.get(asked("answered", "")),
    )


def _choices() -> tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]:
    """Return the filters."""
    return (
        ("status", "État", tuple(words.SENDING.items())),
        ("reason", "Pourquoi", reason_choices()),
        ("language", "Langue", tuple(words.LANGUAGES.items())),
        ("channel", "Canal", (("sms", "SMS"), ("whatsapp", "WhatsApp"))),
        ("answered", "A répondu", (("yes", "oui"), ("no", "non"))),
    )


def _row(desk: Desk, one: Recipient, about: About | None) -> tuple[object, ...]:
    facts = desk.house.brain.assistant.facts
    region, trade = facts.regions.get(about.region if about else ""), facts.trades.get(about.trade if about else "")
    return (
        one.id,
        one.person_id or "effacée",
        words.SENDING.get(one.status, one.status),
        reason_words(one.reason) if one.reason else "",
        words.LANGUAGES.get(one.language, one.language),
        words.CHANNELS.get(one.channel, one.channel),
        one.operator,
        region.name if region else "",
        trade.name if trade else "",
        one.segments,
        one.centimes / 100,
        one.tries,
        at(one.changed_at),
        at(one.answered_at),
    )


def _seen(desk: Desk, one: Recipient, about: About | None) -> tuple[object, ...]:
    line, _, *rest = _row(desk, one, about)
    return (line, person_link(desk, one.person_id), *rest)


def person_link(desk: Desk, ident: str | None) -> str:
    """Name somebody by the first signs of their id, with the way to their page for whoever may go there."""
    if ident is None:
        return "effacée"
    if not desk.staff.may(*WORKERS):
        return ident[:SHOWN]
    return Markup('<a href="{}">{}</a>').format(url_for("console.person", ident=ident), ident[:SHOWN])


def at(moment: datetime | None) -> str:
    """Write a time in Bamako as tables sort it; "" where there is none."""
    return f"{moment.astimezone(BAMAKO):%Y-%m-%d %H:%M}" if moment else ""


def _rows(desk: Desk, ident: str, wanted: LedgerFilter, *, names: bool) -> Rows:
    """Yield titles and lines, a slice of persons at a time."""
    yield NAMED if names else TITLES
    every = desk.house.broadcasts.ledger(ident, wanted)
    while part := list(islice(every, _SLICE)):
        about = desk.house.ledgers.people([one.person_id for one in part if one.person_id], names=names)
        for one in part:
            known = about.get(one.person_id or "")
            yield (*_row(desk, one, known), *(named(known) if names else ()))


def named(about: About | None) -> tuple[str, str]:
    """Return the columns that only a reason opens."""
    return (about.name, about.number) if about else ("", "")


def _take(desk: Desk, ident: str, kind: str) -> ResponseReturnValue:
    one = _found(desk, ident)
    desk.saw("ledger.export", one.id)
    return table(_rows(desk, ident, _wanted(), names=False), "registre", kind)


def _take_named(desk: Desk, ident: str) -> ResponseReturnValue:
    problem = reason_of(desk, request.form.get("reason", ""), _found(desk, ident).id)
    if problem:
        return _show(desk, ident, problem=problem)
    return table(_rows(desk, ident, LedgerFilter(), names=True), "registre-noms", "csv")


DOORS = (
    Door("/broadcasts/<ident>/ledger", "ledger", _show, EYES),
    Door("/broadcasts/<ident>/ledger.<kind>", "ledger_take", _take, EYES),
    Door("/broadcasts/<ident>/ledger/named", "ledger_named", _take_named, EYES, ("POST",)),
)
