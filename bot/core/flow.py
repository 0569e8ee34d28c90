"""A conversation as it is run: steps by id, each with what it does and where it leads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from bot.core.commands import Value
from bot.core.conditions import Condition

END: Final = "END"
PATTERN: Final = "pattern_"


@dataclass(frozen=True, slots=True)
class Rejection:
    """When an answer is refused, and the response that says so."""

    condition: Condition
    utter: str


@dataclass(frozen=True, slots=True)
class Collect:
    """Ask until the slot is filled."""

    slot: str
    utter: str
    ask_before_filling: bool = False
    reset_after_flow_ends: bool = True
    rejections: tuple[Rejection, ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """Say a response (`utter_x`) or run an action."""

    name: str


@dataclass(frozen=True, slots=True)
class SetSlots:
    """Fill slots without asking."""

    values: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """End this flow and begin another."""

    flow: str


@dataclass(frozen=True, slots=True)
class Call:
    """Run another flow, then come back."""

    flow: str


@dataclass(frozen=True, slots=True)
class Noop:
    """Only a branching point."""


Work: TypeAlias = Collect | Act | SetSlots | Link | Call | Noop


@dataclass(frozen=True, slots=True)
class Branch:
    """Where a step leads when the condition holds; without a condition always. `to` is a step id or END."""

    to: str
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its work and its ways out, tried in order."""

    id: str
    line: int
    work: Work
    ways: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """One conversation. `steps` keeps the file's order; the first one begins."""

    id: str
    file: str
    line: int
    name: str
    description: str
    steps: Mapping[str, Step]
    first: str
    guard: Condition | None = None
    triggers: tuple[str, ...] = ()
    persisted: frozenset[str] = frozenset()
    run_pattern_completed: bool = True
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_pattern(self) -> bool:
        """Say whether this is one of the conversation's own patterns."""
        return self.id.startswith(PATTERN)

    def collects(self) -> dict[str, str]:
        """Return {slot: id of the first step that asks for it}."""
        found: dict[str, str] = {}
        for step in self.steps.values():
            if isinstance(step.work, Collect):
                found.setdefault(step.work.slot, step.id)
        return found

    def calls(self) -> frozenset[str]:
        """Return the flows that this one calls."""
        return frozenset(step.work.flow for step in self.steps.values() if isinstance(step.work, Call))

    def links(self) -> frozenset[str]:
        """Return the flows that this one links to."""
        return frozenset(step.work.flow for step in self.steps.values() if isinstance(step.work, Link))
