"""Opting out and in, and erasing: the person decides, at once."""

import re
from typing import Final

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from flows.actions.asking import Domain, Events, Wish, ask, open_case, said

_QUESTIONS: Final = re.compile(r"question|sondage|suivi|(?:ɲ|ny|gn|n)inin?kali|(?:ɲ|ny|gn)ininka")


class OptOut(Action):
    """No message that we start any more."""

    def name(self) -> str:
        """Name the action."""
        return "action_opt_out"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Ask for it in the widest sense, unless only our questions are meant; STOP is never narrowed afterwards."""
        only_questions = bool(_QUESTIONS.search(said(tracker, "person_text").casefold()))
        scope = "check_ins" if only_questions and said(tracker, "opted_out") != "all" else "all"
        ask(dispatcher, "opt_out", scope=scope)
        dispatcher.utter_message(response="utter_stopped_questions" if scope == "check_ins" else "utter_stopped")
        return []


class OptIn(Action):
    """Our messages are wanted again."""

    def name(self) -> str:
        """Name the action."""
        return "action_opt_in"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Undo the opt-out."""
        ask(dispatcher, "opt_in")
        return []


class Forget(Action):
    """Erase what is kept about the person."""

    def name(self) -> str:
        """Name the action."""
        return "action_forget"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Erase at once and give a receipt that points to nobody."""
        receipt = said(tracker, "next_reference")
        ask(dispatcher, "forget", receipt=receipt)
        dispatcher.utter_message(response="utter_erased", receipt=receipt)
        return []


class OpenErase(Action):
    """With a grave case open, a person decides when to erase."""

    def name(self) -> str:
        """Name the action."""
        return "action_open_erase"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Open the request as a case."""
        return open_case(dispatcher, tracker, Wish("erase"))


ACTIONS: Final = (OptOut(), OptIn(), Forget(), OpenErase())
