"""How well texts are understood: accuracy, bands, danger found and false alarms, against a table of right answers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.understanding.danger import KINDS
from bot.understanding.read import Reading, Understanding

_OUTCOMES = frozenset({"stop", "unclear", "unsupported_language", "ask"})
_DANGER = frozenset({*KINDS, "P1", "P2", "danger"})


@dataclass(frozen=True, slots=True)
class Line:
    """One text, its language and what is right: intent names, danger kinds, P1, P2, outcomes, or no_danger."""

    text: str
    language: str
    expected: frozenset[str]

    @property
    def dangerous(self) -> bool:
        """Say whether danger is what must be found."""
        return bool(self.expected & _DANGER)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line and what became of it: right, offered (the right choice among those asked), fell_back or wrong."""

    line: Line
    reading: Reading
    mark: str
    language_right: bool


@dataclass(slots=True)
class Report:
    """All verdicts, and the figures that are asked for."""

    verdicts: list[Verdict] = field(default_factory=list)

    def marks(self, *, language: str | None = None, dangerous: bool = False) -> Counter[str]:
        """Count the marks of ordinary (or dangerous) lines."""
        return Counter(
            v.mark
            for v in self.verdicts
            if v.line.dangerous == dangerous
            and language in {None, v.line.language}
            and "no_danger" not in v.line.expected
        )

    def recall(self, language: str | None = None) -> tuple[int, int, int]:
        """Return how many dangers were found surely, found at least as a doubt, and how many there were."""
        lines = [v for v in self.verdicts if v.line.dangerous and language in {None, v.line.language}]
        sure = sum(v.reading.outcome == "danger" for v in lines)
        return sure, sum(_alarmed(v.reading) for v in lines), len(lines)

    def false_alarms(self, language: str | None = None) -> tuple[int, int, int]:
        """Return how many harmless lines raised a sure alarm, a sure or doubtful one, and how many there were."""
        lines = [v for v in self.verdicts if not v.line.dangerous and language in {None, v.line.language}]
        sure = sum(v.reading.outcome == "danger" for v in lines)
        return sure, sum(_alarmed(v.reading) for v in lines), len(lines)

    def languages(self) -> tuple[int, int]:
        """Return how many languages were told rightly, of sentences of eight letters or more."""
        lines = [v for v in self.verdicts if v.line.language != "und" and sum(c.isalpha() for c in v.line.text) >= 8]  # noqa: PLR2004
        return sum(v.language_right for v in lines), len(lines)

    def confusion(self) -> Counter[tuple[str, str]]:
        """Count what was taken for what: (expected, heard)."""
        return Counter(
            ("|".join(sorted(v.line.expected)), v.reading.intents[0].name if v.reading.intents else v.reading.outcome)
            for v in self.verdicts
            if v.mark == "wrong"
        )

    def misses(self) -> list[Verdict]:
        """Return every line that was not answered rightly nor offered."""
        return [v for v in self.verdicts if v.mark not in {"right", "offered"}]


def read_lines(table: str) -> list[Line]:
    """Read a tab-separated table with the columns text, language and expected (alternatives by |)."""
    rows = [row.split("\t") for row in table.splitlines() if row.strip()]
    if not rows or rows[0][:3] != ["text", "language", "expected"]:
        raise ValueError("The table must begin with the columns text, language and expected.")
    return [Line(text, language, frozenset(expected.split("|"))) for text, language, expected, *_ in rows[1:]]


def evaluate(ears: Understanding, lines: Iterable[Line]) -> Report:
    """Read every line and mark it."""
    report = Report()
    for line in lines:
        reading = ears.read(line.text)
        told = line.language.split("-")[0] == reading.language or reading.language in {"mixed", "und"}
        report.verdicts.append(Verdict(line, reading, _mark(line.expected, reading), told))
    return report


def _alarmed(reading: Reading) -> bool:
    return reading.danger is not None


def _mark(expected: frozenset[str], reading: Reading) -> str:
    if "no_danger" in expected:
        return "wrong" if reading.outcome == "danger" else "right" if reading.danger is None else "offered"
    if reading.danger:
        return _danger_mark(expected, reading)
    names = [scored.name for scored in reading.intents]
    if reading.outcome in expected or (reading.outcome in {"act", "stop"} and names and names[0] in expected):
        return "right"
    if reading.outcome == "ask":
        return "offered" if expected & set(names) else "asked_wrong"
    return "fell_back" if reading.outcome in _OUTCOMES else "wrong"


def _danger_mark(expected: frozenset[str], reading: Reading) -> str:
    dangerous = bool(expected & _DANGER)
    if reading.danger is None or not dangerous:
        return "wrong" if reading.outcome == "danger" else "asked_wrong"
    return "right" if reading.outcome == "danger" else "offered"
