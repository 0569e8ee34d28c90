"""Change a case: find it for these eyes, see whether it changed meanwhile, write the step, let the assistant know."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from bot.core import limits
from bot.core.case_life import EVENTS, Act, CaseAction, Step
from bot.core.cases import Case, CaseEvent, is_held, read_reference
from bot.core.conversation import State
from bot.core.hours import BAMAKO
from bot.core.staff import Staff, may_see
from bot.ports import Conflict, Known, Transaction
from bot.service.ports import Ports

_NEEDS_THE_LAST_WORD = frozenset({"answer", "close"})  # who writes to the person has to have read what they wrote
Make: TypeAlias = Callable[[Case, Act], Step]
Also: TypeAlias = Callable[[Transaction, Known, Case, Step], None]


class NoSuchCase(ValueError):
    """The reference is mistyped, unknown, or not for these eyes; the sentence does not tell which of the last two."""


class CaseChanged(Conflict):
    """Somebody else changed the case since it was read: `changes` says who, what and when, newest last."""

    def __init__(self, case: Case, changes: tuple[CaseEvent, ...]) -> None:
        """Take the case as it is now and the lines that were not seen."""
        told = " ".join(f"{e.at.astimezone(BAMAKO):%H:%M} {e.actor} : {EVENTS.get(e.kind, e.kind)}." for e in changes)
        super().__init__(f"{case.reference} a changé entre-temps. {told} Regardez avant de recommencer.")
        self.case = case
        self.changes = changes


@dataclass(frozen=True, slots=True)
class Seen:
    """Who acts on which case (a reference as typed), and the version that was before their eyes (None: the newest)."""

    reference: str
    by: Staff
    version: int | None = None


def find_case(ports: Ports, reference: str, *, by: Staff) -> Case:
    """Return the case of a reference as typed. Raises NoSuchCase with what is wrong with it."""
    plain = read_reference(reference)
    if plain is None:
        raise NoSuchCase(f"{reference[:12]} n'est pas un numéro de demande. Exemple : K7421S.")
    case = ports.store.case(plain)
    if case is None or not may_see(by, case):
        raise NoSuchCase(f"Il n'y a pas de demande {plain}.")
    return case


def change_case(ports: Ports, seen: Seen, action: CaseAction, make: Make, also: Also | None = None) -> Case:
    """Do one thing to a case in one transaction and return it as it is then; `also` is done in the same transaction.

    `also` is told who the person is and the case before. Neither may have changed when it is written.

    Raises NoSuchCase, NotAllowed, CaseChanged when somebody else was faster, or Conflict when the person writes
    without end.
    """
    for _ in range(limits.TURN_TRIES):
        case = find_case(ports, seen.reference, by=seen.by)
        unseen = _unseen(ports, case, seen)
        mine = ports.store.acted(case.id, seen.by.id) if unseen else frozenset()
        _refuse_unseen(case, unseen, mine, action)
        step = make(case, Act(seen.by, ports.clock.now()))
        if any(event.at in mine and _is_same(event, step.event) for event in unseen):
            return case  # a form sent twice on a weak link: it was done, and the page had not shown it yet
        known = ports.store.person(case.person_id)
        try:
            with ports.store.write() as tx:
                tx.change_case(case, step)
                tx.audit(actor=seen.by.id, action=f"case.{action}", object_id=case.id, now=step.event.at)
                if also:
                    also(tx, known, case, step)
        except Conflict:  # a colleague or the person was faster: look again
            continue
        ports.wake.outgoing()
        return replace(step.case, version=case.version + 1)
    raise Conflict("The case changed too often to be written; nothing was done.")


def _unseen(ports: Ports, case: Case, seen: Seen) -> tuple[CaseEvent, ...]:
    """Return what has been done to a case since it was read."""
    if seen.version is None or case.version <= seen.version:
        return ()
    return tuple(ports.store.timeline(case.id)[seen.version :])


def _refuse_unseen(case: Case, unseen: Sequence[CaseEvent], mine: frozenset[datetime], action: CaseAction) -> None:
    matter = tuple(event for event in unseen if _matters(event, mine, action))
    if matter:
        raise CaseChanged(case, matter)


def _is_same(event: CaseEvent, other: CaseEvent) -> bool:
    return (event.kind, event.actor, event.text) == (other.kind, other.actor, other.text)


def _matters(event: CaseEvent, mine: frozenset[datetime], action: CaseAction) -> bool:
    if event.actor == "person":
        return action in _NEEDS_THE_LAST_WORD
    return event.actor != "segin" and event.at not in mine


def step_back(tx: Transaction, known: Known, ports: Ports) -> None:
    """Let the assistant leave the word to the team. Raises Conflict when the person writes at this moment."""
    _set_paused(tx, known, ports, paused=True)


def resume(tx: Transaction, known: Known, ports: Ports, *, except_case: Case) -> None:
    """Give the word back to the assistant, without a word, unless another case is in somebody's hands."""
    if not held_besides(known, except_case):
        _set_paused(tx, known, ports, paused=False)


def held_besides(known: Known, case: Case) -> bool:
    """Say whether somebody of the team has another case of the person in hand."""
    return any(is_held(other) for other in known.open_cases if other.id != case.id)


def _set_paused(tx: Transaction, known: Known, ports: Ports, *, paused: bool) -> None:
    state = State.from_json(known.state) if known.state else None
    if state is None or known.person is None or state.paused == paused:
        return
    now = ports.clock.now()
    tx.save_state(known.person.id, replace(state, paused=paused).to_json(), expected=known.version, now=now)
