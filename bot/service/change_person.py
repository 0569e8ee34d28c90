"""Staff correct what is known of a person; only what they changed is written, and the audit trail names the fields."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.core import phones
from bot.core.hours import BAMAKO
from bot.core.people import RETURN_DATE, Person
from bot.core.staff import Staff
from bot.ports import Conflict, Transaction
from bot.service.ports import Ports
from bot.understanding.cells import return_date

FLAGS: Final = ("do_not_call", "discreet", "minor", "guardian")
CLEAR: Final = ("language", "region")
WORDS: Final = ("name", "place", "relation", "relative_knows", "call_hours")
NUMBERS: Final = ("number", "relative_number")
LONGEST: Final = 60  # characters of a name or a place


class BadChange(ValueError):
    """What was typed cannot be kept; `field` is where."""

    def __init__(self, sentence: str, field: str) -> None:
        """Keep the field for the form."""
        super().__init__(sentence)
        self.field = field


class SomebodyElse(Exception):
    """The data was changed since the page was opened."""


def seen(person: Person) -> str:
    """Return a mark of what is known of a person: a form carries it, and it differs once something was changed."""
    known = [str(getattr(person, name)) for name in (*FLAGS, *CLEAR)]
    known += [f"{name}={person.contact.get(name, '')}" for name in (*WORDS, *NUMBERS)] + [returned(person)]
    return hashlib.sha256("\0".join(known).encode()).hexdigest()[:16]


def returned(person: Person) -> str:
    """Return the day of return, or the month where no day is known: "2026-05-03", "2026-05" or ""."""
    return person.contact.get(RETURN_DATE, "") or person.return_month or ""


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody typed into the form of a person, and the mark of what was before their eyes.

    `typed` has every field of the form; flags are "1" or "". `about`: the id that the audit trail names.
    """

    typed: Mapping[str, str]
    mark: str
    by: Staff
    about: str


def change_person(ports: Ports, person_id: str, change: Change) -> tuple[str, ...]:
    """Keep what differs from what is known and return the names of the fields.

    Raises BadChange, or SomebodyElse when the mark is old: it is compared where nobody can change anything meanwhile.
    """
    try:
        with ports.store.write() as tx:
            return _keep(ports, tx, tx.hold_still(person_id), change)
    except Conflict as error:
        raise SomebodyElse from error


def _keep(ports: Ports, tx: Transaction, person: Person | None, change: Change) -> tuple[str, ...]:
    if person is None or change.mark != seen(person):
        raise SomebodyElse
    typed = change.typed
    profile: dict[str, str | bool] = {
        **{name: bool(typed.get(name)) for name in FLAGS if bool(typed.get(name)) != getattr(person, name)},
        **{name: typed.get(name, "") for name in CLEAR if typed.get(name, "") != (getattr(person, name) or "")},
    }
    contact = {name: value for name, value in _contact(typed).items() if value != person.contact.get(name, "")}
    now = ports.clock.now()
    back = _returned(typed.get(RETURN_DATE, returned(person)), now)
    if back != returned(person):
        profile["return_month"] = back[: len("2026-05")]
        contact[RETURN_DATE] = back if len(back) > len("2026-05") else ""
    names = tuple(sorted({*profile, *contact}))
    if names:
        tx.save_profile(person.id, profile, now=now)
        tx.save_contact(person.id, contact, now=now)
        detail = ", ".join(names)
        tx.audit(actor=change.by.id, action="person.change", object_id=change.about, now=now, detail=detail)
    return names


def _contact(typed: Mapping[str, str]) -> dict[str, str]:
    long = next((name for name in WORDS if len(typed.get(name, "")) > LONGEST), None)
    if long:
        raise BadChange(f"C'est trop long : {LONGEST} lettres au plus.", long)
    return {
        **{name: " ".join(typed[name].split()) for name in WORDS if name in typed},
        **{name: _number(typed[name], name) for name in NUMBERS if name in typed},
    }


def _returned(text: str, now: datetime) -> str:
    if not text.strip():
        return ""
    try:
        return return_date(text.strip(), now.astimezone(BAMAKO).date())
    except ValueError as error:
        raise BadChange(str(error), RETURN_DATE) from error


def _number(text: str, field: str) -> str:
    if not text.strip():
        return ""
    phone = phones.parse(text)
    if phone is None:
        raise BadChange("Ce n'est pas un numéro de téléphone : écrivez par exemple 76 00 00 02.", field)
    return phone.e164
