"""Telephone numbers as the console shows them: the last four digits, until somebody says why they need the rest."""

from typing import Final

from bot.core import phones

SHOWN: Final = 4  # digits: what a caller is asked for, and what the search takes


def number(value: str, *, whole: bool = False) -> str:
    """Write a number for reading: "•••• 0321", or all of it."""
    if whole:
        return phones.pretty(value)
    digits = "".join(character for character in value if character.isdigit())
    return f"•••• {digits[-SHOWN:]}" if len(digits) > SHOWN else "••••"


def text(words: str, *, whole: bool = False) -> str:
    """Write what somebody said with its long numbers shortened."""
    return words if whole else phones.IN_TEXT.sub(lambda found: number(found[0]), words)
