"""Whether each way out is up, asked at most twice a minute."""

import threading
import time
from collections.abc import Callable, Mapping

from bot.core.ways import Way
from bot.ports import Sender

KEPT_FOR = 30.0  # seconds


class Watch:
    """The ways that are configured, with their health; safe to share between threads."""

    def __init__(
        self, ways: tuple[Way, ...], senders: Mapping[str, Sender], *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Watch these ways."""
        self._ways = ways
        self._senders = senders
        self._monotonic = monotonic
        self._known: tuple[float, tuple[Way, ...]] | None = None
        self._lock = threading.Lock()

    def ways(self) -> tuple[Way, ...]:
        """Return every way with its health, at most half a minute old."""
        with self._lock:
            now = self._monotonic()
            if self._known is None or now - self._known[0] > KEPT_FOR:
                self._known = now, tuple(way.seen(up=_is_up(self._senders[way.provider])) for way in self._ways)
            return self._known[1]

    def known(self) -> tuple[Way, ...]:
        """Return every way as it was seen last, without asking anybody: for whoever may not wait."""
        return self._known[1] if self._known else self._ways


def _is_up(sender: Sender) -> bool | None:
    ask: Callable[[], bool | None] | None = getattr(sender, "is_up", None)
    return None if ask is None else ask()
