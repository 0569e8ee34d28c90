"""Health and low spirits: a person is asked in, without any question about details."""

from typing import Final

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from flows.actions.asking import Domain, Events, Wish, open_case, said
from flows.actions.case_status import open_with_day


class OpenHealthCase(Action):
    """Ask a person to listen or to look for care."""

    def name(self) -> str:
        """Name the action."""
        return "action_open_health_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Open the case; sadness is a matter of its own."""
        need = said(tracker, "health_need")
        kind = "wellbeing" if need == "sadness" else "health"
        return open_with_day(dispatcher, tracker, Wish(kind, note={"need": need}))


class OpenUrgentHealthCase(Action):
    """The person says that it is urgent: believed at once."""

    def name(self) -> str:
        """Name the action."""
        return "action_open_urgent_health_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Open an urgent case, which alerts the people on duty."""
        return open_case(dispatcher, tracker, Wish("medical", "P1", note={"need": "urgent"}))


class OpenWellbeingCase(Action):
    """Somebody thinks of leaving again: a person may ask how they are. It is reported to nobody else."""

    def name(self) -> str:
        """Name the action."""
        return "action_open_wellbeing_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Open the case."""
        return open_with_day(dispatcher, tracker, Wish("wellbeing", note={"about": "leaving again"}))


ACTIONS: Final = (OpenHealthCase(), OpenUrgentHealthCase(), OpenWellbeingCase())
