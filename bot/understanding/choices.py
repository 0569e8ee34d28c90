"""The answer to a menu or a yes/no question: digits and words for them, the choice's own words, and clear refusals."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from rapidfuzz.distance import OSA

from bot.core.messages import Choice
from bot.understanding import fold
from bot.understanding.tokens import APART, normal

Refusal = Literal["two_choices", "no_such_choice"]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_KEYS = {"&": 1, "é": 2, '"': 3}  # the digits' keys on a French keyboard, pressed without shift
_LONELY = {"l": "1", "i": "1", "o": "0"}  # what looks like a digit
_FUZZY_FROM = 5
_BEGINNING = 3
_LONG = 8  # letters; two slips are forgiven from here


@dataclass(frozen=True, slots=True)
class Numbers:
    """What counts as a digit, what may stand around it, and what says yes or no; plain words, both languages."""

    digits: Mapping[str, int]
    fillers: frozenset[str]
    joins: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]
    yes_starts: frozenset[str]
    no_starts: frozenset[str]


def build(words: Mapping[str, Mapping[str, Any]]) -> Numbers:
    """Collect the lists of every language's words.yml."""
    digits = {fold.plain(w): int(n) for file in words.values() for n, ws in file["numbers"].items() for w in ws}
    collected = {
        name: frozenset(_key(entry) for file in words.values() for entry in file[section])
        for name, section in (("fillers", "number_fillers"), ("joins", "number_joins"), ("yes", "yes"), ("no", "no"))
    }
    return Numbers(
        digits,
        **collected,
        yes_starts=frozenset(w for w in collected["yes"] if " " not in w and len(w) > 1 and w not in _WEAK),
        no_starts=frozenset(w for w in collected["no"] if " " not in w and len(w) > 1 and w not in _WEAK),
    )


_WEAK = frozenset(
    {"si", "bien", "vrai", "correct", "parfait", "ye", "we", "wo", "faux", "jamais", "aucun", "aucune", "refus", "foyi"}
)


def digit(text: str, numbers: Numbers) -> int | Refusal | None:
    """Return the number that the whole message says ("2.", "n°2", "le deuxième", "fila"), or None.

    Two different numbers are no answer: "two_choices".
    """
    stripped = normal(text).strip().lower()
    if stripped in _KEYS:
        return _KEYS[stripped]
    said: list[int] = []
    for word in _words(stripped):
        value = _value(word, numbers)
        if value is not None:
            said.append(value)
        elif word not in numbers.fillers and word not in numbers.joins:
            return None
    return _one_of(said, stripped, numbers)


def _one_of(said: Sequence[int], text: str, numbers: Numbers) -> int | Refusal | None:
    if not said:
        return _lonely(text)
    if len(set(said)) == 1:
        return said[0]
    digits = [int(c) for c in re.findall(r"\d+", text)]
    if len(set(digits)) == 1 and not any(word in numbers.joins for word in _words(text)):
        return digits[0]  # "un 2", "le 3 premier": the figure is what was meant
    return "two_choices"


def _lonely(text: str) -> int | None:
    return int(_LONELY[text]) if text in _LONELY else None


def pick(text: str, choices: Sequence[Choice], numbers: Numbers) -> int | Refusal | None:
    """Return the index of the menu's choice that the message names, by digit or by its own words."""
    number = digit(text, numbers)
    if isinstance(number, int):
        number = _slip(number, len(choices))
        return number - 1 if 1 <= number <= len(choices) else "no_such_choice"
    if number is not None:
        return number
    return _by_title(text, choices, numbers)


def _slip(number: int, most: int) -> int:
    """Return 2 for a key pressed twice ("22") when the menu is shorter than that."""
    figures = set(str(number))
    return int(figures.pop()) if number > most and len(figures) == 1 else number


def yes_no(text: str, numbers: Numbers, *, asked: bool = True) -> bool | None:
    """Return True or False for a yes or no in either language, or None.

    `asked`: a yes/no question is open, so that its first word may carry the answer ("non je n'ai rien reçu").
    """
    key = _key(normal(text))
    if not key:
        return _thumb(text)
    bare = " ".join(w for w in key.split() if w not in _POLITE)
    for one in (key, bare, _LONG_DRAWN.sub(r"\1", key)):
        if one in numbers.yes or one in numbers.no:
            return one in numbers.yes
    words = key.split()
    yes, no = (any(w in starts for w in words) for starts in (numbers.yes_starts, numbers.no_starts))
    if yes == no or not asked:
        return None
    start = next((w for w in words if w not in _POLITE), "")
    return yes if start in numbers.yes_starts or start in numbers.no_starts else None


_POLITE = frozenset(
    {
        "bonjour",
        "bonsoir",
        "salut",
        "svp",
        "stp",
        "merci",
        "madame",
        "monsieur",
        "chef",
        "et",
        "euh",
        "ah",
        "eh",
        "bon",
        "bjr",
        "dɛ",
        "de",
        "dɔrɔn",
    }
)


_LONG_DRAWN = re.compile(r"(.)\1+")  # "ouii"


def _thumb(text: str) -> bool | None:
    """Return False for a thumb down; a thumb up is no consent, whatever was asked."""
    return False if "👎" in text or "❌" in text else None


def _value(word: str, numbers: Numbers) -> int | None:
    if word.isdigit():
        return int(word)
    if word in numbers.digits:
        return numbers.digits[word]
    ordinal = _ORDINAL.fullmatch(word)
    if ordinal:
        return int(ordinal[1])
    if len(word) < _FUZZY_FROM or word in numbers.fillers:
        return None
    near = {value for other, value in numbers.digits.items() if len(other) >= _FUZZY_FROM and _slip_away(word, other)}
    return near.pop() if len(near) == 1 else None


_ORDINAL = re.compile(r"(?:n|no|nr|num|numero|choix|option)?(\d)\1?(?:er|ere|e|em|eme|d|de|nd|ieme|nan|svp|ok|merci)?")


def _slip_away(word: str, other: str) -> bool:
    return OSA.distance(word, other, score_cutoff=1) <= 1


def _by_title(text: str, choices: Sequence[Choice], numbers: Numbers) -> int | None:
    plain = _words(normal(text))
    bare = tuple(w for w in plain if w not in _POLITE)
    whole = [i for i, choice in enumerate(choices) if _title_words(choice.title) == bare]
    if len(whole) == 1:
        return whole[0]
    said = [w for w in plain if w not in numbers.fillers and w not in _SMALL]
    if not said:
        return None
    scores = [_likeness(said, [w for w in _title_words(choice.title) if w not in _SMALL]) for choice in choices]
    best = max(scores, default=0.0)
    if best < _ENOUGH or scores.count(best) > 1:
        return None
    return scores.index(best)


_ENOUGH = 0.75
_SMALL = frozenset(
    {
        "de",
        "d",
        "la",
        "le",
        "les",
        "l",
        "du",
        "des",
        "un",
        "une",
        "a",
        "au",
        "ka",
        "ye",
        "ou",
        "en",
        "mon",
        "ma",
        "mes",
        "je",
        "j",
        "n",
        "c",
        "est",
        "ai",
        "j'ai",
        "jai",
        "pour",
        "par",
        "mais",
        "et",
    }
)


def _likeness(said: Sequence[str], title: Sequence[str]) -> float:
    """Return the share of the said words that the title has, a little higher when the title is covered too."""
    if not title:
        return 0.0
    hits = sum(max(_same(word, other) for other in title) for word in said)
    covered = sum(max(_same(word, other) for word in said) for other in title)
    return hits / len(said) + 0.1 * covered / len(title) if hits else 0.0


def _same(said: str, word: str) -> float:
    """Return 1 for the same sound, less for a slip of the finger, for a beginning, and for a longer form."""
    best = 0.0
    for sound in (str, fold.french, fold.bambara):
        a, b = sound(said), sound(word)
        if a == b:
            return 1.0
        if min(len(a), len(b)) >= _FUZZY_FROM and _slip_away(a, b):
            best = max(best, 0.95)
        elif min(len(a), len(b)) >= _FUZZY_FROM and max(len(a), len(b)) >= _LONG:
            best = max(best, 0.85 if OSA.distance(a, b, score_cutoff=2) <= 2 else 0.0)  # noqa: PLR2004 - two slips
        if len(a) >= _BEGINNING and b.startswith(a):
            best = max(best, 0.9)
        if len(b) > _BEGINNING and a.startswith(b):
            best = max(best, 0.8)
    return best


def _words(text: str) -> list[str]:
    spaced = APART.sub(" ", "".join(str(unicodedata.digit(c, c)) if c.isdigit() else c for c in text))
    return [plain for m in _WORD.finditer(spaced.replace("'", " ").replace("’", " ")) if (plain := fold.plain(m[0]))]


@lru_cache(maxsize=1024)
def _title_words(title: str) -> tuple[str, ...]:
    """Return a title's words; the same few titles are compared with every message."""
    return tuple(_words(title))


def _key(text: str) -> str:
    return " ".join(_words(text))
