"""The examples by their sound: whether a text is one of them, and which one it is nearest to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.understanding.lexicon import Tagged

Line = tuple[str, str, Sequence[str]]  # intent, text, the sound of each word


@dataclass(frozen=True, slots=True)
class Examples:
    """The lines of nlu.yml."""

    lines: Sequence[Line]
    _intents: dict[str, str] = field(init=False, repr=False, default_factory=dict)  # by the sound of the whole
    _sets: dict[str, list[tuple[str, frozenset[str]]]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        """File them by sound."""
        self._intents.update((" ".join(sounds), intent) for intent, _, sounds in self.lines)

    def same(self, tagged: Tagged) -> str | None:
        """Return the intent of the example that sounds like this, word for word, if there is one."""
        return self._intents.get(" ".join(token.fr for token in tagged.tokens))

    def nearest(self, sounds: Iterable[str], intent: str) -> str:
        """Return the example of an intent that has most of its words in common with a text; "" for none."""
        heard = frozenset(sounds)
        share, text = max(((_shared(heard, theirs), text) for text, theirs in self._of(intent)), default=(0.0, ""))
        return text if share else ""

    def _of(self, intent: str) -> list[tuple[str, frozenset[str]]]:
        if intent not in self._sets:
            self._sets[intent] = [(text, frozenset(sounds)) for name, text, sounds in self.lines if name == intent]
        return self._sets[intent]


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the letters of the words in common, against the words of both."""
    return sum(map(len, one & other)) / (len(one) + len(other) or 1)
