"""How a word sounds: a plain form, and a key each for French and Bambara ears, so that spelling does not matter."""

import re
import unicodedata
from functools import lru_cache

APOSTROPHES = "'’‘ʼ´`"
_LOOKALIKES = str.maketrans(
    {"ε": "ɛ", "є": "ɛ", "э": "ɛ", "ᴐ": "ɔ", "ͻ": "ɔ", "ɳ": "ŋ", "ñ": "ɲ", "œ": "oe", "æ": "e", "ß": "ss"}
)
_LETTERS = str.maketrans({"ɛ": "e", "ɔ": "o", "ɲ": "ny", "ŋ": "ng", "ç": "s", "ı": "i"})
# ç typed as c, in the few words where it matters
_CEDILLA = re.compile(
    r"(?<=^fran)c(?=ais)|(?<=^gar)c(?=on)|(?<=^le)c(?=ons?$)|(?<=^ma)c(?=on)|(?<=^fa)c(?=ons?$)|(?<=^re)c(?=u[es]?s?$|ois|oit)"
    r"|(?<=^de)c(?=u[es]?s?$)|^c(?=a$|ava$)|(?<=^commer)c(?=ant)"
)
_DIGIT_SOUNDS = {
    "1": "in",
    "2": "de",
    "3": "troi",
    "4": "katr",
    "5": "sink",
    "6": "si",
    "7": "set",
    "8": "uit",
    "9": "neuf",
}

# French: how it is heard, so that "fèr", "fair" and "faire", or "anlevé" and "enlevé", share a key. Capitals are
# sounds that one letter cannot say: A (an, en), I (in, ain), O (on), U (ou). The order matters.
_FRENCH = tuple(
    (re.compile(a), b)
    for a, b in (
        (r"(?<=[a-z])h|^h", lambda m: "h" if m.start() and m.string[m.start() - 1] in "cpst" else ""),
        (r"oeu|oe", "eu"),
        (r"eau|au", "o"),
        (r"ph", "f"),
        (r"sch|ch|sh", "x"),
        (r"[st]h", lambda m: m[0][0]),
        (r"qu(?=[aeiouy])|q|ck", "k"),
        (r"sc(?=[eiy])|c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"gu(?=[eiy])", "G"),
        (r"g(?=[eiy])|dj", "j"),
        (r"G", "g"),
        (r"je(?=[ao])", "j"),
        (r"([a-z])\1+", r"\1"),
        (r"ien(?![a-z])|yin(?![a-z])", "iI"),
        (r"oi|oy|wa", "Ua"),
        (r"ou|w", "U"),
        (r"(?:ain|aim|ein|yn|ym|in|im|un|um)(?![aeiouyUAIOnm])", "I"),
        (r"(?:en|em|an|am)(?![aeiouyUAIOnm])", "A"),
        (r"(?:on|om)(?![aeiouyUAIOnm])", "O"),
        (r"ai|ei|ay|ey", "e"),
        (r"y", "i"),
        (r"z", "s"),
        (r"ee+", "e"),
    )
)
_UER = re.compile(r"uer$")
_PLURAL = re.compile(r"(?<=[a-zA-Z]{2})[sx]+$")
_MUTE = re.compile(r"(?<=[a-zA-Z]{3})(?:er|e)$|(?<=[a-zA-Z]{2}[bcdfgjklmnprstvx])e$")
_SILENT = re.compile(r"(?<=[a-zA-Z][aeiouUAIO])[stdpx]+$")

# Bambara: the skeleton of official, GSM-7, accent-less and French-schooled spelling.
_BAMBARA = tuple(
    (re.compile(a), b)
    for a, b in (
        (r"eau|au", "o"),
        (r"ai(?![aeou])|ei", "e"),
        (r"ou(?=[aeio])", "w"),
        (r"ou", "u"),
        (r"n?gn|ny|ni(?=[aeou])", "Y"),
        (r"tch|thi(?=[aeou])|ch(?=[aeiou])|ti(?=[aeou])|ty(?=[aeiou])|th(?=[aeiou])", "c"),
        (r"dj|dy|di(?=[aeou])|dz", "j"),
        (r"gu(?=[ei])|gh", "g"),
        (r"qu", "k"),
        (r"x", "ks"),
        (r"ph", "f"),
        (r"sh|z", "s"),
        (r"v", "w"),
        (r"h$", ""),
        (r"m(?=[bp])", "n"),
        (r"i(?=[aeou])", "iy"),
        (r"iyy", "iy"),
        (r"u(?=[aeio])", "uw"),
        (r"([a-zY])\1+", r"\1"),
    )
)
_SHORT = 3  # shorter Bambara keys collide with the commonest words: their final n stays


@lru_cache(maxsize=50_000)
def plain(word: str) -> str:
    """Return a word in a–z and 0–9: lower case, no accents, no apostrophes, letters made long for effect shortened."""
    word = unicodedata.normalize("NFKC", word).lower().translate(_LOOKALIKES).translate(_LETTERS)
    word = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    word = "".join(str(unicodedata.digit(c, c)) if c.isdigit() else c for c in word)
    return _CEDILLA.sub("s", re.sub(r"([a-z])\1{2,}", r"\1\1", re.sub(r"[^a-z0-9+]", "", word)))


def _sounded(word: str) -> str:
    if word.isdigit() or not any(c.isdigit() for c in word) or len(word) > 7:  # noqa: PLR2004 - longer: a number, a reference
        return word
    return "".join(_DIGIT_SOUNDS.get(c, "") if c.isdigit() else c for c in word)


@lru_cache(maxsize=50_000)
def french(word: str, *, stem: bool = False) -> str:
    """Return the French sound key of a plain word; of a stem, the ending is kept."""
    key = _sounded(word)
    for pattern, sound in _FRENCH:
        key = pattern.sub(sound, key)
    if stem:
        return key
    key = _UER.sub("ue", _PLURAL.sub("", key))
    shorter = _MUTE.sub("", key)
    return shorter if shorter != key else _SILENT.sub("", key)


@lru_cache(maxsize=50_000)
def bambara(word: str, *, stem: bool = False) -> str:
    """Return the Bambara sound key of a plain word (rules of the official, old and French-schooled spellings)."""
    key = word
    for pattern, sound in _BAMBARA:
        key = pattern.sub(sound, key)
    if not stem and len(key) > _SHORT and key.endswith("n"):
        key = key[:-1]
    return key
