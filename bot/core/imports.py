"""A list of people on its way in: read, judged line by line, and let in only when somebody has said so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice, product
from string import ascii_uppercase
from typing import Final, Literal

from bot.core import phones
from bot.core.entries import Field

State = Literal["uploaded", "checking", "checked", "letting_in", "done", "dropped", "failed"]
RowStatus = Literal["good", "bad", "twice", "known", "in", "merged", "left"]

MOST_BYTES: Final = 25 * 1024 * 1024  # of a file: 100,000 lines have about 10 MB
MOST_LINES: Final = 250_000
PIECE: Final = 64 * 1024  # bytes of a file in one row
READ_SLICE: Final = 500  # lines that are written at once: some ten milliseconds of the writers' line
LET_IN_SLICE: Final = 200  # persons at once: each has some ten rows
SOURCE_LETTERS: Final = (4, 64)  # of the words that say where consent was given
TAG_LETTERS: Final = 64


class NotNow(ValueError):
    """This cannot be done to an import in this state; the sentence says what can."""


@dataclass(frozen=True, slots=True)
class Import:
    """One list. `counts` are its lines by what became of them."""

    id: str
    created_by: str
    created_at: datetime
    state: State
    titles: tuple[str, ...]
    columns: tuple[Field | None, ...] = ()
    consent_source: str = ""
    tag: str = ""  # put on everybody of the list
    all_or_nothing: bool = True
    merge: bool = False
    lines: int = 0
    last_line: int = 0
    failure: str = ""
    finished_at: datetime | None = None
    counts: Mapping[RowStatus, int] = field(default_factory=dict)

    def count(self, *statuses: RowStatus) -> int:
        """Return how many lines have one of these statuses."""
        return sum(self.counts.get(status, 0) for status in statuses)


@dataclass(frozen=True, slots=True)
class Terms:
    """What staff confirm before a list is read: its columns and where the persons agreed."""

    columns: tuple[Field | None, ...]
    consent_source: str
    tag: str = ""


def number_column(cells: Sequence[str]) -> int | None:
    """Return which cell of a list's first line is a telephone number: then that line is somebody, and no titles."""
    return next((at for at, cell in enumerate(cells) if phones.parse(cell)), None)


def column_names(count: int) -> tuple[str, ...]:
    """Return what the columns of a list without titles are called, as in spreadsheets: colonne A … Z, AA, AB …."""
    names = map("".join, product(("", *ascii_uppercase), ascii_uppercase))
    return tuple(f"colonne {name}" for name in islice(names, count))


def faults_of(terms: Terms) -> tuple[str, ...]:
    """Return what is missing before a list can be read, as sentences."""
    used = [column for column in terms.columns if column]
    least, most = SOURCE_LETTERS
    problems = {
        "Dites quelle colonne est le numéro de téléphone : sans lui nous ne pouvons écrire à personne.": "number"
        not in used,
        "Une même information est choisie pour deux colonnes ; gardez-en une.": len(used) != len(set(used)),
        "Écrivez où et quand les personnes ont donné leur accord, par exemple « formulaire Kayes, mai 2026 ».": not (
            least <= len(terms.consent_source.strip()) <= most
        ),
        f"L'étiquette a plus de {TAG_LETTERS} signes ; raccourcissez-la.": len(terms.tag) > TAG_LETTERS,
    }
    return tuple(sentence for sentence, wrong in problems.items() if wrong)


def why_not_let_in(found: Import, *, merge: bool, all_or_nothing: bool) -> str | None:
    """Return why a checked list is not let in as chosen, or None when it may be."""
    if found.state != "checked":
        return "Cette liste n'attend pas de décision ; regardez où elle en est."
    left_out = found.count("bad") + (0 if merge else found.count("twice", "known"))
    if all_or_nothing and left_out:
        return (
            f"{left_out} ligne(s) ne peuvent pas entrer et vous avez choisi « tout ou rien » : "
            "corrigez la liste, confirmez les doublons, ou gardez les bonnes lignes."
        )
    if not found.count("good", *(("known",) if merge else ())):
        return "Aucune ligne ne peut entrer ; corrigez la liste et envoyez-la de nouveau."
    return None
