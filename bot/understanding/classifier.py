"""What somebody wants: weights over the signs of a text, learnt from the examples (docs/decisions/0005)."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.understanding.signs import UNIT

_CANDIDATES = 4
_SURE = 0.35  # what a pattern of words.yml adds to an intent
_LIKELY = 0.1
_FALL = 2.0  # how fast the chance of another intent falls with its distance from the best one
# How sure the best intent is: a logistic fit on cross-validation (scripts/calibrate_scores.py).
_FIT = {"one": -2.16, "margin": 0.8, "gap": 2.65, "sure": 0.15, "contested": -0.06, "known": 2.09}
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
    """What each sign says for and against each intent, in thousandths; made by scripts/learn_weights.py."""

    intents: Sequence[str]
    base: Sequence[int]
    gains: Mapping[str, Sequence[int]]  # sign -> place of an intent, what it adds, place of another …

    def margins(self, found: Iterable[str]) -> tuple[list[float], float]:
        """Return each intent's margin (above 0: like its examples), and which share of the signs is known."""
        sums, known, total = [0] * len(self.intents), 0, 0
        for sign in found:
            total += 1
            gains = self.gains.get(sign)
            if gains:
                known += 1
                for at in range(0, len(gains), 2):
                    sums[gains[at]] += gains[at + 1]
        length = math.sqrt(known or 1)
        return [(base + s / length) / UNIT for base, s in zip(self.base, sums, strict=True)], known / (total or 1)


def read(data: Mapping[str, Any]) -> Table:
    """Read the parsed file; an empty one knows no intent."""
    return Table(data["intents"], data["base"], data["gains"]) if data else Table([], [], {})


def score(found: Iterable[str], table: Table, *, hints: Hints) -> tuple[Scored, ...]:
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
    found: Iterable[str], table: Table, *, hints: Hints
) -> tuple[dict[str, float], tuple[tuple[str, float], ...]]:
    """Return the signs of how sure the best intent is, and the best intents with their margins, best first."""
    margins, known = table.margins(found)
    totals = [margin + hints.bonus(name) for margin, name in zip(margins, table.intents, strict=True)]
    best = sorted(range(len(totals)), key=totals.__getitem__, reverse=True)[:_CANDIDATES]
    top = table.intents[best[0]]
    seen = {
        "one": 1.0,
        "margin": totals[best[0]],
        "gap": totals[best[0]] - totals[best[1]],
        "sure": float(top in hints.sure),
        "contested": float(bool(hints.sure - {top})),
        "known": known,
    }
    return seen, tuple((table.intents[i], totals[i]) for i in best)
