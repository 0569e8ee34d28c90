"""What somebody wants: letter-group naive Bayes and the nearest example, over the sound of the words."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.understanding.lexicon import Lexicon, Tagged

_SMOOTHING = 0.1
_SIZES = range(1, 6)
_NEAR_SIZES = range(2, 5)
_COMMON = 0.08  # letter groups in more examples than this share say little about nearness
_CANDIDATES = 6
_SHARPNESS = 9.0
_CONCEPT_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Scored:
    """One thing that a text may want, how sure we are (0 to 1), and the example that is nearest."""

    name: str
    score: float
    example: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Everything learnt, as plain lists and numbers that a file can hold."""

    intents: list[str]
    base: list[float]  # log-likelihood of a group never seen with the intent
    gains: dict[str, list[tuple[int, float]]]  # group -> (intent, what it adds)
    weights: dict[str, float]  # group -> how rare it is
    examples: list[tuple[int, str]]  # (intent, text)
    near: dict[str, list[tuple[int, float]]]  # group -> (example, weight)
    near_weights: dict[str, float]

    def to_data(self) -> dict[str, Any]:
        """Return it as JSON-like data."""
        return {name: getattr(self, name) for name in self.__slots__}


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
    near, near_weights = _near_table([t for _, _, t in examples])
    return Table(intents, base, gains, weights, [(index[i], text) for i, text, _ in examples], near, near_weights)


def score(tagged: Tagged, table: Table, lexicon: Lexicon) -> list[Scored]:
    """Return every intent with its score, best first."""
    likely = _bayes(Counter(features(tagged, lexicon)), table)
    best = sorted(range(len(likely)), key=likely.__getitem__, reverse=True)[:_CANDIDATES]
    near = _nearest(tagged, table, frozenset(best))
    scored = []
    for i, chance in enumerate(likely):
        cosine, example = near.get(i, (0.0, -1))
        scored.append(Scored(table.intents[i], (chance + cosine) / 2, table.examples[example][1] if example >= 0 else ""))
    return sorted(scored, key=lambda s: -s.score)


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


def _near_table(examples: Sequence[Tagged]) -> tuple[dict[str, list[tuple[int, float]]], dict[str, float]]:
    bags = [_near_grams(tagged) for tagged in examples]
    spread = Counter(g for bag in bags for g in bag)
    weights = {g: math.log(1 + len(bags) / n) for g, n in spread.items()}
    near: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, bag in enumerate(bags):
        length = math.sqrt(sum((n * weights[g]) ** 2 for g, n in bag.items())) or 1.0
        for g, n in bag.items():
            if spread[g] <= max(8, _COMMON * len(bags)):
                near[g].append((number, n * weights[g] / length))
    return dict(near), weights


def _nearest(tagged: Tagged, table: Table, intents: frozenset[int]) -> dict[int, tuple[float, int]]:
    """Return, of each of these intents, the nearest example and its cosine."""
    bag = _near_grams(tagged)
    unseen = math.log(1 + len(table.examples))
    weights = {g: n * table.near_weights.get(g, unseen) for g, n in bag.items()}
    length = math.sqrt(sum(w * w for w in weights.values())) or 1.0
    dots: dict[int, float] = defaultdict(float)
    for g, weight in weights.items():
        for number, part in table.near.get(g, ()):
            if table.examples[number][0] in intents:
                dots[number] += weight * part
    best: dict[int, tuple[float, int]] = {}
    for number, dot in dots.items():
        intent = table.examples[number][0]
        if dot / length > best.get(intent, (0.0, -1))[0]:
            best[intent] = (min(1.0, dot / length), number)
    return best
