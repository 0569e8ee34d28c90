"""Phone numbers: read as people write them, kept as E.164, shown in groups of two."""

import re
from dataclasses import dataclass
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
    number = _read(_plain(text), region)
    if number is None:
        return None
    country = phonenumbers.region_code_for_number(number) or ""
    return Phone(phonenumbers.format_number(number, PhoneNumberFormat.E164), _kind(number), country)


def mobile_in(text: str, *, region: str = HOME) -> bool:
    """Say whether a whole mobile number stands in a text: no price, date, year or part of something longer is one."""
    return any(_kind(found.number) == "mobile" for found in PhoneNumberMatcher(text, region))


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
    number = _read(e164, None)
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
    try:
        number = phonenumbers.parse(plain, region)
    except NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _kind(number: PhoneNumber) -> Literal["mobile", "fixed", "other"]:
    kind = phonenumbers.number_type(number)
    if kind in _MOBILE:
        return "mobile"
    return "fixed" if kind == PhoneNumberType.FIXED_LINE else "other"
