"""What a text is judged by as a whole: letter groups, words, word pairs, meanings, and pairs of meanings."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, TypeVar

from bot.understanding.lexicon import Lexicon, Tagged

T = TypeVar("T")

UNIT: Final = 1000  # files of learnt weights hold thousandths
_SIZES = range(3, 6)
_WORDS_APART = 2  # word pairs: next to each other, or one in between
_MEANINGS_APART = 3
_MEMORY = 20_000


def signs_of(tagged: Tagged, lexicon: Lexicon) -> frozenset[str]:
    """Return the signs of a text, by the sounds of both languages; they are kept with it."""
    if tagged.signs is None:
        tagged.signs = frozenset(_signs(tagged, lexicon))
    return tagged.signs


def _signs(tagged: Tagged, lexicon: Lexicon) -> set[str]:
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
