"""Trades and partners: the known region, who could help there with what, and an interest that is kept."""

from typing import Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from flows.actions.asking import Domain, Events, Wish, ask, open_case, said

FIRST: Final = "apej"  # the one partner whose project the sources tie to trades and regions


class UseKnownRegion(Action):
    """Do not ask again where somebody lives who has told us."""

    def name(self) -> str:
        """Name the action."""
        return "action_use_known_region"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Fill the region from the contact data when the conversation has none."""
        known = said(tracker, "known_region")
        return [SlotSet("region", known)] if known and not said(tracker, "region") else []


class PartnerFit(Action):
    """Say whether the sources name a partner for this trade and region."""

    def name(self) -> str:
        """Name the action."""
        return "action_partner_fit"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Look into the directory that comes with the domain: {trade: {region: partner ids}}."""
        by_region = domain.get("directory", {}).get(said(tracker, "trade"), {})
        partners = by_region.get(said(tracker, "region"), ())
        return [SlotSet("partner_fit", FIRST if FIRST in partners else "none")]


class FindPartners(Action):
    """Say who could help with a trade, or with a kind of help, in the person's region."""

    def name(self) -> str:
        """Name the action."""
        return "action_find_partners"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Look into the directory that comes with the domain: {trade or kind of help: {region: names}}."""
        region = said(tracker, "region")
        names = domain.get("partners", {}).get(said(tracker, "help_need") or said(tracker, "trade"), {}).get(region)
        if names:
            dispatcher.utter_message(response="utter_partners_found", found=names, region=region)
        else:
            dispatcher.utter_message(response="utter_no_partner_found")
        return []


class OpenInterest(Action):
    """Keep that somebody wants to learn or do a trade; the person has agreed to this."""

    def name(self) -> str:
        """Name the action."""
        return "action_open_interest"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        """Open the case and keep the trade and the region, so that an offer can be told."""
        chosen = {slot: said(tracker, slot) for slot in ("trade", "region")}
        ask(dispatcher, "save_profile", items={name: value for name, value in chosen.items() if value})
        return open_case(dispatcher, tracker, Wish("interest", note=chosen))


ACTIONS: Final = (UseKnownRegion(), PartnerFit(), FindPartners(), OpenInterest())
