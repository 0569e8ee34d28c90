"""What a caseworker does with a case: take it, answer the person, close it."""

from dataclasses import dataclass

from bot.core.cases import Case, CaseAction, CaseEvent, after, read_reference
from bot.core.commands import Begin
from bot.core.messages import Outgoing
from bot.ports import Transaction
from bot.service.begin_flow import begin_flow, rows_to
from bot.service.brain import Brain
from bot.service.receive_message import Ports

CLOSED_FLOW = "case_closed"


class NoSuchCase(ValueError):
    """The reference is mistyped or unknown."""


class NobodyThere(ValueError):
    """The person of the case has had their data erased."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What left for the person: parts and SMS segments."""

    parts: int
    segments: int


def find_case(ports: Ports, reference: str) -> Case:
    """Return the case of a reference as typed. Raises NoSuchCase with what is wrong with it."""
    plain = read_reference(reference)
    if plain is None:
        msg = f"{reference!r} is no case reference: one letter, four digits and a check letter, such as K7421R."
        raise NoSuchCase(msg)
    case = ports.store.case(plain)
    if case is None:
        msg = f"There is no case {plain}."
        raise NoSuchCase(msg)
    return case


def take(ports: Ports, reference: str, *, by: str) -> Case:
    """Put a case into one caseworker's hands. Raises NoSuchCase, NotAllowed or Conflict."""
    case = find_case(ports, reference)
    with ports.store.write() as tx:
        _move(ports, tx, case, "take", by=by)
        tx.update_case(case.id, {"taken_by": by}, expected=after(case.status, "take"))
    return case


def answer(brain: Brain, ports: Ports, reference: str, text: str, *, by: str) -> Answered:
    """Send a caseworker's words to the person, as they are, and keep them in the case.

    Raises NoSuchCase, NotAllowed, Conflict or NobodyThere.
    """
    case = find_case(ports, reference)
    known = ports.store.person(case.person_id)
    if known.person is None or not known.person.addresses:
        msg = f"The person of case {case.reference} has had their data erased; nothing can be sent."
        raise NobodyThere(msg)
    said = brain.render[known.person.addresses[0].channel]([Outgoing("caseworker", text)])
    rows = rows_to(known, said, kind="caseworker", ports=ports, now=ports.clock.now(), language="fr", case_id=case.id)
    with ports.store.write() as tx:
        _move(ports, tx, case, "answer", by=by, text=text)
        tx.add_outgoing(rows)
    ports.wake.outgoing()
    return Answered(len(rows), sum(row.segments for row in rows))


def close(brain: Brain, ports: Ports, reference: str, *, by: str, outcome: str = "") -> Case:
    """Close a case; the person is told and the conversation goes on where it stopped.

    Whoever must stay discreet gets no word that they did not ask for: others may read that telephone.
    Raises NoSuchCase, NotAllowed or Conflict.
    """
    case = find_case(ports, reference)
    known = ports.store.person(case.person_id)
    others = tuple(other for other in known.open_cases if other.id != case.id)
    begin = Begin(CLOSED_FLOW)
    with ports.store.write() as tx:
        _move(ports, tx, case, "close", by=by, text=outcome)
        if known.person and known.person.addresses and not others and not known.person.discreet:
            begin_flow(brain, ports, tx, known, begin, kind="caseworker")
    ports.wake.outgoing()
    return case


def _move(  # noqa: PLR0913 who does what to which case, and in which words
    ports: Ports, tx: Transaction, case: Case, action: CaseAction, *, by: str, text: str = ""
) -> None:
    now = ports.clock.now()
    status = after(case.status, action)
    tx.update_case(case.id, {"status": status, "closed_at": now if status == "closed" else None}, expected=case.status)
    tx.add_case_event(case.id, CaseEvent(now, action, by, text))
    tx.audit(actor=by, action=f"case.{action}", object_id=case.id, now=now)
