"""Phone numbers: read as people write them, kept as E.164, shown in groups of two."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import phonenumbers
from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberMatcher,
    PhoneNumberType,
    carrier,
)

HOME = "ML"
IN_TEXT = re.compile(r"\+?\d(?:[\s.\-]?\d){6,}")  # seven digits and more: a telephone, a card, an account
_BLOCK = 4  # digits at the end of a number that nobody's plan tells apart
_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}  # some countries do not tell them apart


@dataclass(frozen=True, slots=True)
class Phone:
    """A number that exists in a country's plan. `country` is ISO 3166 ("" when several share a code); prints masked."""

    e164: str
    kind: Literal["mobile", "fixed", "other"]
    country: str

    def __str__(self) -> str:
        """Show the country and the last two digits."""
        return f"{self.country}:…{self.e164[-2:]}"

    __repr__ = __str__


def parse(text: str, *, region: str = HOME) -> Phone | None:
    """Read a number such as "76 12 34 56", "+223…", "00223…", "223 76…" or a foreign one with + or 00.

    A number without a country belongs to `region`. Letters around it are the understanding's matter: the text is
    the number alone. Returns None for what no country's numbering plan has.
    """
    number = _numbered(_plain(text), region)
    kind = PhoneNumberType.UNKNOWN if number is None else phonenumbers.number_type(number)
    if number is None or kind == PhoneNumberType.UNKNOWN:  # as `is_valid_number` asks, which costs as much again
        return None
    country = phonenumbers.region_code_for_number(number) or ""
    return Phone(phonenumbers.format_number(number, PhoneNumberFormat.E164), _kind(kind), country)


def mobile_in(text: str, *, region: str = HOME) -> bool:
    """Say whether a whole mobile number stands in a text: no price, date, year or part of something longer is one."""
    return any(phonenumbers.number_type(found.number) in _MOBILE for found in PhoneNumberMatcher(text, region))


def pretty(e164: str) -> str:
    """Show an E.164 number for reading: "+223 76 12 34 56"; an identifier that is no number stays as it is."""
    number = _read(e164, None)
    if number is None:
        return e164
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def operator(e164: str) -> str:
    """Return whose number this was when it was given out ("orange", "sotelma", "atel"), "" where nobody knows.

    Source: the numbering plan as phonenumbers has it. A number taken along to another operator keeps its first.
    """
    return _operator(f"{e164[:-_BLOCK]}{'0' * _BLOCK}")


@lru_cache(maxsize=4096)
def _operator(first: str) -> str:
    """Look a block up by its first number: operators get ten thousand at a time, and a list has many of each."""
    number = _read(first, None)
    return "" if number is None else carrier.name_for_number(number, "en").lower()


def _plain(text: str) -> str:
    """Keep digits and a leading plus: every other sign between groups is somebody's habit."""
    stripped = text.strip()
    if any(character.isalpha() for character in stripped):
        return ""
    digits = "".join(str(int(character)) for character in stripped if character.isdecimal())
    international = stripped.lstrip("(").startswith(("+", "＋"))  # noqa: RUF001
    if international:
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits


def _read(plain: str, region: str | None) -> PhoneNumber | None:
    number = _numbered(plain, region)
    return number if number is not None and phonenumbers.is_valid_number(number) else None


def _numbered(plain: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(plain, region)
    except NumberParseException:
        return None


def _kind(found: int) -> Literal["mobile", "fixed", "other"]:
    if found in _MOBILE:
        return "mobile"
    return "fixed" if found == PhoneNumberType.FIXED_LINE else "other"
