"""Checks the names: intents of the outside interface, patterns that exist, nothing declared and never used."""

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.core.catalogues import PLACEHOLDER
from bot.core.checks_flows import VALIDATION, at, conditions_of
from bot.core.commands import Fill
from bot.core.flow import PATTERN, Act, Collect, Flow, SetSlots
from bot.core.intents import INTENTS
from bot.core.loading import Parts
from bot.core.payloads import commands_of
from bot.core.run import DANGER_SLOTS
from bot.core.yaml_lines import Finding

PATTERNS = frozenset(
    f"{PATTERN}{name}"
    for name in (
        *("session_start", "continue_interrupted", "correction", "cancel_flow", "cannot_handle", "clarification"),
        *("code_change", "internal_error", "completed", "emergency", "doubt"),
    )
)
_ENGINE_RESPONSES = {"utter_internal_error"}
_IN_CODE = re.compile(r"\b((?:utter|action)_\w*)(\{)?")


def check_names(parts: Parts, code: Mapping[str, str]) -> Iterator[Finding]:
    """Return unknown intents, missing or unknown patterns, and slots, responses and actions that nothing uses.

    `code` is the text of the Python files that name responses and slots: {file: text}.
    """
    yield from _flows(parts)
    used, beginnings = _named(parts, code)
    for response in parts.domain.responses.values():
        if response.name not in used and not response.name.startswith(beginnings):
            yield Finding(response.file, response.line, f"The response {response.name!r} is never said.")
    for name, (file, line) in parts.domain.actions.items():
        if name not in used and name != VALIDATION and not name.startswith("action_ask_"):
            yield Finding(file, line, f"The action {name!r} is never run.")
    slots = _used_slots(parts, code.values())
    for slot in parts.domain.slots.values():
        if slot.name not in slots and not slot.given:
            yield Finding(slot.file, slot.line, f"The slot {slot.name!r} is never used.")


def _flows(parts: Parts) -> Iterator[Finding]:
    for flow in parts.flows.values():
        for intent in flow.triggers:
            if intent not in INTENTS:
                yield at(flow, flow.line, f"{intent!r} is no intent of the outside interface.")
        if flow.is_pattern and flow.id not in PATTERNS:
            yield at(flow, flow.line, f"there is no such pattern; known: {', '.join(sorted(PATTERNS))}.")
    missing = PATTERNS - parts.flows.keys()
    if missing:
        file = next((flow.file for flow in parts.flows.values() if flow.is_pattern), "flows/patterns.yml")
        yield Finding(file, 1, f"These patterns are missing: {', '.join(sorted(missing))}.")


def _named(parts: Parts, code: Mapping[str, str]) -> tuple[set[str], tuple[str, ...]]:
    """Return the responses and actions that are named, and how names begin that code puts together."""
    used, beginnings = set(_ENGINE_RESPONSES), set[str]()
    for flow in parts.flows.values():
        used |= set(_spoken(flow))
    for text in code.values():
        for name, open_brace in _IN_CODE.findall(text):
            (beginnings if open_brace else used).add(name)
    return used, tuple(beginnings)


def _spoken(flow: Flow) -> Iterator[str]:
    for step in flow.steps.values():
        if isinstance(step.work, Act):
            yield step.work.name
        elif isinstance(step.work, Collect):
            yield step.work.utter
            yield from (rejection.utter for rejection in step.work.rejections)


def _slots_in(flow: Flow) -> set[str]:
    used = set(flow.guard.slots if flow.guard else ())
    for step in flow.steps.values():
        used |= {slot for condition in conditions_of(step) for slot in condition.slots}
        if isinstance(step.work, Collect):
            used.add(step.work.slot)
        elif isinstance(step.work, SetSlots):
            used |= {slot for slot, _ in step.work.values}
    return used


def _used_slots(parts: Parts, code: Iterable[str]) -> set[str]:
    used = set(DANGER_SLOTS).union(*map(_slots_in, parts.flows.values()))
    for response in parts.domain.responses.values():
        for variation in response.variations:
            used |= {name for name, _ in variation.conditions}
            for button in variation.buttons:
                used |= {command.slot for command in commands_of(button.payload) if isinstance(command, Fill)}
    for catalogue in parts.catalogues.values():
        used |= {name for text in catalogue.texts.values() for name in PLACEHOLDER.findall(text)}
    quoted = set(re.findall(r"[\"'](?:validate_)?(\w+)[\"']|validate_(\w+)", "\n".join(code)))
    return used | {name for pair in quoted for name in pair}
