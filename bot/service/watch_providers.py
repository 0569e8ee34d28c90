"""Tell people on duty when a way to the people is down, blocked or silent: once an outage, by another way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.core import alerts
from bot.core.duty import keepers
from bot.core.messages import Address, Status
from bot.core.ways import MAIL, Traffic, Trouble, Way, order, trouble
from bot.ports import Ids, OutgoingRow, Store

NONE = Traffic()


@dataclass(slots=True)
class Watched:
    """What was wrong when one looked last, and what has been told since it began."""

    seen: dict[str, Trouble] = field(default_factory=dict)
    told: set[tuple[str, Trouble]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Look:
    """One look at all ways."""

    ways: tuple[Way, ...]
    traffic: Mapping[str, Traffic]
    at: datetime
    mail: bool = False  # e-mail is configured


def watch_providers(store: Store, ids: Ids, look: Look, watched: Watched, *, alert_to: tuple[Address, ...]) -> int:
    """Alert about what was wrong in this look and in the one before, and return how many ways were told of.

    Supervisors and administrators on duty hear of it; `alert_to` does when nobody of them is. One look
    alone may have met a restart. What is well again may be told of anew.
    """
    found = {way.provider: what for way in look.ways if (what := _trouble(way, look))}
    news = {(name, what) for name, what in found.items() if watched.seen.get(name) == what} - watched.told
    told = _told(store, look, alert_to) if news else ()
    rows = [_alert(look, name, what, to, ids.new()) for name, what in sorted(news) for to in told]
    if rows:
        with store.write() as tx:
            tx.add_outgoing(rows)
    watched.seen = found
    watched.told = {one for one in watched.told | news if one in found.items()}
    return len(news)


def _told(store: Store, look: Look, alert_to: tuple[Address, ...]) -> tuple[Address, ...]:
    duty = (to for one in keepers(store.duty.roster(now=look.at)) for to in one.to)
    return tuple(to for to in duty if look.mail or to.channel != "email") or alert_to


def _trouble(way: Way, look: Look) -> Trouble | None:
    return trouble(way, look.traffic.get(way.provider, NONE), now=look.at)


def _alert(look: Look, provider: str, what: Trouble, to: Address, ident: str) -> OutgoingRow:
    others = tuple(way for way in look.ways if way.provider != provider)
    carrier = MAIL if to.channel == "email" else next(iter(order(others, to=to, last="")), provider)
    return OutgoingRow(
        id=ident,
        person_id=None,
        to=to,
        provider=carrier,
        kind="alert",
        route="rest",
        text=alerts.provider_trouble(provider, what, waiting=look.traffic.get(provider, NONE).waiting),
        response="alert_provider",
        language="fr",
        encoding="GSM-7",
        segments=1,
        status=Status.QUEUED,
        created_at=look.at,
    )


def by_provider(look: Look) -> dict[str, dict[tuple[str, ...], int]]:
    """Return the figures of every way for the metrics, by name and provider."""
    figures: dict[str, dict[tuple[str, ...], int]] = {}
    for way in look.ways:
        for name, value in _figures(way, look.traffic.get(way.provider, NONE), look.at):
            if value is not None:
                figures.setdefault(f"provider_{name}", {})[way.provider,] = value
    return figures


def _figures(way: Way, traffic: Traffic, now: datetime) -> tuple[tuple[str, int | None], ...]:
    return (
        ("up", None if way.up is None else int(way.up)),
        ("waiting", traffic.waiting),
        ("oldest_seconds", _seconds(traffic.oldest, now)),
        ("heard_seconds_ago", _seconds(traffic.heard_at, now)),
        ("segments_a_day", traffic.segments_today),
        ("fcfa_a_day", traffic.segments_today * way.fcfa),
    )


def _seconds(at: datetime | None, now: datetime) -> int | None:
    return None if at is None else int((now - at).total_seconds())
