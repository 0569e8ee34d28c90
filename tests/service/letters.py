"""Short ways to write to the assistant in tests."""

from itertools import count

from bot.core.messages import Address, Channel, Incoming
from bot.core.staff import Staff
from bot.service.brain import Brain
from bot.service.ports import Ports
from bot.service.receive_message import Taken, receive_message

AWA, MODIBO = "+22376000001", "+22366000002"  # two people whom the tests invent
OUMOU = Staff("oumou", "Oumou", frozenset({"caseworker", "focal_point"}))
MARIAM = Staff("mariam", "Mariam", frozenset({"caseworker"}))
_numbers = count()


def letter(
    text: str, *, sender: str = AWA, channel: Channel = "sms", ports: Ports, ident: str | None = None
) -> Incoming:
    """Make a message as a webhook hands it in."""
    return Incoming(
        provider="twilio",
        provider_id=ident or f"SM{next(_numbers):032x}",
        sender=Address(channel, sender),
        recipient="+15005550006",
        text=text,
        received_at=ports.clock.now(),
    )


def say(brain: Brain, ports: Ports, text: str, *, sender: str = AWA, channel: Channel = "sms") -> Taken:
    """Write one message and return what came of it."""
    return receive_message(brain, ports, letter(text, sender=sender, channel=channel, ports=ports))


def texts(taken: Taken) -> str:
    """Return everything that was answered, as one text."""
    return "\n".join(row.text for row in taken.rows)
