"""The examples by their sound: whether a text is one of them, and which one it is nearest to."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.understanding.lexicon import Tagged

Line = tuple[str, str, Sequence[str]]  # intent, text, the sound of each word


@dataclass(frozen=True, slots=True)
class Examples:
    """The lines of nlu.yml."""

    lines: Sequence[Line]
    _intents: dict[str, str] = field(init=False, repr=False, default_factory=dict)  # by the sound of the whole

    def __post_init__(self) -> None:
        """File them by sound."""
        self._intents.update((" ".join(sounds), intent) for intent, _, sounds in self.lines)

    def same(self, tagged: Tagged) -> str | None:
        """Return the intent of the example that sounds like this, word for word, if there is one."""
        return self._intents.get(" ".join(token.fr for token in tagged.tokens))

    def nearest(self, sounds: Iterable[str], intent: str) -> str:
        """Return the example of an intent that shares most with a text, by letters of equal words; "" for none."""
        heard = set(sounds)
        mine = ((_shared(heard, set(theirs)), text) for name, text, theirs in self.lines if name == intent)
        share, text = max(mine, key=lambda one: one[0], default=(0.0, ""))
        return text if share else ""


def _shared(one: set[str], other: set[str]) -> float:
    letters = sum(map(len, one & other))
    return letters / math.sqrt((sum(map(len, one)) or 1) * (sum(map(len, other)) or 1))
