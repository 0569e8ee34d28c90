"""What an answer must look like before it is kept; a refused answer says why and is asked for again."""

import re
from datetime import date
from typing import Any, Final

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import ValidationAction

from bot.core.people import OLDEST_RETURN
from bot.core.phones import parse
from flows.actions.asking import Domain, said
from flows.actions.keep_in_touch import UNKNOWN, return_month

NAME_MAX: Final = 20
PLACE_MAX: Final = 25
_NO_PLACE: Final = frozenset({"oui", "non", "ok", "d'accord", "awo", "awɔ", "ɔwɔ", "ayi"})
_WORDS: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .'’-])*(?: \d{1,2})?")  # a name, "Moussa 2" too


class ValidateSlots(ValidationAction):
    """Check free answers: names, places and telephone numbers."""

    def validate_person_name(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> dict[str, Any]:
        """Take a short name; a figure may tell two of one name apart."""
        return _kept("person_name", _words(value, NAME_MAX), dispatcher, refusal="utter_name_invalid")

    def validate_place(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> dict[str, Any]:
        """Take the name of a place; quarters may carry a number."""
        text = " ".join(str(value or "").split())
        named = any(c.isalpha() for c in text) and text.casefold() not in _NO_PLACE
        place = text if 1 < len(text) <= PLACE_MAX and named else None
        return _kept("place", place, dispatcher, refusal="utter_place_invalid")

    def validate_phone(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> dict[str, Any]:
        """Take a number that exists in a country's plan, as E.164."""
        return _kept("phone", _phone(value), dispatcher, refusal="utter_phone_invalid")

    def validate_relative_phone(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> dict[str, Any]:
        """Take a number that exists in a country's plan, as E.164, or the button that says it is not at hand."""
        number = UNKNOWN if value == UNKNOWN else _phone(value)
        return _kept("relative_phone", number, dispatcher, refusal="utter_phone_invalid")

    def validate_old_number(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> dict[str, Any]:
        """Take a number, or the button that says it is forgotten."""
        number = UNKNOWN if value == UNKNOWN else _phone(value)
        return _kept("old_number", number, dispatcher, refusal="utter_phone_invalid")

    def validate_return_month(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> dict[str, Any]:
        """Take one of the buttons, or a month that is no longer to come and not too long ago."""
        told, today = str(value or ""), _today(tracker)
        first, last = f"{today.year - OLDEST_RETURN}", f"{today:%Y-%m}"
        known = told == UNKNOWN or first <= return_month(told, today) <= last
        return _kept("return_month", told if told and known else None, dispatcher, refusal="utter_month_invalid")


def _today(tracker: Tracker) -> date:
    return date.fromisoformat(said(tracker, "today"))


def _kept(slot: str, value: str | None, dispatcher: CollectingDispatcher, *, refusal: str) -> dict[str, Any]:
    if value is None:
        dispatcher.utter_message(response=refusal)
    return {slot: value}


def _words(value: Any, longest: int) -> str | None:
    text = " ".join(str(value or "").split())
    return text if 1 < len(text) <= longest and _WORDS.fullmatch(text) else None


def _phone(value: Any) -> str | None:
    phone = parse(str(value or ""))
    return phone.e164 if phone else None


ACTIONS: Final = (ValidateSlots(),)
