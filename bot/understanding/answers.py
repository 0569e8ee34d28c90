"""The answer to the open question: a menu's choice, yes or no, or the thing that was asked for."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.core.commands import Begin, CannotHandle, Command, Expectation, Fill, Start, Value
from bot.understanding import choices
from bot.understanding.classifier import Scored
from bot.understanding.entities import find_phone, find_reference, last_begun
from bot.understanding.lexicon import Tagged
from bot.understanding.training import Ears

_SET = re.compile(r"/SetSlots\((.*)\)\s*$", re.DOTALL)
_PAIR = re.compile(r"([A-Za-z_][\w-]*)\s*=\s*(\"[^\"]*\"|[^,]+)")
_START = re.compile(r"/start\(\s*([A-Za-z_]\w*)\s*\)\s*$")
_INTENT = re.compile(r"/([A-Za-z_]\w*)\s*(\{.*\})?\s*$", re.DOTALL)
_SIMPLE: Final = frozenset(
    {"trade", "document", "relation", "origin", "partner", "period", "month", "document_loss", "language"}
)
_VERY_HIGH: Final = 0.9
_STORY: Final = 4  # words; a longer free answer is an answer, whatever it speaks of
_PLACE_WORDS: Final = 4
_MONTHS: Final = 12
_MOODS: Final = {True: "well", False: "bad"}  # in Bambara "how are you" is "are you well?"
_AROUND_A_NUMBER: Final = 3  # words
_SENTENCE: Final = frozenset(  # words of a sentence about a place, which are no part of its name
    {
        "je",
        "j",
        "suis",
        "habite",
        "nous",
        "on",
        "c",
        "est",
        "n",
        "ne",
        "an",
        "be",
        "bɛ",
        "ye",
        "ka",
        "don",
        "moi",
        "chez",
        "region",
        "ville",
    }
)
_INTRODUCTION = re.compile(
    r"^\s*(?:je m\W?app?el+e?s?|moi c\W?est|mon nom (?:complet )?(?:c\W?)?est|c\W?est|mon pr[ée]nom est|nom\s*:|"
    r"n\s+t[ɔoò]g[ɔoò] (?:ye|ko)?|ne t[ɔoò]g[ɔoò] (?:ye)?|je suis|moi)\s+",
    re.IGNORECASE,
)
_NO_SLOTS: Final = frozenset({"phone"})


@dataclass(frozen=True, slots=True)
class Question:
    """What is waited for, and the message that may answer it."""

    expectation: Expectation
    ears: Ears
    tagged: Tagged
    text: str
    today: date | None

    def answers_yes_no(self) -> bool:
        """Say whether the open question wants yes or no and the message gives it."""
        return self.expectation.type == "bool" and choices.yes_no(self.text, self.ears.numbers) is not None

    def from_menu(self) -> tuple[Command, ...] | None:
        """Return the command of the menu's choice that the message names, a refusal, or None."""
        menu = self.expectation.choices
        if not menu:
            return self._digit_without_menu()
        picked = choices.pick(self.text, menu, self.ears.numbers)
        if self.expectation.entity == "month" and (self._month_number() or 0) > len(menu):
            return None  # "11" is November, and no key that was pressed twice
        if isinstance(picked, int):
            return from_payload(menu[picked].payload)
        if picked in {"no_such_choice", "two_choices"} and self._is_free_number():
            return None
        if picked is not None:
            return (CannotHandle(picked),)
        return self._yes_no_choice() or self._meant_choice()

    def _meant_choice(self) -> tuple[Command, ...] | None:
        """Return the choice whose value the message names in other words ("nina" for the card)."""
        if len(self.tagged.tokens) > _PLACE_WORDS:
            return None
        named = list(self.ears.finder.find(self.tagged, self.text, self.today).values())
        menu = [from_payload(choice.payload) for choice in self.expectation.choices]
        meant = [commands for commands in menu if any(isinstance(c, Fill) and c.value in named for c in commands)]
        return meant[0] if len(meant) == 1 else None

    def _digit_without_menu(self) -> tuple[Command, ...] | None:
        number = choices.digit(self.text, self.ears.numbers)
        if number is None or self._is_free_number() or self.expectation.type == "bool":
            return None
        return (CannotHandle("no_such_choice" if isinstance(number, int) else number),)

    def _is_free_number(self) -> bool:
        """Say whether figures may be the free answer that is asked for (a phone number, a reference, an amount)."""
        figures = sum(c.isdigit() for c in self.text)
        wanted = self.expectation.entity in {"phone", "reference", "month"} or self.expectation.type == "float"
        return bool(figures) and (wanted or figures > 3)  # noqa: PLR2004 - no menu is that long

    def _yes_no_choice(self) -> tuple[Command, ...] | None:
        said = choices.yes_no(self.text, self.ears.numbers)
        if said is None:
            return None
        for choice in self.expectation.choices:
            commands = from_payload(choice.payload)
            if any(isinstance(c, Fill) and (c.value is said or c.value == _MOODS[said]) for c in commands):
                return commands
        return None

    def answer(self, best: Scored | None) -> tuple[Command, ...] | None:
        """Return the awaited value as a command, or None when the message says something else.

        `best` is the likeliest wish. A name may look like an example, so there only a plainly stated wish counts.
        """
        slot = self.expectation.slot
        if slot is None:
            return None
        value = self._value(best)
        return None if value is None else (Fill(slot, value),)

    def _value(self, best: Scored | None) -> Value:  # noqa: PLR0911 - one line a kind of answer
        wanted = self.expectation
        if wanted.type == "bool":
            return choices.yes_no(self.text, self.ears.numbers)
        if wanted.type == "float":
            number = re.search(r"\d+(?:[.,]\d+)?", self.text)
            return float(number[0].replace(",", ".")) if number else None
        if wanted.entity == "phone":
            return find_phone(self.text) or self._figures()
        if wanted.entity == "reference":
            return find_reference(self.tagged.tokens)
        if wanted.entity in {"place", "region"}:
            return self._place(best)
        if wanted.entity == "month" and (month := self._month_number()):
            return last_begun(month, self.today)
        if wanted.entity in _SIMPLE:
            return self.ears.finder.find(self.tagged, self.text, self.today).get(wanted.entity)
        return self._free_text(best) if wanted.type in {"text", "any"} else None

    def _month_number(self) -> int | None:
        """Return a month that is told by its number; 1 to 3 may be choices, which come first."""
        number = choices.digit(self.text, self.ears.numbers)
        return number if isinstance(number, int) and 1 <= number <= _MONTHS else None

    def _figures(self) -> str | None:
        """Return what can only be meant as a number though it is none: the conversation says what is wrong with it."""
        figures = self.text.strip()
        return figures if any(c.isdigit() for c in figures) and not any(c.isalpha() for c in figures) else None

    def _place(self, best: Scored | None) -> Value:
        place = self.ears.finder.places.find(self.tagged.tokens, asked=True)
        if place and not self._names_a_quarter():
            return place.region if self.expectation.entity == "region" else place.name
        if self.expectation.entity == "region" or len(self.tagged.tokens) > _PLACE_WORDS:
            return None
        return self._free_text(best)

    def _names_a_quarter(self) -> bool:
        """Say whether more than the town is told, without a sentence around it: "Kayes N'Di", "Lafiabougou Bamako"."""
        words = [token.plain for token in self.tagged.tokens]
        wanted = self.expectation.entity == "place" and 1 < len(words) <= _PLACE_WORDS
        return wanted and not _SENTENCE & set(words)

    def _free_text(self, best: Scored | None) -> Value:
        """Take the text itself, unless it plainly asks for something else."""
        said = self.text.strip()
        words = len(self.tagged.tokens)
        elsewhere = bool(best and best.score >= _VERY_HIGH and best.name not in {"affirm", "deny", "greet"})
        if elsewhere and best and self.expectation.entity in {"name", "place"}:
            elsewhere = best.name in self.ears.sure.names(self.tagged, self.tagged.all)
        if not words or (elsewhere and (words < _STORY or self.expectation.entity is not None)):
            return None
        if said.endswith("?") and self.expectation.entity is not None:
            return None
        return _INTRODUCTION.sub("", said).strip(" .,!") or said if self.expectation.entity == "name" else said


def bare_number(tagged: Tagged, text: str) -> str | None:
    """Return the telephone number of a message that is hardly more than one ("mon frere 76123456"), else None."""
    words = [token for token in tagged.tokens if not any(c.isdigit() for c in token.plain)]
    return find_phone(text) if len(words) <= _AROUND_A_NUMBER else None


def from_payload(payload: str) -> tuple[Command, ...]:
    """Read what a button carries: `/SetSlots(slot=value)`, `/start(flow)` or `/intent{"entity": "value"}`."""
    if match := _SET.match(payload):
        return tuple(Fill(name, _typed(value.strip())) for name, value in _PAIR.findall(match[1]))
    if match := _START.match(payload):
        return (Begin(match[1]),)
    if match := _INTENT.match(payload):
        return (Start(match[1], _slots(match[2])),)
    return (CannotHandle("unclear"),)


def slots_of(intent: str, entities: Mapping[str, Value]) -> dict[str, Value]:
    """Return the entities that a flow may start with; a greeting's hour is no answer to anything."""
    keep = {"greet": {"greeting"}, "change_language": {"language"}}.get(intent)
    return {
        name: value
        for name, value in entities.items()
        if (name in keep if keep is not None else name not in {"greeting", "language"})
    }


def _slots(data: str | None) -> dict[str, Value]:
    if not data:
        return {}
    try:
        read = json.loads(data)
    except ValueError:
        return {}
    return dict(read) if isinstance(read, dict) else {}


def _typed(value: str) -> Value:
    plain = value.strip("\"'")
    if plain.lower() in {"true", "false"}:
        return plain.lower() == "true"
    if plain.lower() in {"null", "none"}:
        return None
    return plain
