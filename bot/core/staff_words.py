"""What a caseworker asks for by SMS: a verb, a case, a text; capitals, accents and spaces do not matter."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Verb = Literal["pin", "take", "answer", "note", "close", "who", "list", "pause", "back", "help"]

_VERBS: Mapping[Verb, str] = {
    "pin": "pin code",
    "take": "prends prend prendre pren pr take",
    "answer": "r rep repond reponds repondre reponse",
    "note": "note noter",
    "close": "ferme fermer fermez ferm clos",
    "who": "qui ki",
    "list": "liste list lister demandes",
    "pause": "pause pose",
    "back": "garde reprise",
    "help": "aide aider help",
}
_BY_WORD: Mapping[str, Verb] = {word: verb for verb, words in _VERBS.items() for word in words.split()}
SAID: Mapping[Verb, str] = {
    "pin": "PIN",
    "take": "PRENDS",
    "answer": "R",
    "note": "NOTE",
    "close": "FERME",
    "who": "QUI",
    "list": "LISTE",
    "pause": "PAUSE",
    "back": "GARDE",
    "help": "AIDE",
}
_ALONE: frozenset[Verb] = frozenset({"list", "pause", "back", "help"})
_PIN = re.compile(r"\W*(\d{4,8})(?!\d)\W*(.*)", re.DOTALL)
_FIRST = re.compile(r"\W*([^\W\d_]+)(.*)", re.DOTALL)
_WHOLE = re.compile(r"[\s:.,#-]*([a-z][\s.-]?(?:\d[\s.-]?){4}[a-z])(?![^\W_])[\s:.,-]*(.*)", re.DOTALL | re.IGNORECASE)
_HALF = re.compile(r"[\s:.,#-]*([a-z]\s?\d{3,5}\s?[a-z]?)(?![^\W_])[\s:.,-]*(.*)", re.DOTALL | re.IGNORECASE)
_UNITS = r"\s*(?:h\d*|heures?|ans?|jours?|mois|f|fcfa|cfa)\b"  # "R 12 heures" names no case
_SHORT = re.compile(rf"[\s:.,#n°-]*?(\d{{2,4}})(?!\d|[.,/]\d|{_UNITS})[\s:.,-]*(.*)", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """One wish of a caseworker. `verb` None: no verb was found, and `text` is the whole message.

    `number` is a whole reference ("K7421S", unchecked) or its last digits; "" when none was written. With "pin" it is
    the code, and `text` may be a command that came with it.
    """

    verb: Verb | None
    number: str = ""
    text: str = ""


def read(message: str) -> Asked:
    """Read "PRENDS 12", "prend k 7421 r", "R12 bonjour" and the like."""
    found = _FIRST.match(message)
    verb = _BY_WORD.get(plain(found[1])) if found else None
    if found is None or verb is None:
        return Asked(None, text=message.strip())
    if verb == "pin":
        given = _PIN.match(found[2])
        return Asked(verb, given[1], given[2].strip()) if given else Asked(verb)
    if verb in _ALONE:  # "garde courage" is said to the person, and no wish to be on duty again
        return Asked(None, text=message.strip()) if any(map(str.isalnum, found[2])) else Asked(verb)
    for shape in (_WHOLE, _HALF, _SHORT):
        named = shape.match(found[2])
        if named:
            number = "".join(character for character in named[1] if character.isalnum()).upper()
            return Asked(verb, number, named[2].strip())
    return Asked(verb, text=found[2].strip(" \t\r\n:,-"))


def plain(word: str) -> str:
    """Return a word in small letters without accents."""
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def looks_like_a_verb(message: str) -> bool:
    """Say whether a message without a verb may be one that was mistyped: then nothing of it may leave.

    A short first word in capitals, or a word one letter away from a verb ("PRNEDS", "REPOND5").
    """
    found = _FIRST.match(message)
    if found is None:
        return True
    word = plain(found[1])
    return any(_near(word, known) for known in _BY_WORD if len(known) > 2)  # noqa: PLR2004 shorter ones are near everything


def _near(word: str, known: str) -> bool:
    """Say whether two words differ by one letter, one more or less, or two neighbours exchanged."""
    if sorted(word) == sorted(known):
        return True
    longer, shorter = (word, known) if len(word) >= len(known) else (known, word)
    if len(longer) - len(shorter) > 1:
        return False
    if len(longer) == len(shorter):
        return sum(a != b for a, b in zip(longer, shorter, strict=True)) == 1
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))
