"""The life of a case: open, taken, waiting, answered, closed, reopened; who may do what, and what it changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal, get_args

from bot.core.cases import Case, CaseEvent, CaseStatus, EventKind, Priority, awaits_holder, is_held
from bot.core.staff import Role, Staff, may_see

CaseAction = Literal[
    "take", "assign", "answer", "wait", "note", "set_priority", "refer", "hand_back", "close", "reopen"
]
OUTCOMES: Final[Mapping[str, str]] = {
    "solved": "réglé",
    "informed": "information donnée",
    "referred": "orienté vers un partenaire",
    "unreachable": "personne injoignable",
    "withdrawn": "la personne ne veut plus",
    "duplicate": "en double avec une autre demande",
    "not_ours": "hors de nos services",
    "other": "autre",
}
STATUSES: Final[Mapping[CaseStatus, str]] = {
    "open": "ouverte",
    "taken": "prise",
    "waiting": "en attente",
    "answered": "répondue",
    "closed": "fermée",
}
EVENTS: Final[Mapping[str, str]] = {
    "message": "message",
    "call": "appel",
    "alert": "alerte",
    "danger": "danger",
    "taken": "prise",
    "assigned": "attribuée",
    "answer": "réponse",
    "waiting": "en attente",
    "note": "note",
    "priority": "priorité changée",
    "referred": "confiée à un partenaire",
    "asked": "question sur le partenaire",
    "partner_helped": "le partenaire a aidé ?",
    "handed_back": "rendue à l'assistant",
    "freed": "de nouveau à prendre",
    "closed": "fermée",
    "solved": "réglé ?",
    "reopened": "rouverte",
    "erased": "données effacées",
}
_TEAM: Final[frozenset[Role]] = frozenset({"caseworker", "supervisor", "focal_point"})
_OVER_OTHERS: Final[frozenset[Role]] = frozenset({"supervisor", "focal_point"})
_HOLDERS: Final[frozenset[CaseAction]] = frozenset({"answer", "wait", "refer", "hand_back", "close"})
_WHILE_CLOSED: Final[frozenset[CaseAction]] = frozenset({"note", "reopen"})


class NotAllowed(ValueError):
    """This cannot be done to a case in this state, or not by this person; the sentence is fit for staff, in French."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a case: the case as it is afterwards, and the line of its timeline that says so."""

    case: Case
    event: CaseEvent


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, and when."""

    by: Staff
    at: datetime


def actions(case: Case, staff: Staff) -> tuple[CaseAction, ...]:
    """Return what somebody may do with a case now: the buttons that the console shows."""
    return tuple(action for action in get_args(CaseAction) if refusal(case, action, staff) is None)


def refusal(case: Case, action: CaseAction, staff: Staff) -> str | None:
    """Say in French why somebody may not do this to a case, or None: they may."""
    if not may_see(staff, case):
        return f"Il n'y a pas de demande {case.reference} pour vous."
    if action != "note" and not staff.may(*_TEAM):
        return f"{case.reference} : un partenaire peut seulement y ajouter une note."
    return _of_state(case, action) or _of_holder(case, action, staff)


def _of_state(case: Case, action: CaseAction) -> str | None:
    if case.status == "closed" and action not in _WHILE_CLOSED:
        return f"{case.reference} est fermée. Rouvrez-la d'abord."
    if case.status != "closed" and action == "reopen":
        return f"{case.reference} n'est pas fermée."
    if action == "hand_back" and not is_held(case):
        return f"{case.reference} n'est chez personne."
    if action == "refer" and case.sensitive:
        return f"{case.reference} est confidentielle : elle ne va pas à un partenaire."
    return None


def _of_holder(case: Case, action: CaseAction, staff: Staff) -> str | None:
    if not is_held(case) or case.taken_by in (None, staff.id):
        return None
    if action == "take" and awaits_holder(case) and case.priority != "P3":
        return None  # whoever it was assigned to does not answer, and others are alerted
    if action == "take":
        return f"{case.reference} est déjà chez {case.holder}. Pour la reprendre, attribuez-la-vous."
    if action in _HOLDERS and not staff.may(*_OVER_OTHERS):
        return f"{case.reference} est chez {case.holder}. Attribuez-la-vous d'abord."
    return None


def _begin(case: Case, action: CaseAction, act: Act) -> None:
    reason = refusal(case, action, act.by)
    if reason:
        raise NotAllowed(reason)


def _step(case: Case, kind: EventKind, act: Act, text: str = "") -> Step:
    if awaits_holder(case) and case.taken_by == act.by.id:  # whatever they do to it, they know of it
        case = replace(case, taken_at=act.at)
    return Step(replace(case, changed_at=act.at), CaseEvent(act.at, kind, act.by.name, text))


def _held_by(case: Case, status: CaseStatus, act: Act) -> Case:
    """Return the case in a state, in the hands of whoever acts if nobody held it."""
    if is_held(case) and case.taken_by:
        return replace(case, status=status)
    return replace(case, status=status, taken_by=act.by.id, holder=act.by.name, taken_at=act.at)


def may_hold(staff: Staff, case: Case) -> bool:
    """Say whether a case may be in somebody's hands."""
    return may_see(staff, case) and staff.may(*_TEAM)


def take(case: Case, act: Act) -> Step:
    """Put a case into the hands of whoever acts. Raises NotAllowed."""
    _begin(case, "take", act)
    mine = is_held(case) and case.taken_by == act.by.id
    taken_at = (case.taken_at if mine else None) or act.at
    case = replace(case, status="taken", taken_by=act.by.id, holder=act.by.name, taken_at=taken_at, waits_until=None)
    return _step(case, "taken", act)


def assign(case: Case, act: Act, to: Staff) -> Step:
    """Put a case into somebody's hands, which they confirm by whatever they do to it.

    Raises NotAllowed, also when it is not for that person's eyes.
    """
    _begin(case, "assign", act)
    if not may_hold(to, case):
        raise NotAllowed(
            f"{case.reference} ne peut pas aller à {to.name} : cette personne n'a pas le droit de la voir."
        )
    case = replace(case, status="taken", taken_by=to.id, holder=to.name, taken_at=None, waits_until=None)
    return _step(case, "assigned", act, to.name)


def answer(case: Case, act: Act, text: str) -> Step:
    """Note an answer to the person: nothing is owed any more. Raises NotAllowed."""
    _begin(case, "answer", act)
    held = _held_by(case, "answered", act)
    first = case.first_answer_at or act.at
    return _step(replace(held, due_at=None, first_answer_at=first, waits_until=None), "answer", act, text)


def wait(case: Case, act: Act, reason: str, until: date | None = None) -> Step:
    """Let a case wait for something or somebody, perhaps until a day. Raises NotAllowed, also without a reason."""
    _begin(case, "wait", act)
    _say_why(reason, "Dites ce que la demande attend.")
    text = f"{reason} ({until:%d/%m/%Y})" if until else reason
    return _step(replace(_held_by(case, "waiting", act), waits_until=until), "waiting", act, text)


def note(case: Case, act: Act, text: str) -> Step:
    """Write something down that the person does not see. Raises NotAllowed, also for an empty note."""
    _begin(case, "note", act)
    _say_why(text, "Écrivez la note.")
    return _step(case, "note", act, text)


def set_priority(case: Case, act: Act, priority: Priority, reason: str, *, due: datetime) -> Step:
    """Change the priority; what is still owed is owed by `due`. Raises NotAllowed, also without a reason."""
    _begin(case, "set_priority", act)
    _say_why(reason, "Dites pourquoi la priorité change.")
    text = f"{case.priority} > {priority} : {reason}"
    return _step(_owed(replace(case, priority=priority), due if case.due_at else None), "priority", act, text)


def refer(case: Case, act: Act, partner: str, name: str, reason: str = "") -> Step:
    """Hand a case to a partner of the directory (id and name), who sees it from now on. Raises NotAllowed."""
    _begin(case, "refer", act)
    text = f"{name} : {reason}" if reason else name
    case = replace(_held_by(case, "waiting", act), referred_to=partner, asked_partner_at=None)
    return _step(case, "referred", act, text)


def hand_back(case: Case, act: Act) -> Step:
    """Give the word back to the assistant; the case stays open, in nobody's hands. Raises NotAllowed."""
    _begin(case, "hand_back", act)
    return _step(_in_nobody_s_hands(case), "handed_back", act)


def freed(case: Case, now: datetime) -> Step:
    """Take a case out of the hands of somebody who may hold it no longer: their account was closed, or a role taken."""
    event = CaseEvent(now, "freed", "segin", f"{case.holder} ne peut plus s'en occuper")
    return Step(replace(_in_nobody_s_hands(case), changed_at=now), event)


def _in_nobody_s_hands(case: Case) -> Case:
    return replace(case, status="open", taken_by=None, holder="", taken_at=None, waits_until=None)


def close(case: Case, act: Act, outcome: str, words: str = "") -> Step:
    """Close a case with an outcome of OUTCOMES. Raises NotAllowed, also for another outcome."""
    _begin(case, "close", act)
    if outcome not in OUTCOMES:
        raise NotAllowed(f"Dites comment la demande finit : {', '.join(OUTCOMES.values())}.")
    case = replace(case, status="closed", closed_at=act.at, outcome=outcome, due_at=None, waits_until=None)
    return _step(case, "closed", act, " : ".join(filter(None, (OUTCOMES[outcome], words))))


def reopen(case: Case, act: Act, *, due: datetime, reason: str = "") -> Step:
    """Open a closed case again; it is owed an answer by `due`. Raises NotAllowed."""
    _begin(case, "reopen", act)
    return _step(opened_again(case, due=due), "reopened", act, reason)


def opened_again(case: Case, *, due: datetime) -> Case:
    """Return a closed case as open; it stays on the list of whoever held it, and anybody may take it."""
    return _owed(replace(case, status="open", closed_at=None, outcome=""), due)


def _owed(case: Case, due: datetime | None) -> Case:
    """Return the case with what is owed; before the first answer the figures count by it too."""
    return replace(case, due_at=due, first_due_at=case.first_due_at if case.first_answer_at or due is None else due)


def _say_why(text: str, sentence: str) -> None:
    if not text.strip():
        raise NotAllowed(sentence)
