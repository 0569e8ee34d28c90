"""Check-ins: what does not go well opens a matter for the team by itself, with the priority that it has."""

from typing import Final

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from flows.actions.asking import Domain, Events, Wish, open_case, said
from flows.actions.emergency import answer_to

# No food and no safety are answered on the same day; who is in danger now is an emergency.
TROUBLES: Final = {
    "food": ("hunger", "P2"),
    "safety": ("threat", "P2"),
    "papers": ("papers", "P3"),
    "work": ("work", "P3"),
    "other": ("question", "P3"),
}


class OpenMood(Action):
    """Somebody says that they are not well."""

    def name(self) -> str:
        """Name the action."""
        return "action_open_check_in_mood"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Let a person ask how they are."""
        return open_case(dispatcher, tracker, Wish("wellbeing", note=_note(tracker)))


class OpenTrouble(Action):
    """Something of what everybody needs is missing."""

    def name(self) -> str:
        """Name the action."""
        return "action_open_check_in_trouble"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Open the matter that fits."""
        kind, priority = TROUBLES.get(said(tracker, "check_in_trouble"), TROUBLES["other"])
        if kind == "hunger":
            dispatcher.utter_message(response=answer_to(kind, tracker))
        return open_case(dispatcher, tracker, Wish(kind, priority, note=_note(tracker)))


class RaiseTrouble(Action):
    """The danger is now."""

    def name(self) -> str:
        """Name the action."""
        return "action_raise_check_in_trouble"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Make it an emergency: whoever is on duty is alerted."""
        dispatcher.utter_message(response=answer_to("threat", tracker))
        return open_case(dispatcher, tracker, Wish("threat", "P1", note=_note(tracker)))


class OpenPerson(Action):
    """They want to talk to somebody."""

    def name(self) -> str:
        """Name the action."""
        return "action_open_check_in_person"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Ask a person to call, or to write where calls are not welcome."""
        kind = "question" if tracker.get_slot("do_not_call") else "call_back"
        return open_case(dispatcher, tracker, Wish(kind, note=_note(tracker)))


def _note(tracker: Tracker) -> dict[str, str]:
    """Return what was answered so far, for whoever reads the case."""
    answers = {name: said(tracker, f"check_in_{name}") for name in ("mood", "basics", "trouble", "danger", "person")}
    return {**answers, "region": said(tracker, "known_region")}


ACTIONS: Final = (OpenMood(), OpenTrouble(), RaiseTrouble(), OpenPerson())
