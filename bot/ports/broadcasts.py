"""What broadcasts need from storage."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.core.broadcasts import Audience, Broadcast, Preview, Recipient, Way
from bot.core.messages import Address
from bot.core.people import Person
from bot.core.prices import Price, Prices
from bot.ports import OutgoingRow, Transaction
from bot.ports.staff import Note

Also = Literal["", "call_off", "retry_failed", "wait_anew"]


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which recipients to list; an empty field asks for nothing."""

    statuses: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    language: str = ""
    channel: str = ""
    answered: bool | None = None


@dataclass(frozen=True, slots=True)
class Weight:
    """What a broadcast weighs for one recipient: SMS segments by language (a WhatsApp message is always one)."""

    segments: Mapping[str, int]
    prices: Prices
    now: datetime


@dataclass(frozen=True, slots=True)
class Ready:
    """A recipient whose turn it is, with what a text needs; address and name opened."""

    id: int
    person: Person | None  # None: erased. `addresses` has at most the one to write to, `contact` at most the name
    last_provider: str
    in_window: bool  # wrote to us by WhatsApp within 24 h
    started_today: int  # check-ins and broadcasts since midnight in Bamako
    just_written: bool  # a WhatsApp message of ours was made within the seconds that Meta wants between two
    look_closer: bool  # a case is open, or the conversation is fresh
    tries: int
    held_since: datetime | None  # when they had to wait first, since the broadcast was resumed or they were tried last


@dataclass(frozen=True, slots=True)
class Handed:
    """A recipient and the (first) message that goes to them, with all segments and their price in centimes."""

    recipient_id: int
    row: OutgoingRow
    segments: int
    centimes: int


class Handing(Protocol):
    """One short transaction that hands recipients of one broadcast to the sender; feeders wait for one another."""

    @property
    def tx(self) -> Transaction:
        """The same transaction, for the messages themselves."""

    def spent(self, *, month: str) -> tuple[int, int]:
        """Return what this broadcast, and all in this month ("2026-11"), have spent, in centimes."""

    def still(self, recipient_ids: Sequence[int]) -> frozenset[int]:
        """Say which of these still wait, and keep others from taking them."""

    def hand_over(self, handed: Sequence[Handed], *, month: str, now: datetime) -> None:
        """Mark them as handed over and count their price; the messages themselves go through `tx`."""

    def put_off(self, recipient_id: int, *, until: datetime, reason: str, now: datetime) -> None:
        """Let one wait until then, with the reason."""

    def skip(self, recipient_id: int, *, reason: str, now: datetime) -> None:
        """Leave one out for good, with the reason."""

    def pause(self, *, reason: str) -> None:
        """Pause the broadcast."""


class Broadcasts(Protocol):
    """Broadcasts, their recipients and what they cost."""

    def add(self, broadcast: Broadcast, note: Note) -> None:
        """Keep a new one."""

    def save(self, broadcast: Broadcast, note: Note | None = None, *, also: Also = "") -> None:
        """Write it as version + 1, and in the same transaction what goes along.

        "call_off" skips all that has not left, "retry_failed" lets failed ones wait, and after "wait_anew" nobody has
        waited yet.
        What the ledger fills in (`frozen_at`, what was expected once it is frozen) stays as it is stored.
        Raises Conflict when the stored version is another.
        """

    def get(self, broadcast_id: str) -> Broadcast | None:
        """Find one by its id."""

    def all(self, *, states: Sequence[str] = ()) -> tuple[Broadcast, ...]:
        """List them, newest first; of these states only."""

    def senders(self, *, since: datetime) -> tuple[str, ...]:
        """Return what broadcasts have left from that run or that ended since then, where it is not the usual sender."""

    def preview(self, audience: Audience, way: Way, weight: Weight) -> Preview:
        """Count an audience, its exclusions by reason and its price, without writing anything."""

    def prepare(self, broadcast: Broadcast, weight: Weight, *, limit: int) -> bool:
        """Write down the recipients among the next `limit` persons, those left out with their reason.

        Once everybody is written down it runs. Says whether there is more to do: False also when it does not prepare
        any more (somebody paused it, or another worker ended this). Until it runs nobody sees its recipients.
        """

    def counts(self, broadcast_id: str) -> Mapping[str, int]:
        """Return how many recipients stand where, by status."""

    def reasons(self, broadcast_id: str) -> Mapping[tuple[str, str], int]:
        """Return how many recipients have which status and (not empty) reason."""

    def recipients(
        self, broadcast_id: str, wanted: LedgerFilter, *, after: int = 0, limit: int = 100
    ) -> tuple[Recipient, ...]:
        """Return a page of the ledger in its own order: those with an id above `after`."""

    def ledger(self, broadcast_id: str, wanted: LedgerFilter) -> Iterator[Recipient]:
        """Go through the whole ledger in slices, for exports."""

    def answered(self, broadcast_id: str) -> int:
        """Return how many have answered."""

    def spent(self, broadcast_id: str) -> int:
        """Return what it has cost, in centimes: what has left or is about to."""

    def spent_in(self, month: str) -> int:
        """Return what all broadcasts of a month ("2026-11") have cost, in centimes."""

    def ready(self, broadcast: Broadcast, *, limit: int, now: datetime) -> tuple[Ready, ...]:
        """Return recipients whose turn it is, without a lock."""

    def handing(self, broadcast_id: str) -> AbstractContextManager[Handing | None]:
        """Open the transaction; None when the broadcast is not running any more."""

    def waiting(self, broadcast_id: str) -> int:
        """Return how many messages of it are queued and not with a provider yet."""

    def finish(self, broadcast_id: str, *, now: datetime) -> bool:
        """End it once every recipient is at an end; say whether it has ended."""

    def prices(self) -> tuple[Price, ...]:
        """Return the price table."""

    def set_price(self, price: Price) -> None:
        """Add a line to the price table, or replace the one of the same day."""

    def tag(self, tag: str, addresses: Sequence[Address], *, now: datetime) -> int:
        """Tag the persons behind these addresses; return how many are known."""

    def tags(self) -> Mapping[str, int]:
        """Return every tag with how many persons have it."""

    def approached(self, *, since: datetime) -> int:
        """Return how many persons a WhatsApp template has gone to since then, or is about to go to."""
