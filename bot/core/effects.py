"""What a turn wants done, as data. Only `service.apply_effects` acts on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.core.commands import Value
from bot.core.messages import Choice, Language

Ending = Literal["", "refused", "opted_out", "no_answer"]


@dataclass(frozen=True, slots=True)
class Say:
    """Say a response with these values; the language and the channel are the turn's.

    `choices` are its buttons, titles being msgids (or, for names from the directory, the words themselves); `msgid` is
    the catalogue entry when a variation has one of its own. Both are filled in by the engine.
    """

    response: str
    values: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    msgid: str = ""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Open a case, or join the open one of the same kind. The reference was offered to the turn and is now used."""

    kind: str
    priority: Literal["P1", "P2", "P3"]
    reference: str
    sensitive: bool = False  # for the focal point's eyes only
    words: tuple[str, ...] = ()
    note: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JoinCase:
    """Put the person's message into the case that is open, for the caseworker.

    Words of danger raise a case that somebody has in hand to the priority `raised`.
    """

    raised: Literal["P1", "P2", "P3"] | None = None


@dataclass(frozen=True, slots=True)
class AnswerCase:
    """Put the person's answer into the case: is it solved, did the partner help. A no brings it back to the team."""

    reference: str
    about: Literal["closing", "partner"]
    answer: Literal["yes", "no", "not_yet"]


@dataclass(frozen=True, slots=True)
class OpenHeld:
    """Let the texts go that waited for this person's answer to a WhatsApp template."""


@dataclass(frozen=True, slots=True)
class HoldBack:
    """Never send the texts that waited for this person's answer to a WhatsApp template. Only from a turn."""

    reason: Literal["discreet", "opted_out", "refused"]


@dataclass(frozen=True, slots=True)
class SaveContact:
    """Keep contact data, encrypted.

    Items are name, place, number, relative_number, relation, relative_knows, call_hours and the like. An empty value
    removes the item. Numbers are E.164.
    """

    items: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SaveProfile:
    """Keep, in clear, what audiences are asked for.

    Items are language, region, trade, origin, return_month, consent, discreet and do_not_call.
    """

    items: Mapping[str, str | bool]


@dataclass(frozen=True, slots=True)
class Remind:
    """Begin `flow` with `slots` in so many days, unless the person opts out or begins it first."""

    flow: str
    days: int
    slots: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OptOut:
    """No message that we start any more; `scope` "check_ins" or "all". Answers to questions are still given."""

    scope: Literal["check_ins", "all"] = "all"


@dataclass(frozen=True, slots=True)
class OptIn:
    """The person wants our messages again."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Erase the person's data now. `receipt` is what the person was told ("": one is drawn)."""

    receipt: str = ""


@dataclass(frozen=True, slots=True)
class KeepUnmatched:
    """Keep a message that was not understood, so that staff can say what it meant. Only from a turn, never an action.

    `text` has neither numbers nor names any more; `offered` are the intents that the person was asked about.
    """

    text: str
    language: Language
    offered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeepAnswer:
    """Keep the answer to a closed question that we asked, for the plots. Only from a turn, never an action.

    `source` is what it was asked for ("check_in:<row>", "broadcast:<recipient>"), `value` one of the question's codes.
    """

    source: str
    question: str
    value: str


@dataclass(frozen=True, slots=True)
class EndOutreach:
    """What we asked for is over: everything was answered (`reason` ""), or why not. Only from a turn."""

    source: str
    reason: Ending = ""


Effect = (
    Say
    | OpenCase
    | JoinCase
    | SaveContact
    | SaveProfile
    | Remind
    | OptOut
    | OptIn
    | Forget
    | KeepUnmatched
    | KeepAnswer
    | EndOutreach
    | OpenHeld
    | HoldBack
)

_FROM_ACTIONS: dict[str, type] = {
    "open_case": OpenCase,
    "join_case": JoinCase,
    "answer_case": AnswerCase,
    "save_contact": SaveContact,
    "save_profile": SaveProfile,
    "remind": Remind,
    "opt_out": OptOut,
    "opt_in": OptIn,
    "forget": Forget,
}

_FROM_TURNS: dict[str, type] = {
    "say": Say,
    "keep_unmatched": KeepUnmatched,
    "keep_answer": KeepAnswer,
    "end_outreach": EndOutreach,
    "open_held": OpenHeld,
    "hold_back": HoldBack,
}


class BadEffect(ValueError):
    """An action asked for an effect that does not exist or lacks a field."""


def effect_from(message: Mapping[str, Any]) -> Effect:
    """Read the effect that an action put into a `json_message`: {"effect": "open_case", "kind": …}.

    Raises BadEffect with the action's fault in words.
    """
    fields = dict(message)
    name = fields.pop("effect", None)
    made = _FROM_ACTIONS.get(str(name))
    if made is None:
        msg = f"There is no effect called {name!r}; known: {', '.join(sorted(_FROM_ACTIONS))}."
        raise BadEffect(msg)
    if "words" in fields:
        fields["words"] = tuple(fields["words"])
    try:
        effect: Effect = made(**fields)
    except TypeError as error:
        msg = f"The effect {name!r} does not fit its fields: {error}."
        raise BadEffect(msg) from error
    return effect


def effect_name(effect: Effect) -> str:
    """Name an effect in the words of the outside interface, such as "say" or "open_case"."""
    return next(name for name, made in (_FROM_ACTIONS | _FROM_TURNS).items() if isinstance(effect, made))
