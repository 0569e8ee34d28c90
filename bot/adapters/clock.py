"""The one source of time."""

from datetime import UTC, datetime


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the time in UTC, with zone."""
        return datetime.now(UTC)
