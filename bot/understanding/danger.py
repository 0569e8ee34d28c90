"""Danger before everything else: lists of ideas, not sentences, in two languages; no score ever decides here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from bot.understanding.lexicon import Lexicon, Mask, Tagged
from bot.understanding.patterns import Pattern, Span, compile_all, first

_FINISHED = frozenset({"medical", "violence_home", "threat", "kidnapping", "hunger", "other_danger"})  # when told as past
KINDS = (  # the order of search: what cannot wait first, the vaguest last
    "suicide", "medical", "sexual_violence", "threat", "violence_home", "kidnapping", "trafficking", "child_alone",
    "hunger", "other_danger",
)
_DISTRESS = frozenset("😭😢😿💔😰😨😱🆘☠💀🩸")


@dataclass(frozen=True, slots=True)
class Danger:
    """What was heard: the kind of case, how soon a person must act, the words as written, and whether it is sure."""

    kind: str
    priority: Literal["P1", "P2"]
    words: tuple[str, ...]
    doubt: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of danger: what is sure, and what only asks for a discreet question."""

    kind: str
    priority: Literal["P1", "P2"]
    when: tuple[Pattern, ...]
    doubt: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class DangerList:
    """Every rule of both languages, the figures of speech that mean something else, and the signs of a finished story."""

    rules: tuple[Rule, ...]
    figures: tuple[Pattern, ...]
    complaints: tuple[tuple[str, tuple[Pattern, ...]], ...]
    past: Mask

    def find(self, tagged: Tagged, text: str) -> Danger | None:
        """Return the first sure danger of a message, else the first doubt, else None."""
        plain = self.literal(tagged)
        total = plain.all
        finished = bool(total & self.past)
        for rule in self.rules:
            span = first(rule.when, plain, total)
            if span is not None:
                told = finished and rule.kind in _FINISHED
                return Danger(rule.kind, rule.priority, _words(tagged, span, text), doubt=told)
        if finished:
            return None
        for rule in self.rules:
            span = first(rule.doubt, plain, total)
            if span is not None:
                return Danger(rule.kind, rule.priority, _words(tagged, span, text), doubt=True)
        return None

    def complaint(self, tagged: Tagged) -> str | None:
        """Return "sex" or "money" when staff are said to ask for it, else None."""
        plain = self.literal(tagged)
        return next((kind for kind, patterns in self.complaints if first(patterns, plain, plain.all) is not None), None)

    def literal(self, tagged: Tagged) -> Tagged:
        """Return the message without its figures of speech: their words mean nothing any more."""
        total = tagged.all
        covered: set[int] = set()
        for figure in self.figures:
            covered.update(figure.find(tagged, total) or ())
        if not covered:
            return tagged
        masks = [0 if i in covered else mask for i, mask in enumerate(tagged.masks)]
        phrases = {start: spans for start, spans in tagged.phrases.items() if start not in covered}
        return Tagged(tagged.tokens, masks, phrases)


def build(words: Mapping[str, Mapping[str, Any]], lexicon: Lexicon) -> DangerList:
    """Compile the lists of every language's words.yml (already parsed)."""
    rules = tuple(_rule(kind, words, lexicon) for kind in KINDS)
    figures = tuple(p for language in words for p in compile_all(words[language]["figures"], lexicon, language=language))
    complaints = tuple(
        (kind, _patterns(words, lexicon, section="complaints", kind=kind, key="when")) for kind in ("sex", "money")
    )
    return DangerList(rules, figures, complaints, lexicon.bit("past"))


def distressed(text: str) -> bool:
    """Say whether a message has a sign of distress and no word that would explain it."""
    return any(sign in _DISTRESS for sign in text) and not any(c.isalnum() for c in text)


def _rule(kind: str, words: Mapping[str, Mapping[str, Any]], lexicon: Lexicon) -> Rule:
    priority = next(rule["priority"] for rule in words["fr"]["danger"] if rule["kind"] == kind)
    return Rule(
        kind,
        cast('Literal["P1", "P2"]', priority),
        _patterns(words, lexicon, section="danger", kind=kind, key="when"),
        _patterns(words, lexicon, section="danger", kind=kind, key="doubt"),
    )


def _patterns(
    words: Mapping[str, Mapping[str, Any]], lexicon: Lexicon, *, section: str, kind: str, key: str
) -> tuple[Pattern, ...]:
    found: list[Pattern] = []
    for language, file in words.items():
        for rule in file[section]:
            if rule["kind"] == kind:
                found += compile_all(rule.get(key, ()), lexicon, language=language)
    return tuple(found)


def _words(tagged: Tagged, span: Span, text: str) -> tuple[str, ...]:
    """Return the triggering words as they were written, once each, in order."""
    places: Sequence[tuple[int, int]] = sorted({(tagged.tokens[i].start, tagged.tokens[i].end) for i in span})
    return tuple(text[start:end] for start, end in places)
