"""Run an action and take its answer into the turn; whatever is against the contract is the author's fault."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from bot.core import limits
from bot.core.acting import ActionCall, ActionResult
from bot.core.checks_flows import VALIDATION
from bot.core.commands import Value
from bot.core.effects import BadEffect, Effect, SaveProfile, effect_from
from bot.core.messages import LANGUAGES, Choice, Language
from bot.core.run import Fault, Run, base_of, empty, set_slot
from bot.core.saying import say

_MESSAGE_KEYS = {"text", "buttons", "elements", "custom", "template", "response", "image", "attachment"}


def run_action(run: Run, name: str) -> None:
    """Run a step's action: a response, one of the engine's own, or a rasa_sdk action. Raises Fault, ActionFailed."""
    if name.startswith("utter_"):
        say(run, name)
    elif name == "action_cancel_interrupted_flows":
        _cancel_below(run)
    elif name != "action_continue_interrupted_flow":  # going on is what happens anyway
        _take(run, name, run.act(_call(run, name)))


def _cancel_below(run: Run) -> None:
    """Leave every conversation below the one that speaks."""
    base = base_of(run, len(run.stack) - 1)
    speaking = run.stack[base:]
    below = run.stack[:base]
    run.stack[:] = [replace(speaking[0], kind="regular"), *speaking[1:]]
    for frame in below:
        empty(run, frame.flow)


def call_validation(run: Run, slot: str, value: Value) -> Value:
    """Ask the validate_<slot> method: the value to keep, or None when it is refused."""
    candidate = {"event": "slot", "timestamp": run.now, "name": slot, "value": value}
    call = _call(run, VALIDATION, candidate=candidate)
    result = run.act(call)
    events = [e for e in result.events if e.get("event") == "slot" and e.get("name") == slot]
    others = tuple(e for e in result.events if e not in events)
    _take(run, VALIDATION, ActionResult(others, result.responses))
    return cast("Value", events[-1].get("value")) if events else value


def _call(run: Run, name: str, *, candidate: Mapping[str, Any] | None = None) -> ActionCall:
    events = run.events[-limits.EVENTS_KEPT :]
    if candidate:
        events = [*events, {"event": "action", "timestamp": run.now, "name": "action_listen"}, candidate]
    slots = {**run.slots, **({candidate["name"]: candidate["value"]} if candidate else {})}
    frame = run.top if run.stack else None
    tracker = {
        "sender_id": "person",  # actions never learn who it is
        "slots": slots,
        "latest_message": {"text": run.given.get("person_text", ""), "intent": {}, "entities": []},
        "events": events,
        "paused": run.paused,
        "latest_action_name": None,
        "stack": [{"flow": frame.flow, "step": frame.step, "context": dict(frame.context)}] if frame else [],
    }
    return ActionCall(name, tracker, run.assistant.rasa_domain, run.assistant.digest or run.assistant.rev)


def _take(run: Run, name: str, result: ActionResult) -> None:
    run.log("action", name=name)
    for event in result.events:
        _take_event(run, name, event)
    for message in result.responses:
        _take_message(run, name, message)


def _take_event(run: Run, name: str, event: Mapping[str, Any]) -> None:
    match event.get("event"):
        case "slot":
            _take_slot(run, name, str(event.get("name")), event.get("value"))
        case "pause" | "resume":
            run.paused = event["event"] == "pause"
            run.log(event["event"])
        case "session_started" | "agent":
            run.log(event["event"])
        case other:
            raise Fault(f"{name}: the event {other!r} is not used here; ask for an effect instead.")


def _take_slot(run: Run, action: str, name: str, value: Any) -> None:
    slot = run.assistant.domain.slots.get(name)
    if slot is None:
        raise Fault(f"{action}: the slot {name!r} is not in the domain.")
    if slot.type == "categorical" and value is not None and value not in slot.values:
        raise Fault(f"{action}: the slot {name!r} was given a value that is none of its values.")
    set_slot(run, name, value)


def _take_message(run: Run, action: str, message: Mapping[str, Any]) -> None:
    if message.get("custom"):
        _take_effect(run, action, message["custom"])
    response = message.get("response")
    if response:
        values = {key: value for key, value in message.items() if key not in _MESSAGE_KEYS}
        if None in values.values():
            raise Fault(f"{action}: a value of {response!r} is empty.")
        choices = tuple(Choice(str(b["title"]), str(b["payload"])) for b in message.get("buttons") or ())
        say(run, str(response), values, choices=choices)
    elif not message.get("custom"):
        raise Fault(f"{action}: an action speaks by response name; text and pictures belong to the catalogues.")


def _take_effect(run: Run, action: str, custom: Mapping[str, Any]) -> None:
    try:
        effect: Effect = effect_from(custom)
    except BadEffect as error:
        raise Fault(f"{action}: {error}") from error
    run.effects.append(effect)
    if isinstance(effect, SaveProfile):
        # What was just learnt holds for the rest of the turn, the language of its sentences included.
        run.slots.update({k: v for k, v in effect.items.items() if k in run.given})
        if effect.items.get("language") in LANGUAGES:
            run.lang = cast("Language", effect.items["language"])
