"""Alert about urgent cases, one after the other, until somebody has each in hand; every step is in its timeline."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core import alerts, duty, limits
from bot.core.cases import Case, CaseEvent, awaits_holder
from bot.core.duty import Call, OnCall, Wish
from bot.core.messages import Address, Status
from bot.core.people import CASEWORKER_SEX
from bot.core.ways import MAIL
from bot.ports import Known, OutgoingRow
from bot.ports.duty import Climb
from bot.service.brain import Brain
from bot.service.ports import Ports

log = logging.getLogger(__name__)

_ANYBODY = "alert_urgent_case_anybody"
_ROLES = {"main": "de garde", "substitute": "remplaçant", "supervisor": "superviseur de garde"}
_NEWS = {  # what whoever has a case is told, under which name it is kept, and its line in the story
    "back": (alerts.back, "alert_case_back", "demande à reprendre"),
    "danger": (alerts.urgent_again, "alert_urgent_again", "nouveau danger dans sa demande"),
    "priority": (alerts.raised, "alert_case_raised", "demande plus urgente"),
}
_NEWSWORTHY = ("message", "danger", "priority")
_CHANNELS = {"sms": "SMS", "whatsapp": "WhatsApp", "email": "courriel"}


@dataclass(frozen=True, slots=True)
class Alarm:
    """What an operator has set about alerts."""

    unclaimed: timedelta = duty.UNCLAIMED["P1"]  # how long one person has to take a P1
    mail: bool = False  # e-mail is configured


@dataclass(frozen=True, slots=True)
class _Scene:
    """What is the same for every case of one slice."""

    brain: Brain
    ports: Ports
    alarm: Alarm
    roster: tuple[OnCall, ...]
    rota: bool
    now: datetime


def escalate(brain: Brain, ports: Ports, alarm: Alarm, *, limit: int = limits.SLICE) -> int:
    """Take the next step of up to `limit` cases whose time has come, and return how many steps were taken.

    A step is claimed by a conditional change in the transaction that also queues its alerts: two workers at once, or
    one that dies in between, never alert twice and never lose a step.
    """
    now = ports.clock.now()
    due = ports.store.duty.due(limit=limit, now=now)
    if not due:
        return 0
    book = ports.store.duty
    scene = _Scene(brain, ports, alarm, book.roster(now=now), book.has_rota(now=now), now)
    steps = sum(_step(scene, one) for one in due)
    if steps:
        ports.wake.outgoing()
    return steps


def _step(scene: _Scene, one: Climb) -> bool:
    assigned = awaits_holder(one.case)
    untold = assigned and one.case.taken_by not in one.alerted
    if not untold and (one.case.priority == "P3" or not (assigned or one.case.status == "open")):
        return _end(scene, one)
    if one.step >= limits.ALERT_TRIES:
        log.error("case %s: NOBODY HAS TAKEN IT after %s alerts, and they are given up", one.case.id, one.step)
        return _wait(scene, one, at=None)
    if untold:
        return _tell_assigned(scene, one)
    known = scene.ports.store.person(one.case.person_id)
    call = duty.whom_next(one.case, _others(scene.roster, known), _wish(known), one.alerted, rota=scene.rota)
    calendar = scene.brain.deadlines.calendar
    if duty.waits_for_hours(one.case, call, rota=scene.rota) and not calendar.open_at(scene.now):
        return _wait(scene, one, at=duty.next_opening(calendar, scene.now))
    return _alert(scene, one, call)


def _others(roster: Iterable[OnCall], known: Known) -> tuple[OnCall, ...]:
    """Return everybody but whoever is in need themself: a member of staff may write from their own telephone."""
    own = known.person.addresses if known.person else ()
    return tuple(one for one in roster if not any(to in own for to in one.to))


def _wish(known: Known) -> Wish:
    person = known.person
    return Wish(person.contact.get(CASEWORKER_SEX), person.language) if person else Wish()


def _wait(scene: _Scene, one: Climb, *, at: datetime | None) -> bool:
    with scene.ports.store.write() as tx:
        return tx.duty.climb(one.case.id, expected=one.step, step=one.step, alerted=one.alerted, at=at)


def _alert(scene: _Scene, one: Climb, call: Call) -> bool:
    before = () if call.begins_round else one.alerted
    alerted = (*before, *(person.staff.id for person in call.people), *((duty.ANYBODY,) if call.anybody else ()))
    at = duty.after_alert(one.case, call, scene.now, scene.alarm.unclaimed)
    rows = _rows(scene, one.case, call)
    with scene.ports.store.write() as tx:
        if not tx.duty.climb(one.case.id, expected=one.step, step=one.step + 1, alerted=alerted, at=at):
            return False
        tx.duty.alerted(one.case.id, at=scene.now)
        tx.add_outgoing(rows)
        for line in _story(call, rows):
            tx.add_case_event(one.case.id, CaseEvent(scene.now, "alert", "segin", line))
    if not rows:
        log.error("case %s: THERE IS NOBODY TO ALERT; add shifts, or set SEGIN_ALERT_TO", one.case.id)
    return True


def _tell_assigned(scene: _Scene, one: Climb) -> bool:
    """Tell somebody of the case that was put into their hands; an urgent one climbs on until they have confirmed it."""
    case, holder = one.case, _holder(scene, one.case)
    reached = holder.to if holder else ()
    rows = _that_go(scene, [_row(scene, case, to, alerts.assigned(case), "alert_case_assigned") for to in reached])
    later = duty.after_alert(case, Call(), scene.now, scene.alarm.unclaimed) if rows else scene.now
    at = None if case.priority == "P3" else later
    with scene.ports.store.write() as tx:
        alerted = (*one.alerted, case.taken_by or "")
        if not tx.duty.climb(case.id, expected=one.step, step=one.step + 1, alerted=alerted, at=at):
            return False
        tx.add_outgoing(rows)
        line = f"{case.holder} (demande attribuée) : {_ways(row.to for row in rows)}"
        tx.add_case_event(case.id, CaseEvent(scene.now, "alert", "segin", line))
    return True


def _holder(scene: _Scene, case: Case) -> OnCall | None:
    return next((person for person in scene.roster if person.staff.id == case.taken_by), None)


def _rows(scene: _Scene, case: Case, call: Call) -> list[OutgoingRow]:
    staff = [to for person in call.people for to in person.to]
    rows = [_row(scene, case, to, alerts.urgent(case), "alert_urgent_case") for to in staff]
    text = alerts.urgent(case, by_phone=False)
    anybody = scene.brain.alert_to if call.anybody else ()
    rows += [_row(scene, case, to, text, _ANYBODY) for to in anybody]
    return _that_go(scene, rows)


def _that_go(scene: _Scene, rows: Iterable[OutgoingRow]) -> list[OutgoingRow]:
    return [row for row in rows if scene.alarm.mail or row.to.channel != "email"]


def _row(scene: _Scene, case: Case, to: Address, text: str, response: str) -> OutgoingRow:
    return alert_row(scene.ports, to, text, response=response, case_id=case.id)


def alert_row(ports: Ports, to: Address, text: str, *, response: str, case_id: str | None = None) -> OutgoingRow:
    """Write an alert to staff as a row that a worker sends."""
    return OutgoingRow(
        id=ports.ids.new(),
        person_id=None,
        to=to,
        provider=MAIL if to.channel == "email" else ports.carrier(to, ""),
        kind="alert",
        route="rest",
        text=text,
        response=response,
        language="fr",
        encoding="GSM-7",
        segments=0 if to.channel == "email" else 1,
        status=Status.QUEUED,
        created_at=ports.clock.now(),
        case_id=case_id,
    )


def _story(call: Call, rows: Sequence[OutgoingRow]) -> Iterator[str]:
    """Say who was alerted and how, one line each; the numbers of SEGIN_ALERT_TO are only counted."""
    sent = {row.to for row in rows if row.response != _ANYBODY}
    for person in call.people:
        role = _ROLES.get(person.role or "", "dernier recours")
        yield f"{person.staff.name} ({role}) : {_ways(to for to in person.to if to in sent)}"
    if call.anybody:
        yield _last_resort(sum(row.response == _ANYBODY for row in rows))
    if not call.people and not call.anybody:
        yield "personne à alerter"


def _ways(sent: Iterable[Address]) -> str:
    return ", ".join(_CHANNELS[to.channel] for to in sent) or "aucune voie"


def _last_resort(count: int) -> str:
    match count:
        case 0:
            return "aucun numéro de dernier recours à alerter : le dossier attend que quelqu'un le prenne ici"
        case 1:
            return "un numéro de dernier recours"
    return f"{count} numéros de dernier recours"


def _end(scene: _Scene, one: Climb) -> bool:
    """End the alerts of a case that somebody has; what is new in it is told to whoever has or had it.

    That is danger heard once more, a higher priority, or (P3) that it is not solved or that a partner did not help.
    """
    holder = _holder(scene, one.case)
    told = holder.to if holder and one.step == 0 and one.case.status != "closed" else ()
    text, response, story = _NEWS[_what_is_new(scene, one.case)] if told else _NEWS["danger"]
    rows = _that_go(scene, [_row(scene, one.case, to, text(one.case), response) for to in told])
    with scene.ports.store.write() as tx:
        if not tx.duty.climb(one.case.id, expected=one.step, step=one.step, alerted=one.alerted, at=None):
            return False
        tx.add_outgoing(rows)
        if rows and holder:
            tx.duty.alerted(one.case.id, at=scene.now)
            line = f"{holder.staff.name} : {story}"
            tx.add_case_event(one.case.id, CaseEvent(scene.now, "alert", "segin", line))
    return True


def _what_is_new(scene: _Scene, case: Case) -> str:
    if case.priority == "P3":
        return "back"
    story = reversed(scene.ports.store.timeline(case.id))
    last = next((event.kind for event in story if event.kind in _NEWSWORTHY), "danger")
    return "priority" if last == "priority" else "danger"
