"""What the use cases work with, in one value."""

from dataclasses import dataclass, replace

from bot.core.messages import Address
from bot.core.ways import choose
from bot.ports import Carrier, Clock, Ids, Store, Wake


def only_way(to: Address, last: str) -> str:
    """Choose among no providers: the last way, or the simulated phone."""
    return choose((), to=to, last=last)


@dataclass(frozen=True, slots=True)
class Ports:
    """What the use cases work with."""

    store: Store
    clock: Clock
    ids: Ids
    wake: Wake
    carrier: Carrier = only_way

    def with_clock(self, clock: Clock) -> "Ports":
        """Return the same ports on another clock."""
        return replace(self, clock=clock)
