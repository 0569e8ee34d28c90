"""Greeting in kind, saying who speaks, and the language of the conversation."""

import re
from typing import Final

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.core.messages import LANGUAGES
from flows.actions.asking import Domain, Events, ask, said

# What people greet with, without accents and in the spellings of shared Bambara lists; the first that is found counts.
_GREETINGS: Final = (
    ("salam", re.compile(r"\ba?s+al+a+m(?:ou|u|(?:ou)?al[ea]\w*)?\b|\bslm\b")),
    ("morning", re.compile(r"\bs[oɔòu]+g[oɔòu]+ma")),
    ("midday", re.compile(r"\bni ti+le\b")),
    ("afternoon", re.compile(r"\bni (?:wu|w|ou|wou)la\b")),
    ("night", re.compile(r"\bni s(?:u|ou)\b|\bbonsoir|\bbsr\b")),
)
_PERIODS: Final = ("morning", "midday", "afternoon", "night")


def greeting(text: str, period: str) -> str:
    """Return the response that answers a greeting in kind, else by the part of the day."""
    plain = text.lower()
    found = next((name for name, pattern in _GREETINGS if pattern.search(plain)), period)
    return f"utter_greet_{found if found in (*_PERIODS, 'salam') else 'morning'}"


class Greet(Action):
    """Greet in kind."""

    def name(self) -> str:
        """Name the action."""
        return "action_greet"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Greet by what the person wrote, else by the hour."""
        dispatcher.utter_message(response=greeting(said(tracker, "person_text"), said(tracker, "period")))
        return []


class ReturnSalam(Action):
    """Return a salam at once, whatever the language."""

    def name(self) -> str:
        """Name the action."""
        return "action_return_salam"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Say it when it was said; other greetings wait for the language."""
        if greeting(said(tracker, "person_text"), "") == "utter_greet_salam":
            dispatcher.utter_message(response="utter_greet_salam")
        return []


class SayWho(Action):
    """Say who writes here and what it costs."""

    def name(self) -> str:
        """Name the action."""
        return "action_say_who"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Say it as the operator's price setting wants it."""
        free = said(tracker, "sms_price") == "free"
        dispatcher.utter_message(response="utter_who_free" if free else "utter_who_operator")
        return []


class KeepLanguage(Action):
    """Keep the language that was chosen, else the one that the first words were in."""

    def name(self) -> str:
        """Name the action."""
        return "action_keep_language"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Save it and speak it from the next sentence on; a guess is not kept."""
        language = said(tracker, "language_choice") or said(tracker, "language")
        if language in LANGUAGES:
            ask(dispatcher, "save_profile", items={"language": language})
        return []


ACTIONS: Final = (Greet(), ReturnSalam(), SayWho(), KeepLanguage())
