"""Messages that were not understood: what staff say they meant, and how that goes back into the examples."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.messages import Language

DANGER = "emergency"  # the intent of the second net; words.yml is the first


class UnknownIntent(ValueError):
    """Staff named an intent that the examples do not have."""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A message that was not understood, without numbers and names, and what staff say it meant (`label`: an intent).

    Whose it was is stored for the erasure alone and not told.
    """

    id: int
    language: Language
    text: str
    offered: tuple[str, ...]
    kept_at: datetime
    label: str | None = None
    danger: bool = False  # somebody in danger wrote it
    labelled_by: str | None = None


def known_intent(name: str, known: Collection[str]) -> str:
    """Return the intent; raises UnknownIntent with the ones there are."""
    if name not in known:
        msg = f"There is no intent called {name!r} in nlu.yml; known: {', '.join(sorted(known))}."
        raise UnknownIntent(msg)
    return name


def new_lines(labelled: Sequence[Unmatched], examples: Iterable[str]) -> dict[str, list[str]]:
    """Return lines by intent for one language's nlu.yml, without those among its `examples` and without repeats.

    Of a text with two labels the first in the list counts. What somebody in danger wrote goes to the second net only,
    whatever else it was about: it must never teach an ordinary wish.
    """
    seen = {_same(example) for example in examples}
    lines: dict[str, list[str]] = {}
    for found in sorted(labelled, key=lambda one: not one.danger):
        if found.label and _same(found.text) not in seen:
            seen.add(_same(found.text))
            lines.setdefault(DANGER if found.danger else found.label, []).append(found.text)
    return lines


def as_nlu(lines: Mapping[str, Sequence[str]]) -> str:
    """Write lines by intent as blocks of Rasa's nlu.yml, to be put at the end of the file."""
    blocks = (
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts)
        for intent, texts in sorted(lines.items())
    )
    return "".join(blocks)


def _same(text: str) -> str:
    """Return what two spellings of one line share: letters and figures, not case, signs or spaces."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
