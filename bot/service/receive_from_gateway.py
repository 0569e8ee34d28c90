"""Take in one message from a gateway: replies leave as rows, and a repeat without an id is known by its words."""

from bot.core.messages import Incoming
from bot.service.brain import Brain
from bot.service.ports import Ports
from bot.service.receive_message import receive_message


def receive_from_gateway(brain: Brain, ports: Ports, incoming: Incoming, *, twin: str | None = None) -> bool:
    """Run the use case and return whether the message was new.

    `twin` is the id that the message had if it is the repeat of one from the time just before. Raises StorageAway.
    """
    if twin is not None and _taken_in(ports, incoming, twin):
        return False
    return not receive_message(brain, ports, incoming, route="rest").repeated


def _taken_in(ports: Ports, incoming: Incoming, provider_id: str) -> bool:
    known = ports.store.look_up(
        incoming.sender, provider=incoming.provider, provider_id=provider_id, now=ports.clock.now()
    )
    return known.answered is not None
