"""Discretion: somebody else reads this telephone."""

from typing import Final

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from flows.actions.asking import Domain, Events, ask


class BeDiscreet(Action):
    """Start nothing from our side any more, and never call."""

    def name(self) -> str:
        """Name the action."""
        return "action_be_discreet"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Keep it on the profile, which broadcasts and calls ask first."""
        ask(dispatcher, "save_profile", items={"discreet": True, "do_not_call": True})
        return []


ACTIONS: Final = (BeDiscreet(),)
