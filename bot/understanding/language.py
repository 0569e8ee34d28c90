"""Which language a text is in: French, Bambara, both, another one, or no way to tell."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.understanding import fold
from bot.understanding.tokens import Token

Verdict = Literal["fr", "bm", "mixed", "other", "und"]

_SIZES = (1, 2, 3)
_ALPHA = 0.5
_WORD_CAP = 2.5  # no single word decides alone
_LEXICAL = 1.6
_FOREIGN_SCRIPT = re.compile(
    r"[\u0600-\u06ff\u0750-\u077f\u07c0-\u07ff\u2d30-\u2d7f\u0400-\u04ff\u4e00-\u9fff\U0001e900-\U0001e95f]"
)
_OFFICIAL = re.compile("[ɛɔɲŋƐƆƝŊ]")  # letters that Bambara has and French has not
_LETTERS_TO_TELL = 3
_WORDS_TO_TELL = 3  # by sound alone; fewer must be words that we know of that language
_OTHER_MARGIN = 0.35  # per letter, in nats
_MIXED_SHARE = 0.3
_MOSTLY = 0.6  # of the letters in words that we know: the text is ours
_MEMORY = 20_000


@dataclass(frozen=True, slots=True)
class Profile:
    """How often letter groups occur in a language; `unseen` for the rest (natural logarithms)."""

    grams: Mapping[str, float]
    unseen: float

    def score(self, parts: Sequence[str]) -> float:
        """Return the log-likelihood of a word's letter groups."""
        return sum([self.grams.get(gram, self.unseen) for gram in parts])


@dataclass(frozen=True, slots=True)
class Languages:
    """Profiles and known words; `others` are languages that we recognise but do not speak."""

    fr: Profile
    bm: Profile
    others: Mapping[str, Profile]
    words: Mapping[str, frozenset[str]]  # "fr", "bm": sound keys; other languages: plain words
    neutral: frozenset[str] = frozenset()  # names of places, "salam", our own: no sign of a language
    memory: dict[str, tuple[float, ...]] = field(default_factory=dict)  # scores of words met before; a cache

    def tell(self, text: str, tokens: Sequence[Token]) -> Verdict:
        """Return the language of a text; digits, names of one letter and emoji tell nothing."""
        letters = sum(c.isalpha() for c in text)
        if letters and len(_FOREIGN_SCRIPT.findall(text)) > letters / 2:
            return "other"
        words = [t for t in tokens if not any(c.isdigit() for c in t.plain)]
        if sum(len(t.plain) for t in words) < _LETTERS_TO_TELL:
            return "und"
        foreign = self._foreign(words)
        if foreign:
            return foreign
        telling = [token for token in words if token.plain not in self.neutral]
        return _weigh([self._odds(token, text) for token in telling])

    def clearly(self, tokens: Sequence[Token], language: str) -> bool:
        """Say whether half of a text's words are words of a language ("fr" or "bm"), and fewer the other's."""
        french = sum(t.fr in self.words["fr"] for t in tokens)
        bambara = sum(t.bm in self.words["bm"] for t in tokens)
        own, other = (french, bambara) if language == "fr" else (bambara, french)
        return own * 2 >= len(tokens) and own > other

    def known(self, tokens: Sequence[Token]) -> int:
        """Return how many letters stand in words that we know."""
        return sum(len(t.plain) for t in tokens if t.fr in self.words["fr"] or t.bm in self.words["bm"])

    def _scores(self, word: str) -> tuple[float, ...]:
        """Return how likely a word is in French, in Bambara and in each other language."""
        if word not in self.memory:
            if len(self.memory) > _MEMORY:
                self.memory.clear()
            parts = list(grams(word))
            profiles = (self.fr, self.bm, *self.others.values())
            self.memory[word] = tuple(p.score(parts) for p in profiles)
        return self.memory[word]

    def _odds(self, token: Token, text: str) -> float:
        """Return how much one word speaks for French (above 0) or Bambara (below)."""
        if _OFFICIAL.search(text, token.start, token.end):
            return -3.0
        french_score, bambara_score, *_ = self._scores(token.plain)
        odds = max(-_WORD_CAP, min(_WORD_CAP, (french_score - bambara_score) * 0.5))
        french, bambara = token.fr in self.words["fr"], token.bm in self.words["bm"]
        if french != bambara:
            odds += _LEXICAL if french else -_LEXICAL
        return odds

    def _foreign(self, tokens: Sequence[Token]) -> Verdict | None:
        """Return "other" where another language explains the text better than ours and than our words do.

        A word or two that only sound so may be a name, a place, keys pressed by a child: no way to tell.
        """
        letters = sum(len(t.plain) for t in tokens)
        known = self.known(tokens) / letters
        if known > _MOSTLY:
            return None
        sums = [sum(column) for column in zip(*(self._scores(t.plain) for t in tokens), strict=True)]
        ours = max(sums[:2])
        for name, theirs in zip(self.others, sums[2:], strict=True):
            hits = sum(len(t.plain) for t in tokens if t.plain in self.words.get(name, frozenset())) / letters
            if hits > known and hits >= 0.5:  # noqa: PLR2004 - half of the text
                return "other"
            if letters >= 8 and (theirs - ours) / letters + 0.6 * hits > _OTHER_MARGIN + 1.2 * known:  # noqa: PLR2004
                return "other" if len(tokens) >= _WORDS_TO_TELL else "und"
        unprofiled = (name for name in self.words if name not in self.others)
        return "other" if any(self._mostly_listed(tokens, name, known * letters) for name in unprofiled) else None

    def _mostly_listed(self, tokens: Sequence[Token], name: str, known: float) -> bool:
        """Say whether half of the letters stand in words listed for a language that has no profile."""
        if name in {"fr", "bm"}:
            return False
        hits = sum(len(t.plain) for t in tokens if t.plain in self.words[name])
        return hits > known and hits * 2 >= sum(len(t.plain) for t in tokens)


def _weigh(odds: Sequence[float]) -> Verdict:
    french = sum(o for o in odds if o > 0)
    bambara = -sum(o for o in odds if o < 0)
    total = french + bambara
    if total < 0.3:  # noqa: PLR2004 - nothing speaks for either
        return "und"
    strong_fr, strong_bm = sum(o > 1 for o in odds), sum(o < -1 for o in odds)
    if min(strong_fr, strong_bm) >= 2 and min(french, bambara) / total > _MIXED_SHARE:  # noqa: PLR2004 - one loan is none
        return "mixed"
    return "fr" if french >= bambara else "bm"


def grams(word: str) -> Iterable[str]:
    """Return the letter groups of a word with its edges."""
    edged = f" {word} "
    return (edged[i : i + n] for n in _SIZES for i in range(len(edged) - n + 1) if edged[i : i + n] != " ")


def count(texts: Iterable[str]) -> Counter[str]:
    """Count the letter groups of texts, in plain letters."""
    return Counter(g for text in texts for word in plain_words(text) for g in grams(word))


def plain_words(text: str) -> list[str]:
    """Return the words of a text in plain letters, numbers left out."""
    found = (fold.plain(w) for w in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", text))
    return [word for word in found if word]


def profile(counts: Mapping[str, int]) -> Profile:
    """Turn counts into logarithms of smoothed shares."""
    total = sum(counts.values()) + _ALPHA * (len(counts) + 5000)
    return Profile({g: math.log((c + _ALPHA) / total) for g, c in counts.items()}, math.log(_ALPHA / total))


def read_others(data: Mapping[str, Any]) -> dict[str, Profile]:
    """Read the shipped profiles: {language: {letters: count}}."""
    return {name: profile({g: int(c) for g, c in counts.items()}) for name, counts in data.items()}
