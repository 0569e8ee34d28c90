"""Patterns over meanings: "{want} .. {die}" finds the idea in any spelling; no pattern is a whole sentence.

word  mot|autre   a word (or one of several) by its sound; `frapp*` any word that begins so
a_set_phrase      its words side by side; one of several alternatives like a word
{concept}         any word of a concept of words.yml
word?             may be missing
.. and ...        up to 4 or 12 words in between; with a plain space at most one
-{neg} x          x, and no {neg} among the words skipped before it (the two words before, at the start)
x -y              at the end of a part: y stands nowhere in the message
a & b             both, anywhere in the message
^ and $           the message begins or ends here
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.understanding.lexicon import Lexicon, Mask, Tagged

_GAPS: Final = {"..": 4, "...": 12}
_LOOK_BACK = 2

Span = tuple[int, ...]


class BadPattern(ValueError):
    """A pattern in words.yml cannot be read."""


@dataclass(frozen=True, slots=True)
class Step:
    """One element: what must be heard, how many words may be skipped before it, and which may not be among them."""

    mask: Mask
    gap: int = 1
    forbid: Mask = 0
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; `source` is what stands in the file."""

    source: str
    parts: tuple[tuple[Step, ...], ...]
    absent: Mask = 0
    at_start: bool = False
    at_end: bool = False

    def find(self, tagged: Tagged, total: Mask) -> Span | None:
        """Return the positions of the words that match, or None. `total` is `tagged.all`."""
        if self.absent & total or any(not (step.mask & total or step.optional) for part in self.parts for step in part):
            return None
        spans: list[int] = []
        for part in self.parts:
            found = self._anywhere(tagged, part)
            if found is None:
                return None
            spans += found
        return tuple(spans)

    def _anywhere(self, tagged: Tagged, part: tuple[Step, ...]) -> Span | None:
        starts = range(1) if self.at_start else range(len(tagged.tokens))
        for start in starts:
            if part[0].forbid and _heard(tagged, range(max(0, start - _LOOK_BACK), start), part[0].forbid):
                continue
            for end in _ends(tagged, start, part[0].mask):
                rest = self._follow(tagged, end, part[1:])
                if rest is not None:
                    return (*range(start, end), *rest)
        return None

    def _follow(self, tagged: Tagged, at: int, steps: tuple[Step, ...]) -> Span | None:
        if not steps:
            return () if not self.at_end or at == len(tagged.tokens) else None
        step = steps[0]
        for start in range(at, min(at + step.gap + 1, len(tagged.tokens))):
            if step.forbid and _heard(tagged, range(at, start), step.forbid):
                break
            for end in _ends(tagged, start, step.mask):
                rest = self._follow(tagged, end, steps[1:])
                if rest is not None:
                    return (*range(start, end), *rest)
        return self._follow(tagged, at, steps[1:]) if step.optional else None


def compile_pattern(source: str, lexicon: Lexicon, *, language: str) -> Pattern:
    """Read one pattern. Raises BadPattern when a part of it is empty."""
    text = source.strip()
    at_start, at_end = text.startswith("^"), text.endswith("$")
    read = [_steps(part.split(), lexicon, language) for part in text.strip("^$ ").split("&")]
    if not all(steps for steps, _ in read):
        raise BadPattern(f"The pattern '{source}' has an empty part; write at least one word.")
    absent = 0
    for _, mask in read:
        absent |= mask
    return Pattern(source, tuple(steps for steps, _ in read), absent, at_start, at_end)


def compile_all(sources: Iterable[str], lexicon: Lexicon, *, language: str) -> tuple[Pattern, ...]:
    """Read several patterns."""
    return tuple(compile_pattern(source, lexicon, language=language) for source in sources)


class PatternSet:
    """Patterns under names, in order; only those whose rarest word occurs in a message are tried."""

    def __init__(self, named: Iterable[tuple[str, Pattern]], lexicon: Lexicon) -> None:
        """File each pattern under the concepts of its rarest step."""
        self._patterns = tuple(named)
        self._by_bit: dict[Mask, list[int]] = {}
        for number, (_, pattern) in enumerate(self._patterns):
            steps = (step for part in pattern.parts for step in part if not step.optional)
            anchor = min((step.mask for step in steps), key=lexicon.breadth, default=0)
            for bit in bits(anchor):
                self._by_bit.setdefault(bit, []).append(number)

    def candidates(self, total: Mask) -> Iterable[tuple[str, Pattern]]:
        """Return the patterns that may fit, in their order."""
        numbers = {number for bit in bits(total) for number in self._by_bit.get(bit, ())}
        return (self._patterns[number] for number in sorted(numbers))

    def first(self, tagged: Tagged, total: Mask) -> tuple[str, Span] | None:
        """Return the name of the first pattern that fits and its words, or None."""
        for name, pattern in self.candidates(total):
            span = pattern.find(tagged, total)
            if span is not None:
                return name, span
        return None

    def names(self, tagged: Tagged, total: Mask) -> set[str]:
        """Return the names of all patterns that fit."""
        found: set[str] = set()
        for name, pattern in self.candidates(total):
            if name not in found and pattern.find(tagged, total) is not None:
                found.add(name)
        return found

    def words(self, tagged: Tagged, total: Mask) -> set[int]:
        """Return the positions of every word that some pattern covers."""
        return {i for _, p in self.candidates(total) for i in p.find(tagged, total) or ()}


def bits(mask: Mask) -> Iterable[Mask]:
    """Yield the single bits of a mask."""
    while mask:
        low = mask & -mask
        yield low
        mask ^= low


def _steps(words: Sequence[str], lexicon: Lexicon, language: str) -> tuple[tuple[Step, ...], Mask]:
    """Return the steps of one part, and what a trailing "-x" forbids everywhere."""
    steps: list[Step] = []
    gap, forbid = 1, 0
    for word in words:
        if word in _GAPS:
            gap = _GAPS[word]
        elif word.startswith("-") and len(word) > 1:
            forbid |= _mask(word[1:], lexicon, language)
        else:
            steps.append(Step(_mask(word.rstrip("?"), lexicon, language), gap, forbid, word.endswith("?")))
            gap, forbid = 1, 0
    return tuple(steps), forbid


def _mask(alternatives: str, lexicon: Lexicon, language: str) -> Mask:
    mask = 0
    for one in alternatives.split("|"):
        if one.startswith("{"):
            mask |= lexicon.bit(one.strip("{}"))
        else:
            mask |= lexicon.literal(one, language=language)
    return mask


def _ends(tagged: Tagged, start: int, mask: Mask) -> list[int]:
    ends = [end for end, meaning in tagged.phrases.get(start, ()) if meaning & mask]
    return [*ends, start + 1] if tagged.masks[start] & mask else ends


def _heard(tagged: Tagged, positions: range, mask: Mask) -> bool:
    return any(tagged.masks[i] & mask for i in positions)
