"""What the list of those who have gone quiet needs from storage."""

from datetime import datetime
from typing import Protocol

from bot.core.gone_quiet import Silent


class GoneQuiet(Protocol):
    """Asks who has gone quiet."""

    def silent(self, *, now: datetime, tries: int, limit: int) -> tuple[Silent, ...]:
        """Return persons with consent who have left so many questions unanswered, or whose number is dead.

        Nobody who has opted out, has an open case, or was looked for lately.
        """
