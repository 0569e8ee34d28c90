"""Send broadcasts: feed, then hand out, in slices as long as the pace allows, and answers before each of them."""

import threading
from dataclasses import dataclass
from datetime import timedelta

from bot.core import limits
from bot.service.broadcast_desk import Desk
from bot.service.feed_broadcasts import feed_broadcasts
from bot.service.hand_out import Road
from bot.service.send_due import send_due

_SLICE_TAKES = timedelta(seconds=1)  # what is in somebody's hand when a broadcast is paused still leaves
_MOST = 128


@dataclass(slots=True)
class Gait:
    """How many messages leave in about a second: found out while sending."""

    size: int = 1

    def next(self, left: int, took: timedelta) -> None:
        """Learn from one slice; a part of one says nothing."""
        if left >= self.size and took:
            self.size = max(1, min(_MOST, 4 * self.size, int(left * (_SLICE_TAKES / took))))


def send_broadcasts(desk: Desk, road: Road, gait: Gait | None = None, *, lanes: int = 1) -> int:
    """Send for a few seconds and return how many messages left; 0 when there is nothing more to send for now.

    A slice is as big as leaves within a second at the sender's pace, so that a pause holds at once. With a second lane
    one slice is claimed and written down while the other is on its way.
    """
    pace = gait or Gait()
    sent: list[int] = []
    beside = [threading.Thread(target=lambda: sent.append(_lane(desk, road, pace))) for _ in range(lanes - 1)]
    feed_broadcasts(desk)
    for lane in beside:
        lane.start()
    sent.append(_lane(desk, road, pace))
    for lane in beside:
        lane.join()
    return sum(sent)


def _lane(desk: Desk, road: Road, gait: Gait) -> int:
    store, clock = desk.ports.store, desk.ports.clock
    began, sent = clock.now(), 0
    while (since := clock.now()) - began < timedelta(seconds=limits.BROADCAST_SLICE) and not desk.quiet.is_quiet(since):
        send_due(store, clock, road)
        before, size = clock.now(), gait.size
        left = send_due(store, clock, road, limit=size, bulk=True)
        if left == size:
            gait.next(left, clock.now() - before)
        if not feed_broadcasts(desk) and not left:
            break
        sent += left
    return sent
