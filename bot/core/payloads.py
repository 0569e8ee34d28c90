"""What a button carries: /SetSlots(slot=value), /start(flow) or /intent{"slot": "value"}, read into commands."""

import json
import re

from bot.core.commands import Begin, Command, Fill, Start

_SET = re.compile(r"/SetSlots\((.*)\)")
_START = re.compile(r"/start\((\w+)\)")
_INTENT = re.compile(r"/(\w+)(\{.*\})?")


def commands_of(payload: str) -> tuple[Command, ...]:
    """Read a payload into commands; nothing when it is none of the three kinds."""
    if found := _SET.fullmatch(payload):
        pairs = (pair.partition("=") for pair in found[1].split(","))
        return tuple(Fill(slot.strip(), value.strip().strip("\"'")) for slot, _, value in pairs)
    if found := _START.fullmatch(payload):
        return (Begin(found[1]),)
    if found := _INTENT.fullmatch(payload):
        return _start(found[1], found[2] or "{}")
    return ()


def _start(intent: str, entities: str) -> tuple[Command, ...]:
    try:
        slots = json.loads(entities)
    except ValueError:
        return ()
    return (Start(intent, slots),) if isinstance(slots, dict) else ()
