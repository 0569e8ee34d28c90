"""The hand-over to a person of the team, and the way back to the assistant."""

from typing import Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ConversationPaused, ConversationResumed
from rasa_sdk.executor import CollectingDispatcher

from flows.actions.asking import Domain, Events, Wish, ask, open_case, said

_TOPICS: Final = ("trade", "region", "document_kind", "partner")  # what helps a caseworker before the first word


class OpenQuestion(Action):
    """Open a question for the team with what the conversation knows already."""

    def name(self) -> str:
        """Name the action."""
        return "action_open_question"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Open the case; the message itself is its first line."""
        note = {slot: said(tracker, slot) for slot in _TOPICS}
        return open_case(dispatcher, tracker, Wish("question", note=note))


class JoinOpenCase(Action):
    """Put the wish for a person into the case that is open."""

    def name(self) -> str:
        """Name the action."""
        return "action_join_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Add the message to the grave case; no second one is opened beside it."""
        ask(dispatcher, "join_case")
        return []


class Pause(Action):
    """Leave the word to a person of the team."""

    def name(self) -> str:
        """Name the action."""
        return "action_pause"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Pause until the case is closed or the person wants the menu."""
        return [ConversationPaused()]


class Resume(Action):
    """The person wants the assistant again; an open case stays open."""

    def name(self) -> str:
        """Name the action."""
        return "action_resume"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """End the pause."""
        return [ConversationResumed()]


ACTIONS: Final = (OpenQuestion(), JoinOpenCase(), Pause(), Resume())
