"""Cases: kinds, priorities and reference numbers that survive dictation; how one lives: case_life."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Priority = Literal["P1", "P2", "P3"]
CaseStatus = Literal["open", "taken", "waiting", "answered", "closed"]

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # 23, a prime; no I, O, Q, which are read as 1 and 0
_WEIGHTS = (2, 3, 5, 7, 11)
REFERENCES = len(_LETTERS) * 10_000
NOTED = "utter_case_noted"  # the response that tells somebody with an open case that their words were put into it


@dataclass(frozen=True, slots=True)
class Case:
    """One matter that a person of the team deals with."""

    id: str
    reference: str
    person_id: str
    kind: str
    priority: Priority
    status: CaseStatus
    sensitive: bool
    opened_at: datetime
    taken_by: str | None = None
    closed_at: datetime | None = None
    words: tuple[str, ...] = ()
    note: Mapping[str, str] = field(default_factory=dict)
    holder: str = ""  # the name that goes with `taken_by`, a staff id
    due_at: datetime | None = None  # by when a person has to have answered; None: nothing is owed
    first_due_at: datetime | None = None  # by when the first answer was owed, for the figures
    first_answer_at: datetime | None = None
    taken_at: datetime | None = None  # None though it is held: it was assigned, and its holder has done nothing yet
    alerted_at: datetime | None = None  # when people on duty were last alerted
    waits_until: date | None = None  # when to look again at a case that waits
    referred_to: str | None = None  # a partner's id in the directory, who sees the case then
    asked_partner_at: datetime | None = None  # when the person was asked whether the partner helped
    outcome: str = ""  # how it was closed: a key of case_life.OUTCOMES
    changed_at: datetime | None = None
    version: int = 0  # how many lines its timeline has: whoever saw fewer has not seen the newest ones


HELD: frozenset[CaseStatus] = frozenset({"taken", "waiting", "answered"})


def is_held(case: Case) -> bool:
    """Say whether a person of the team has the case in hand: then the assistant steps back."""
    return case.status in HELD


def awaits_holder(case: Case) -> bool:
    """Say whether a case was assigned to somebody who has not shown yet that they know of it."""
    return case.status == "taken" and case.taken_at is None


def is_grave(case: Case) -> bool:
    """Say whether a case is about danger or a complaint; nothing but such a case keeps our own messages back."""
    return case.status != "closed" and (case.sensitive or case.priority != "P3")


def is_overdue(case: Case, now: datetime) -> bool:
    """Say whether the person should have been answered by now."""
    return case.due_at is not None and now > case.due_at


EventKind = Literal[
    "message",
    "call",
    "alert",
    "danger",
    "taken",
    "assigned",
    "answer",
    "waiting",
    "note",
    "priority",
    "referred",
    "asked",
    "partner_helped",
    "handed_back",
    "freed",
    "closed",
    "solved",
    "reopened",
    "erased",
]


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One line of a case's timeline; `actor` is "person", "segin" or a staff name. `kind`: an EventKind, as stored."""

    at: datetime
    kind: str
    actor: str
    text: str = ""


def _check(body: str) -> str:
    values = [_LETTERS.index(body[0]), *map(int, body[1:])]
    return _LETTERS[sum(w * v for w, v in zip(_WEIGHTS, values, strict=True)) % len(_LETTERS)]


def reference(number: int) -> str:
    """Write a case number (0 to REFERENCES - 1) as letter, four digits, check letter: "K7421S".

    Weights that differ modulo a prime find every wrong character and every exchange of two neighbours (as ISO 7064).
    """
    letter, digits = divmod(number % REFERENCES, 10_000)
    body = f"{_LETTERS[letter]}{digits:04d}"
    return body + _check(body)


def read_reference(text: str) -> str | None:
    """Return the reference in a text such as "k 7421-r", or None when it is none or a character is wrong."""
    plain = "".join(c for c in text.upper() if c.isalnum())
    shaped = len(plain) == 6 and plain[0] in _LETTERS and plain[1:5].isascii() and plain[1:5].isdigit()  # noqa: PLR2004
    return plain if shaped and _check(plain[:5]) == plain[5] else None
