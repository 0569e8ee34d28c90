"""How things stand with somebody to whom we want to write of our own accord: what `core.outreach` judges."""

from datetime import datetime

from bot.core import limits
from bot.core.conversation import State
from bot.core.outreach import Standing
from bot.ports import Known


def standing_of(known: Known, *, started_today: int, now: datetime) -> Standing:
    """Return what is known of a person as the rule wants it; `started_today` counts over all plans and broadcasts."""
    state = State.from_json(known.state) if known.state else State.new()
    asked = bool(state.stack) and state.stack[-1].asked is not None
    lately = now.timestamp() - state.ts < limits.BUSY_FOR.total_seconds()
    return Standing(known.person, known.open_cases, state.paused, asked and lately, started_today)
