"""What a caseworker does with a case that the person does not read: take, assign, wait, note, priority, refer."""

from datetime import date

from bot.core import case_life
from bot.core.case_life import Act, CaseAction, NotAllowed, Step
from bot.core.cases import Case, Priority, awaits_holder, is_held
from bot.core.staff import Staff
from bot.ports import Known, Transaction
from bot.service.brain import Brain
from bot.service.case_effects import partner_reminder
from bot.service.change_case import Make, Seen, change_case, step_back
from bot.service.ports import Ports

# Each raises NoSuchCase, NotAllowed (with a sentence for staff) or CaseChanged, and returns the case as it is then.


def take(ports: Ports, seen: Seen) -> Case:
    """Put a case into the hands of whoever acts; the assistant steps back."""
    return _hold(ports, seen, "take", case_life.take)


def assign(ports: Ports, seen: Seen, to: Staff) -> Case:
    """Put a case into somebody's hands, who is told; the assistant steps back.

    Until they have confirmed an urgent one, by PRENDS or by whatever they do to it, its alerts go on.
    """

    def also(tx: Transaction, known: Known, case: Case, step: Step) -> None:
        _step_back_once(ports, tx, known, case)
        if awaits_holder(step.case):
            tx.duty.alarm(case.id, at=step.event.at)

    return change_case(ports, seen, "assign", lambda case, act: case_life.assign(case, act, to), also)


def wait(ports: Ports, seen: Seen, reason: str, until: date | None = None) -> Case:
    """Let a case wait for something or somebody; the assistant steps back."""
    return _hold(ports, seen, "wait", lambda case, act: case_life.wait(case, act, reason, until))


def note(ports: Ports, seen: Seen, text: str) -> Case:
    """Write something down that the person does not see."""
    return change_case(ports, seen, "note", lambda case, act: case_life.note(case, act, text))


def set_priority(brain: Brain, ports: Ports, seen: Seen, priority: Priority, reason: str) -> Case:
    """Change the priority; what is still owed is owed by another time.

    A case that becomes more urgent alerts whoever is on duty, or is told to whoever has it.
    """

    def make(case: Case, act: Act) -> Step:
        return case_life.set_priority(case, act, priority, reason, due=brain.deadlines.due(priority, act.at))

    def also(tx: Transaction, known: Known, case: Case, step: Step) -> None:  # noqa: ARG001 as every Also
        mine = is_held(case) and case.taken_by == seen.by.id
        if step.case.priority < case.priority and not mine:
            tx.duty.alarm(case.id, at=step.event.at)

    return change_case(ports, seen, "set_priority", make, also)


def refer(brain: Brain, ports: Ports, seen: Seen, partner: str, reason: str = "") -> Case:
    """Hand a case to a partner of the directory, and ask the person a week later whether they helped.

    Whoever must stay discreet is not asked: others may read that telephone.
    """
    found = brain.assistant.facts.partners.get(partner)
    if found is None:
        raise NotAllowed(f"Il n'y a pas de partenaire {partner!r} dans l'annuaire.")

    def make(case: Case, act: Act) -> Step:
        return case_life.refer(case, act, partner, found.name, reason)

    def also(tx: Transaction, known: Known, case: Case, step: Step) -> None:
        _step_back_once(ports, tx, known, case)
        if known.person and not known.person.discreet:
            tx.add_reminder(partner_reminder(ports.ids.new(), step.case, found.short, step.event.at))

    return change_case(ports, seen, "refer", make, also)


def _hold(ports: Ports, seen: Seen, action: CaseAction, make: Make) -> Case:
    return change_case(ports, seen, action, make, lambda tx, known, case, _: _step_back_once(ports, tx, known, case))


def _step_back_once(ports: Ports, tx: Transaction, known: Known, case: Case) -> None:
    """Step back when the case comes into somebody's hands; who has asked for the menu since then keeps it."""
    if not is_held(case):
        step_back(tx, known, ports)
