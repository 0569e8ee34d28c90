"""What messages from gateways in the country have in common: who can be a person, and what is no message at all."""

from bot.core import phones
from bot.core.messages import Address


class BadMessage(ValueError):
    """The request is not a message: whoever configured the gateway has to correct it."""


def person(number: str) -> Address | None:
    """Return the address of whoever wrote; None for a robot: a word, a short number, a service number.

    Foreign numbers stay: somebody abroad may be the one in danger.
    """
    phone = phones.parse(number)
    return None if phone is None or phone.kind == "other" else Address("sms", phone.e164)
