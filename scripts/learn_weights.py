"""Learn what each sign of a text says: for each intent, for danger, and for each kind of it (locales/*.json).

    python -m scripts.learn_weights            # writes intents.json, distress.json, kinds.json; half a minute
    python -m scripts.learn_weights --check    # five-fold cross-validation of danger instead

Linear machines with squared hinge loss, by dual coordinate descent (Hsieh and others, 2008). Run it after changes to
words.yml, nlu.yml, distress.tsv or fold.py; what it writes is the project's own statistics of its own texts.
"""

import json
import math
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.adapters.understanding_files import default_understanding, read_examples
from bot.understanding.danger import KINDS
from bot.understanding.distress import Distress
from bot.understanding.signs import UNIT, signs_of
from bot.understanding.tokens import normal
from bot.understanding.training import Ears

ROOT = Path(__file__).resolve().parents[1]
COST, DANGER_COST = 1.0, 2.0
ROUNDS, RESTS_AFTER = 20, 3  # rounds; from then on a line that is well told apart is left out
RARE = 2
FAINT_OF_DANGER, FAINT = 12, 50  # thousandths; smaller weights are left out of the files

Bag = frozenset[str]
Line = tuple[str, bool]


def main() -> None:
    """Write the weights, or print how those of danger do on lines left out."""
    ears = default_understanding().ears
    lines = danger_lines()
    bags = [signs_of(ears.danger.literal(ears.tag(normal(text))), ears.lexicon) for text, _ in lines]
    kinds = [danger for _, danger in lines]
    if "--check" in sys.argv:
        check(bags, kinds)
        return
    distress = learn_danger(bags, kinds)
    write("distress.json", {"bias": distress.bias, "weights": dict(sorted(distress.weights.items()))})
    write("kinds.json", learn_intents(*kind_bags(ears)))
    write("intents.json", learn_intents(*example_bags(ears)))
    sys.stdout.write(f"danger: {len(lines)} lines, {len(distress.weights)} signs\n")


def write(name: str, data: dict[str, Any]) -> None:
    """Write a file of weights, a sign a line."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    (ROOT / "locales" / name).write_text(text.replace(',"', ',\n"') + "\n", encoding="utf-8")


def danger_lines() -> list[Line]:
    """Return every line to learn danger from, and whether it is of danger."""
    found: dict[str, bool] = {
        text: intent == "emergency"
        for by in read_examples(ROOT).values()
        for intent, texts in by.items()
        for text in texts
    }
    found.update((text, kind != "calm") for text, kind in distress_lines())
    return list(found.items())


def distress_lines() -> list[tuple[str, str]]:
    """Return the lines of distress.tsv, each with its kind of danger ("danger": nobody has said which), or "calm"."""
    rows = (ROOT / "locales" / "distress.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [(text, kind) for text, kind in (row.split("\t") for row in rows)]


def kind_bags(ears: Ears) -> tuple[list[Bag], list[str]]:
    """Return the signs of every line whose kind of danger is known, and the kind."""
    known = [(text, kind) for text, kind in distress_lines() if kind in KINDS]
    plain = (ears.danger.literal(ears.tag(normal(text))) for text, _ in known)
    return [signs_of(one, ears.lexicon) for one in plain], [kind for _, kind in known]


def example_bags(ears: Ears) -> tuple[list[Bag], list[str]]:
    """Return the signs of every example, and its intent."""
    bags, names = [], []
    for intent, text, _ in ears.examples.lines:
        bags.append(signs_of(ears.tag(normal(text)), ears.lexicon))
        names.append(intent)
    return bags, names


def learn_danger(bags: Sequence[Bag], kinds: Sequence[bool]) -> Distress:
    """Return the weights that tell the two kinds of lines apart."""
    rows = Rows(bags)
    weights, bias = rows.learn([1 if danger else -1 for danger in kinds], dear=DANGER_COST)
    return Distress(dict(rows.kept(weights, FAINT_OF_DANGER)), round(bias * UNIT))


def learn_intents(bags: Sequence[Bag], names: Sequence[str]) -> dict[str, Any]:
    """Return for each intent the weights that tell its lines from all others, as `classifier.read` wants them."""
    rows = Rows(bags)
    intents = sorted(set(names))
    base: list[int] = []
    gains: dict[str, list[int]] = {}
    for place, intent in enumerate(intents):
        weights, bias = rows.learn([1 if name == intent else -1 for name in names])
        base.append(round(bias * UNIT))
        for sign, weight in rows.kept(weights, FAINT):
            gains.setdefault(sign, []).extend((place, weight))
    return {"intents": intents, "base": base, "gains": dict(sorted(gains.items()))}


class Rows:
    """Lines as lists of the signs that more than one of them has."""

    def __init__(self, bags: Iterable[Bag]) -> None:
        """Give each sign a number."""
        kept = list(bags)
        common = Counter(sign for bag in kept for sign in bag)
        self.signs = sorted(sign for sign, n in common.items() if n >= RARE)
        places = {sign: i for i, sign in enumerate(self.signs)}
        self.rows = [sorted(places[sign] for sign in bag if sign in places) for bag in kept]
        self.shares = [1 / math.sqrt(max(len(row), 1)) for row in self.rows]

    def learn(self, sides: Sequence[int], *, dear: float = 1.0) -> tuple[list[float], float]:
        """Return a weight for each sign, and the bias; `sides` are 1 or -1, an error on a 1 costs `dear` times more."""
        weights = [0.0] * len(self.signs)
        weigh = weights.__getitem__
        bias, pull = 0.0, [0.0] * len(self.rows)
        order, draw = list(range(len(self.rows))), random.Random(1)  # noqa: S311 - the same each time
        for turn in range(ROUNDS):
            draw.shuffle(order)
            for i in order:
                side, row, share = sides[i], self.rows[i], self.shares[i]
                told = side * (share * sum(map(weigh, row)) + bias)
                slack = 1 / (2 * COST * (dear if side > 0 else 1))
                pulled = max(pull[i] - (told - 1 + slack * pull[i]) / (2 + slack), 0.0)
                step, pull[i] = (pulled - pull[i]) * side, pulled
                if step:
                    bias += step
                    for sign in row:
                        weights[sign] += step * share
            if turn == RESTS_AFTER:
                order = [i for i in order if pull[i] or sides[i] > 0]
        return weights, bias

    def kept(self, weights: Sequence[float], faint: int) -> Iterator[tuple[str, int]]:
        """Yield the signs that say something, in thousandths."""
        for sign, weight in zip(self.signs, weights, strict=True):
            if abs(weight) * UNIT >= faint:
                yield sign, round(weight * UNIT)


def check(bags: Sequence[Bag], kinds: Sequence[bool]) -> None:
    """Print, for several thresholds, how many lines of each kind are above; the machine had not seen them."""
    scores = [0.0] * len(bags)
    for part in range(5):
        kept = [i for i in range(len(bags)) if i % 5 != part]
        learnt = learn_danger([bags[i] for i in kept], [kinds[i] for i in kept])
        for i in range(part, len(bags), 5):
            known = [learnt.weights[s] for s in bags[i] if s in learnt.weights]
            scores[i] = (sum(known) / math.sqrt(max(len(known), 1)) + learnt.bias) / UNIT
    for threshold in (-0.4, -0.2, 0.0, 0.2, 0.4, 0.6, 0.9):
        dangers = [s > threshold for s, danger in zip(scores, kinds, strict=True) if danger]
        others = [s > threshold for s, danger in zip(scores, kinds, strict=True) if not danger]
        shares = (f"{sum(above) / len(above):.1%}" for above in (dangers, others))
        sys.stdout.write(f"{threshold:5}: danger {next(shares)}, others {next(shares)}\n")


if __name__ == "__main__":
    main()
