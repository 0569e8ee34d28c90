"""The lines of a list of people: numbers, places, trades, dates and yes or no, as staff and tables write them."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from rapidfuzz import fuzz, process

from bot.core import phones
from bot.core.directory import names_of_region
from bot.core.entries import TO_DO, Entry, Fault, Field, Problem, Reading, masked
from bot.core.facts import Facts
from bot.core.people import OLDEST_RETURN
from bot.understanding import fold
from bot.understanding.columns import plain_words

_LONGEST = 120  # characters of a name or place; more is a comment in the wrong column
_TAGS = 8
_TAG_LETTERS = 64
_ADULT = 18
_OLDEST = 120
_CLOSE = 75  # of 100: a hint that is further off misleads
_YES: Final = frozenset({"oui", "o", "yes", "y", "vrai", "true", "1", "x", "ok", "awo", "mineur"})
_NO: Final = frozenset({"non", "n", "no", "faux", "false", "0", "ayi", "majeur", "adulte"})
_LANGUAGES: Final = {
    **dict.fromkeys(("fr", "francais", "fransais", "french"), "fr"),
    **dict.fromkeys(("bm", "bam", "bambara", "bamanankan", "bamana"), "bm"),
}
_SEXES: Final = {
    **dict.fromkeys(("f", "femme", "feminin", "female", "fille", "muso", "mme", "2"), "f"),
    **dict.fromkeys(("m", "h", "homme", "masculin", "male", "garcon", "garson", "ce", "mr", "1"), "m"),
}
_COUNTRIES: Final = {
    "MA": ("maroc", "morocco"),
    "LY": ("libye", "lybie", "libya"),
    "DZ": ("algerie", "algeria"),
    "TN": ("tunisie", "tunisia"),
    "NE": ("niger",),
    "MR": ("mauritanie", "mauritania"),
    "SN": ("senegal",),
    "CI": ("cote d'ivoire", "ivory coast", "rci"),
    "BF": ("burkina", "burkina faso"),
    "GN": ("guinee", "guinea"),
    "TD": ("tchad", "chad"),
    "SD": ("soudan", "sudan"),
    "EG": ("egypte", "egypt"),
    "ES": ("espagne", "spain"),
    "IT": ("italie", "italy"),
    "FR": ("france",),
    "DE": ("allemagne", "germany"),
    "GA": ("gabon",),
    "CM": ("cameroun", "cameroon"),
    "GQ": ("guinee equatoriale", "equatorial guinea"),
    "AO": ("angola",),
    "CD": ("rdc", "congo kinshasa"),
    "CG": ("congo", "congo brazzaville"),
    "SA": ("arabie saoudite", "saudi arabia"),
    "TR": ("turquie", "turkey"),
    "LB": ("liban", "lebanon"),
}
_MONTHS: Final = (
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
)
_SCIENTIFIC = re.compile(r"^\d+[.,]\d+E\+\d+$", re.IGNORECASE)
_SERIAL = re.compile(r"^(\d{5})(?:[.,]\d+)?$")  # a day as spreadsheets count them; the fraction is the time
_SPREADSHEET_BEGAN: Final = date(1899, 12, 30)
_ISO = re.compile(r"^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T ].*)?$")
_DAY = re.compile(r"^(?:(\d{1,2})[/.\- ])?(\d{1,2})[/.\- ](\d{4}|\d{2})$")
_NAMED = re.compile(r"^(?:(\d{1,2})(?:er)? )?([a-z]+) (\d{4}|\d{2})$")


class _Wrong(Exception):
    """A cell cannot be kept."""

    def __init__(self, fault: Fault, hint: str = "") -> None:
        super().__init__(fault)
        self.fault: Fault = fault
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Words:
    """What one column may say: plain forms and sounds to codes; `shown` are the names for a hint."""

    codes: Mapping[str, str]
    shown: Mapping[str, str] = field(default_factory=dict)

    def find(self, text: str) -> str:
        """Return the code of what was written. Raises _Wrong with the nearest name, if one is near."""
        words = plain_words(text)
        found = self.codes.get(words) or self.codes.get(_sound(words))
        if found:
            return found
        near = process.extractOne(words, self.codes.keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE)
        raise _Wrong("unknown", self.shown.get(self.codes[near[0]], "") if near else "")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads lines. `today` tells a birth from a return in the future."""

    words: Mapping[Field, Words]
    today: date

    def read(self, cells: Sequence[str], columns: Sequence[Field | None]) -> Reading:
        """Read one line under its columns: an entry, or every problem that it has."""
        given = {column: cell.strip() for column, cell in zip(columns, cells, strict=False) if column and cell.strip()}
        values: dict[Field, str] = {}
        problems = [*self._too_many(cells, columns)]
        for column, text in given.items():
            try:
                values |= self._cell(column, text)
            except _Wrong as wrong:
                problems.append(Problem(column, wrong.fault, masked(text), wrong.hint))
        if "consent" in columns and "consent" not in given:
            problems.append(Problem("consent", "consent_empty"))
        if "number" not in given:
            problems.append(Problem("number", "empty"))
        elif "number" in values and values.get("guardian_number") == values["number"]:
            problems.append(Problem("guardian_number", "guardian_is_person", masked(given["number"])))
        if problems:
            return Reading(None, tuple(problems))
        tags = tuple(dict.fromkeys(filter(None, map(str.strip, re.split(r"[,;|]", values.pop("tags", ""))))))
        return Reading(Entry(values, tags))

    def _too_many(self, cells: Sequence[str], columns: Sequence[Field | None]) -> Iterable[Problem]:
        if any(cell.strip() for cell in cells[len(columns) :]):
            yield Problem("number", "too_many_cells")

    def _cell(self, column: Field, text: str) -> dict[Field, str]:
        """Return what a cell says, for its own column."""
        if column in self.words:
            return {column: self.words[column].find(text)}
        reads = _READS.get(column, _plain_text)
        said = reads(text, self.today)
        return {column: said} if said else {}


def reader(facts: Facts, places: Mapping[str, Sequence[str]], today: date) -> Reader:
    """Make a reader. `places`: the towns of each region, so that a town in the column of regions is understood."""
    shown = {code: region.name for code, region in facts.regions.items()}
    regions = _words({code: names_of_region(region) for code, region in facts.regions.items()}, shown)
    towns = _words({code: names for code, names in places.items() if code in shown}, shown)
    trades = {code: (code, trade.name, *trade.words) for code, trade in facts.trades.items()}
    words: dict[Field, Words] = {
        "region": Words({**towns.codes, **regions.codes}, shown),
        "trade": _words(trades, {code: trade.name for code, trade in facts.trades.items()}),
        "origin": _words({code: (code, *names) for code, names in _COUNTRIES.items()}, {}),
        "language": Words(_LANGUAGES, {"fr": "français", "bm": "bambara"}),
        "sex": Words(_SEXES, {"f": "F", "m": "H"}),
    }
    return Reader(words, today)


def _words(named: Mapping[str, Sequence[str]], shown: Mapping[str, str]) -> Words:
    """Let plain forms win over sounds, and what comes first over what comes later."""
    plain = {words: code for code, names in reversed([*named.items()]) for words in map(plain_words, names)}
    heard = {_sound(words): code for words, code in plain.items()}
    return Words({**heard, **plain}, shown)


def _sound(words: str) -> str:
    return "".join(map(fold.french, words.split()))


def _number(text: str, _today: date) -> str:
    found = _phone(text)
    if found.kind == "fixed":
        raise _Wrong("not_mobile")
    return found.e164


def _any_number(text: str, _today: date) -> str:
    return _phone(text).e164


def _phone(text: str) -> phones.Phone:
    """Read a number; a table may have lost the plus before the country."""
    if _SCIENTIFIC.match(text):
        raise _Wrong("scientific")
    found = phones.parse(text) or phones.parse(f"+{text.lstrip('+')}")
    if found is None:
        raise _Wrong("no_number")
    return found


def _return(text: str, today: date) -> str:
    """Return "2026-05-03", or "2026-05" where no day is said."""
    said, whole = _date(text)
    if said > today:
        raise _Wrong("future")
    if said.year < today.year - OLDEST_RETURN:
        raise _Wrong("too_old")
    return said.isoformat() if whole else f"{said:%Y-%m}"


def return_date(text: str, today: date) -> str:
    """Read the day or month of a return as staff type it. Raises ValueError with a sentence that says what to do."""
    try:
        return _return(text, today)
    except _Wrong as wrong:
        sentence = TO_DO[wrong.fault]
        raise ValueError(f"{sentence[0].upper()}{sentence[1:]}.") from wrong


def _minor(text: str, today: date) -> str:
    """Return "yes" or "no" for yes and no, for an age, or for a day or year of birth; nothing else is kept of it."""
    words = plain_words(text)
    if words in _YES | _NO:
        return "yes" if words in _YES else "no"
    number = text.removesuffix("ans").strip()
    if number.isdecimal() and int(number) <= _OLDEST:
        return "yes" if int(number) < _ADULT else "no"
    if number.isdecimal() and len(number) == len("2008"):
        return "yes" if today.year - int(number) <= _ADULT else "no"
    born, _ = _date(text)
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return "yes" if years < _ADULT else "no"


def _date(text: str) -> tuple[date, bool]:
    """Return the day, and whether a day (and not only a month) was said."""
    parts = _parts(text.strip())
    if parts is None:
        raise _Wrong("not_a_date")
    day, month, year = parts
    try:
        return date(year if year > 99 else 2000 + year, month, day or 1), bool(day)  # noqa: PLR2004 two digits
    except ValueError as error:
        raise _Wrong("not_a_date") from error


def _parts(text: str) -> tuple[int, int, int] | None:
    if found := _SERIAL.match(text):
        day = _SPREADSHEET_BEGAN + timedelta(days=int(found[1]))
        return day.day, day.month, day.year
    if found := _ISO.match(text):
        return int(found[3] or 0), int(found[2]), int(found[1])
    if found := _DAY.match(text):
        return int(found[1] or 0), int(found[2]), int(found[3])
    found = _NAMED.match(plain_words(text))
    month = process.extractOne(found[2], _MONTHS, scorer=fuzz.ratio, score_cutoff=_CLOSE) if found else None
    return (int(found[1] or 0), month[2] + 1, int(found[3])) if found and month else None


def _consent(text: str, _today: date) -> str:
    words = plain_words(text)
    if words in _NO:
        raise _Wrong("no_consent")
    if words not in _YES:
        raise _Wrong("consent_unclear")
    return "given"


def _yes_or_no(text: str, _today: date) -> str:
    words = plain_words(text)
    if words not in _YES | _NO:
        raise _Wrong("unknown", "oui")
    return "yes" if words in _YES else "no"


def _plain_text(text: str, _today: date) -> str:
    if len(text) > _LONGEST:
        raise _Wrong("too_long")
    return " ".join(text.split())


def _tags(text: str, _today: date) -> str:
    parts = re.split(r"[,;|]", text)
    if len(parts) > _TAGS or any(len(part.strip()) > _TAG_LETTERS for part in parts):
        raise _Wrong("too_long")
    return text


_READS: Final[Mapping[Field, Callable[[str, date], str]]] = {
    "number": _number,
    "guardian_number": _any_number,
    "relative_number": _any_number,
    "return_date": _return,
    "minor": _minor,
    "consent": _consent,
    "guardian": _yes_or_no,
    "tags": _tags,
}
