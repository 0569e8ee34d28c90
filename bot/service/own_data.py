"""What a person may ask of us about their data, done by staff: all that is kept, and its erasure."""

from dataclasses import replace

from bot.core.cases import read_reference
from bot.ports.retention import Hold, HoldBook
from bot.service.ports import Ports


class NoSuchPerson(ValueError):
    """Nobody has this id, and no case this reference."""


class IsHeld(ValueError):
    """A legal hold keeps the data of this person; the wish is noted."""


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


def erase_person(ports: Ports, person_id: str, *, by: str, receipt: str) -> None:
    """Erase a person for good, at once. Raises IsHeld: the wish is noted, and done when the hold is lifted."""
    now = ports.clock.now()
    with ports.store.write() as tx:
        erased = tx.forget(person_id, receipt=receipt, now=now)
        tx.audit(actor=by, action="person.erase" if erased else "person.erase_waits", object_id=person_id, now=now)
    if not erased:
        msg = "A legal hold keeps the data of this person. The wish is noted: it is done when the hold is lifted."
        raise IsHeld(msg)


def hold_person(ports: Ports, book: HoldBook, person_id: str, *, reason: str, by: str) -> None:
    """Keep somebody's data from purging and erasure. Raises AlreadyHeld, or ValueError without a reason."""
    if not reason.strip():
        raise ValueError("Une conservation légale a besoin d'un motif.")
    book.place(Hold(ports.ids.new(), person_id, reason.strip(), by, ports.clock.now()))


def release_person(ports: Ports, book: HoldBook, person_id: str, *, by: str, receipt: str) -> Hold | None:
    """Lift the hold in force, and erase at once whoever wished it meanwhile; None when there was no hold."""
    was = book.lift(person_id, by=by, now=ports.clock.now())
    if was is not None and was.erase:
        erase_person(ports, person_id, by=by, receipt=receipt)
    return replace(was, lifted_by=by, lifted_at=ports.clock.now()) if was else None
