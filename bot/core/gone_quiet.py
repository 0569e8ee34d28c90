"""Who has gone quiet: no answer to what we asked, or a dead number; ordered by how much that worries us. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

KIND: Final = "gone_quiet"
TRIES: Final = 2  # questions without an answer in a row; one may just have been missed
AGAIN_AFTER: Final = timedelta(days=90)  # whoever was looked for is not listed anew before the next check-in
_LATELY: Final = 3  # months since the return: most who fall into danger do so then
_LONG: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Silent:
    """Somebody from whom nothing is heard."""

    person_id: str
    unanswered: int  # check-ins and broadcasts with a question since they last wrote
    dead_number: bool
    heard_at: datetime | None  # None: never wrote to us
    asked_at: datetime | None  # when we last asked
    grave_before: bool  # an urgent case in the past that anybody of the team may know of
    minor: bool
    months_since_return: int | None
    language: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Risk:
    """How worried to be, and why: the words are for staff, the most telling first."""

    points: int
    reasons: tuple[str, ...]


def risk(one: Silent, now: datetime) -> Risk:
    """Weigh the signs; the points only order a list, they measure nothing."""
    silent_for = now - one.heard_at if one.heard_at else None
    lately = one.months_since_return is not None and one.months_since_return <= _LATELY
    signs = (
        (8, one.grave_before, "a déjà été en danger"),
        (5, one.minor, "mineur"),
        (4, one.dead_number, "le numéro ne marche plus"),
        (3, lately, "revenu il y a peu"),
        (min(one.unanswered, 4), one.unanswered > 0, f"{one.unanswered} question(s) sans réponse"),
        (2, silent_for is None, "n'a jamais écrit"),
        (2, silent_for is not None and silent_for > _LONG, "silence de plus de deux mois"),
    )
    told = sorted((sign for sign in signs if sign[1]), key=lambda sign: -sign[0])
    return Risk(sum(points for points, _, _ in told), tuple(words for _, _, words in told))


def by_risk(found: tuple[Silent, ...], now: datetime) -> tuple[tuple[Silent, Risk], ...]:
    """Return them with their risk, the gravest first, then whoever has been silent longest."""
    rated = [(one, risk(one, now)) for one in found]
    return tuple(sorted(rated, key=lambda pair: (-pair[1].points, _heard(pair[0]), pair[0].person_id)))


def _heard(one: Silent) -> float:
    return one.heard_at.timestamp() if one.heard_at else 0.0
