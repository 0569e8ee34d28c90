"""How the engine asks for an action and what comes back: rasa_sdk's contract as plain data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class ActionCall:
    """One action to run: its name, the tracker and the domain as JSON, and the domain's digest."""

    name: str
    tracker: Mapping[str, Any]
    domain: Mapping[str, Any]
    digest: str


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What an action answered: rasa_sdk events and responses."""

    events: tuple[Mapping[str, Any], ...] = ()
    responses: tuple[Mapping[str, Any], ...] = field(default=())


class ActionFailed(Exception):
    """An action could not be run or answered against the contract; the text names it and holds no person's data."""


Act: TypeAlias = Callable[[ActionCall], ActionResult]
