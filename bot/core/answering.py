"""May this value stand in that slot? Types, the slot's validate method, then the question's rejections."""

import math
from typing import Any, Final

from bot.core.commands import Value
from bot.core.domain import Slot
from bot.core.engine_actions import call_validation
from bot.core.flow import Collect
from bot.core.run import Run, set_slot
from bot.core.saying import say

BAD: Final = object()
LONGEST_TEXT = 480  # three SMS; longer than any name, place or description that a question asks for
_TRUTH = {"true": True, "false": False}


def read_value(slot: Slot, value: Any) -> Any:
    """Read a value by the slot's type; BAD when it does not fit."""
    if slot.type == "bool":
        return value if isinstance(value, bool) else _TRUTH.get(str(value).strip().lower(), BAD)
    if slot.type == "float":
        return _number(slot, value)
    if slot.type == "categorical":
        folded = str(value).strip().casefold()
        return next((known for known in slot.values if known.casefold() == folded), BAD)
    if slot.type == "text":
        return _words(slot, value)
    if slot.type == "list" and isinstance(value, str):
        return [value]
    return BAD if value is None else value


def _number(slot: Slot, value: Any) -> Any:
    try:
        number = float(str(value).strip().replace(",", "."))
    except ValueError:
        return BAD
    low = -math.inf if slot.min_value is None else slot.min_value
    high = math.inf if slot.max_value is None else slot.max_value
    return number if math.isfinite(number) and low <= number <= high else BAD


def _words(slot: Slot, value: Any) -> Any:
    words = value.strip() if isinstance(value, str) else ""
    return words if 0 < len(words) <= (slot.max_length or LONGEST_TEXT) else BAD


def accept(run: Run, slot: str, value: Value, *, question: Collect | None) -> bool:
    """Put a value into a slot if it may stand there; else the slot keeps what it had.

    A refusal may already have been explained (`run.said` has grown); otherwise the caller does it.
    """
    read = read_value(run.assistant.domain.slots[slot], value)
    if read is BAD:
        return False
    before = run.slots.get(slot)
    if slot in run.assistant.validates:
        read = call_validation(run, slot, read)
        if read is None:
            run.slots[slot] = before
            return False
    run.slots[slot] = read
    if question and rejected(run, question):
        run.slots[slot] = before
        return False
    set_slot(run, slot, read)
    return True


def rejected(run: Run, question: Collect) -> bool:
    """Say the first rejection that applies to what the slot holds; False when none does."""
    context = run.top.context if run.stack else {}
    for rejection in question.rejections:
        if rejection.condition.holds(run.slots, context):
            say(run, rejection.utter)
            return True
    return False
