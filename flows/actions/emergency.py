"""Danger: one short answer a kind, an urgent case, and nothing that could put the person at more risk."""

from dataclasses import replace
from typing import Final

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from flows.actions.asking import Domain, Events, Wish, ask, open_case, said

SERIOUS: Final = "utter_emergency_serious"
ANSWERS: Final = {
    "medical": "utter_emergency_medical",
    "suicide": "utter_emergency_suicide",
    "threat": "utter_emergency_threat",
    "kidnapping": "utter_emergency_threat",
    "violence_home": "utter_emergency_home",
    "sexual_violence": "utter_emergency_told",
    "trafficking": "utter_emergency_told",
    "child_alone": "utter_emergency_child",
    "hunger": "utter_emergency_hunger",
    "other_danger": SERIOUS,
}
WITH_NUMBER: Final = {
    "utter_emergency_medical": "utter_emergency_medical_call",
    "utter_emergency_threat": "utter_emergency_threat_call",
    "utter_emergency_suicide": "utter_emergency_suicide_call",
    "utter_emergency_child": "utter_emergency_child_call",
}
UNSAFE_TO_CALL: Final = {"violence_home"}  # whoever hits may pick up


class Emergency(Action):
    """Answer danger and open the urgent case."""

    def name(self) -> str:
        """Name the action."""
        return "action_emergency"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Say what to do now, with a number only when somebody has checked it."""
        kind = said(tracker, "danger_kind") or "other_danger"
        dispatcher.utter_message(response=answer_to(kind, tracker))
        if kind in UNSAFE_TO_CALL:
            ask(dispatcher, "save_profile", items={"do_not_call": True, "discreet": True})
        return open_case(dispatcher, tracker, _wish(tracker, kind, said(tracker, "danger_priority") or "P1"))


def answer_to(kind: str, tracker: Tracker) -> str:
    """Return the response to a kind of danger, with a number only when somebody has checked it."""
    answer = ANSWERS.get(kind, SERIOUS)
    return WITH_NUMBER.get(answer, answer) if tracker.get_slot("has_checked_numbers") else answer


class OpenDoubt(Action):
    """Let the team look at words that may hide danger."""

    def name(self) -> str:
        """Name the action."""
        return "action_open_doubt"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Open the case before the question is answered: silence may be the worse sign.

        After a complaint the words may be more of it, so only the focal point sees them.
        """
        wish = _wish(tracker, "doubt", "P2")
        complained = any(str(kind).startswith("complaint") for kind in tracker.get_slot("open_kinds") or ())
        return open_case(dispatcher, tracker, replace(wish, sensitive=complained))


def _wish(tracker: Tracker, kind: str, priority: str) -> Wish:
    words = tuple(map(str, tracker.get_slot("danger_words") or ()))
    note = {"region": said(tracker, "region") or said(tracker, "known_region")}
    return Wish(kind, priority, words=words, note=note)


ACTIONS: Final = (Emergency(), OpenDoubt())
