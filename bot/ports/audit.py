"""What reading and closing the audit trail needs from the world."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the audit trail."""

    id: int
    at: datetime
    actor: str
    action: str
    object_id: str
    detail: str
    reference: str = ""  # of the case that it is about


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines somebody asks for; what is empty does not narrow."""

    actors: tuple[str, ...] = ()
    object_id: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None  # id: the page that follows begins below it
    complaints: Literal["shown", "hidden", "only"] = "shown"  # lines about sensitive cases


@dataclass(frozen=True, slots=True)
class ChainState:
    """What looking at the whole chain has shown."""

    links: int
    closed: int  # lines under the chain that are as they were
    waiting: int  # lines that are to be closed yet
    head: str  # hash of the newest link, "" before the first
    broken_at: int | None = None  # number of the first link that does not fit its lines

    @property
    def whole(self) -> bool:
        """Say whether nothing was changed, added or taken away under the chain."""
        return self.broken_at is None


class Trail(Protocol):
    """The audit trail and the chain over it."""

    def lines(self, wanted: Wanted, *, limit: int) -> tuple[Line, ...]:
        """Return the newest lines that are asked for, newest first."""

    def close(self, *, until: datetime, now: datetime) -> str:
        """Put a link over the lines up to `until`; return its hash, "" when there was nothing to close."""

    def verify(self) -> ChainState:
        """Compare every link with its lines."""

    def has_link(self, link: str) -> bool:
        """Say whether a hash is one of the chain's."""
