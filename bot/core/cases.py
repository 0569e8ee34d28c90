"""Cases: kinds, priorities, reference numbers that survive dictation, and who may do what next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
    due_at: datetime | None = None  # by when a person has to have answered
    referred_to: str | None = None  # a partner's id in the directory, who sees the case then
    outcome: str = ""  # how it was closed


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One line of a case's timeline. `kind`: opened, message, answer, note, taken, closed, reopened, alert."""

    at: datetime
    kind: str
    actor: str  # "person", "segin" or a staff name
    text: str = ""


def _check(body: str) -> str:
    values = [_LETTERS.index(body[0]), *map(int, body[1:])]
    return _LETTERS[sum(w * v for w, v in zip(_WEIGHTS, values, strict=True)) % len(_LETTERS)]


def reference(number: int) -> str:
    """Write a case number (0 to REFERENCES - 1) as letter, four digits, check letter: "K7421R".

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


CaseAction = Literal["take", "answer", "close", "reopen"]

_NEXT: dict[tuple[CaseStatus, CaseAction], CaseStatus] = {
    ("open", "take"): "taken",
    ("open", "answer"): "answered",
    ("taken", "take"): "taken",
    ("taken", "answer"): "answered",
    ("waiting", "take"): "taken",
    ("waiting", "answer"): "answered",
    ("answered", "take"): "taken",
    ("answered", "answer"): "answered",
    ("open", "close"): "closed",
    ("taken", "close"): "closed",
    ("waiting", "close"): "closed",
    ("answered", "close"): "closed",
    ("closed", "reopen"): "open",
}


class NotAllowed(ValueError):
    """This cannot be done to a case in this state."""


def after(status: CaseStatus, action: CaseAction) -> CaseStatus:
    """Return where a case stands after an action. Raises NotAllowed with a sentence."""
    following = _NEXT.get((status, action))
    if following is None:
        msg = f"A case that is {status} cannot be changed by: {action}."
        raise NotAllowed(msg)
    return following
