"""What a person may ask of us about their data, done by staff: all that is kept, and its erasure."""

from dataclasses import replace

from bot.core.cases import Case, CaseEvent, read_reference
from bot.core.staff import Staff, may_see
from bot.ports import Transaction
from bot.ports.retention import Hold, HoldBook
from bot.service.brain import Brain
from bot.service.ordinary_case import ordinary_case
from bot.service.ports import Ports

_WAITS = (
    "The data of this person are kept for now: a legal hold is in force, or somebody of the team has to decide first. "
    "The wish is noted: it is done when the hold is lifted, or by whoever decides."
)
_WISHED = "Effacement de la personne demandé ; une plainte est ouverte : à décider d'abord."


class NoSuchPerson(ValueError):
    """Nobody has this id, and no case this reference."""


class IsHeld(ValueError):
    """A legal hold, or a complaint that is not for the eyes of whoever asked, keeps the data; the wish is noted."""


def find_person(ports: Ports, named: str) -> str:
    """Return the id of a person named by it or by the reference of a case. Raises NoSuchPerson.

    Not by the number: what is typed in a terminal is remembered there.
    """
    plain = read_reference(named)
    case = ports.store.case(plain) if plain else None
    found = case.person_id if case else named
    if not found or ports.store.person(found).person is None:
        msg = "There is nobody with this id or case reference; perhaps their data was erased."
        raise NoSuchPerson(msg)
    return found


def erase_person(brain: Brain, ports: Ports, person_id: str, *, by: Staff, receipt: str) -> None:
    """Erase a person for good, at once. Raises IsHeld: the wish is noted, and done when the hold is lifted.

    Nobody makes a complaint go away that is not for their eyes: the focal point decides, and whoever asked is answered
    as under a legal hold, so that they do not learn that there is one.
    """
    now = ports.clock.now()
    cases = ports.store.person(person_id).open_cases
    secret = [case for case in cases if not may_see(by, case)]
    with ports.store.write() as tx:
        if secret:
            _leave_to_focal_point(brain, ports, tx, cases, by=by)
        erased = not secret and tx.forget(person_id, receipt=receipt, now=now)
        tx.audit(actor=by.id, action="person.erase" if erased else "person.erase_waits", object_id=person_id, now=now)
    if not erased:
        raise IsHeld(_WAITS)


def _leave_to_focal_point(brain: Brain, ports: Ports, tx: Transaction, cases: tuple[Case, ...], *, by: Staff) -> None:
    """Note the wish where only the focal point reads it: in a case of its own, else in the complaint itself.

    An open request for erasure that the team knows of is not made secret: that it vanished would tell.
    """
    now, complaint = ports.clock.now(), next(case for case in cases if case.sensitive)
    if any(case.kind == "erase" for case in cases):
        case = complaint
    else:
        wanted = ordinary_case(ports, brain.deadlines, complaint.person_id, "erase")
        case = tx.open_case(replace(wanted, sensitive=True), now=now)
    tx.add_case_event(case.id, CaseEvent(now, "note", by.name, _WISHED))


def hold_person(ports: Ports, book: HoldBook, person_id: str, *, reason: str, by: str) -> None:
    """Keep somebody's data from purging and erasure. Raises AlreadyHeld, or ValueError without a reason."""
    if not reason.strip():
        raise ValueError("Une conservation légale a besoin d'un motif.")
    book.place(Hold(ports.ids.new(), person_id, reason.strip(), by, ports.clock.now()))


def release_person(  # noqa: PLR0913 who lifts what from whom, and what comes of it
    brain: Brain, ports: Ports, book: HoldBook, person_id: str, *, by: Staff, receipt: str
) -> Hold | None:
    """Lift the hold in force, and erase at once whoever wished it meanwhile; None when there was no hold.

    `erase` of the hold that is returned says whether they were erased.
    """
    was = book.lift(person_id, by=by.id, now=ports.clock.now())
    if was is None:
        return None
    erased = was.erase
    if was.erase:
        try:
            erase_person(brain, ports, person_id, by=by, receipt=receipt)
        except IsHeld:
            erased = False
    return replace(was, lifted_by=by.id, lifted_at=ports.clock.now(), erase=erased)
