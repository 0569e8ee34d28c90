"""Send broadcasts: feed, then hand out, in slices as long as the pace allows, and answers before each of them."""

from datetime import timedelta

from bot.core import limits
from bot.service.broadcast_desk import Desk
from bot.service.feed_broadcasts import feed_broadcasts
from bot.service.hand_out import Road
from bot.service.send_due import send_due

_SLICE_TAKES = timedelta(seconds=1)  # what is in somebody's hand when a broadcast is paused still leaves
_FIRST, _MOST = 16, 128


def send_broadcasts(desk: Desk, road: Road) -> int:
    """Send for a few seconds and return how many messages left; 0 when there is nothing more to send for now.

    A slice is as big as leaves within a second at the sender's pace, so that a pause holds at once.
    """
    store, clock = desk.ports.store, desk.ports.clock
    began, sent, size = clock.now(), 0, _FIRST
    while (since := clock.now()) - began < timedelta(seconds=limits.BROADCAST_SLICE):
        fed = feed_broadcasts(desk)
        if desk.quiet.is_quiet(since):
            return sent
        send_due(store, clock, road)
        before = clock.now()
        left = send_due(store, clock, road, limit=size, bulk=True)
        if not left and not fed:
            return sent
        sent += left
        size = _next_size(size, left, clock.now() - before)
    return sent


def _next_size(size: int, left: int, took: timedelta) -> int:
    """Return how many messages leave in about a second."""
    if left < size or not took:
        return min(_MOST, max(size, 1))
    return max(1, min(_MOST, 2 * size, int(left * (_SLICE_TAKES / took))))
