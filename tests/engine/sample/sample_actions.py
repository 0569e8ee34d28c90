"""Actions that do one thing each, good or bad, for the contract of the two executors."""

import asyncio
from typing import Any

from rasa_sdk import Action, ValidationAction
from rasa_sdk.events import SlotSet


class _Named(Action):
    def name(self) -> str:
        return f"action_{type(self).__name__.lower()}"


class Greet(_Named):
    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        dispatcher.utter_message(response="utter_hello", name=tracker.get_slot("name"))
        dispatcher.utter_message(json_message={"effect": "opt_in"})
        return [SlotSet("greeted", True), SlotSet("slots_known", len(domain["slots"]))]


class Awaits(_Named):
    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        await asyncio.sleep(0)
        return [SlotSet("text", tracker.latest_message["text"])]


class Scribbles(_Named):
    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        tracker.slots["name"] = "changed"
        tracker.events.clear()
        return []


class Nothing(_Named):
    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        return None


class Asks(_Named):
    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        dispatcher.utter_message(response="utter_which", buttons=[{"title": "A", "payload": "/start(a)"}])
        return []


class Validate(ValidationAction):
    def validate_name(self, value: Any, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        return {"name": value.title() if value != "x" else None}


class Raises(_Named):
    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> Any:
        raise ValueError(tracker.get_slot("name"))


ACTIONS = (Greet(), Awaits(), Scribbles(), Nothing(), Asks(), Validate(), Raises())
