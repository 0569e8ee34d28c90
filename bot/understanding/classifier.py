"""What somebody wants: letter-group naive Bayes and the nearest example, over the sound of the words."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.understanding.lexicon import Lexicon, Tagged

_SMOOTHING = 0.1
_SIZES = range(2, 6)
_NEAR_SIZES = range(3, 5)
_CANDIDATES = 4
_SHARPNESS = 1.35
_BAYES_SHARE = 0.6
_SURE = 0.35  # what a pattern of words.yml adds to an intent
_LIKELY = 0.1
# How sure the best intent is: a logistic fit on five-fold cross-validation (scripts/calibrate_scores.py). A later fit,
# on more lines of danger, acted wrongly more often on tests/evaluation and was not taken.
_FIT = {"one": -1.03, "score": 1.38, "gap": 3.81, "bayes": 2.02, "sure": 0.54, "contested": -0.37, "brevity": -1.0}
_SAME = 0.97  # cosine of a text that is an example in all but spelling
_KNOWN = 0.95  # and how sure that makes us


@dataclass(frozen=True, slots=True)
class Scored:
    """One thing that a text may want, how sure we are (0 to 1), and the example that is nearest."""

    name: str
    score: float
    example: str = ""


Near: TypeAlias = dict[str, dict[int, tuple[list[int], list[float]]]]  # group -> intent -> (examples, their weights)


@dataclass(frozen=True, slots=True)
class Table:
    """Everything learnt, as plain lists and numbers that a file can hold."""

    intents: list[str]
    base: list[float]  # log-likelihood of a group never seen with the intent
    gains: dict[str, list[tuple[int, float]]]  # group -> (intent, what it adds)
    weights: dict[str, float]  # group -> how rare it is
    examples: list[tuple[int, str]]  # (intent, text)
    near: Near
    near_weights: dict[str, float]

    def to_data(self) -> dict[str, Any]:
        """Return it as plain dicts, lists, texts and numbers."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Table":
        """Read what `to_data` wrote."""
        return cls(**data)


def train(examples: Sequence[tuple[str, str, Tagged]], lexicon: Lexicon) -> Table:
    """Learn from (intent, text, tagged text)."""
    intents = sorted({intent for intent, _, _ in examples})
    index = {intent: i for i, intent in enumerate(intents)}
    bags = [(index[intent], Counter(features(tagged, lexicon))) for intent, _, tagged in examples]
    spread = Counter(f for _, bag in bags for f in bag)
    weights = {f: math.log(1 + len(bags) / n) for f, n in spread.items()}
    mass: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    totals = [0.0] * len(intents)
    for intent, bag in bags:
        for f, n in bag.items():
            weight = (1 + math.log(n)) * weights[f]
            mass[f][intent] += weight
            totals[intent] += weight
    room = _SMOOTHING * len(mass)
    base = [math.log(_SMOOTHING / (total + room)) for total in totals]
    gains = {f: [(i, math.log((m + _SMOOTHING) / _SMOOTHING)) for i, m in by.items()] for f, by in mass.items()}
    near, near_weights = _near_table([(index[i], tagged) for i, _, tagged in examples])
    return Table(intents, base, gains, weights, [(index[i], text) for i, text, _ in examples], near, near_weights)


@dataclass(frozen=True, slots=True)
class Hints:
    """The intents whose patterns in words.yml fit: surely, or as a likely matter."""

    sure: frozenset[str] = frozenset()
    likely: frozenset[str] = frozenset()

    def bonus(self, name: str) -> float:
        """Return what they add to an intent's score."""
        return _SURE * (name in self.sure) + _LIKELY * (name in self.likely)


def score(tagged: Tagged, table: Table, lexicon: Lexicon, *, hints: Hints) -> tuple[Scored, ...]:
    """Return the best intents, best first: the first score is its chance of being right, the others in proportion."""
    signs, ranked = weigh(tagged, table, lexicon, hints=hints)
    chance = max(_chance(signs), _KNOWN if signs["near"] >= _SAME else 0.0)
    most = max(signs["score"], 1e-9)
    return tuple(
        Scored(table.intents[i], chance * max(total, 0.0) / most, example) for i, (total, example) in ranked.items()
    )


def weigh(
    tagged: Tagged, table: Table, lexicon: Lexicon, *, hints: Hints
) -> tuple[dict[str, float], dict[int, tuple[float, str]]]:
    """Return the signs of how sure the best intent is, and the best intents in order: weight and nearest example."""
    chances = _bayes(Counter(features(tagged, lexicon)), table)
    extra = [hints.bonus(name) for name in table.intents]
    best = sorted(range(len(chances)), key=lambda i: chances[i] + extra[i], reverse=True)[:_CANDIDATES]
    near = _nearest(tagged, table, best)
    totals = {i: _BAYES_SHARE * chances[i] + (1 - _BAYES_SHARE) * near.get(i, (0.0,))[0] + extra[i] for i in best}
    ranked = sorted(best, key=totals.__getitem__, reverse=True)
    top = ranked[0]
    signs = {
        "score": totals[top],
        "gap": totals[top] - totals[ranked[1]],
        "bayes": chances[top],
        "sure": float(table.intents[top] in hints.sure),
        "contested": float(bool(hints.sure - {table.intents[top]})),
        "brevity": 1 / len(tagged.tokens),
        "near": near.get(top, (0.0,))[0],
    }
    return signs, {i: (totals[i], _example(table, near.get(i))) for i in ranked}


def _chance(signs: Mapping[str, float]) -> float:
    return 1 / (1 + math.exp(-_FIT["one"] - sum(weight * signs.get(name, 0.0) for name, weight in _FIT.items())))


def _example(table: Table, nearest: tuple[float, int] | None) -> str:
    return table.examples[nearest[1]][1] if nearest else ""


def features(tagged: Tagged, lexicon: Lexicon) -> Iterable[str]:
    """Yield letter groups of each word's sound, whole words, word pairs and concepts."""
    before = ""
    for token, mask in zip(tagged.tokens, tagged.masks, strict=True):
        edged = f" {token.fr} "
        for n in _SIZES:
            for i in range(len(edged) - n + 1):
                yield edged[i : i + n]
        yield f"={token.fr}"
        if before:
            yield f"{before}_{token.fr}"
        before = token.fr
        for name in lexicon.meanings(mask):
            yield f"@{name}"


def _bayes(bag: Mapping[str, int], table: Table) -> list[float]:
    sums = [0.0] * len(table.intents)
    total = 0.0
    for f, n in bag.items():
        weight = table.weights.get(f)
        if weight is None:
            continue
        weight *= 1 + math.log(n)
        total += weight
        for i, gain in table.gains[f]:
            sums[i] += weight * gain
    if not total:
        return [1 / len(sums)] * len(sums)
    means = [(base + s / total) * _SHARPNESS for base, s in zip(table.base, sums, strict=True)]
    top = max(means)
    powers = [math.exp(mean - top) for mean in means]
    whole = sum(powers)
    return [power / whole for power in powers]


def _near_grams(tagged: Tagged) -> Counter[str]:
    line = " " + " ".join(t.fr for t in tagged.tokens) + " "
    return Counter(line[i : i + n] for n in _NEAR_SIZES for i in range(len(line) - n + 1))


def _near_table(
    examples: Sequence[tuple[int, Tagged]],
) -> tuple[Near, dict[str, float]]:
    bags = [(intent, _near_grams(tagged)) for intent, tagged in examples]
    spread = Counter(g for _, bag in bags for g in bag)
    weights = {g: math.log(1 + len(bags) / n) for g, n in spread.items()}
    near: Near = {}
    for number, (intent, bag) in enumerate(bags):
        length = math.sqrt(sum((n * weights[g]) ** 2 for g, n in bag.items())) or 1.0
        for g, n in bag.items():
            numbers, parts = near.setdefault(g, {}).setdefault(intent, ([], []))
            numbers.append(number)
            parts.append(n * weights[g] / length)
    return near, weights


def _nearest(tagged: Tagged, table: Table, intents: Sequence[int]) -> dict[int, tuple[float, int]]:
    """Return, of each of these intents, the nearest example and its cosine."""
    unseen = math.log(1 + len(table.examples))
    weights = {g: n * table.near_weights.get(g, unseen) for g, n in _near_grams(tagged).items()}
    length = math.sqrt(sum(w * w for w in weights.values())) or 1.0
    best: dict[int, tuple[float, int]] = {}
    nothing: Mapping[int, tuple[list[int], list[float]]] = {}
    rows = [(weight, table.near.get(g, nothing)) for g, weight in weights.items()]
    for intent in intents:
        dots: dict[int, float] = defaultdict(float)
        for weight, by_intent in rows:
            if intent in by_intent:
                for number, part in zip(*by_intent[intent], strict=True):
                    dots[number] += weight * part
        if dots:
            number = max(dots, key=dots.__getitem__)
            best[intent] = (min(1.0, dots[number] / length), number)
    return best
