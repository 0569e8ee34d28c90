"""Danger before everything else: lists of ideas, not sentences, in two languages; no score ever decides here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.understanding.lexicon import Lexicon, Mask, Tagged
from bot.understanding.patterns import PatternSet, Span, compile_all

KINDS = (  # the order of search: what cannot wait first, the vaguest last
    "suicide",
    "medical",
    "sexual_violence",
    "threat",
    "violence_home",
    "kidnapping",
    "trafficking",
    "child_alone",
    "hunger",
    "other_danger",
)
_FINISHED = frozenset(KINDS) - {"suicide", "sexual_violence"}  # told as past, these are at most a doubt
_CUES = {  # concepts of words.yml that make a danger of what only sounds like one
    "suicide": ("die", "hang"),
    "sexual_violence": ("rape",),
    "threat": ("kill", "weapon", "bandits", "menace", "kill_bm", "weapon_bm"),
    "violence_home": ("hit", "hit_bm"),
    "kidnapping": ("abduct", "missing"),
    "trafficking": ("confine", "slave", "force", "lock_bm", "force_bm"),
    "medical": ("bleed", "labour", "blood_bm"),
    "hunger": ("hunger", "hunger_bm"),
    "child_alone": ("minor",),
}
_DISTRESS = frozenset("😭😢😿💔😰😨😱🆘☠💀🩸")


@dataclass(frozen=True, slots=True)
class Danger:
    """What was heard: the kind of case, how soon a person must act, the words as written, and whether it is sure."""

    kind: str
    priority: Literal["P1", "P2"]
    words: tuple[str, ...]
    doubt: bool = False


@dataclass(frozen=True, slots=True)
class DangerList:
    """Every rule of both languages, the figures of speech that mean something else, the signs of a finished story."""

    sure: PatternSet
    doubtful: PatternSet
    figures: PatternSet
    complaints: PatternSet
    priorities: Mapping[str, Literal["P1", "P2"]]
    past: Mask
    joke: Mask  # "lol", or a matter that is taught or told ("une formation sur"): at most a doubt
    cues: tuple[tuple[str, Mask], ...]

    def find(self, plain: Tagged, text: str) -> Danger | None:
        """Return the first sure danger of a message without its figures of speech, else the first doubt, else None."""
        total = plain.all
        finished = bool(total & self.past)
        found = self.sure.first(plain, total)
        if found:
            return self._danger(found, plain, text, doubt=finished and found[0] in _FINISHED)
        doubt = None if finished else self.doubtful.first(plain, total)
        return self._danger(doubt, plain, text, doubt=True) if doubt else None

    def complaint(self, plain: Tagged) -> str | None:
        """Return "sex" or "money" when staff are said to ask for it, else None."""
        found = self.complaints.first(plain, plain.all)
        return found[0] if found else None

    def by_cue(self, tagged: Tagged, text: str) -> Danger:
        """Return a danger that no list has, as a doubt; its kind is that of a cue (a blow, a weapon, blood)."""
        total = tagged.all
        for kind, mask in self.cues:
            if total & mask:
                span = tuple(i for i, meaning in enumerate(tagged.masks) if meaning & mask)
                words = _words(tagged, span, text) or (text.strip(),)
                return Danger(kind, self.priorities[kind], words, doubt=True)
        return Danger("other_danger", "P1", (text.strip(),), doubt=True)

    def literal(self, tagged: Tagged) -> Tagged:
        """Return the message without its figures of speech: their words mean nothing any more."""
        covered = self.figures.words(tagged, tagged.all)
        if not covered:
            return tagged
        masks = [0 if i in covered else mask for i, mask in enumerate(tagged.masks)]
        phrases = {
            start: [(end, mask) for end, mask in spans if covered.isdisjoint(range(start, end))]
            for start, spans in tagged.phrases.items()
        }
        return Tagged(tagged.tokens, masks, phrases)

    def _danger(self, found: tuple[str, Span], tagged: Tagged, text: str, *, doubt: bool) -> Danger:
        kind, span = found
        return Danger(kind, self.priorities[kind], _words(tagged, span, text), doubt)


def build(words: Mapping[str, Mapping[str, Any]], lexicon: Lexicon) -> DangerList:
    """Compile the lists of every language's words.yml (already parsed)."""
    figures = [("", p) for lang, file in words.items() for p in compile_all(file["figures"], lexicon, language=lang)]
    return DangerList(
        sure=_rules(words, lexicon, section="danger", key="when", kinds=KINDS),
        doubtful=_rules(words, lexicon, section="danger", key="doubt", kinds=KINDS),
        figures=PatternSet(figures, lexicon),
        complaints=_rules(words, lexicon, section="complaints", key="when", kinds=("sex", "money")),
        priorities={rule["kind"]: rule["priority"] for rule in words["fr"]["danger"]},
        past=lexicon.bit("past"),
        joke=_union(lexicon, ("joke", "topic")),
        cues=tuple((kind, _union(lexicon, names)) for kind, names in _CUES.items()),
    )


def _union(lexicon: Lexicon, names: Sequence[str]) -> Mask:
    mask = 0
    for name in names:
        mask |= lexicon.bit(name)
    return mask


def distressed(text: str) -> bool:
    """Say whether a message has a sign of distress and no word that would explain it."""
    return any(sign in _DISTRESS for sign in text) and not any(c.isalnum() for c in text)


def _rules(
    words: Mapping[str, Mapping[str, Any]], lexicon: Lexicon, *, section: str, key: str, kinds: Sequence[str]
) -> PatternSet:
    """File the patterns of all languages, kind by kind in the order of search."""
    found = [
        (kind, pattern)
        for kind in kinds
        for language, file in words.items()
        for rule in file[section]
        if rule["kind"] == kind
        for pattern in compile_all(rule.get(key, ()), lexicon, language=language)
    ]
    return PatternSet(found, lexicon)


def _words(tagged: Tagged, span: Span, text: str) -> tuple[str, ...]:
    """Return the triggering words as they were written, once each, in order."""
    places: Sequence[tuple[int, int]] = sorted({(tagged.tokens[i].start, tagged.tokens[i].end) for i in span})
    return tuple(text[start:end] for start, end in places)
