"""How likely it is that somebody is in danger: by the lists, by how the whole sounds, by what else it may want."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# A logistic fit on cross-validation (scripts/calibrate_scores.py).
_FIT: Final = {
    "one": -1.35,
    "sounds": 3.6,
    "wish": -1.35,
    "listed": 2.55,
    "doubtful": 1.0,
    "past": -1.0,
    "joke": -2.4,
    "figure": -1.8,
}
SURE: Final = 0.8  # from here on it is danger, though no list is sure
ASKED: Final = 0.15  # from here on it is asked about, though no list has it
EXPLAINED: Final = 0.07  # below: what a list doubts has a plain reason
CALM: Final = 0.35  # below: what a list is sure of is asked about first; people are not left alone with it
ALWAYS: Final = frozenset({"suicide", "sexual_violence"})  # but for these, whatever the rest sounds like

_A_KIND: Final = -0.4  # margin from which a danger that no list has is of the kind that it sounds like
_ANOTHER: Final = -0.2  # and from which one of a list is of this kind instead of the list's own
_NOT_THIS: Final = -0.5  # if its own is below this


def kind_by_sound(margins: Mapping[str, float], listed: str | None = None) -> str | None:
    """Return what kind of danger a text sounds like, None where it tells too little; `listed`: what a list calls it.

    "On me cherche pour me tuer" has the words of suicide and is a threat: the whole tells kinds better than the words.
    """
    likeliest = max(margins, key=margins.__getitem__, default=None)
    if likeliest is None or listed is None:
        return likeliest if likeliest and margins[likeliest] >= _A_KIND else None
    other = margins[likeliest] >= _ANOTHER and margins.get(listed, 0.0) <= _NOT_THIS
    return likeliest if other else None


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for danger and against it; each 0 or 1 unless it says otherwise."""

    sounds: float  # `Distress.score`: about 1 like danger, about -1 like all else
    wish: float  # the margin of the likeliest ordinary matter
    listed: bool = False  # a list is sure
    doubtful: bool = False  # a list has it as a doubt
    past: bool = False  # told as finished
    joke: bool = False
    figure: bool = False  # a figure of speech was taken out

    def chance(self) -> float:
        """Return the chance that a person has to look (0 to 1)."""
        total = sum(weight * float(getattr(self, name, 1.0)) for name, weight in _FIT.items())
        return 1 / (1 + math.exp(-total))
