"""The phone simulator: a page's form in; what goes out is rendered by the channel that it plays."""

from collections.abc import Mapping
from datetime import datetime

from bot.core.messages import Address, Channel, Incoming

PROVIDER = "simulator"
_CHANNELS: dict[str, Channel] = {"sms": "sms", "whatsapp": "whatsapp", "voice": "voice"}


def parse(form: Mapping[str, str], *, provider_id: str, received_at: datetime) -> Incoming:
    """Read the page's fields `from` (E.164 or any name), `channel` (sms, whatsapp, voice), `text` and `payload`.

    Raises ValueError when the page does not say who writes or by what.
    """
    value = form.get("from", "").strip()
    channel = _CHANNELS.get(form.get("channel", "sms").strip())
    if channel is None or not value:
        raise ValueError("The page has to say from which number and by which channel (sms, whatsapp, voice) it writes.")
    return Incoming(
        provider=PROVIDER,
        provider_id=provider_id,
        sender=Address(channel, value),
        recipient=PROVIDER,
        text=form.get("text", ""),
        received_at=received_at,
        payload=form.get("payload") or None,
    )
