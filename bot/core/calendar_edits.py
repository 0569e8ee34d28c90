"""What staff change about the calendar, laid over the files of flows/calendar: the newest word on each thing counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from bot.core.calendar import Feast, Holidays, corrected, read_feasts
from bot.core.quiet import Quiet, read_quiet

Named = Literal["night", "friday", "holidays", "ramadan_evening", "ramadan", "feasts"]


@dataclass(frozen=True, slots=True)
class CalendarEdit:
    """One change. `value` is written as in the files, dates as text; None takes a rule out."""

    name: Named
    value: Any
    by: str  # a staff id
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Shipped:
    """The calendar as the files have it: quiet.yml as it was read, feasts.yml, and the public holidays."""

    quiet: Mapping[str, Any]
    feasts: tuple[Feast, ...]
    public: Holidays

    def with_edits(self, values: Mapping[str, Any]) -> Quiet:
        """Return when it is quiet, and the holidays, with the newest values of staff. Raises BadQuiet or BadFeast."""
        feasts = (*self.feasts, *read_feasts(_dated(values.get("feasts") or (), "day", "instead_of")))
        stored = {**self.quiet, **{name: value for name, value in values.items() if name != "feasts"}}
        stored["ramadan"] = list(_dated(stored.get("ramadan") or (), "first", "last"))
        return read_quiet(stored, corrected(self.public, feasts))


def _dated(entries: Iterable[Mapping[str, Any]], *names: str) -> Iterable[dict[str, Any]]:
    """Turn days that were kept as text into days."""
    for entry in entries:
        days = {name: date.fromisoformat(entry[name]) for name in names if isinstance(entry.get(name), str)}
        yield {**entry, **days}
