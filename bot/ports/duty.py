"""What duty, alerts that climb and a caseworker's own telephone need from storage."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.accounts import Account
from bot.core.cases import Case
from bot.core.duty import OnCall, Shift
from bot.core.messages import Address


@dataclass(frozen=True, slots=True)
class Climb:
    """A case whose next alert is due: how many there were, and who was alerted in this round."""

    case: Case
    step: int
    alerted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Untold:
    """What a person wrote in a case that is worked by telephone, and that the telephone has not had yet."""

    case: Case
    staff_id: str
    told_event: int
    newest_event: int
    texts: tuple[str, ...]


class DutyBook(Protocol):
    """Reads; each is one or two indexed statements without a lock."""

    def roster(self, *, now: datetime) -> tuple[OnCall, ...]:
        """Return everybody who can be alerted, with the role of their shift at this moment unless they pause."""

    def has_rota(self, *, now: datetime) -> bool:
        """Say whether there is a shift now or later."""

    def shifts(self, *, since: datetime, until: datetime) -> tuple[Shift, ...]:
        """Return the shifts that touch a stretch of time, by their beginning."""

    def shift(self, shift_id: str) -> Shift | None:
        """Find a shift."""

    def paused_until(self, staff_id: str, *, now: datetime) -> datetime | None:
        """Return until when somebody has paused, or None."""

    def account(self, staff_id: str) -> Account | None:
        """Find a member of staff who is active."""

    def people(self) -> tuple[Account, ...]:
        """Return everybody who is active, by name."""

    def due(self, *, limit: int, now: datetime) -> tuple[Climb, ...]:
        """Return cases whose next alert is due, longest waiting first."""

    def recent_cases(self, *, closed_since: datetime) -> tuple[Case, ...]:
        """Return open cases and those closed since, most urgent first, sensitive ones too."""

    def alerted_of(self, phone: Address, *, among: Collection[str], since: datetime) -> str | None:
        """Return of which of these cases (ids) a telephone was alerted last, None when of none since then."""

    def untold(self, *, limit: int) -> tuple[Untold, ...]:
        """Return what has to be forwarded to telephones."""

    def heard(self, sender: Address, *, since: datetime) -> int:
        """Return how many messages came from a telephone of staff since then."""

    def pin_fits(self, account: Account, pin: str) -> bool:
        """Say whether a PIN is the account's."""


class DutyWrites(Protocol):
    """The verbs of duty within a transaction."""

    def alarm(self, case_id: str, *, at: datetime) -> None:
        """Let a case's alerts begin (anew) at this moment."""

    def hasten(self, case_id: str, *, at: datetime, below: int) -> None:
        """Bring the next alert forward, unless there were `below` alerts already: a dead line is no reason to hurry."""

    def climb(self, case_id: str, *, expected: int, step: int, alerted: Collection[str], at: datetime | None) -> bool:
        """Move a case's alerts on; False: another worker was faster. `at` None ends it."""

    def alerted(self, case_id: str, *, at: datetime) -> None:
        """Note with the case when people were last alerted."""

    def confirm_phone(self, staff_id: str, *, at: datetime) -> None:
        """Note that somebody has shown from their telephone that they know the PIN."""

    def wrong_pin(self, staff_id: str) -> int:
        """Count a wrong PIN and return how many there were in a row."""

    def pause(self, staff_id: str, *, until: datetime | None) -> None:
        """Let alerts go to the next one until then; None: they come again."""

    def hold_by_phone(self, case_id: str, staff_id: str) -> None:
        """Forward the person's newest message in this case and what comes after it to somebody's telephone."""

    def told(self, case_id: str, *, expected: int, event: int) -> bool:
        """Note up to where was forwarded and say whether it was us."""

    def let_go(self, case_id: str) -> None:
        """Forward no more of a case."""

    def add_shift(self, shift: Shift) -> None:
        """Keep a shift."""

    def drop_shift(self, shift_id: str) -> bool:
        """Remove a shift and say whether it was there."""
