"""What the person says of a case goes to the team: is it solved, did the partner help."""

from typing import Final

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from flows.actions.asking import Domain, Events, ask, said

ASK_AGAIN_AFTER: Final = 7  # days; "not yet" a second time is asked once more, until the case is closed for good


class AnswerClosing(Action):
    """Tell the team whether a closed case is solved."""

    def name(self) -> str:
        """Name the action."""
        return "action_answer_closing"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Put the answer into the case; a no opens it again."""
        ask(dispatcher, "answer_case", reference=said(tracker, "closed_case"), about="closing", answer=_answer(tracker))
        return []


def _answer(tracker: Tracker) -> str:
    return "yes" if tracker.get_slot("case_solved") else "no"


class AnswerPartner(Action):
    """Tell the team whether a partner has helped."""

    def name(self) -> str:
        """Name the action."""
        return "action_answer_partner"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Put the answer into the case; "not yet" is asked again a week later."""
        answer, reference = said(tracker, "partner_has_helped"), said(tracker, "helped_case")
        ask(dispatcher, "answer_case", reference=reference, about="partner", answer=answer)
        if answer == "not_yet":
            slots = {"helped_case": reference, "helped_partner": said(tracker, "helped_partner")}
            ask(dispatcher, "remind", flow="partner_helped", days=ASK_AGAIN_AFTER, slots=slots)
        return []


ACTIONS: Final = (AnswerClosing(), AnswerPartner())
