"""Show a person's whole number to somebody who says why; the audit trail keeps who, when and why."""

from dataclasses import dataclass

from bot.core.messages import Address
from bot.core.staff import Staff
from bot.ports import Clock, Store
from bot.ports.staff import Note, StaffBook

# A closed list: a sentence of one's own would sooner or later name somebody in the audit trail.
REASONS = {
    "call": "pour appeler la personne",
    "emergency": "pour une urgence : secours, police, médecin",
    "verify": "pour vérifier que c'est bien elle",
    "contact": "pour corriger ou réunir des fiches",
}


class BadReason(ValueError):
    """No reason was given, or none that there is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose number somebody wants, why (a key of REASONS), and the id that the audit trail names instead of theirs."""

    person_id: str
    reason: str
    about: str = ""


def unmask(store: Store, book: StaffBook, clock: Clock, staff: Staff, asked: Asked) -> tuple[Address, ...]:
    """Return a person's addresses to be revealed. Raises BadReason."""
    reason = asked.reason
    if reason not in REASONS:
        raise BadReason("Dites pourquoi vous avez besoin du numéro : choisissez une raison de la liste.")
    person = store.person(asked.person_id).person
    book.note(Note(staff.id, "person.unmask", asked.about or asked.person_id, clock.now(), reason))
    return person.addresses if person else ()
