"""Lost papers: the reminder, the case, and papers that somebody keeps."""

from typing import Final

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from flows.actions.asking import Domain, Events, Wish, ask, open_case, said

REMIND_AFTER: Final = 7  # days; long enough to go to the police station and back


class RemindLostDocument(Action):
    """Ask again in some days how far the person got."""

    def name(self) -> str:
        """Name the action."""
        return "action_remind_lost_document"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Ask for the reminder and say so; what is done already goes along and is not asked again."""
        done = {slot: True for slot in ("declared", "has_receipt") if tracker.get_slot(slot)}
        slots = {"document_kind": said(tracker, "document_kind"), **done}
        ask(dispatcher, "remind", flow="lost_document_follow_up", days=REMIND_AFTER, slots=slots)
        dispatcher.utter_message(response="utter_reminder_kept", days=str(REMIND_AFTER))
        return []


class OpenLostDocument(Action):
    """Let a person of the team follow the papers; the person has agreed."""

    def name(self) -> str:
        """Name the action."""
        return "action_open_lost_document"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Open the case with what was answered."""
        note = {slot: said(tracker, slot) for slot in ("document_kind", "loss_kind", "declared", "has_receipt")}
        return open_case(dispatcher, tracker, Wish("lost_document", note=note))


class OpenPapersTaken(Action):
    """Somebody keeps the person's papers: a person of the team looks the same day."""

    def name(self) -> str:
        """Name the action."""
        return "action_open_papers_taken"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Open the case; who keeps them, and why, is not asked by a machine."""
        note = {"document_kind": said(tracker, "document_kind")}
        return open_case(dispatcher, tracker, Wish("papers_taken", "P2", note=note))


ACTIONS: Final = (RemindLostDocument(), OpenLostDocument(), OpenPapersTaken())
