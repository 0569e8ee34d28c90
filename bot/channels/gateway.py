"""What messages from gateways in the country have in common: who can be a person, and what is no message at all."""

from bot.core import phones
from bot.core.messages import Address

_WITH_COUNTRY = 10  # digits; no number of Mali's own and no short number has so many


class BadMessage(ValueError):
    """The request is not a message: whoever configured the gateway has to correct it."""


def person(number: str) -> Address | None:
    """Return the address of whoever wrote; None for a robot: a word, a short number, a service number.

    Foreign numbers stay: somebody abroad may be the one in danger. Some networks hand them over without the plus, and
    in an address a plus becomes a space.
    """
    phone = phones.parse(number)
    if phone is None and sum(map(str.isdecimal, number)) >= _WITH_COUNTRY:
        phone = phones.parse(f"+{number.strip()}")
    return None if phone is None or phone.kind == "other" else Address("sms", phone.e164)
