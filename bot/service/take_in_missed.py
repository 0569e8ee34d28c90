"""Take in messages that no webhook brought: the provider's list is compared with ours."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from bot.core.messages import Incoming
from bot.service.brain import Brain
from bot.service.ports import Ports
from bot.service.receive_message import receive_message

LOOK_BACK = timedelta(hours=2)  # a webhook is repeated for minutes at most; a night's outage is asked for by hand


def take_in_missed(
    brain: Brain, ports: Ports, incoming_since: Callable[[datetime], Iterable[Incoming]], *, back: timedelta = LOOK_BACK
) -> int:
    """Run every incoming message of the last hours through the use case and return how many were new.

    What a webhook brought is known by its id and has no second effect; replies to the rest go by our own calls.
    """
    since = ports.clock.now() - back
    taken = [receive_message(brain, ports, incoming, route="rest") for incoming in incoming_since(since)]
    return sum(one.decision is not None for one in taken)
