"""By which hashes a person can be found again: whole words of names, whole numbers, last four digits."""

import unicodedata

from bot.adapters.crypto import Vault

SEARCHED = frozenset({"name", "number", "relative_number", "relative_name"})  # contact items that staff search by
_LAST = 4  # digits that a caseworker is told on the phone
_LETTERS = str.maketrans({"ɛ": "e", "ɔ": "o", "ɲ": "ny", "ŋ": "ng"})


def keys_of(vault: Vault, value: str) -> set[str]:
    """Return the hashes that a name or a number is kept under."""
    digits = "".join(c for c in value if c.isdigit())
    if len(digits) < _LAST:
        return {vault.hash("word", word) for word in plain_words(value)}
    return {vault.hash("number", digits), vault.hash("last", digits[-_LAST:])}


def wanted(vault: Vault, text: str) -> list[str]:
    """Return the hashes that must all be there for a person to match what was typed."""
    digits = "".join(c for c in text if c.isdigit())
    if len(digits) < _LAST:
        return sorted(vault.hash("word", word) for word in plain_words(text))
    return [vault.hash("last" if len(digits) == _LAST else "number", digits)]


def plain_words(text: str) -> set[str]:
    """Return the words of a name without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return set(letters.split())
