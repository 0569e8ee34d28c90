"""Fit how sure the classifier may be: five-fold cross-validation of nlu.yml, then a logistic fit of its signs.

    python scripts/calibrate_scores.py

Prints the accuracy on wording never seen, and the numbers for `_FIT` in bot/understanding/classifier.py.
"""

import math
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bot.adapters.understanding_files import read_sources
from bot.understanding import classifier
from bot.understanding.classifier import Hints
from bot.understanding.read import Understanding
from bot.understanding.tokens import normal
from bot.understanding.training import Examples, Sources

FOLDS, ROUNDS, RATE = 5, 60, 0.025
Line = tuple[str, str, str]  # language, intent, text


def main() -> None:
    """Cross-validate, fit, print."""
    sources = read_sources(Path(__file__).parents[1])
    signs: list[tuple[dict[str, float], bool]] = []
    top = top_three = 0
    for examples, held_out in folds(sources.examples):
        ears = Understanding.from_sources(Sources(sources.words, examples, sources.places, sources.statistics)).ears
        for _, intent, text in held_out:
            tagged = ears.tag(normal(text))
            if intent in {"emergency", "out_of_scope"} or not tagged.tokens:
                continue
            total = tagged.all
            hints = Hints(frozenset(ears.sure.names(tagged, total)), frozenset(ears.likely.names(tagged, total)))
            seen, ranked = classifier.weigh(tagged, ears.table, ears.lexicon, hints=hints)
            names = [ears.table.intents[i] for i in ranked]
            del seen["near"]  # it only tells texts that are examples
            signs.append(({"one": 1.0, **seen}, names[0] == intent))
            top, top_three = top + (names[0] == intent), top_three + (intent in names[:3])
    print(f"{len(signs)} lines: best {top / len(signs):.3f}, among three {top_three / len(signs):.3f}")
    weights = fit(signs)
    print({name: round(value, 2) for name, value in weights.items()})
    for threshold in (0.6, 0.7, 0.75, 0.8):
        acted = [right for seen, right in signs if chance(weights, seen) >= threshold]
        wrong = 1 - sum(acted) / max(1, len(acted))
        print(f"act at {threshold}: {len(acted) / len(signs):.2f} of all, wrong {wrong:.3f} of these")


def folds(examples: Examples) -> Iterator[tuple[Examples, list[Line]]]:
    """Yield (training examples, held-out lines), five times."""
    lines = [(lang, intent, text) for lang, by in examples.items() for intent, texts in by.items() for text in texts]
    random.Random(1).shuffle(lines)  # noqa: S311 - a fixed seed: the figure can be repeated
    for fold in range(FOLDS):
        training: dict[str, dict[str, list[str]]] = {}
        for number, (lang, intent, text) in enumerate(lines):
            if number % FOLDS != fold:
                training.setdefault(lang, {}).setdefault(intent, []).append(text)
        yield training, lines[fold::FOLDS]


def fit(signs: list[tuple[dict[str, float], bool]]) -> dict[str, float]:
    """Fit a logistic curve by gradient descent."""
    weights: Counter[str] = Counter()
    dice = random.Random(0)  # noqa: S311
    for turn in range(ROUNDS):
        dice.shuffle(signs)
        for seen, right in signs:
            error = right - chance(weights, seen)
            for name, value in seen.items():
                weights[name] += RATE / (1 + turn / 5) * error * value
    return dict(weights)


def chance(weights: dict[str, float], seen: dict[str, float]) -> float:
    """Return the chance that the best intent is right."""
    return 1 / (1 + math.exp(-sum(weights.get(name, 0.0) * value for name, value in seen.items())))


if __name__ == "__main__":
    main()
