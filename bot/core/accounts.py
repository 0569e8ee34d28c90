"""The accounts of staff: who may sign in, with what, and where they are signed in."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bot.core.messages import Address, Language
from bot.core.staff import SEES_PERSONS, Role, Staff

Sex = Literal["f", "m"]
# Whoever reads of persons, and whoever could let somebody else do so.
SECOND_FACTOR: frozenset[Role] = SEES_PERSONS | {"administrator"}
IDLE = timedelta(
    minutes=30
)  # a screen left alone in an office or a cybercafé (NIST SP 800-63B-4, 2.2.3: at most 1 hour)
LONGEST_PAUSE = timedelta(minutes=15)  # about a hundred guesses a day at most
FREE_TRIES = 5  # of one account, before pauses begin
FREE_TRIES_HERE = 20  # from one address: a whole office may be behind it
HALF_WAY = timedelta(minutes=10)  # between password and second factor
LONGEST = timedelta(hours=12)  # one working day (the same section: at most 24 hours)


@dataclass(frozen=True, slots=True)
class Account:
    """A member of staff as the console knows them; what is secret or personal never prints."""

    id: str
    login: str
    name: str
    roles: frozenset[Role]
    created_at: datetime
    password_hash: str = field(repr=False)
    partner: str | None = None
    languages: tuple[Language, ...] = ("fr",)
    sex: Sex | None = None
    phone: Address | None = None
    phone_confirmed_at: datetime | None = None
    pin_hash: str | None = field(default=None, repr=False)
    pin_failed: int = 0
    email: str | None = field(default=None, repr=False)
    must_change_password: bool = False
    totp: str | None = field(default=None, repr=False)
    totp_confirmed_at: datetime | None = None
    totp_step: int = 0
    active: bool = True

    @property
    def staff(self) -> Staff:
        """Return who they are to the programme."""
        return Staff(self.id, self.name, self.roles, self.partner)

    @property
    def needs_second_factor(self) -> bool:
        """Say whether a password alone never lets them in."""
        return not self.roles.isdisjoint(SECOND_FACTOR)

    @property
    def has_second_factor(self) -> bool:
        """Say whether they have set one up and shown that it works."""
        return self.totp is not None and self.totp_confirmed_at is not None


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which somebody has signed in. `whole` only once everything that is needed was shown."""

    id: str
    staff_id: str
    whole: bool
    created_at: datetime
    seen_at: datetime
    agent: str

    def over(self, now: datetime) -> bool:
        """Say whether it has ended: left alone too long, or open too long."""
        longest = LONGEST if self.whole else HALF_WAY
        return now >= min(self.seen_at + IDLE, self.created_at + longest)


def is_demo(login: str) -> bool:
    """Say whether a name to sign in with is one of a demonstration's, whose passwords everybody may know."""
    return login.strip().lower().startswith("demo.")


def pause(refusals: int, free: int) -> timedelta:
    """Return how long after the last refusal the next try is looked at: nothing at first, then doubling, then level.

    It never grows without end, so that nobody can shut somebody else out for good (NIST SP 800-63B-4, 3.2.2).
    """
    if refusals < free:
        return timedelta()
    return min(timedelta(seconds=2 ** min(refusals - free, 20)), LONGEST_PAUSE)
