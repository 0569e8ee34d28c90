"""Mali's public holidays from the `holidays` package, with what staff know better (flows/calendar/feasts.yml)."""

from datetime import date
from pathlib import Path
from typing import Final

import holidays
import yaml

from bot.core.calendar import BadFeast, Certainty, Feast, Holiday, Holidays, corrected, read_feasts
from bot.core.calendar_edits import Shipped
from bot.core.quiet import BadQuiet, read_quiet

YEARS: Final = range(2025, 2051)
_ESTIMATED: Final = " (estimé)"


def public_holidays() -> dict[date, Holiday]:
    """Return the holidays of all years that matter, in French; feasts by the moon are marked as estimated."""
    found = holidays.country_holidays("ML", years=YEARS, language="fr")
    return {day: _holiday(name) for day, name in found.items()}


def _holiday(name: str) -> Holiday:
    certainty: Certainty = "estimated" if _ESTIMATED in name else "fixed"
    return Holiday(name.replace(_ESTIMATED, ""), certainty)


def load_holidays(root: Path) -> Holidays:
    """Return the holidays as staff have corrected them. Raises BadFeast with the file's name."""
    return corrected(public_holidays(), _feasts(root / "flows" / "calendar" / "feasts.yml"))


def _feasts(path: Path) -> tuple[Feast, ...]:
    if not path.exists():
        return ()
    try:
        return tuple(read_feasts((yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("feasts") or ()))
    except (BadFeast, yaml.YAMLError, AttributeError) as error:
        msg = f"{path.name}: {error}"
        raise BadFeast(msg) from error


def load_shipped(root: Path) -> Shipped:
    """Return the calendar as the files have it. Raises BadQuiet or BadFeast with what is wrong in which file."""
    path = root / "flows" / "calendar" / "quiet.yml"
    try:
        stored = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        msg = f"{path.name}: {error}"
        raise BadQuiet(msg) from error
    read_quiet(stored, {})
    return Shipped(stored, _feasts(root / "flows" / "calendar" / "feasts.yml"), public_holidays())
