"""How an action is tried by itself: slots in, effects, responses and events out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

SLOTS: Mapping[str, Any] = {"next_reference": "K7421R", "open_kinds": [], "person_text": "", "period": "morning"}


@dataclass(frozen=True)
class Done:
    """What an action did."""

    effects: list[dict[str, Any]]
    said: list[str]
    values: dict[str, Any]
    slots: dict[str, Any]
    events: list[str]


def tracker(slots: Mapping[str, Any]) -> Tracker:
    return Tracker("person", {**SLOTS, **slots}, {}, [], False, None, {}, "action_listen")


def run(action: Action, domain: Mapping[str, Any] | None = None, **slots: Any) -> Done:
    dispatcher = CollectingDispatcher()
    events = action.run(dispatcher, tracker(slots), domain or {})
    messages = dispatcher.messages
    return Done(
        effects=[m["custom"] for m in messages if m.get("custom")],
        said=[m["response"] for m in messages if m.get("response")],
        values={k: v for m in messages if m.get("response") for k, v in m.items()},
        slots={e["name"]: e["value"] for e in events if e["event"] == "slot"},
        events=[e["event"] for e in events],
    )


@pytest.fixture
def act() -> Callable[..., Done]:
    return run
