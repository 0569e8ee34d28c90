"""Contact data: kept with consent, shown shortened, and never joined to an older file by a machine."""

from datetime import date, timedelta
from typing import Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from flows.actions.asking import Domain, Events, Wish, ask, open_case, said

UNKNOWN: Final = "unknown"  # the buttons "I no longer know" and "I do not have it" where a number is asked for


class GiveConsent(Action):
    """The person agrees that contact data is kept."""

    def name(self) -> str:
        """Name the action."""
        return "action_give_consent"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Keep the consent."""
        ask(dispatcher, "save_profile", items={"consent": "given"})
        return []


class RefuseConsent(Action):
    """The person does not want anything kept; answers go on."""

    def name(self) -> str:
        """Name the action."""
        return "action_refuse_consent"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Keep the refusal, so that nobody asks again and again."""
        ask(dispatcher, "save_profile", items={"consent": "refused"})
        return []


class SaveContact(Action):
    """Keep what was answered; what was not asked stays as it was."""

    def name(self) -> str:
        """Name the action."""
        return "action_save_contact"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Save the secret items encrypted and the region and country in clear."""
        items = {
            "name": said(tracker, "person_name"),
            "place": said(tracker, "place"),
            "number": said(tracker, "phone"),
        }
        items |= {"foras": "yes"} if tracker.get_slot("had_foras") else {}
        ask(dispatcher, "save_contact", items=_filled(items))
        profile = {"region": said(tracker, "region"), "origin": "MA" if tracker.get_slot("from_morocco") else ""}
        if _filled(profile):
            ask(dispatcher, "save_profile", items=_filled(profile))
        return []


class SaveRelative(Action):
    """Keep somebody through whom the person can be reached."""

    def name(self) -> str:
        """Name the action."""
        return "action_save_relative"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Save number, relation, and whether that person knows of the return."""
        items = {
            "relative_number": said(tracker, "relative_phone"),
            "relation": said(tracker, "relation"),
            "relative_knows": "yes" if tracker.get_slot("relative_knows") else "no",
        }
        ask(dispatcher, "save_contact", items=_filled(items))
        return []


class SaveCalls(Action):
    """Keep whether and when the person may be called."""

    def name(self) -> str:
        """Name the action."""
        return "action_save_calls"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Set do-not-call where a call is not safe."""
        can_call = bool(tracker.get_slot("can_call"))
        ask(dispatcher, "save_profile", items={"do_not_call": not can_call})
        ask(dispatcher, "save_contact", items={"call_hours": said(tracker, "call_hours") if can_call else ""})
        return []


class ForgetPlace(Action):
    """A corrected region: the town that was told for another one is asked for again."""

    def name(self) -> str:
        """Name the action."""
        return "action_forget_place"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Empty the town when the region is no longer the one that it was told for."""
        region, before = said(tracker, "region"), said(tracker, "place_told_in")
        told_in = [SlotSet("place_told_in", region)]
        return [*told_in, SlotSet("place", None)] if before not in {"", region} else told_in


class SaveReturn(Action):
    """Keep the month of the return, from which check-ins are counted."""

    def name(self) -> str:
        """Name the action."""
        return "action_save_return"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Save the month; nothing when it is not known any more."""
        month = return_month(said(tracker, "return_month"), date.fromisoformat(said(tracker, "today")))
        if month:
            ask(dispatcher, "save_profile", items={"return_month": month})
        return []


def return_month(told: str, today: date) -> str:
    """Return what was told ("this", "last", "2026-05", "unknown") as a month, "" when it is not known."""
    if told == UNKNOWN:
        return ""
    first = today.replace(day=1)
    return {"this": f"{first:%Y-%m}", "last": f"{first - timedelta(days=1):%Y-%m}"}.get(told, told)


class ShowContact(Action):
    """Show what is kept, of a number only its end: others may read this phone."""

    def name(self) -> str:
        """Name the action."""
        return "action_show_contact"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Say name, place and the last two digits; nothing when nothing is kept yet."""
        if not said(tracker, "known_name"):
            return []
        number_end = said(tracker, "known_number")[-2:]
        dispatcher.utter_message(
            response="utter_contact_kept" if number_end else "utter_contact_kept_here",
            kept_name=said(tracker, "known_name"),
            kept_place=said(tracker, "known_place") or "-",
            number_end=number_end,
        )
        return []


class OpenContactChange(Action):
    """A new number or an older file: a caseworker verifies who it is (shared and recycled SIMs)."""

    def name(self) -> str:
        """Name the action."""
        return "action_open_contact_change"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Open the case with what the person said; nothing is linked and nothing of the older file is told."""
        old = said(tracker, "old_number")
        note = {
            "name": said(tracker, "person_name") or said(tracker, "known_name"),
            "new_number": said(tracker, "phone"),
            "old_number": "" if old == UNKNOWN else old,
        }
        return open_case(dispatcher, tracker, Wish("contact_change", note=note))


def _filled(items: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in items.items() if value}


ACTIONS: Final = (
    GiveConsent(),
    RefuseConsent(),
    SaveContact(),
    SaveRelative(),
    SaveCalls(),
    ForgetPlace(),
    SaveReturn(),
    ShowContact(),
    OpenContactChange(),
)
