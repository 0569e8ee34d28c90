"""Complaints: filed at once for the focal point alone, by what the person wrote or chose; nothing is dug for."""

import re
from typing import Final, Literal

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from flows.actions.asking import Domain, Events, Wish, ask, open_case, said

Kind = Literal["money", "body", "other"]

# Only which drawer the complaint opens in, never whether it opens. A body word wins: it has the shorter deadline.
_BODY: Final = re.compile(
    r"\b(?:sor[st]\w* avec|sortir avec|couch\w*|sex\w*|viol\w*|touch\w*|caress\w*|embrass\w*|nu[es]?\b|chambre|"
    r"hotel|h[oô]tel|mon corps|marier|maitresse|da n f[eɛè]\b|su ?f[eɛè]\b|cɛnimusoya|cenimusoya)",
    re.IGNORECASE,
)
_MONEY: Final = re.compile(
    r"\b(?:argent|pay\w*|paie\w*|fcfa|cfa|francs?|mille|billet|cadeau|commission|pourcentage|orange money|wari|dɔrɔmɛ|"
    r"dorome|sara)\b|\d{3,}|\d+ ?(?:000|f)\b",
    re.IGNORECASE,
)
_WISH: Final = frozenset(
    re.findall(
        r"\S+",
        "je j veux veu voudrais me plaindre plainte porter faire deposer déposer une un la le contre sur comment pour "
        "svp bonjour slt agent oim j'ai des problème probleme avec est ce que peux n b'a fɛ fe ka",
    )
)
_TELLING: Final = 3  # so many other words tell more than the wish to complain
_WISHES: Final[dict[Kind, tuple[str, Literal["P1", "P2"]]]] = {
    "money": ("complaint_money", "P2"),
    "body": ("complaint_body", "P1"),
    "other": ("complaint", "P2"),
}


def kind_told(text: str) -> Kind | None:
    """Return what a message complains of, or None when it only says that somebody wants to complain."""
    if _BODY.search(text):
        return "body"
    if _MONEY.search(text):
        return "money"
    told = [word for word in re.findall(r"[\w']+", text.lower()) if word not in _WISH]
    return "other" if len(told) >= _TELLING else None


def _wish(tracker: Tracker, note: dict[str, str]) -> Wish:
    """Return the sensitive case of the kind at hand."""
    kind: Kind = tracker.get_slot("complaint_kind") or "other"
    name, priority = _WISHES[kind]
    return Wish(name, priority, sensitive=True, note=note)


class ReadComplaint(Action):
    """See whether the message itself tells what happened."""

    def name(self) -> str:
        """Name the action."""
        return "action_read_complaint"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Fill the kind, or leave it to the person."""
        kind = kind_told(said(tracker, "person_text"))
        apart = tracker.is_paused() or bool(tracker.get_slot("complaint_apart"))
        told = [SlotSet("complaint_kind", kind), SlotSet("complaint_told", kind is not None)]
        return [*told, SlotSet("complaint_apart", apart)]


class OpenComplaint(Action):
    """File the complaint where only the focal point sees it."""

    def name(self) -> str:
        """Name the action."""
        return "action_open_complaint"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Open the sensitive case; who complains of an assault is not called before they agree."""
        if said(tracker, "complaint_kind") == "body":
            ask(dispatcher, "save_profile", items={"do_not_call": True})
        return open_case(dispatcher, tracker, _wish(tracker, {}))


class AddComplaintWords(Action):
    """Put what the person wants to add into the complaint."""

    def name(self) -> str:
        """Name the action."""
        return "action_add_complaint_words"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Join the open complaint of the same kind."""
        dispatcher.utter_message(response="utter_complaint_words_kept")
        return open_case(dispatcher, tracker, _wish(tracker, {"words": said(tracker, "complaint_words")}))


ACTIONS: Final = (ReadComplaint(), OpenComplaint(), AddComplaintWords())
