"""What was written on a simulated telephone of staff: Segin keeps none of it, for it may be a PIN, so the browser does.

A cookie of the page's own; it gives no right, so it is unsigned, and whatever else it holds reads as nothing.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final

from bot.ports import LoggedMessage

COOKIE: Final = "segin_phone_wrote"
LARGEST: Final = 3000  # bytes of the cookie: a browser refuses more than 4096 with its name


@dataclass(frozen=True, slots=True)
class Wrote:
    """One message from a telephone of staff; `at`: milliseconds since 1970."""

    number: str
    channel: str
    at: int
    kind: str
    text: str

    def logged(self) -> LoggedMessage:
        """Return it as a line of the conversation."""
        at = datetime.fromtimestamp(self.at / 1000, UTC)
        return LoggedMessage(at, "in", self.channel, self.text, kind=self.kind)


def read(cookie: str) -> tuple[Wrote, ...]:
    """Return what the cookie remembers, oldest first."""
    try:
        found = tuple(Wrote(**one) for one in json.loads(urlsafe_b64decode(cookie.encode())))
        for one in found:
            one.logged()
    except (ValueError, TypeError, OverflowError, OSError):
        return ()
    return found


def write(kept: Iterable[Wrote]) -> str:
    """Write as much of it as a cookie holds: the newest."""
    plain = [asdict(one) for one in kept]
    while plain and len(cookie := _coded(plain)) > LARGEST:
        del plain[0]
    return cookie if plain else ""


def _coded(plain: list[dict[str, object]]) -> str:
    return urlsafe_b64encode(json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()).decode()
