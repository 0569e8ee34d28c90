"""How much a text sounds like danger as a whole: weights learnt from examples, for wordings that no list has."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.understanding.lexicon import Lexicon, Tagged
from bot.understanding.signs import UNIT, signs_of


@dataclass(frozen=True, slots=True)
class Distress:
    """What each sign adds; made by scripts/learn_weights.py from the examples and locales/distress.tsv."""

    weights: Mapping[str, int] = field(default_factory=dict)
    bias: int = -UNIT

    def score(self, tagged: Tagged, lexicon: Lexicon) -> float:
        """Return about 1 for a text like those of people in danger, about -1 for one like the others.

        Texts must come without their figures of speech (`DangerList.literal`), as in the learning.
        """
        known = [w for sign in signs_of(tagged, lexicon) if (w := self.weights.get(sign)) is not None]
        return (sum(known) / math.sqrt(max(len(known), 1)) + self.bias) / UNIT


def read(data: Mapping[str, Any]) -> Distress:
    """Read the parsed file: {"bias": thousandths, "weights": {sign: thousandths}}; an empty one hears nothing."""
    return Distress(data["weights"], int(data["bias"])) if data else Distress()
