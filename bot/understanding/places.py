"""Where somebody is: a region, or a town with its region, however it is spelt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import OSA

from bot.understanding import fold
from bot.understanding.tokens import Token

_FUZZY_FROM = 5
_LONG = 8  # two slips are allowed from here
_MOST_WORDS = 3
_ANSWER = 4  # words; in a longer text a short name is an ordinary word
_PARTICLE = 2  # letters
_SHORTEST = 3  # a shorter sound is found in any sentence ("ke", to do, sounds like Kaye)
_TOO_COMMON = frozenset(
    {
        "san",
        "same",
        "bara",
        "baara",
        "mena",
        "dia",
        "banco",
        "dire",
        "balle",
        "boni",
        "koro",
        "kay",
        "kaye",
        "sy",
        "bla",
        "ber",
        "fana",
        "ouo",
        "lere",
        "tonka",
        "bore",
        "siby",
        "lassa",
        "youri",
        "mande",
        "sido",
        "farako",
        "kita",
        "nara",
        "banko",
    }
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place that we know: its ordinary name and the code of its region."""

    name: str
    region: str
    is_region: bool


@dataclass(frozen=True, slots=True)
class Ordinary:
    """Sounds of Bambara words: the `common` ones are no place by chance, no word of `words` is a misspelt place."""

    common: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


class Gazetteer:
    """Every place name by its sound; built once, then only asked."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Read places.yml (already parsed): the first name of each region and every town is its ordinary name."""
        self._by_key: dict[str, Place] = {}
        for section in ("regions", "towns"):
            for region, names in data[section].items():
                for name in names:
                    self._learn(
                        name, Place(_title(names[0] if section == "regions" else name), region, section == "regions")
                    )

    def find(self, tokens: Sequence[Token], *, asked: bool = False, known: Ordinary | None = None) -> Place | None:
        """Return the place a text names. `asked`: the question was "where?", so short and misspelt names count too.

        `known`: ordinary words, which are taken for a place only where one is asked for.
        """
        towns = [p for p in self._all(tokens, asked=asked, known=known or Ordinary()) if p is not None]
        return next((p for p in towns if not p.is_region), towns[0] if towns else None)

    def _all(self, tokens: Sequence[Token], *, asked: bool, known: Ordinary) -> list[Place | None]:
        found: list[Place | None] = []
        for size in range(min(_MOST_WORDS, len(tokens)), 0, -1):
            for start in range(len(tokens) - size + 1):
                words = tokens[start : start + size]
                if size > 1 and all(len(word.plain) <= _PARTICLE for word in words):  # "je ne" is not Djenné
                    continue
                if size == 1 and words[0].plain in _TOO_COMMON and not (asked and len(tokens) <= _ANSWER):
                    continue
                place = self._named(words)
                chance = place and (size > 1 or not place.is_region) and all(t.bm in known.common for t in words)
                found += [None if chance and not asked else place]
        if not any(found) and asked:
            found += [self._near(t.bm) for t in tokens] + [self._near(_joined(tokens, "bm"))]
        elif not any(found):
            found += [self._near(t.bm) for t in tokens if t.bm not in known.words and len(t.plain) > _FUZZY_FROM]
        return found

    def _named(self, words: Sequence[Token]) -> Place | None:
        keys = (_joined(words, "fr"), _joined(words, "bm"))
        return next((self._by_key[key] for key in keys if len(key) >= _SHORTEST and key in self._by_key), None)

    def _near(self, key: str) -> Place | None:
        if len(key) < _FUZZY_FROM:
            return None
        allowed = 1 if len(key) < _LONG else 2
        close = (
            (OSA.distance(key, other, score_cutoff=allowed), other) for other in self._by_key if other[0] == key[0]
        )
        best = min((pair for pair in close if pair[0] <= allowed), default=None)
        return self._by_key[best[1]] if best else None

    def _learn(self, name: str, place: Place) -> None:
        words = [fold.plain(word) for word in name.replace("-", " ").split()]
        for sound in (fold.french, fold.bambara):
            self._by_key.setdefault("".join(map(sound, words)), place)


def distinct(name: str) -> bool:
    """Say whether a place name is long and rare enough to mean a place wherever it stands."""
    return len(fold.plain(name)) > _SHORTEST + 1 and fold.plain(name) not in _TOO_COMMON


def _joined(tokens: Sequence[Token], language: str) -> str:
    return "".join(t.fr if language == "fr" else t.bm for t in tokens)


def _title(name: str) -> str:
    return " ".join(word if word in {"du", "de", "g"} else word.capitalize() for word in name.split())
