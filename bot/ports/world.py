"""The world's small parts: time, chance and a word to the worker."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The one source of time."""

    def now(self) -> datetime:
        """Return the time in UTC, with zone."""


class Ids(Protocol):
    """The one source of chance."""

    def new(self) -> str:
        """Return a fresh row id."""

    def number(self, below: int) -> int:
        """Return a random number from 0 to below - 1."""


class Wake(Protocol):
    """Tells the worker that rows wait. It may fail silently: rows are polled every few seconds anyway."""

    def outgoing(self) -> None:
        """There is something to send."""
