"""A message cut into words: what SMS writing glues together is taken apart; every word keeps its place in the text."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.understanding import fold

_WORD = re.compile(rf"[^\W_]+(?:[{fold.APOSTROPHES}][^\W_]+)*\+?")
_ELISION = re.compile(r"(?:qu|[jldmtsnck])(?=[aeiouyh])")  # l'argent, d'aide, qu'il … typed without the apostrophe
_GLUED_I = re.compile(r"j(?=[bcdfgklmnprstvx])")  # jveux, jcherche
_GLUED_N = re.compile(r"n(?=[bcdfhjklmnprstvwxz])")  # Bambara "n" (I, my) glued to its verb: nbe, nka, ntununna
_REST = 3  # a shorter rest is found in any word


@dataclass(frozen=True, slots=True)
class Token:
    """One word: its plain form, its two sound keys and where it stands in the text."""

    plain: str
    fr: str
    bm: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Splitter:
    """Cuts texts. `rewrites`: SMS words to what they stand for; `knows`: whether a plain word is ours."""

    rewrites: Mapping[str, Mapping[str, Sequence[str]]]  # by language: "kan" is no "quand" in Bambara
    knows: Callable[[str], bool]

    def cut(self, text: str, *, language: str = "fr") -> tuple[Token, ...]:
        """Return the words of a text (already in NFKC), in order; SMS words are read as those of one language."""
        rewrites = self.rewrites["bm" if language == "bm" else "fr"]
        found = [piece for m in _WORD.finditer(text) for piece in _unelided(m, rewrites)]
        joined = _join_letters([word for word in found if word[2]])
        return tuple(_token(part, start, end) for start, end, word in joined for part in self.parts(word, rewrites))

    def raw(self, text: str) -> tuple[Token, ...]:
        """Return the words as they stand, to tell the language by."""
        found = ((m.start(), m.end(), fold.plain(m[0])) for m in _WORD.finditer(text))
        return tuple(_token(word, start, end) for start, end, word in found if word)

    def parts(self, word: str, rewrites: Mapping[str, Sequence[str]]) -> Sequence[str]:
        """Return what a plain word stands for: itself, its SMS meaning, or the words glued together in it."""
        if word in rewrites:
            return rewrites[word]
        if word.isdigit() or self.knows(word):
            return (word,)
        for glue, left in ((_GLUED_I, "je"), (_ELISION, ""), (_GLUED_N, "n")):
            cut = glue.match(word)
            rest = word[cut.end() :] if cut else ""
            if cut and len(rest) >= _REST - (glue is not _ELISION) and (self.knows(rest) or rest in rewrites):
                return (left or cut[0], *rewrites.get(rest, (rest,)))
        return (word,)


_APOSTROPHE = re.compile(f"[{fold.APOSTROPHES}]")
_ELIDED = frozenset({"d", "l", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu"})
_BAMBARA_AFTER = frozenset({"a", "an", "aw", "o", "u", "i", "e", "olu", "ale", "anw", "y"})


def _unelided(match: re.Match[str], rewrites: Mapping[str, Sequence[str]]) -> list[tuple[int, int, str]]:
    """Part "d'en" where French does; "k'a" and "m'a" stay one word, as they are typed without the apostrophe."""
    whole = (match.start(), match.end(), fold.plain(match[0]))
    cut = _APOSTROPHE.search(match[0])
    if cut is None or whole[2] in rewrites:
        return [whole]
    left, right = fold.plain(match[0][: cut.start()]), fold.plain(match[0][cut.end() :])
    if left not in _ELIDED or right in _BAMBARA_AFTER:
        return [whole]
    at = match.start() + cut.start()
    return [(match.start(), at, left), (at + 1, match.end(), right)]


def normal(text: str) -> str:
    """Return the text in Unicode's compatibility form: full-width digits and ligatures become plain ones."""
    return unicodedata.normalize("NFKC", text)


def _join_letters(words: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Put "j ai" and "k a" back together: a lone consonant before a vowel has lost its apostrophe."""
    joined: list[tuple[int, int, str]] = []
    for start, end, word in words:
        before = joined[-1] if joined else None
        if (
            before
            and before[2] in _LONE
            and word in _BAMBARA_AFTER
            and word[0] in "aeiouyh"
            and start - before[1] == 1
            and not word.isdigit()
        ):
            joined[-1] = (before[0], end, before[2] + word)
        else:
            joined.append((start, end, word))
    return joined


_LONE = frozenset("jkbtydlmsc")


def _token(word: str, start: int, end: int) -> Token:
    return Token(word, fold.french(word), fold.bambara(word), start, end)


APART = re.compile(r"(?<=\d)[.,;:/\-](?=\d)|°")  # "1,3" and "n°2" are separate words
