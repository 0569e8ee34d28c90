"""Fit how sure the understanding may be: five-fold cross-validation of its examples, then logistic fits of their signs.

    python -m scripts.calibrate_scores    # about two minutes

Prints how well wordings never seen are understood, and the numbers for `_FIT` in bot/understanding/classifier.py (how
sure a wish is) and in bot/understanding/alarm.py (how likely a danger is).
"""

import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import TypeAlias

from bot.adapters.understanding_files import default_understanding
from bot.understanding.classifier import Hints, Table, read, weigh
from bot.understanding.distress import Distress
from bot.understanding.signs import signs_of
from bot.understanding.tokens import normal
from bot.understanding.training import Ears
from scripts.learn_weights import danger_lines, learn_danger, learn_intents

FOLDS, ROUNDS, RATE = 5, 40, 0.05
NO_WISH = frozenset({"emergency", "out_of_scope"})
Seen: TypeAlias = tuple[dict[str, float], bool]


def main() -> None:
    """Cross-validate, fit, print."""
    ears = default_understanding().ears
    intents = {text: intent for intent, text, _ in ears.examples.lines}
    lines = [(text, intents.get(text), danger) for text, danger in danger_lines()]
    random.Random(1).shuffle(lines)  # noqa: S311 - a fixed seed: the figure can be repeated
    wishes: list[Seen] = []
    dangers: list[Seen] = []
    among_three = 0
    for fold in range(FOLDS):
        kept = [line for number, line in enumerate(lines) if number % FOLDS != fold]
        table, distress = _learn(ears, kept)
        for text, intent, danger in lines[fold::FOLDS]:
            seen, names, signs = _look(ears, table, distress, text)
            dangers.append((signs, danger))
            if intent and intent not in NO_WISH:
                wishes.append((seen, names[0] == intent))
                among_three += intent in names[:3]
    best = sum(right for _, right in wishes)
    print(f"{len(wishes)} wishes: best {best / len(wishes):.3f}, among three {among_three / len(wishes):.3f}")
    _report(wishes, (0.6, 0.7, 0.75, 0.8, 0.85), "right")
    _report(dangers, (0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.8), "danger")


def _learn(ears: Ears, kept: Sequence[tuple[str, str | None, bool]]) -> tuple[Table, Distress]:
    tagged = [ears.tag(normal(text)) for text, _, _ in kept]
    plain = [signs_of(ears.danger.literal(one), ears.lexicon) for one in tagged]
    named = [(signs_of(one, ears.lexicon), intent) for one, (_, intent, _) in zip(tagged, kept, strict=True) if intent]
    learnt = learn_intents([bag for bag, _ in named], [intent for _, intent in named])
    return read(learnt), learn_danger(plain, [danger for _, _, danger in kept])


def _look(
    ears: Ears, table: Table, distress: Distress, text: str
) -> tuple[dict[str, float], list[str], dict[str, float]]:
    """Return the signs of the best wish, the wishes in order, and the signs of danger."""
    tagged = ears.tag(normal(text))
    plain = ears.danger.literal(tagged)
    hints = ears.hints(tagged)
    seen, ranked = weigh(signs_of(tagged, ears.lexicon), table, hints=Hints(hints.sure, hints.likely))
    found = ears.danger.find(plain, text)
    wish = max((margin for name, margin in ranked if name != "emergency"), default=0.0)
    signs = replace(ears, distress=distress).danger_signs(tagged, plain, wish, found)
    told = {field.name: float(getattr(signs, field.name)) for field in fields(signs)}
    return seen, [name for name, _ in ranked], {"one": 1.0, **told}


def _report(lines: Sequence[Seen], thresholds: Iterable[float], what: str) -> None:
    weights = fit(lines)
    print({name: round(value, 2) for name, value in weights.items()})
    for threshold in thresholds:
        above = [told for seen, told in lines if chance(weights, seen) >= threshold]
        good, bad = sum(above), len(above) - sum(above)
        told = sum(told for _, told in lines)
        print(f"from {threshold}: {good / told:.3f} of what is {what}, {bad / (len(lines) - told):.3f} of what is not")


def fit(lines: Sequence[Seen]) -> dict[str, float]:
    """Fit a logistic curve by gradient descent."""
    weights: Counter[str] = Counter()
    order, dice = list(lines), random.Random(0)  # noqa: S311
    for turn in range(ROUNDS):
        dice.shuffle(order)
        for seen, told in order:
            error = told - chance(weights, seen)
            for name, value in seen.items():
                weights[name] += RATE / (1 + turn / 2) * error * value
    return dict(weights)


def chance(weights: dict[str, float], seen: dict[str, float]) -> float:
    """Return the chance that a line is what is asked for."""
    return 1 / (1 + math.exp(-sum(weights.get(name, 0.0) * value for name, value in seen.items())))


if __name__ == "__main__":
    main()
