"""Hand claimed messages to their providers, side by side: one person's in their order, WhatsApp's window in mind."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeVar

from bot.core import limits
from bot.core.messages import Status
from bot.ports import Clock, OutgoingRow, Sender, SendResult, Store

BEHIND = "behind"  # in the place of a template's name: the row waits for the answer to the template before it
CLOSED = SendResult(Status.FAILED, error_code="63016", verdict="permanent")  # Twilio: outside the allowed window
TOO_LATE = SendResult(Status.SKIPPED, error_code="no_answer", verdict="permanent")
WE_BEGIN = frozenset({"check_in", "broadcast", "reminder"})  # nobody waits for them: looked at once more before they go
In = TypeVar("In")
Out = TypeVar("Out")

Elsewhere = Callable[[OutgoingRow], str | None]  # who else may carry a message that its provider did not take


class Each(Protocol):
    """Applies a function to many things, one after the other (`map`) or side by side (a pool's `map`)."""

    def __call__(self, function: Callable[[In], Out], things: Iterable[In], /) -> Iterable[Out]:
        """Return what the function makes of each, in order."""


def nowhere(_: OutgoingRow) -> str | None:
    """Know no other provider."""
    return None


@dataclass(frozen=True, slots=True)
class Road:
    """How messages leave: by whom, who steps in, how many at a time, and what opens a WhatsApp window."""

    senders: Mapping[str, Sender]
    elsewhere: Elsewhere = nowhere
    each: Each = map
    beside: Each | None = None  # for broadcasts: threads of their own, so that no answer stands behind them
    template: str | None = None  # the provider's name of the usual one


Handed = tuple[OutgoingRow, SendResult | None]  # None: it went back into the queue


def hand_out(store: Store, clock: Clock, road: Road, rows: Sequence[OutgoingRow]) -> list[Handed]:
    """Send claimed rows and return what was said to each. What would outlive its lease goes back into the queue."""
    people: dict[str, list[OutgoingRow]] = {}
    for row in rows:
        people.setdefault(row.to.reveal(), []).append(row)

    def in_order(of_one: Sequence[OutgoingRow]) -> list[Handed]:
        return [_hand(store, clock, road, row) for row in of_one]

    return [handed for of_one in road.each(in_order, people.values()) for handed in of_one]


def _hand(store: Store, clock: Clock, road: Road, row: OutgoingRow) -> Handed:
    now = clock.now()
    if row.lease_until is not None and row.lease_until - now < limits.SEND_NEEDS:
        return _back(store, row, not_before=now), None
    why_not = store.why_not(row.id) if row.kind in WE_BEGIN else ""
    if why_not == "paused":
        return _back(store, row, not_before=now), None
    if why_not:
        return row, SendResult(Status.SKIPPED, error_code=why_not, verdict="permanent")
    handed, result = _sent(store, road, row, now)
    if result is not None and result.error_code == "pace":  # its turn has not come; that is no try
        return _back(store, handed, not_before=now), None
    return handed, result


def _sent(store: Store, road: Road, row: OutgoingRow, now: datetime) -> Handed:
    if row.window == "open" and row.template is None:
        sent = _by_another(store, row, road.elsewhere)
        return sent, road.senders[sent.provider].send(sent)
    return _through_window(store, road, row, now)


def _through_window(store: Store, road: Road, row: OutgoingRow, now: datetime) -> Handed:
    """Send a text where WhatsApp lets it through, a template where it does not; what follows one waits behind it."""
    if row.window == "open":
        text = _changed(store, row, template=None)
        return text, road.senders[row.provider].send(text)
    if row.template == BEHIND:  # it has waited for an answer as long as it may
        return row, TOO_LATE
    if row.window == "asked":
        return _back(store, row, not_before=now + limits.TEMPLATE_WAITS, template=BEHIND), None
    template = row.template or road.template
    if template is None:
        return row, CLOSED
    opener = _changed(store, row, template=template)
    return opener, road.senders[row.provider].send(opener)


def _by_another(store: Store, row: OutgoingRow, elsewhere: Elsewhere) -> OutgoingRow:
    """Give a message that nobody has tried yet to another provider where its own is known to be down.

    Written before the call: after a crash the right one is asked whether it has the message.
    """
    other = elsewhere(row) if row.attempts == 0 else None
    return row if other is None else _changed(store, row, provider=other)


def _changed(store: Store, row: OutgoingRow, **changes: str | None) -> OutgoingRow:
    with store.write() as tx:
        tx.update_outgoing(row.id, changes, held=row.lease_until)
    return replace(row, **changes)  # type: ignore[arg-type]


def _back(store: Store, row: OutgoingRow, *, not_before: datetime, **more: str) -> OutgoingRow:
    with store.write() as tx:
        changes = {"status": Status.QUEUED, "not_before": not_before, "lease_until": None, **more}
        tx.update_outgoing(row.id, changes, held=row.lease_until)
    return row
