"""Where is my request, my money: nothing is shown on a name or a number; a person looks."""

import re
from typing import Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.core.cases import read_reference
from flows.actions.asking import Domain, Events, Wish, open_case, said

MOST_SHOWN: Final = 3  # as many as fit one SMS
_TELLING: Final = 3  # so many words say more than the press of a button
_SHAPED: Final = re.compile(r"\b[A-Za-z][ -]?\d{4}[ -]?[A-Za-z]\b")


def references_in(text: str) -> tuple[str, ...]:
    """Return the case references that a text names, rightly written."""
    read = (read_reference(found.group()) for found in _SHAPED.finditer(text))
    return tuple(reference for reference in read if reference)


def open_with_day(dispatcher: CollectingDispatcher, tracker: Tracker, wish: Wish) -> Events:
    """Open a case and keep its reference and the day of the answer for the sentence that follows."""
    return [*open_case(dispatcher, tracker, wish), SlotSet("answer_by", said(tracker, "answer_day"))]


class ReadStatusQuestion(Action):
    """See whether the message itself already tells what is waited for."""

    def name(self) -> str:
        """Name the action."""
        return "action_read_status_question"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Tell a sentence from the press of a menu button."""
        words = re.findall(r"[^\W\d_]+", said(tracker, "person_text"))
        return [SlotSet("status_written", len(words) >= _TELLING), SlotSet("status_detail", None)]


class SayOwnCases(Action):
    """Say where the person's own requests stand: those that were opened from the address that writes now."""

    def name(self) -> str:
        """Name the action."""
        return "action_say_own_cases"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Say the most urgent ones; sensitive ones are not among them, for others may read this telephone."""
        for known in said(tracker, "own_cases").split()[:MOST_SHOWN]:
            reference, stage, day = known.split(":")
            dispatcher.utter_message(response="utter_own_case", reference=reference, case_stage=stage, case_day=day)
        return []


class OpenStatusCase(Action):
    """Let a person look where the request stands."""

    def name(self) -> str:
        """Name the action."""
        return "action_open_status_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Open the case with the question and the references it names; whose they are, a person checks."""
        detail = said(tracker, "status_detail") or said(tracker, "person_text")
        note = {"question": detail, "references": ", ".join(references_in(detail))}
        return open_with_day(dispatcher, tracker, Wish("status", note=note))


class OpenCashCase(Action):
    """Somebody waits for money: a person looks; nothing is confirmed."""

    def name(self) -> str:
        """Name the action."""
        return "action_open_cash_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Open the case as one of status."""
        return open_with_day(dispatcher, tracker, Wish("status", note={"about": "money"}))


ACTIONS: Final = (ReadStatusQuestion(), SayOwnCases(), OpenStatusCase(), OpenCashCase())
