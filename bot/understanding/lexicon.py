"""What words mean to us: concepts, found by sound, by beginning, and by one slip of the finger."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from bot.understanding import fold
from bot.understanding.tokens import Token

_FUZZY_FROM = 6  # shorter keys are one letter away from too many words
_STEM_HEAD = 2
_SHORT = 3  # letters; words this short mean different things in the two languages
_MUTE_FROM = 4
_MEMORY = 20_000

Mask = int  # a set of concepts, one bit each


@dataclass(slots=True)
class Tagged:
    """A message with its meanings: one mask a word, and spans of set phrases."""

    tokens: tuple[Token, ...]
    masks: list[Mask]
    phrases: dict[int, list[tuple[int, Mask]]] = field(default_factory=dict)  # first word -> (end, mask)
    signs: frozenset[str] | None = field(default=None, compare=False)  # kept by `signs.signs_of`

    @property
    def all(self) -> Mask:
        """Every concept that occurs."""
        total = 0
        for mask in self.masks:
            total |= mask
        for spans in self.phrases.values():
            for _, mask in spans:
                total |= mask
        return total


@dataclass(slots=True)
class _Ear:
    """One language's sounds: whole words, stems by their first letters, and words with one letter left out."""

    words: dict[str, Mask] = field(default_factory=lambda: defaultdict(int))
    stems: dict[str, list[tuple[str, Mask]]] = field(default_factory=lambda: defaultdict(list))
    slips: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def hear(self, key: str) -> Mask:
        mask = self.words.get(key, 0)
        for stem, meaning in self.stems.get(key[:_STEM_HEAD], ()):
            if key.startswith(stem):
                mask |= meaning
        return mask

    def guess(self, key: str) -> Mask:
        """Return the meaning of the words one slip away (letter missing, added, changed, two exchanged)."""
        if len(key) < _FUZZY_FROM - 1:
            return 0
        near = {word for left in (key, *_without_one(key)) for word in self.slips.get(left, ())}
        mask = 0
        for word in near:
            if OSA.distance(word, key, score_cutoff=1) <= 1:
                mask |= self.words[word]
        return mask

    def learn(self, key: str, mask: Mask, *, stem: bool) -> None:
        if stem:
            self.stems[key[:_STEM_HEAD]].append((key, mask))
            return
        self.words[key] |= mask
        if len(key) >= _FUZZY_FROM:
            for left in (key, *_without_one(key)):
                self.slips[left].add(key)


class Lexicon:
    """Concepts by name, and the words that carry them; built once, then only asked (its memory is a cache)."""

    def __init__(self) -> None:
        """Start empty; `learn` fills it."""
        self._bits: dict[str, Mask] = {}
        self._ears = {"fr": _Ear(), "bm": _Ear()}
        self._phrases: dict[str, list[tuple[str, tuple[str, ...], Mask]]] = defaultdict(list)
        self._memory: dict[tuple[str, str], Mask] = {}
        self._letters: dict[str, Mask] = {}
        self._breadth: dict[Mask, int] = {}
        self._named: dict[Mask, tuple[str, ...]] = {}
        self._known: dict[str, frozenset[str]] = {"fr": frozenset(), "bm": frozenset()}

    def bit(self, concept: str) -> Mask:
        """Return the mask of a concept, new or known."""
        return self._bits.setdefault(concept, 1 << len(self._bits))

    def names(self, mask: Mask) -> list[str]:
        """Return the names of the concepts in a mask."""
        return [name for name, bit in self._bits.items() if mask & bit]

    def meanings(self, mask: Mask) -> tuple[str, ...]:
        """Return the concepts with a name of their own in a mask (not the single words that patterns name)."""
        if mask not in self._named:
            if len(self._named) > _MEMORY:
                self._named.clear()
            self._named[mask] = tuple(n for n, bit in self._bits.items() if n[0] != "=" and mask & bit) if mask else ()
        return self._named[mask]

    def learn(self, concept: str, words: Iterable[str], *, language: str) -> None:
        """Add words (`mari`), stems (`frapp*`), set phrases (`perte de connaissance`) and words of one language.

        `=faim` is compared by its letters: it sounds like a common word ("fin").
        """
        mask = self.bit(concept)
        for entry in words:
            self._breadth[mask] = self._breadth.get(mask, 0) + 1
            parts = str(entry).replace("-", " ").split()
            if len(parts) == 1 and parts[0].startswith("="):
                self._letters[fold.plain(parts[0])] = self._letters.get(fold.plain(parts[0]), 0) | mask
            elif len(parts) == 1 and parts[0].endswith("*"):
                for key in stem_keys(parts[0], language):
                    self._ears[language].learn(key, mask, stem=True)
                whole = key_of(parts[0][:-1], language)
                if len(whole) > _SHORT:
                    self._ears[language].learn(whole, mask, stem=False)
            elif len(parts) == 1:
                self._ears[language].learn(key_of(parts[0], language), mask, stem=False)
            else:
                keys = tuple(key_of(part, language) for part in parts)
                self._phrases[keys[0]].append((language, keys, mask))

    def breadth(self, mask: Mask) -> int:
        """Return how many entries a mask stands for: the fewer, the rarer."""
        entries = 0
        while mask:  # bit by bit: there are thousands of concepts, and few in a mask
            lowest = mask & -mask
            entries += self._breadth.get(lowest, 0)
            mask ^= lowest
        return entries

    def literal(self, word: str, *, language: str) -> Mask:
        """Return the concept of one exact word (or stem) that a pattern names; it is learnt when it is new."""
        name = f"={language}:{word}"
        if name not in self._bits:
            self.learn(name, [word.replace("_", " ")], language=language)
        return self._bits[name]

    def know(self, language: str, keys: Iterable[str]) -> None:
        """Take note of real words, which are never read as a slip for another word."""
        self._known[language] = self._known[language] | frozenset(keys)

    def known(self, language: str) -> frozenset[str]:
        """Return the sound keys of a language's real words."""
        return self._known[language]

    def knows(self, token: Token) -> bool:
        """Say whether the word is one of ours, in either language."""
        return token.fr in self._known["fr"] or token.bm in self._known["bm"] or bool(self._exact(token))

    def knows_word(self, word: str) -> bool:
        """Say whether a plain word is one of ours, in either language."""
        return self.knows(Token(word, fold.french(word), fold.bambara(word), 0, 0))

    def tag(self, tokens: Sequence[Token], *, language: str = "mixed") -> Tagged:
        """Return the words with their meanings; a text of one `language` has its own and its short words read in it."""
        tagged = Tagged(tuple(tokens), [self._mask(token, language) for token in tokens])
        for start, token in enumerate(tokens):
            for key in {token.fr, token.bm}:
                for spoken, keys, mask in self._phrases.get(key, ()):
                    if _spoken(tokens, start, language=spoken, keys=keys):
                        tagged.phrases.setdefault(start, []).append((start + len(keys), mask))
        return tagged

    def _exact(self, token: Token, language: str = "mixed") -> Mask:
        french = language != "bm" or (len(token.fr) > _SHORT and token.bm not in self._known["bm"])
        bambara = language != "fr" or (len(token.bm) > _SHORT and token.fr not in self._known["fr"])
        heard = (self._ears["fr"].hear(token.fr) if french else 0) | (self._ears["bm"].hear(token.bm) if bambara else 0)
        return heard | self._letters.get(token.plain, 0)

    def _mask(self, token: Token, language: str) -> Mask:
        asked = (token.plain, language)
        if asked not in self._memory:
            if len(self._memory) > _MEMORY:
                self._memory.clear()
            self._memory[asked] = self._exact(token, language) or self._guess(token)
        return self._memory[asked]

    def _guess(self, token: Token) -> Mask:
        if token.fr in self._known["fr"] or token.bm in self._known["bm"]:
            return 0
        return self._ears["fr"].guess(token.fr) | self._ears["bm"].guess(token.bm)


def key_of(word: str, language: str) -> str:
    """Return the sound key of a word in a language."""
    plain = fold.plain(word)
    return fold.french(plain) if language == "fr" else fold.bambara(plain)


def stem_keys(stem: str, language: str) -> set[str]:
    """Return the keys of a beginning (`frapp*`): its last letter may sound differently before what follows."""
    plain = fold.plain(stem)
    plain = plain[:-1] if len(plain) > _MUTE_FROM and plain.endswith("e") else plain
    if language == "bm":
        return {fold.bambara(plain, stem=True)}
    followed = {fold.french(plain + letter, stem=True)[:-1] for letter in "aei" + ("k" if plain[-1] == "t" else "t")}
    return {key for key in (*followed, fold.french(plain, stem=True)) if len(key) >= min(len(plain), _SHORT)}


def _without_one(key: str) -> list[str]:
    return [key[:i] + key[i + 1 :] for i in range(len(key))]


def _spoken(tokens: Sequence[Token], start: int, *, language: str, keys: tuple[str, ...]) -> bool:
    if start + len(keys) > len(tokens):
        return False
    heard = tokens[start : start + len(keys)]
    return all((t.fr if language == "fr" else t.bm) == key for t, key in zip(heard, keys, strict=True))
