"""A correction that names what was wrong and what is right: "non c'est Sikasso pas Kayes", "Kayi tɛ, Sikaso don"."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from bot.core.commands import Fill, Value
from bot.core.domain import Slot
from bot.understanding.tokens import normal
from bot.understanding.training import Ears

_START: Final = r"^\W*(?:(?:non|nn|pardon|erreur|ayi|hak[eɛè] to)\W+)?"
_IS: Final = r"(?:c\W?est|ce n\W?est|cest|je suis|on dit|[aà])?\s*(?:[aà]\s+)?"
_SHAPES: Final = (
    re.compile(
        _START + _IS + r"(?P<new>[^,]+?)\W+(?:et |mais )?(?:c\W?est |ce n\W?est )?pas\s+(?P<old>.+)$", re.IGNORECASE
    ),
    re.compile(
        _START + _IS + r"pas\s+(?P<old>[^,]+?)\s*(?:,|mais|c\W?est)\s*(?:c\W?est\s+)?(?P<new>.+)$", re.IGNORECASE
    ),
    re.compile(_START + r"(?P<old>[^,]+?)\s+t[eɛè]\W+(?P<new>.+?)\s+(?:don|ye)\W*$", re.IGNORECASE),
    re.compile(_START + r"(?P<new>[^,]+?)\s+don\W+(?P<old>.+?)\s+t[eɛè]\W*$", re.IGNORECASE),
)
_SENTENCE: Final = frozenset(
    {"je", "j", "ai", "suis", "n", "ne", "tu", "il", "on", "ma", "mon", "i", "a", "bɛ", "be", "ka"}
)
_WORDS: Final = 3  # what is right is a name, not a sentence
_LONGEST: Final = 60  # letters; more than that is a story


def amended(
    ears: Ears, text: str, *, kept: Mapping[str, Value], slots: Mapping[str, Slot], today: date | None = None
) -> tuple[Fill, ...]:
    """Return the answers to change, or () when the text is no such correction.

    `kept` are the conversation's answers, `slots` the domain's. Only an answer that the text itself calls wrong is
    changed, so that a "no" to the open question is never mistaken for one.
    """
    said = normal(text).strip()
    if len(said) > _LONGEST:
        return ()
    for shape in _SHAPES:
        match = shape.match(said)
        if match and not _is_name(match["new"]):
            continue
        found = tuple(_changes(_entities(ears, match, today), kept, slots)) if match else ()
        if found:
            return found
    return ()


def _is_name(part: str) -> bool:
    words = re.findall(r"[^\W_]+", part.lower())
    return 0 < len(words) <= _WORDS and not _SENTENCE & set(words)


def _entities(
    ears: Ears, match: "re.Match[str]", today: date | None
) -> tuple[Mapping[str, Value], Mapping[str, Value]]:
    def found(part: str) -> Mapping[str, Value]:
        return ears.finder.find(ears.hear(match[part])[0], match[part], today)

    return found("old"), found("new")


def _changes(
    heard: tuple[Mapping[str, Value], Mapping[str, Value]], kept: Mapping[str, Value], slots: Mapping[str, Slot]
) -> Iterator[Fill]:
    old, new = heard
    for name, slot in slots.items():
        entity = slot.entity or ""
        wrong = entity in old and kept.get(name) == old[entity]
        if wrong and entity in new and new[entity] != old[entity]:
            yield Fill(name, new[entity])
