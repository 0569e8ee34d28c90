"""How actions ask for effects: as data through the dispatcher, never by doing something themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

Domain: TypeAlias = Mapping[str, Any]
Events: TypeAlias = list[EventType]


@dataclass(frozen=True, slots=True)
class Wish:
    """A case that an action wants opened; `note` is what the caseworker reads above the messages."""

    kind: str
    priority: str = "P3"
    sensitive: bool = False
    words: tuple[str, ...] = ()
    note: Mapping[str, str] = field(default_factory=dict)


def ask(dispatcher: CollectingDispatcher, effect: str, **fields: Any) -> None:
    """Ask for an effect of `bot.core.effects` by its name, with its fields."""
    dispatcher.utter_message(json_message={"effect": effect, **fields})


def open_case(dispatcher: CollectingDispatcher, tracker: Tracker, wish: Wish) -> Events:
    """Ask for a case and return the event that keeps its reference in the slot `reference`."""
    reference = case_reference(tracker, wish.kind)
    ask(
        dispatcher,
        "open_case",
        kind=wish.kind,
        priority=wish.priority,
        reference=reference,
        sensitive=wish.sensitive,
        words=list(wish.words),
        note={name: value for name, value in wish.note.items() if value},
    )
    return [SlotSet("reference", reference)]


def case_reference(tracker: Tracker, kind: str) -> str:
    """Return the reference of the open case of this kind, else the one offered to this turn.

    A second case of one kind joins the first, so the person must be told the first one's reference.
    """
    for known in tracker.get_slot("open_kinds") or ():
        known_kind, _, reference = str(known).partition(":")
        if known_kind == kind and reference:
            return reference
    return said(tracker, "next_reference")


def said(tracker: Tracker, slot: str) -> str:
    """Return a slot as text: "" when it is empty, "yes" or "no" for a truth value."""
    value = tracker.get_slot(slot)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
