"""Words that work everywhere, as a whole message: stop, menu, back, a person, a language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.commands import Back, Cancel, Command, Correct, Repeat, Start
from bot.understanding import fold
from bot.understanding.tokens import Token

_POLITE = frozenset(
    {
        "svp",
        "stp",
        "merci",
        "bonjour",
        "bonsoir",
        "salut",
        "s",
        "il",
        "vous",
        "te",
        "plait",
        "hakɛ",
        "hake",
        "to",
        "dɛ",
        "please",
    }
)
FIRST = ("stop", "start", "erase_data")
_COMMANDS: Mapping[str, Command] = {"back": Back(), "correct": Correct(), "cancel": Cancel(), "repeat": Repeat()}


@dataclass(frozen=True, slots=True)
class Anywhere:
    """Whole messages by their sound, and what each asks for."""

    fr: Mapping[str, str]
    bm: Mapping[str, str]
    spelt: Mapping[str, str]  # by their letters: "conseils" sounds like "conseiller"

    def find(self, tokens: Sequence[Token]) -> str | None:
        """Return the word's name ("stop", "menu", "language:bm" …), or None."""
        for words in (tokens, [t for t in tokens if t.plain not in _POLITE]):
            if words:
                spelt = self.spelt.get(" ".join(t.plain for t in words))
                name = spelt or self.fr.get(_joined(words, "fr")) or self.bm.get(_joined(words, "bm"))
                if name:
                    return name
        return None


def command(name: str) -> Command:
    """Return what a word asks of the conversation."""
    if name.startswith("language:"):
        return Start("change_language", {"language": name.partition(":")[2]})
    return _COMMANDS.get(name) or Start(name)


def build(words: Mapping[str, Mapping[str, Any]]) -> Anywhere:
    """Collect `words_anywhere` and `languages` of every language's words.yml."""
    tables: dict[str, dict[str, str]] = {"fr": {}, "bm": {}, "": {}}
    for language, file in words.items():
        entries = [(name, e) for name, es in file["words_anywhere"].items() for e in es]
        entries += [(f"language:{code}", e) for code, es in file["languages"].items() for e in es]
        for name, entry in entries:
            tables[language].setdefault(_sound(entry, language), name)
            tables[""].setdefault(" ".join(map(fold.plain, entry.replace("-", " ").split())), name)
    return Anywhere(tables["fr"], tables["bm"], tables[""])


def _joined(tokens: Sequence[Token], language: str) -> str:
    return " ".join(t.fr if language == "fr" else t.bm for t in tokens)


def _sound(entry: str, language: str) -> str:
    words = [fold.plain(w) for w in entry.replace("-", " ").split()]
    return " ".join(fold.french(w) if language == "fr" else fold.bambara(w) for w in words)
