"""Staff correct what is known of a person; only what they changed is written, and the audit trail names the fields."""

import hashlib
from collections.abc import Mapping
from typing import Final

from bot.core import phones
from bot.core.people import Person
from bot.core.staff import Staff
from bot.service.ports import Ports

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
    known += [f"{name}={person.contact.get(name, '')}" for name in (*WORDS, *NUMBERS)]
    return hashlib.sha256("\0".join(known).encode()).hexdigest()[:16]


def change_person(ports: Ports, person: Person, typed: Mapping[str, str], *, mark: str, by: Staff) -> tuple[str, ...]:
    """Keep what differs from what is known and return the names of the fields.

    `typed` has every field of the form; flags are "1" or "". Raises BadChange, or SomebodyElse when `mark` is old.
    """
    if mark != seen(person):
        raise SomebodyElse
    profile: dict[str, str | bool] = {
        **{name: bool(typed.get(name)) for name in FLAGS if bool(typed.get(name)) != getattr(person, name)},
        **{name: typed.get(name, "") for name in CLEAR if typed.get(name, "") != (getattr(person, name) or "")},
    }
    contact = {name: value for name, value in _contact(typed).items() if value != person.contact.get(name, "")}
    if not profile and not contact:
        return ()
    now, names = ports.clock.now(), tuple(sorted({*profile, *contact}))
    with ports.store.write() as tx:
        tx.save_profile(person.id, profile, now=now)
        tx.save_contact(person.id, contact, now=now)
        tx.audit(actor=by.id, action="person.change", object_id=person.id, now=now, detail=", ".join(names))
    return names


def _contact(typed: Mapping[str, str]) -> dict[str, str]:
    long = next((name for name in WORDS if len(typed.get(name, "")) > LONGEST), None)
    if long:
        raise BadChange(f"C'est trop long : {LONGEST} lettres au plus.", long)
    return {
        **{name: " ".join(typed[name].split()) for name in WORDS if name in typed},
        **{name: _number(typed[name], name) for name in NUMBERS if name in typed},
    }


def _number(text: str, field: str) -> str:
    if not text.strip():
        return ""
    phone = phones.parse(text)
    if phone is None:
        raise BadChange("Ce n'est pas un numéro de téléphone : écrivez par exemple 76 00 00 02.", field)
    return phone.e164
