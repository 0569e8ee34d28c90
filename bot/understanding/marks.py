"""Meanings that no word list can hold: ages of minors, sums of money, case references."""

import re

from bot.core.cases import read_reference
from bot.understanding.lexicon import Lexicon, Tagged
from bot.understanding.tokens import Token

_AMOUNT = re.compile(r"(?!(?:19|20)\d\d$)\d{3,7}(?:f|fr|frs|fcfa|cfa|k)?|\d{1,3}(?:k|mil|f)")
_THOUSAND = frozenset(
    {"mille", "mil", "000", "waa", "wa", "million", "millions", "franc", "francs", "cfa", "fcfa", "f"}
)
_YEARS = frozenset({"an", "ans", "annees", "annee"})
_ADULT = 18
_YOUNGEST = 4
_AGE_WORDS = {"dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16}
_DURATION = frozenset({"depuis", "pendant", "fait", "apres", "dans", "durant", "y", "kabini", "il", "passe", "encore"})
_FIRST = frozenset({"ai", "moi", "g", "jai", "je", "suis", "n", "ne", "age", "agee", "jeune"})
_AFTER = frozenset(
    {"experience", "experiences", "travail", "prison", "mariage", "d", "de", "la", "en", "passe", "passes"}
)
_BM_AGE = frozenset({"san", "sanji"})


def mark(tagged: Tagged, lexicon: Lexicon) -> Tagged:
    """Add what numbers mean: {minor} (the writer's own age), {young} (somebody's), {amount} and {reference}."""
    for i, token in enumerate(tagged.tokens):
        for name in _meanings(tagged.tokens, i, token):
            tagged.masks[i] |= lexicon.bit(name)
    return tagged


def _meanings(tokens: tuple[Token, ...], i: int, token: Token) -> list[str]:
    names: list[str] = []
    age = _age(tokens, i)
    if age:
        names.append(age)
    elif _is_amount(tokens, i):
        names.append("amount")
    if any(c.isdigit() for c in token.plain) and _is_reference(tokens, i):
        names.append("reference")
    return names


def _age(tokens: tuple[Token, ...], i: int) -> str | None:
    word = tokens[i].plain
    glued = re.fullmatch(r"(\d\d?)ans?", word)
    years = int(glued[1]) if glued else _AGE_WORDS.get(word, int(word) if word.isdigit() and len(word) < 3 else 0)  # noqa: PLR2004
    if not _YOUNGEST <= years < _ADULT:
        return None
    after = tokens[i + 1].plain if i + 1 < len(tokens) else ""
    before = [t.plain for t in tokens[max(0, i - 3) : i]]
    bambara = bool(before) and before[-1] in _BM_AGE
    if not (bambara or glued or after in _YEARS):
        return None
    then = tokens[i + 2].plain if i + 2 < len(tokens) and not bambara else ""
    if (before and before[-1] in _DURATION) or before[-2:] == ["y", "a"] or then in _AFTER:
        return None
    return "minor" if _FIRST & set(before[-2:] if not bambara else before) else "young"


def _is_amount(tokens: tuple[Token, ...], i: int) -> bool:
    word = tokens[i].plain
    if _AMOUNT.fullmatch(word):
        return True
    return word.isdigit() and i + 1 < len(tokens) and tokens[i + 1].plain in _THOUSAND


def _is_reference(tokens: tuple[Token, ...], i: int) -> bool:
    """Say whether a word, alone or with a neighbour, is a case reference ("k7421r", "k 7421 r")."""
    words = [t.plain for t in tokens[max(0, i - 1) : i + 2]]
    return any(read_reference("".join(words[a:b])) for a in range(len(words)) for b in range(a + 1, len(words) + 1))
