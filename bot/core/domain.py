"""Slots, responses and actions: what conversations speak about, without a single sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.core.commands import Value
from bot.core.messages import Choice

SlotType = Literal["text", "bool", "categorical", "float", "list", "any"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing to know. `given` values come with each turn and are not stored; staff see no `secret` ones."""

    name: str
    type: SlotType = "any"
    values: tuple[str, ...] = ()
    initial: Value = None
    entity: str | None = None  # what to look for in a free answer: trade, region, phone …
    given: bool = False
    secret: bool = False
    max_length: int | None = None
    min_value: float | None = None
    max_value: float | None = None
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Variation:
    """One way to say a response: for a channel, under conditions, with buttons (title msgid, payload)."""

    msgid: str
    channel: str | None = None
    conditions: tuple[tuple[str, Value], ...] = ()
    buttons: tuple[Choice, ...] = ()

    def fits(self, slots: Mapping[str, Any]) -> bool:
        """Say whether this variation may be used with these slot values."""
        return self.channel in (None, slots.get("channel")) and all(slots.get(n) == v for n, v in self.conditions)

    @property
    def is_default(self) -> bool:
        """Say whether this variation asks for nothing."""
        return self.channel is None and not self.conditions


@dataclass(frozen=True, slots=True)
class Response:
    """One thing to say. `budget` is its SMS segments, `facts` the ids that it rests on."""

    name: str
    variations: tuple[Variation, ...]
    budget: int = 1
    facts: tuple[str, ...] = ()
    urgent: bool = False
    file: str = ""
    line: int = 0

    def pick(self, slots: Mapping[str, Any]) -> Variation:
        """Choose the first variation that asks for something and fits, else the default, else the first."""
        for variation in self.variations:
            if not variation.is_default and variation.fits(slots):
                return variation
        return next((v for v in self.variations if v.is_default), self.variations[0])


@dataclass(frozen=True, slots=True)
class Longest:
    """The longest value that a placeholder can take: a length, an example, or a slot whose values are listed."""

    max_length: int | None = None
    example: str | None = None
    slot: str | None = None


@dataclass(frozen=True, slots=True)
class Domain:
    """Everything that flows may name."""

    slots: Mapping[str, Slot] = field(default_factory=dict)
    responses: Mapping[str, Response] = field(default_factory=dict)
    actions: Mapping[str, tuple[str, int]] = field(default_factory=dict)  # name: where it is declared
    longest: Mapping[str, Longest] = field(default_factory=dict)
