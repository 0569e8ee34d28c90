"""The audit trail, for supervisors, and of complaints for the focal point alone: who saw and did what."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.core.hours import BAMAKO
from bot.core.staff import Role, Staff
from bot.ports.audit import Line, Wanted
from bot.service.unmask import REASONS
from console.doors import Desk, Door

READERS: frozenset[Role] = frozenset({"supervisor", "focal_point"})
# What actions are called; one that is not here is shown as it was written.
ACTIONS = {
    "broadcast.approve": "envoi approuvé",
    "broadcast.cancel": "envoi annulé",
    "broadcast.draft": "envoi écrit",
    "broadcast.edit": "envoi changé",
    "broadcast.pause": "envoi mis en pause",
    "broadcast.reject": "envoi rendu en brouillon",
    "broadcast.resume": "envoi repris",
    "broadcast.retry": "échecs d'un envoi réessayés",
    "broadcast.schedule": "envoi programmé",
    "broadcast.submit": "envoi soumis",
    "broadcast.test": "essai d'un envoi",
    "call.ask": "appel demandé",
    "case.answer": "réponse à une demande",
    "case.assign": "demande donnée à quelqu'un",
    "case.close": "demande fermée",
    "case.hand_back": "demande rendue",
    "case.note": "note dans une demande",
    "case.open": "demande ouverte",
    "case.refer": "demande transmise à un partenaire",
    "case.reopen": "demande rouverte",
    "case.set_priority": "priorité changée",
    "case.take": "demande prise",
    "case.view": "demande lue",
    "case.wait": "demande mise en attente",
    "duty.add": "garde ajoutée",
    "duty.back": "permanence reprise",
    "duty.drop": "garde retirée",
    "duty.opt_out": "alertes refusées par STOP",
    "duty.pause": "permanence en pause",
    "fact_edit": "fait changé",
    "calendar.edit": "calendrier changé",
    "gone_quiet.view": "liste « sans nouvelles » lue",
    "hold.lift": "conservation levée",
    "hold.place": "conservation imposée",
    "import.again": "colonnes d'une liste revues",
    "import.check": "liste lue",
    "import.done": "liste entrée",
    "import.drop": "liste abandonnée",
    "import.let_in": "entrée d'une liste demandée",
    "import.upload": "liste envoyée",
    "ledger.export": "registre emporté",
    "ledger.export_names": "registre emporté avec les noms",
    "list.tag": "liste de numéros entrée",
    "media.play": "note vocale ou image ouverte",
    "person.change": "fiche corrigée",
    "person.erase": "personne effacée",
    "person.erase_waits": "effacement demandé, conservation en place",
    "person.export": "données d'une personne emportées",
    "person.search": "personne cherchée",
    "person.unmask": "numéro montré",
    "person.view": "fiche lue",
    "phone.confirmed": "code PIN donné",
    "phone.wrong_pin": "mauvais code PIN",
    "price.set": "prix entré",
    "retention.purge": "données arrivées à terme effacées",
    "staff.activate": "compte rouvert",
    "staff.add": "compte ajouté",
    "staff.change": "compte changé",
    "staff.deactivate": "compte fermé",
    "staff.end_sessions": "sessions fermées",
    "staff.password": "mot de passe changé",
    "staff.phone": "téléphone ou PIN changé",
    "staff.recovery_code": "code de secours utilisé",
    "staff.recovery_codes": "nouveaux codes de secours",
    "staff.refused": "connexion refusée",
    "staff.reset": "accès remis à zéro",
    "staff.second_factor": "second facteur mis en place",
    "staff.sign_in": "connexion",
    "unmatched.drop": "message non compris retiré",
    "unmatched.label": "message non compris nommé",
    "unmatched.view": "messages non compris lus",
}
OBJECTS = {
    "check_ins": "suivis",
    "gone_quiet": "sans nouvelles",
    "persons": "personnes",
    "retention": "durées de garde",
    "unmatched": "non compris",
}
DETAILS: Mapping[str, Mapping[str, str]] = {  # by action; words that are not here are shown as they were written
    "duty.add": {
        "main": "de garde\N{NO-BREAK SPACE}:",
        "substitute": "remplaçant\N{NO-BREAK SPACE}:",
        "supervisor": "superviseur de garde\N{NO-BREAK SPACE}:",
    },
    "person.unmask": REASONS,
}
SHORT, LONG = 8, 24  # letters of an id that are shown, from so many on: its link has the whole
PAGE = 50  # lines: some 8 kB on a weak connection


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the trail as the page shows it."""

    at: str
    who: str
    action: str
    object_id: str
    about: str
    detail: str


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
    eyes = _eyes(desk.staff)
    lines = desk.house.trail.lines(replace(wanted, complaints=eyes), limit=PAGE + 1)
    checked = desk.house.trail.verify() if "verify" in request.args else None
    return render_template(
        "console/journal.html",
        lines=[_told(line, names) for line in lines[:PAGE]],
        older=lines[PAGE - 1].id if len(lines) > PAGE else None,
        names=names,
        actions=ACTIONS,
        asked={name: value for name, value in request.args.items() if name not in {"before", "verify"}},
        checked=checked,
        problem=problem,
        eyes=eyes,
    )


def _told(line: Line, names: Mapping[str, str]) -> Told:
    """Put a line into words: names and references in place of ids, where there are any."""
    about = line.reference or names.get(line.object_id) or OBJECTS.get(line.object_id)
    known = {**DETAILS.get(line.action, {}), **names}
    return Told(
        at=f"{line.at.astimezone(BAMAKO):%d/%m/%Y %H:%M:%S}",
        who=names.get(line.actor, line.actor),
        action=ACTIONS.get(line.action, line.action),
        object_id=line.object_id,
        about=about or (f"{line.object_id[:SHORT]}…" if len(line.object_id) > LONG else line.object_id),
        detail=" ".join(known.get(word, word) for word in line.detail.split()),
    )


def _eyes(staff: Staff) -> Literal["shown", "hidden", "only"]:
    """Say which lines are for somebody: a complaint's are the focal point's, for it may be about a supervisor."""
    if not staff.may("focal_point"):
        return "hidden"
    return "shown" if staff.may("supervisor") else "only"


DOORS = (Door("/audit", "audit", _show, READERS),)
