"""What signing in and keeping accounts need from the world."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.core.accounts import Account, Session


class LoginTaken(Exception):
    """Somebody else has this name to sign in with, or this telephone."""


@dataclass(frozen=True, slots=True)
class Note:
    """One line for the audit trail: who (a staff id) did what to which id, when; never a personal datum."""

    by: str
    action: str
    object_id: str
    at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Failures:
    """How often in a row somebody was refused, and when last."""

    count: int = 0
    last_at: datetime | None = None


class StaffBook(Protocol):
    """Accounts and sessions. Every verb that changes something is one transaction with its audit line."""

    def by_id(self, staff_id: str) -> Account | None:
        """Find an account by its id."""

    def by_login(self, login: str) -> Account | None:
        """Find an account by the name it signs in with, however it was written."""

    def by_phone(self, number: str) -> Account | None:
        """Find the account with this telephone (E.164)."""

    def all(self) -> tuple[Account, ...]:
        """Return every account, by name."""

    def add(self, account: Account, note: Note) -> None:
        """Keep a new account. Raises LoginTaken."""

    def change(self, staff_id: str, changes: Mapping[str, Any], note: Note | None = None) -> None:
        """Change fields of an account, named and typed as in Account. Raises LoginTaken."""

    def use_step(self, staff_id: str, step: int) -> bool:
        """Mark a time step of the second factor as used; False when it or a later one was used before."""

    def keep_codes(self, staff_id: str, codes: Iterable[str]) -> None:
        """Keep recovery codes (by hash) in place of the earlier ones."""

    def use_code(self, staff_id: str, code: str) -> bool:
        """Use a recovery code up; False when there is no such code."""

    def codes_left(self, staff_id: str) -> int:
        """Return how many recovery codes are unused."""

    def open_session(self, session: Session, token: str, *, instead_of: str = "") -> None:
        """Keep a session under its token's hash; the session `instead_of` (by token) ends at the same moment."""

    def session(self, token: str) -> Session | None:
        """Find a session by the token in the cookie."""

    def seen(self, session_id: str, now: datetime) -> None:
        """Note that somebody works in a session."""

    def sessions(self, staff_id: str) -> tuple[Session, ...]:
        """Return where somebody is signed in, newest first."""

    def end_sessions(self, staff_id: str, *, only: str = "", but: str = "") -> int:
        """End somebody's sessions: all, `only` one, or all `but` one (by id); return how many."""

    def failures(self, *keys: str) -> tuple[Failures, ...]:
        """Return how often each key was refused."""

    def refused(self, *keys: str, now: datetime) -> None:
        """Count a refusal for each key."""

    def let_in(self, *keys: str) -> None:
        """Forget refusals."""

    def mark(self, kind: str, text: str) -> str:
        """Return a hash that only this installation can make, to recognise something by that it gave out."""

    def note(self, note: Note) -> None:
        """Append a line to the audit trail."""


class Passwords(Protocol):
    """Hashes that cost time."""

    def hash(self, password: str) -> str:
        """Return what to keep of a password."""

    def matches(self, kept: str | None, password: str) -> bool:
        """Say whether a password is the one; without a kept hash it takes the same time and says no."""


class OneTimeCodes(Protocol):
    """Codes of six digits from a secret that a telephone also has (RFC 6238)."""

    def new_secret(self) -> str:
        """Return a fresh secret in base 32."""

    def step(self, secret: str, code: str, now: datetime) -> int | None:
        """Return the time step that a code belongs to, or None when it is wrong or too old."""

    def address(self, secret: str, login: str) -> str:
        """Return the otpauth:// address that an authenticator application reads."""
