"""Whether somebody asks for a woman or a man of the team: our texts about violence offer it ("FEMME")."""

import re
from typing import Final, Literal

from bot.understanding import fold

Sex = Literal["f", "m"]
_ALONE: Final[dict[Sex, frozenset[str]]] = {
    "f": frozenset({"femme", "fame", "fam", "dame", "muso", "mousso", "musso"}),
    "m": frozenset({"homme", "home", "monsieur", "ce", "tye", "ke"}),
}
_FILLING: Final = frozenset({"un", "une", "avec", "a", "svp", "oui", "plutot", "de", "l", "equipe", "do", "baarakela"})
_WANTS: Final = r"\b(?:parler|causer|discuter|ecrire|veux|voudrais|prefere|aimerais|kuma|fe)\b(?: \w+){0,3} "
# "parler à une femme", "kuma muso dɔ fɛ": never "ma femme", who is somebody of the family
_INSIDE: Final[dict[Sex, re.Pattern[str]]] = {
    "f": re.compile(_WANTS + r"(?:une (?:femme|fame|dame)|(?:muso|mousso) do)\b"),
    "m": re.compile(_WANTS + r"(?:un (?:homme|home|monsieur)|(?:ce|tye) do)\b"),
}
_WORDS_OF_AN_ANSWER: Final = 5


def wished_sex(text: str) -> Sex | None:
    """Return the sex of the caseworker that is asked for, "f" or "m", or None.

    Either the message holds nothing but the wish, or it says that they want to speak to a woman or a man.
    """
    words = [fold.plain(word) for word in re.findall(r"[^\W_]+", text)]
    said = [sex for sex, pattern in _INSIDE.items() if pattern.search(" ".join(words))]
    if len(said) == 1:
        return said[0]
    named = [sex for sex, known in _ALONE.items() if known & set(words)]
    rest = set(words) - _FILLING - _ALONE["f"] - _ALONE["m"]
    return named[0] if len(named) == 1 and not rest and len(words) <= _WORDS_OF_AN_ANSWER else None
