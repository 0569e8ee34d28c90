"""The ways to a person: which provider carries a message, and which one does when the first cannot."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from bot.core import phones
from bot.core.messages import Address, Channel

Trouble = Literal["down", "waiting", "silent"]
WAITS_AT_MOST = timedelta(minutes=5)  # an answer that comes later finds the phone put away
SIMULATOR = "simulator"
SILENT_AFTER = timedelta(hours=12)  # longer than a night without a message
OPERATORS = {  # as people call them: as number plans do
    "orange": "orange",
    "moov": "sotelma",
    "malitel": "sotelma",
    "sotelma": "sotelma",
    "telecel": "atel",
    "atel": "atel",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One provider: what it carries, whose customers it is meant for (empty: everybody's), and what it costs."""

    provider: str
    channels: frozenset[Channel]
    operators: frozenset[str] = frozenset()
    fcfa: int = 25  # a segment
    up: bool | None = None  # None: nobody can say

    def seen(self, *, up: bool | None) -> "Way":
        """Return the same way with what is known of its health."""
        return replace(self, up=up)


MAIL = "smtp"  # the provider of e-mail to staff


def order(ways: Iterable[Way], *, to: Address, last: str) -> tuple[str, ...]:
    """Return who can carry a message, best first.

    What is down comes last; then counts the way by which the person last came in (an answer comes from the number that
    was written to), then whether a way is meant for the person's operator, then the price.
    """
    operator = phones.operator(to.value)
    channel: Channel = to.channel if to.channel in ("whatsapp", "email") else "sms"
    able = [way for way in ways if channel in way.channels]
    able.sort(
        key=lambda way: (
            way.up is False,
            way.provider != last,
            bool(way.operators) and operator not in way.operators,
            way.fcfa,
            way.provider,
        )
    )
    return tuple(way.provider for way in able)


def choose(ways: Iterable[Way], *, to: Address, last: str) -> str:
    """Return who carries a message that we start; `last` is by whom the person last wrote ("": never).

    A simulated phone is reached by its simulator alone; what nobody can carry stays with the last way, and fails there
    to be seen.
    """
    if last == SIMULATOR:
        return last
    return next(iter(order(ways, to=to, last=last)), last or SIMULATOR)


def detour(ways: Iterable[Way], *, to: Address, provider: str, tried: int) -> str | None:
    """Return who else should carry a message that its provider did not take; None: the same one again, later.

    At once where the provider is known to be down, else after its second refusal, and each time only for one try.
    """
    known = tuple(ways)
    down = any(way.provider == provider and way.up is False for way in known)
    if not down and tried % 2 == 0:
        return None
    others = [way for way in known if way.provider != provider and way.up is not False]
    return next(iter(order(others, to=to, last=provider)), None)


@dataclass(frozen=True, slots=True)
class Traffic:
    """What the rows say about one provider."""

    waiting: int = 0  # messages that are due
    oldest: datetime | None = None  # since when the oldest of them waits
    segments_today: int = 0  # that left within a day
    heard_at: datetime | None = None  # when the last message came in


def trouble(way: Way, traffic: Traffic, *, now: datetime) -> Trouble | None:
    """Say what is wrong with a way: it is down, messages wait too long, or nobody was heard for long."""
    if way.up is False:
        return "down"
    if traffic.oldest is not None and now - traffic.oldest > WAITS_AT_MOST:
        return "waiting"
    if traffic.heard_at is not None and now - traffic.heard_at > SILENT_AFTER:
        return "silent"
    return None
