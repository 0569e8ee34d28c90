"""Whether a person may be called at this moment, on which number, and why not."""

from datetime import datetime
from typing import Final, Literal

from bot.core import phones
from bot.core.hours import BAMAKO
from bot.core.people import Person

Objection = Literal["nobody", "no_number", "do_not_call", "hours"]

# Hours in Bamako, the last one excluded; the words are those of the question "quand peut-on vous appeler ?".
_WISHED: Final = {"morning": (8, 12), "midday": (12, 15), "afternoon": (15, 18), "evening": (18, 21)}
_USUAL: Final = (8, 20)  # nobody has said when: not at night, when a call is bad news and the whole house hears it

WORDS: Final[dict[Objection, str]] = {
    "nobody": "Les données de cette personne ont été effacées : on ne peut plus l'appeler.",
    "no_number": "Nous ne connaissons pas de numéro de téléphone de cette personne : écrivez-lui.",
    "do_not_call": "Cette personne ne veut pas être appelée, ou ce n'est pas sûr pour elle : écrivez-lui.",
    "hours": "Ce n'est pas l'heure où cette personne peut être appelée ({}).",
}


def objection(person: Person | None, *, override: bool, now: datetime) -> Objection | None:
    """Return why a person may not be called, None when nothing speaks against it.

    `override`: a life may depend on it, which outweighs the hours. Nothing outweighs "do not call": whoever is in
    danger has said so because somebody else may pick up.
    """
    if person is None:
        return "nobody"
    if person.do_not_call or person.discreet:
        return "do_not_call"
    if number_of(person) is None:
        return "no_number"
    opens, closes = _hours(person)
    open_now = opens <= now.astimezone(BAMAKO).hour < closes
    return None if open_now or override else "hours"


def in_words(found: Objection, person: Person | None) -> str:
    """Say an objection to a caseworker."""
    opens, closes = _hours(person) if person else _USUAL
    return WORDS[found].format(f"de {opens} h à {closes} h")


def number_of(person: Person) -> str | None:
    """Return the number to call (E.164): the one they gave for that, else the newest that they came by."""
    known = [person.contact.get("number", ""), *(address.reveal() for address in person.addresses)]
    found = (phones.parse(value) for value in known if value)
    return next((phone.e164 for phone in found if phone), None)


def _hours(person: Person) -> tuple[int, int]:
    return _WISHED.get(person.contact.get("call_hours", ""), _USUAL)
