"""Everything a turn thinks with: the assistant, its ears, its actions and what operators have set."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.core.assistant import Assistant
from bot.core.deadlines import Deadlines
from bot.core.engine import Act
from bot.core.hours import Hours
from bot.core.messages import Address, Channel, Outgoing, Wire
from bot.understanding.read import Understanding

Render: TypeAlias = Callable[[Sequence[Outgoing]], tuple[tuple[Outgoing, Wire], ...]]


@dataclass(frozen=True, slots=True)
class Brain:
    """What is the same for every turn of a process; nothing in it changes."""

    assistant: Assistant
    understanding: Understanding
    act: Act
    render: Mapping[Channel, Render]  # joins what fits together and writes it as the phone receives it
    hours: Hours
    sms_price: str  # "free" or "operator": what a message costs the person
    alert_to: tuple[Address, ...]  # whom an urgent case tells
    numbers_checked: bool  # every emergency number was dialled by somebody; in a demo they are said anyway
    unread_bambara_allowed: bool  # demo: urgent texts go out in Bambara though no speaker has signed them
    deadlines: Deadlines = field(default_factory=Deadlines)  # with the calendar of working days
