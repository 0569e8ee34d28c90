"""What a text carries besides its wish: trades, papers, places, numbers, months, relatives, references."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.core import phones
from bot.core.cases import read_reference
from bot.core.commands import Value
from bot.core.hours import month_before
from bot.understanding.lexicon import Lexicon, Mask, Tagged
from bot.understanding.places import Gazetteer, Ordinary
from bot.understanding.tokens import Token

_WORD_LISTS = ("trade", "document", "relation", "origin", "partner", "period", "greeting", "document_loss", "language")
_BORROWED = frozenset({"trade", "document", "partner"})  # said in French in the middle of Bambara: "n ka passeport"
_BORROWED_FROM = 5  # letters; shorter ones sound like Bambara words
_PHONE = re.compile(r"(?:\+|00)?\d(?:[\s./()\-]*\d){6,14}")
_DATE = re.compile(r"\b(0?[1-9]|1[0-2])[/\-. ](20\d\d)\b|\b(20\d\d)-(0[1-9]|1[0-2])\b")
_YEAR = re.compile(r"\b(20\d\d)\b")


@dataclass(frozen=True, slots=True)
class Finder:
    """Where values stand in a text. `lists`: entity -> (value, its concept); `months`, `ago`: the same for dates."""

    lists: Mapping[str, tuple[tuple[str, Mask], ...]]
    months: tuple[tuple[str, Mask], ...]
    ago: tuple[tuple[str, Mask], ...]
    places: Gazetteer
    ordinary: Ordinary | None = None  # words that are no places, however near they come

    def find(self, tagged: Tagged, text: str, today: date | None) -> dict[str, Value]:
        """Return every entity of a message, by name."""
        total = tagged.all
        found: dict[str, Value] = {}
        for entity, values in self.lists.items():
            value = _value(tagged, values, total)
            if value is not None:
                found[entity] = value
        self._add_place(found, tagged.tokens)
        phone = find_phone(text)
        if phone:
            found["phone"] = phone
        reference = find_reference(tagged.tokens)
        if reference:
            found["reference"] = reference
        month = self.month(tagged, text, today)
        if month:
            found["month"] = month
        return found

    def month(self, tagged: Tagged, text: str, today: date | None) -> str | None:
        """Return the month a text names as "2026-05"; a bare month is the last one that has begun."""
        written = _DATE.search(text)
        if written:
            return f"{written[2]}-{int(written[1]):02d}" if written[1] else f"{written[3]}-{written[4]}"
        total = tagged.all
        name = _value(tagged, self.months, total)
        if name:
            year = _YEAR.search(text)
            return f"{year[1]}-{name}" if year else last_begun(int(name), today)
        ago = _value(tagged, self.ago, total)
        return month_before(today, int(ago)) if ago and today else None

    def _add_place(self, found: dict[str, Value], tokens: Sequence[Token]) -> None:
        place = self.places.find(tokens, known=self.ordinary)
        if place:
            found["region"] = place.region
            found["place"] = place.name


def build(words: Mapping[str, Mapping[str, Any]], lexicon: Lexicon, places: Gazetteer) -> Finder:
    """Learn the entity lists of every language's words.yml."""
    for language, file in words.items():
        for entity, lists in file["entities"].items():
            for value, entries in lists.items():
                lexicon.learn(f"{entity}:{value}", entries, language=language)
                if entity in {"trade", "trade_other"}:
                    lexicon.learn("any_trade", entries, language=language)
                if entity in _BORROWED and language == "fr":
                    long = [entry for entry in entries if len(entry) >= _BORROWED_FROM or entity == "partner"]
                    lexicon.learn(f"{entity}:{value}", long, language="bm")

    def values(entity: str) -> tuple[tuple[str, Mask], ...]:
        names = dict.fromkeys(v for file in words.values() for v in file["entities"].get(entity, {}))
        return tuple((value, lexicon.bit(f"{entity}:{value}")) for value in names)

    return Finder({e: values(e) for e in _WORD_LISTS}, values("months"), values("month_ago"), places)


def find_phone(text: str) -> str | None:
    """Return the first phone number of a text in E.164, however it is grouped."""
    for match in _PHONE.finditer(text):
        phone = phones.parse(match[0])
        if phone:
            return phone.e164
    return None


def find_reference(tokens: Sequence[Token]) -> str | None:
    """Return the first case reference of a text ("k 7421 r" too)."""
    plain = [t.plain for t in tokens]
    for size in (1, 2, 3):
        for start in range(len(plain) - size + 1):
            reference = read_reference("".join(plain[start : start + size]))
            if reference:
                return reference
    return None


def _value(tagged: Tagged, values: Sequence[tuple[str, Mask]], total: Mask) -> str | None:
    """Return the value whose words stand in the text: the longest set phrase, else the first word."""
    present = [(value, bit) for value, bit in values if bit & total]
    if not present:
        return None
    spans = [(start, end, mask) for start, ends in tagged.phrases.items() for end, mask in ends]
    spans += [(i, i + 1, mask) for i, mask in enumerate(tagged.masks)]
    hits = [(start - end, start, value) for start, end, mask in spans for value, bit in present if bit & mask]
    return min(hits)[2] if hits else None


def last_begun(month: int, today: date | None) -> str | None:
    """Return a month (1 to 12) of the year in which it last began, as "2026-05"."""
    if today is None:
        return None
    return f"{today.year if month <= today.month else today.year - 1}-{month:02d}"
