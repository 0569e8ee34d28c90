"""What fetching, keeping and playing voice notes and pictures needs from the world."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

MediumStatus = Literal["wanted", "kept", "refused"]


class NotFetched(Exception):
    """The provider has it and could not hand it over: it is tried again."""


class NotKept(Exception):
    """It is never kept; `args[0]` is one of core.media.REASONS."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An attachment that is to be fetched."""

    id: str
    address: str
    content_type: str
    tries: int


@dataclass(frozen=True, slots=True)
class Medium:
    """One attachment of a message."""

    id: str
    person_id: str
    message_id: str
    content_type: str
    status: MediumStatus
    reason: str
    size: int  # bytes
    came_at: datetime


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the provider handed over."""

    content_type: str
    content: bytes


class MediaSource(Protocol):
    """Where attachments are fetched from."""

    def fetch(self, address: str) -> Fetched:
        """Return an attachment. Raises NotFetched, or NotKept with the reason."""


class MediaBook(Protocol):
    """Attachments: those that are to be fetched, and those that are kept. Each verb may raise StorageAway."""

    def claim(self, *, limit: int, now: datetime, until: datetime) -> tuple[Wanted, ...]:
        """Take what is to be fetched; nobody else gets it before `until`."""

    def keep(self, medium_id: str, fetched: Fetched) -> None:
        """Keep an attachment, unless its person was erased meanwhile."""

    def refuse(self, medium_id: str, reason: str) -> None:
        """Say that it is never kept, and why."""

    def later(self, medium_id: str, at: datetime) -> None:
        """Let it be tried again at this time."""

    def by_id(self, medium_id: str) -> Medium | None:
        """Find an attachment."""

    def of_person(self, person_id: str) -> tuple[Medium, ...]:
        """Return a person's attachments, oldest first."""

    def content(self, medium_id: str) -> Iterator[bytes]:
        """Return what is kept of it, piece by piece."""
