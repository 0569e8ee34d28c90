"""What somebody wants: weights over the signs of a text, learnt from the examples (docs/decisions/0005)."""

import math
import struct
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.understanding.signs import UNIT

_ROOM, _LIFT = 32, 1 << 16  # bits of an intent's part; more than any weight, and 65,000 signs still fit
_CANDIDATES = 4
_SURE = 0.35  # what a pattern of words.yml adds to an intent
_LIKELY = 0.1
_FALL = 2.0  # how fast the chance of another intent falls with its distance from the best one
# How sure the best intent is: a logistic fit on cross-validation (scripts/calibrate_scores.py).
_FIT = {"one": -1.4, "margin": 0.85, "gap": 2.85, "known": 1.1}
_EXAMPLE = 0.95  # how sure a text is that is an example in all but spelling


@dataclass(frozen=True, slots=True)
class Scored:
    """One thing that a text may want, and how sure we are (0 to 1)."""

    name: str
    score: float
    margin: float = 0.0  # above 0: like its examples; how sure by itself, whatever the others


@dataclass(frozen=True, slots=True)
class Hints:
    """The intents whose patterns in words.yml fit, surely or as a likely matter; and the one it is an example of."""

    sure: frozenset[str] = frozenset()
    likely: frozenset[str] = frozenset()
    example: str | None = None

    def bonus(self, name: str) -> float:
        """Return what they add to an intent's margin."""
        return _SURE * (name in self.sure) + _LIKELY * (name in self.likely)


@dataclass(frozen=True, slots=True)
class Table:
    """What each sign says for and against each intent, in thousandths; made by scripts/learn_weights.py.

    What a sign says stands in one long number, `_ROOM` bits an intent, each lifted by `_LIFT` above zero: the sum over
    a text's hundreds of signs is then a sum of numbers, twenty times as fast as one of lists.
    """

    intents: Sequence[str]
    base: Sequence[int]
    says: Mapping[str, int]

    def margins(self, found: Collection[str]) -> tuple[list[float], float]:
        """Return each intent's margin (above 0: like its examples), and which share of the signs is known."""
        known = [says for sign in found if (says := self.says.get(sign)) is not None]
        whole = sum(known).to_bytes(len(self.intents) * _ROOM // 8, "little")
        lifted, length = len(known) * _LIFT, math.sqrt(len(known) or 1)
        sums = (told - lifted for told in struct.unpack(f"<{len(self.intents)}I", whole))
        margins = [(base + told / length) / UNIT for base, told in zip(self.base, sums, strict=True)]
        return margins, len(known) / (len(found) or 1)

    def by_name(self, found: Collection[str]) -> dict[str, float]:
        """Return the margins by intent."""
        return dict(zip(self.intents, self.margins(found)[0], strict=True))


def read(data: Mapping[str, Any]) -> Table:
    """Read the parsed file: {"intents": names, "base": thousandths, "gains": {sign: [place, thousandths, place, …]}}.

    An empty one knows no intent.
    """
    if not data:
        return Table([], [], {})
    lift = sum(_LIFT << _ROOM * place for place in range(len(data["intents"])))
    says = {
        sign: lift + sum(gain << _ROOM * place for place, gain in zip(gains[::2], gains[1::2], strict=True))
        for sign, gains in data["gains"].items()
    }
    return Table(data["intents"], data["base"], says)


def score(found: Collection[str], table: Table, *, hints: Hints) -> tuple[Scored, ...]:
    """Return the best intents, best first: the first score is its chance of being right, the others in proportion."""
    if not table.intents:
        return ()
    seen, ranked = weigh(found, table, hints=hints)
    chance = 1 / (1 + math.exp(-sum(weight * seen[name] for name, weight in _FIT.items())))
    best, most = ranked[0]
    if best == hints.example:
        chance = max(chance, _EXAMPLE)
    return tuple(Scored(name, chance * math.exp(_FALL * (margin - most)), margin) for name, margin in ranked)


def weigh(
    found: Collection[str], table: Table, *, hints: Hints
) -> tuple[dict[str, float], tuple[tuple[str, float], ...]]:
    """Return the signs of how sure the best intent is, and the best intents with their margins, best first."""
    margins, known = table.margins(found)
    totals = [margin + hints.bonus(name) for margin, name in zip(margins, table.intents, strict=True)]
    best = sorted(range(len(totals)), key=totals.__getitem__, reverse=True)[:_CANDIDATES]
    seen = {
        "one": 1.0,
        "margin": totals[best[0]],
        "gap": totals[best[0]] - totals[best[1]],
        "known": known,
    }
    return seen, tuple((table.intents[i], totals[i]) for i in best)
