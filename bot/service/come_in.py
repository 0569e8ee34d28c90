"""Who comes with a browser's token, and what they still have to show before they may go on."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.core.accounts import Account, Session, is_demo
from bot.ports import Clock, Ids
from bot.ports.staff import OneTimeCodes, Passwords, StaffBook

SEEN_EVERY = timedelta(minutes=1)  # a write for each click would be one too many
Step = Literal["", "second_factor", "set_up", "password"]


@dataclass(frozen=True, slots=True)
class Entrance:
    """What signing in works with."""

    book: StaffBook
    passwords: Passwords
    codes: OneTimeCodes
    clock: Clock
    ids: Ids
    demo: bool = False  # whether staff of a demonstration are let in

    def token(self) -> str:
        """Return a browser token that nobody can guess: 244 random bits."""
        return self.ids.new() + self.ids.new()


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody whose password was right, in one browser."""

    account: Account
    session: Session

    @property
    def step(self) -> Step:
        """Return what they have to do before anything else, "" when nothing."""
        if not self.session.whole:
            return "second_factor" if self.account.has_second_factor else "set_up"
        if not self.account.has_second_factor and self.account.needs_second_factor:
            return "set_up"  # a role was added since
        return "password" if self.account.must_change_password else ""


def admitted(entrance: Entrance, account: Account) -> bool:
    """Say whether an account may be used here at all."""
    return account.active and (entrance.demo or not is_demo(account.login))


def who_comes(entrance: Entrance, token: str, *, polling: bool) -> Comer | None:
    """Return who holds this token, or None: unknown, over, ended, or no longer active.

    A page that asks for news by itself (`polling`) keeps no session alive.
    """
    session = entrance.book.session(token) if token else None
    now = entrance.clock.now()
    if session is None or session.over(now):
        return None
    account = entrance.book.by_id(session.staff_id)
    if account is None or not admitted(entrance, account):
        return None
    if not polling and now - session.seen_at >= SEEN_EVERY:
        entrance.book.seen(session.id, now)
    return Comer(account, session)
