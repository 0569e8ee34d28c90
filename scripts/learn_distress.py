"""Learn how danger sounds as a whole from the examples of nlu.yml and the lines of locales/distress.tsv.

    python scripts/learn_distress.py            # writes locales/distress.json
    python scripts/learn_distress.py --check    # five-fold cross-validation instead

A linear machine with squared hinge loss, by dual coordinate descent (Hsieh and others, 2008). Run it after changes to
words.yml, nlu.yml, distress.tsv or fold.py; what it writes is the project's own statistics of its own texts.
"""

import json
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from bot.adapters.understanding_files import default_understanding, read_examples
from bot.understanding.distress import UNIT, Distress, signs
from bot.understanding.tokens import normal

ROOT = Path(__file__).resolve().parents[1]
COST, DANGER_COSTS = 1.0, 2.0
ROUNDS = 20
RARE = 2
FAINT = 12  # thousandths; smaller weights are left out of the file

Line = tuple[str, bool]


def main() -> None:
    """Write the weights, or print how they do on lines left out."""
    lines = read_lines()
    ears = default_understanding().ears
    bags = [signs(ears.danger.literal(ears.tag(normal(text))), ears.lexicon) for text, _ in lines]
    kinds = [danger for _, danger in lines]
    if "--check" in sys.argv:
        check(lines, bags, kinds)
        return
    learnt = learn(bags, kinds)
    data = {"bias": learnt.bias, "weights": dict(sorted(learnt.weights.items()))}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace('","', '",\n"')
    (ROOT / "locales" / "distress.json").write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(lines)} lines, {len(learnt.weights)} weights\n")


def read_lines() -> list[Line]:
    """Return every line to learn from, and whether it is of danger."""
    found: dict[str, bool] = {
        text: intent == "emergency"
        for by in read_examples(ROOT).values()
        for intent, texts in by.items()
        for text in texts
    }
    rows = (ROOT / "locales" / "distress.tsv").read_text(encoding="utf-8").splitlines()[1:]
    found.update((text, kind == "danger") for text, kind in (row.split("\t") for row in rows))
    return list(found.items())


def learn(bags: Sequence[set[str]], kinds: Sequence[bool]) -> Distress:
    """Return the weights that tell the two kinds of lines apart."""
    common = {sign for sign, n in Counter(s for bag in bags for s in bag).items() if n >= RARE}
    rows = [sorted(bag & common) for bag in bags]
    shares = [1 / math.sqrt(max(len(row), 1)) for row in rows]
    weights: dict[str, float] = defaultdict(float)
    bias, pull = 0.0, [0.0] * len(rows)
    order, draw = list(range(len(rows))), random.Random(1)  # noqa: S311 - the same each time
    for _ in range(ROUNDS):
        draw.shuffle(order)
        for i in order:
            side = 1 if kinds[i] else -1
            slack = 1 / (2 * COST * (DANGER_COSTS if kinds[i] else 1))
            told = side * (shares[i] * sum(weights[s] for s in rows[i]) + bias)
            pulled = max(pull[i] - (told - 1 + slack * pull[i]) / (2 + slack), 0.0)
            step, pull[i] = (pulled - pull[i]) * side, pulled
            if step:
                bias += step
                for sign in rows[i]:
                    weights[sign] += step * shares[i]
    kept = {sign: round(w * UNIT) for sign, w in weights.items() if abs(w) * UNIT >= FAINT}
    return Distress(kept, round(bias * UNIT))


def check(lines: Sequence[Line], bags: Sequence[set[str]], kinds: Sequence[bool]) -> None:
    """Print, for several thresholds, how many lines of each kind are above; the machine had not seen them."""
    scores = [0.0] * len(lines)
    for part in range(5):
        kept = [i for i in range(len(lines)) if i % 5 != part]
        learnt = learn([bags[i] for i in kept], [kinds[i] for i in kept])
        for i in range(part, len(lines), 5):
            known = [learnt.weights[s] for s in bags[i] if s in learnt.weights]
            scores[i] = (sum(known) / math.sqrt(max(len(known), 1)) + learnt.bias) / UNIT
    for threshold in (-0.4, -0.2, 0.0, 0.2, 0.4, 0.6, 0.9):
        dangers = [s > threshold for s, danger in zip(scores, kinds, strict=True) if danger]
        others = [s > threshold for s, danger in zip(scores, kinds, strict=True) if not danger]
        shares = (f"{sum(above) / len(above):.1%}" for above in (dangers, others))
        sys.stdout.write(f"{threshold:5}: danger {next(shares)}, others {next(shares)}\n")


if __name__ == "__main__":
    main()
