"""How a case leaves a caseworker's hands: given back to the assistant, closed, opened again."""

from collections.abc import Callable
from dataclasses import replace

from bot.core import case_life, limits
from bot.core.case_life import Act, Step
from bot.core.cases import Case, is_grave
from bot.core.commands import Begin
from bot.ports import Known, Transaction
from bot.service.begin_flow import begin_flow
from bot.service.brain import Brain
from bot.service.change_case import Also, Seen, change_case, resume
from bot.service.ports import Ports

CLOSED_FLOW = "case_closed"
BACK_FLOW = "handed_back"

# Each raises NoSuchCase, NotAllowed (with a sentence for staff) or CaseChanged, and returns the case as it is then.


def close(brain: Brain, ports: Ports, seen: Seen, outcome: str = "solved", words: str = "") -> Case:
    """Close a case; the person is told and asked whether it is solved, and the conversation goes on where it stopped.

    Whoever must stay discreet or said STOP gets no word that they did not ask for. While a colleague has another case
    of theirs, the person is told and not asked, and the assistant stays silent. A reminder that was held back comes
    when the person has had time to answer.
    """

    def make(case: Case, act: Act) -> Step:
        return case_life.close(case, act, outcome, words)

    def begin(case: Case) -> Begin:
        return Begin(CLOSED_FLOW, {"closed_case": case.reference, "closed_quietly": is_grave(case)})

    return change_case(ports, seen, "close", make, _and_say(brain, ports, begin))


def hand_back(brain: Brain, ports: Ports, seen: Seen) -> Case:
    """Give the word back to the assistant, which goes on at the question where it stopped; the case stays open."""
    say = _and_say(brain, ports, lambda _: Begin(BACK_FLOW))

    def also(tx: Transaction, known: Known, case: Case, step: Step) -> None:
        _ring(tx, known, case, step)
        say(tx, known, case, step)

    return change_case(ports, seen, "hand_back", case_life.hand_back, also)


def reopen(brain: Brain, ports: Ports, seen: Seen, reason: str = "") -> Case:
    """Open a closed case again; it is owed an answer anew."""

    def make(case: Case, act: Act) -> Step:
        return case_life.reopen(case, act, due=brain.deadlines.due(case.priority, act.at), reason=reason)

    return change_case(ports, seen, "reopen", make, _ring)


def _ring(tx: Transaction, known: Known, case: Case, step: Step) -> None:  # noqa: ARG001 as every Also
    """Alert people on duty anew about a grave case that is in nobody's hands."""
    if step.case.priority != "P3":
        tx.duty.alarm(case.id, at=step.event.at)


def _and_say(brain: Brain, ports: Ports, begin: Callable[[Case], Begin]) -> Also:
    def also(tx: Transaction, known: Known, case: Case, step: Step) -> None:
        if known.person is None:
            return
        now = step.event.at
        held_until = now + limits.REMINDER_HELD
        tx.hasten_reminders(known.person.id, at=now + limits.BUSY_FOR, held_until=held_until)
        if known.person.discreet or known.person.opt_out == "all" or known.person.answered_to is None:
            resume(tx, known, ports, except_case=case)
            return
        begin_flow(brain, ports, tx, _as_left(known, step.case), begin(case), kind="caseworker")

    return also


def _as_left(known: Known, case: Case) -> Known:
    """Return what is known with the case as the step leaves it."""
    others = tuple(other for other in known.open_cases if other.id != case.id)
    return replace(known, open_cases=others if case.status == "closed" else (*others, case))
