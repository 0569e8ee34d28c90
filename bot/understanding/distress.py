"""How much a text sounds like danger as a whole: weights learnt from examples, for wordings that no list has."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from bot.understanding.lexicon import Lexicon, Tagged

T = TypeVar("T")

_SIZES = range(3, 6)
_WORDS_APART = 2  # word pairs: next to each other, or one in between
_MEANINGS_APART = 3
_MEMORY = 20_000
UNIT = 1000  # the file holds thousandths


@dataclass(frozen=True, slots=True)
class Distress:
    """What each sign adds; made by scripts/learn_distress.py from the examples and locales/distress.tsv."""

    weights: Mapping[str, int] = field(default_factory=dict)
    bias: int = -UNIT

    def score(self, tagged: Tagged, lexicon: Lexicon) -> float:
        """Return about 1 for a text like those of people in danger, about -1 for one like the others.

        Texts must come without their figures of speech (`DangerList.literal`), as in the learning.
        """
        known = [self.weights[sign] for sign in signs(tagged, lexicon) if sign in self.weights]
        return (sum(known) / math.sqrt(max(len(known), 1)) + self.bias) / UNIT


def read(data: Mapping[str, Any]) -> Distress:
    """Read the parsed file: {"bias": thousandths, "weights": {sign: thousandths}}; an empty one hears nothing."""
    return Distress(data["weights"], int(data["bias"])) if data else Distress()


def signs(tagged: Tagged, lexicon: Lexicon) -> set[str]:
    """Return what the score is made of: letter groups, words, word pairs, meanings and pairs of meanings."""
    sounds = [token.fr for token in tagged.tokens]
    meanings = [lexicon.meanings(mask) for mask in tagged.masks]
    found = {f"@{name}" for names in meanings for name in names}
    for sound in sounds:
        found.update(_of_word(sound))
    found.update(f"~{token.bm}" for token in tagged.tokens)
    found.update(f"{a}_{b}" for a, b in _near(sounds, _WORDS_APART))
    found.update(f"{a}>{b}" for left, right in _near(meanings, _MEANINGS_APART) for a in left for b in right)
    return found


@lru_cache(maxsize=_MEMORY)
def _of_word(sound: str) -> tuple[str, ...]:
    edged = f" {sound} "
    return (f"={sound}", *(edged[i : i + n] for n in _SIZES for i in range(len(edged) - n + 1)))


def _near(items: Sequence[T], apart: int) -> Iterable[tuple[T, T]]:
    return ((item, other) for i, item in enumerate(items) for other in items[i + 1 : i + 1 + apart])
