"""How long each kind of data is kept; docs/data-protection.md argues every number."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal, get_args

Kind = Literal["media", "messages", "cases", "persons"]

DAYS: Final[Mapping[Kind, int]] = MappingProxyType(
    {
        "media": 90,  # after they came: what was said in them stands in the case's notes by then
        "messages": 365,  # after they were written: as long as the follow-up of a return takes
        "cases": 730,  # after the case was closed: complaints and audits come late
        "persons": 1095,  # after their last sign of life
    }
)


class BadRetention(ValueError):
    """The periods cannot be read."""


def read_retention(text: str) -> Mapping[Kind, int]:
    """Read "messages=365,media=90": days for some kinds, the usual number for the others. Raises BadRetention."""
    given = dict(DAYS)
    kinds: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}
    for part in text.split(","):
        name, _, days = part.strip().partition("=")
        if name not in kinds or not days.isascii() or not days.isdigit() or int(days) < 1:
            msg = f"Periods are written kind=days, commas between; kinds are {', '.join(kinds)}."
            raise BadRetention(msg)
        given[kinds[name]] = int(days)
    return given


def cutoff(periods: Mapping[Kind, int], kind: Kind, now: datetime) -> datetime:
    """Return the moment before which this kind of data is no longer kept."""
    return now - timedelta(days=periods[kind])
