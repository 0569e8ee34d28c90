"""Who writes on the simulated phone and how far its clock is ahead: kept in a cookie, never in an address."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from werkzeug.datastructures import MultiDict

from bot.core.hours import BAMAKO
from bot.core.phones import parse

COOKIE = "segin_phone"
NUMBER = "+22376000001"
FURTHEST = 366 * 24 * 60  # minutes; a reminder a year ahead can be seen
STAGES = {
    0: "maintenant",
    1: "1 jour",
    3: "3 jours",
    7: "7 jours",
    30: "30 jours",
    35: "5 semaines",
}  # days that the clock can jump


class NoNumber(ValueError):
    """What was typed is no telephone number."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The number that writes, and by how many minutes its clock is ahead of ours; it never runs back."""

    number: str = NUMBER
    ahead: int = 0

    @classmethod
    def read(cls, cookie: str) -> Self:
        """Read what `cookie` wrote; anything else is the first scene. It gives no right, so it is unsigned."""
        digits, _, ahead = cookie.partition(".")
        phone = parse(f"+{digits}")
        if phone is None or not (ahead.isascii() and ahead.isdigit()):
            return cls()
        return cls(phone.e164, min(int(ahead[:9]), FURTHEST))

    def cookie(self) -> str:
        """Write the scene for the browser to keep."""
        return f"{self.number.removeprefix('+')}.{self.ahead}"

    def called(self, typed: str) -> Self:
        """Return the scene of another number, on our clock; the same number stays as it is. Raises NoNumber."""
        phone = parse(typed)
        if phone is None:
            raise NoNumber
        return self if phone.e164 == self.number else replace(self, number=phone.e164, ahead=0)

    def at(self, moment: datetime, *, real: datetime) -> Self:
        """Return the scene with its clock at `moment` while ours shows `real`."""
        return replace(self, ahead=min(max(-(-(moment - real) // timedelta(minutes=1)), 0), FURTHEST))


def later(now: datetime, form: MultiDict[str, str]) -> datetime:
    """Return the time the form asks for, always ahead: `days` later, then at the next time it is `hour` in Bamako."""
    hour, days = form.get("hour", ""), form.get("days", "0")
    moment = now + timedelta(days=int(days) if days.isdigit() and int(days) in STAGES else 0)
    if not (hour.isascii() and hour.isdigit() and int(hour) in range(24)):
        return moment
    return moment + timedelta(hours=(int(hour) - moment.astimezone(BAMAKO).hour) % 24)
