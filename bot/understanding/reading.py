"""What was understood of a message, and how it is put: for the conversation its commands, for staff the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from bot.core.commands import Alarm, Command, Expectation, Fill, Value
from bot.core.messages import Language
from bot.understanding import anywhere
from bot.understanding.classifier import Scored
from bot.understanding.danger import Danger
from bot.understanding.language import Verdict
from bot.understanding.lexicon import Tagged

Outcome = Literal["act", "ask", "danger", "stop", "unclear", "unsupported_language"]


OUT_OF_SCOPE: Final = "out_of_scope"  # an intent of nlu.yml that is never offered: talk that is no matter of ours
OFFERED: Final = 3
_WORTH_OFFERING: Final = 0.15  # of the likeliest one's score
_NO_CHOICES: Final = frozenset(
    {"wrong_number", "abuse", "operator_notice", "affirm", "deny", "greet", "thanks", "goodbye"}
)


@dataclass(frozen=True, slots=True)
class Turned:
    """A clear sentence in another language than the person's stored one; a `long` one is sign enough to follow."""

    language: Language
    long: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood: for the conversation `commands`, for staff and tests the rest."""

    language: Verdict
    outcome: Outcome
    commands: tuple[Command, ...]
    intents: tuple[Scored, ...] = ()
    danger: Danger | None = None
    entities: Mapping[str, Value] = field(default_factory=dict)
    turned: Turned | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A message on its way: text, words, language, the wishes stated plainly, what is waited for."""

    text: str
    tagged: Tagged
    language: Verdict
    sure: frozenset[str]
    expectation: Expectation
    today: date | None


def offered(found: tuple[Scored, ...]) -> tuple[Scored, ...]:
    """Return the intents that may be offered: never danger nor the unlikely, what is no wish only as the likeliest."""
    return tuple(
        s
        for i, s in enumerate(found)
        if s.name not in {"emergency", OUT_OF_SCOPE}
        and (i == 0 or s.name not in _NO_CHOICES)
        and s.score >= _WORTH_OFFERING * found[0].score
    )[:OFFERED]


def is_certain(found: Danger | None) -> bool:
    """Say whether a danger stands whatever else the message complains of."""
    return bool(found and not found.doubt and found.kind not in {"sexual_violence", "threat", "trafficking"})


def why_unclear(heard: Heard) -> str:
    """Return the reason for `CannotHandle`."""
    return "unclear" if any(c.isalnum() for c in heard.text) else "emoji"


def by_word(heard: Heard, word: str) -> Reading:
    """Return what a word that works everywhere asks for."""
    name = "change_language" if word.startswith("language:") else word
    entities = {"language": word.partition(":")[2]} if ":" in word else {}
    outcome: Outcome = "stop" if word == "stop" else "act"
    return told(heard, outcome, (anywhere.command(word),), intents=(Scored(name, 1.0),), entities=entities)


def alarm_reading(heard: Heard, found: Danger, intents: tuple[Scored, ...] = ()) -> Reading:
    """Return an alarm, or the discreet question where it is a doubt; `intents` are what else the message may want."""
    command = Alarm(found.kind, found.priority, found.words, found.doubt)
    others = tuple(s for s in intents if s.name != "emergency")[: OFFERED - 1]
    return Reading(
        heard.language, "ask" if found.doubt else "danger", (command,), (Scored("emergency", 1.0), *others), found
    )


def told(
    heard: Heard,
    outcome: Outcome,
    commands: tuple[Command, ...],
    *,
    intents: tuple[Scored, ...] = (),
    entities: Mapping[str, Value] | None = None,
) -> Reading:
    """Return what was understood where there is no danger; entities are those filled, if none are given."""
    filled = {c.slot: c.value for c in commands if isinstance(c, Fill)}
    return Reading(heard.language, outcome, commands, intents, None, entities if entities is not None else filled)
