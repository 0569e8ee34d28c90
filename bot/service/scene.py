"""Whom a turn is about, as its effects need it."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.deadlines import Deadlines
from bot.ports import Ids, Known


@dataclass(frozen=True, slots=True)
class Scene:
    """Whom a turn is about, and what came in."""

    person_id: str
    known: Known
    text: str
    now: datetime
    ids: Ids
    deadlines: Deadlines
