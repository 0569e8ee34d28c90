"""What a text asks of the conversation: the words between understanding and the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.core.messages import Choice

Value = str | bool | float | None | list[str]


@dataclass(frozen=True, slots=True)
class Start:
    """Begin the flow that the intent triggers, with what the message already said."""

    intent: str
    slots: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Begin:
    """Begin a flow by its id: a reminder, a check-in, a button; never from free text.

    `source` ("check_in:<row>", "broadcast:<recipient>") says for what we ask: answers are kept under it.
    """

    flow: str
    slots: Mapping[str, Value] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, slots=True)
class Fill:
    """Give a slot a value: the open question's answer, or the correction of an earlier one."""

    slot: str
    value: Value


@dataclass(frozen=True, slots=True)
class Correct:
    """The person wants to change an earlier answer; which one may be unknown."""

    slot: str | None = None


@dataclass(frozen=True, slots=True)
class Back:
    """One question back."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Leave what was begun."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Say the last message again."""


@dataclass(frozen=True, slots=True)
class Clarify:
    """Two or three intents fit: offer them by number."""

    intents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CannotHandle:
    """Nothing fits. `reason`: unclear, no_such_choice, unsupported_language, empty, emoji, two_choices, media."""

    reason: str = "unclear"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Danger, or (`doubt`) words that may mean it. `kind` is a case kind, `words` what triggered it, as written."""

    kind: str
    priority: Literal["P1", "P2"]
    words: tuple[str, ...]
    doubt: bool = False


Command = Start | Begin | Fill | Correct | Back | Cancel | Repeat | Clarify | CannotHandle | Alarm


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the conversation waits for, so that a bare "2" or a place name can be understood.

    `slot` is the open question's slot (None: nothing is asked); `type` its domain type; `entity` what to look for in
    a free answer (trade, region, place, phone, document, name, period … or None for any text); `choices` the menu last
    sent, which stays valid after the question has changed hands.
    """

    slot: str | None = None
    type: Literal["text", "bool", "categorical", "float", "list", "any"] = "any"
    entity: str | None = None
    choices: tuple[Choice, ...] = ()
