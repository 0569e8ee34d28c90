"""Takes numbers, addresses and names out of a text; where it is not sure, out they go."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from bot.understanding import fold
from bot.understanding.tokens import normal

MARK: Final = "#"  # stands for whatever was taken out

_ADDRESS = re.compile(r"@|https?://|www\.|\.(?:com|net|org|fr|ml|me)(?!\w)", re.IGNORECASE)  # of mail or of a page
_DIGITS = re.compile(r"[+(]{0,3}0(?:[\s.,;:/()+\-]*0)*\)?")  # every figure has become 0; signs between them go too
_MARKS = re.compile(rf"{MARK}(?:[\s.,;:/+\-]*{MARK})*")
_WORD = re.compile(r"[^\W\d_]+")
_ENDS_A_SENTENCE = frozenset(".!?:")
_NAME_WORDS = 2  # a given name and a family name; in lower case nothing tells where a name ends
_NUMBER_WORDS = 3  # spelt-out figures in a row that may be somebody's number
_ALIKE = 80  # per cent of the letters, rapidfuzz's ratio: "Traore" and "Traorè", "Mamadou" and "Mamadu"
_FEWEST_LETTERS = 3
_SHORTEST_ALIKE = 4  # letters; shorter words are alike by chance

# How people say their name, in plain letters ("m'appelle" is two words).
_WAYS = """
m appelle, mappelle, jm appelle, jmappelle, m appel, mappel, jmappel, m apel, mapel, jmapel, m apl, mapl, jmapl,
me nomme, mon nom, mon non, mn nom, mon prenom, nom, prenom, moi c est, moi c, moi cest, mwa c, signe, de la part de,
c est moi, cest moi, c moi, ici c est, n togo, ne togo, ntogo, n tg, ne ka togo, n jamu, ne jamu, njamu, jamu,
n be wele, n wele, my name, i am called
"""
_LONGEST_FIRST = sorted((tuple(way.split()) for way in _WAYS.split(",")), key=len, reverse=True)
_SAID: Final = {way[0]: [other for other in _LONGEST_FIRST if other[0] == way[0]] for way in _LONGEST_FIRST}
_BETWEEN: Final = frozenset({"est", "c", "cest", "s", "is", "ye", "ko", "de", "et", "nom", "prenom", "famille"})
_TITLES: Final = frozenset({"monsieur", "madame", "mr", "mme", "mlle", "tonton", "tanti", "tantie"})

# The commonest Malian names that are no everyday words of French or Bambara: a net for texts in small letters.
_NAMES = """
traore coulibaly kulibali diarra keita toure konate sangare sidibe diallo jalo cisse dembele dembelle doumbia camara
sissoko cissoko maiga haidara fofana sylla bagayoko samake togola dicko kante kouyate diabate diakite sacko sanogo
berthe bathily tounkara niare goita malle ouattara guindo tembely kassogue poudiougou moussa mamadou amadou oumar omar
ibrahim ibrahima fatoumata fatou aminata awa mariam mariama kadiatou kadia adama seydou boubacar abdoulaye abdoul issa
modibo bakary souleymane sekou drissa lassana youssouf ousmane aissata aissa oumou rokia assitan djeneba hawa salif
yaya cheick mohamed mohammed madou bintou ramata safiatou salimata korotoumou alassane hamidou hamadou daouda idrissa
karim lamine siaka soumaila tidiane tiecoura zoumana fousseyni assetou nassira coumba maimouna zeinabou
"""
_COMMON: Final = frozenset(_NAMES.split())

_FIGURE_WORDS = """
zero un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts trente
quarante cinquante soixante septante huitante nonante cent cents mille
kelen fila saba naani duuru woro wooro wolonwula wolonfila segin seegin konoton kononton tan mugan bi fu
"""
_FIGURES: Final = frozenset(_FIGURE_WORDS.split())


@dataclass(frozen=True, slots=True)
class _Word:
    plain: str
    start: int
    end: int
    capital: bool
    first: bool  # of a sentence, where a capital says nothing


def redact(text: str, *, names: Iterable[str] = ()) -> str:
    """Return a text on one line in which `MARK` stands for every figure, address and (likely) name.

    `names` are what is known of the person: their own name, relatives, places, as they were written. Taken out besides:
    every figure, also spelt out in a row; what follows "je m'appelle", "n tɔgɔ ye" and the like; words with a capital
    inside a sentence; the country's commonest names. What is sealed and shown to staff afterwards is only this.
    """
    line = _DIGITS.sub(MARK, _figures_as_zero(_without_addresses(_one_line(text))))
    words = list(_words(line))
    known = frozenset(word.plain for name in names for word in _words(_one_line(name)) if len(word.plain) > 1)
    gone = {
        *_introduced(words),
        *_capitals(words),
        *_spelt_out(words),
        *(place for place, word in enumerate(words) if _is_name(word, known)),
    }
    for place in sorted(gone, reverse=True):
        line = f"{line[: words[place].start]}{MARK}{line[words[place].end :]}"
    return _MARKS.sub(MARK, line).strip()


def says_something(redacted: str) -> bool:
    """Say whether words are left that somebody could judge."""
    return sum(character.isalpha() for character in redacted) >= _FEWEST_LETTERS


def _one_line(text: str) -> str:
    """Put a text on one line, without what no eye sees: control characters, joiners, half characters."""
    spaced = " ".join(normal(text).split())
    return "".join(character for character in spaced if unicodedata.category(character)[0] != "C")


def _without_addresses(line: str) -> str:
    return " ".join(MARK if _ADDRESS.search(part) else part for part in line.split(" "))


def _figures_as_zero(text: str) -> str:
    """Write every figure of every script as 0."""
    return "".join("0" if unicodedata.category(character)[0] == "N" else character for character in text)


def _words(line: str) -> Iterator[_Word]:
    shouted = line == line.upper()  # in a text without small letters a capital says nothing
    end = 0
    for found in _WORD.finditer(line):
        between = line[end : found.start()]
        first = end == 0 or bool(_ENDS_A_SENTENCE & set(between))
        capital = found[0][0].isupper() and len(found[0]) > 1 and not shouted
        yield _Word(fold.plain(found[0]), found.start(), found.end(), capital, first)
        end = found.end()


def _introduced(words: Sequence[_Word]) -> Iterator[int]:
    """Find the words after a way of saying one's name: two at least, and whatever else is written with a capital."""
    plain = [word.plain for word in words]
    for start in range(len(plain)):
        ways = _SAID.get(plain[start], ())
        said = next((way for way in ways if tuple(plain[start : start + len(way)]) == way), None)
        if said is None:
            continue
        place = start + len(said)
        while place < len(plain) and plain[place] in _BETWEEN:
            place += 1
        last = place + _NAME_WORDS
        while last < len(words) and words[last].capital:
            last += 1
        yield from range(place, min(last, len(words)))


def _capitals(words: Sequence[_Word]) -> Iterator[int]:
    """Find words with a capital inside a sentence, and at its beginning when the next has one too."""
    for place, word in enumerate(words):
        followed = place + 1 < len(words) and words[place + 1].capital and not words[place + 1].first
        after_title = place > 0 and words[place - 1].plain in _TITLES
        if (word.capital and (not word.first or followed)) or after_title:
            yield place


def _spelt_out(words: Sequence[_Word]) -> Iterator[int]:
    """Find figures in words that stand in a row, with signs and "et" between them."""
    row: list[int] = []
    for place, word in enumerate(words):
        if word.plain in _FIGURES:
            row.append(place)
        elif word.plain not in {"et", "ni"}:
            yield from row if len(row) >= _NUMBER_WORDS else ()
            row = []
    yield from row if len(row) >= _NUMBER_WORDS else ()


def _is_name(word: _Word, known: frozenset[str]) -> bool:
    if word.plain in _COMMON or word.plain in known:
        return True
    if len(word.plain) < _SHORTEST_ALIKE:
        return False
    return any(len(name) >= _SHORTEST_ALIKE and fuzz.ratio(word.plain, name) >= _ALIKE for name in known)
