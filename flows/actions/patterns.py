"""Cases that open when a message cannot be read: another language, a voice note, a picture."""

from typing import Final

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from flows.actions.asking import Domain, Events, Wish, open_case
from flows.actions.case_status import open_with_day


class OpenMediaCase(Action):
    """Put a voice note or a picture before a person."""

    def name(self) -> str:
        """Name the action."""
        return "action_open_media_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Open the case and keep by when somebody should have answered; nobody but a person listens."""
        return open_with_day(dispatcher, tracker, Wish("voice_note"))


class RaiseMediaCase(Action):
    """The person says that the voice note is urgent."""

    def name(self) -> str:
        """Name the action."""
        return "action_raise_media_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Ask for the same case with the higher priority."""
        return open_case(dispatcher, tracker, Wish("voice_note", "P2"))


class OpenLanguageCase(Action):
    """Pass on a message in a language that the assistant does not read."""

    def name(self) -> str:
        """Name the action."""
        return "action_open_language_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Open the case."""
        return open_case(dispatcher, tracker, Wish("other_language"))


ACTIONS: Final = (OpenMediaCase(), RaiseMediaCase(), OpenLanguageCase())
