"""Twilio's messages, whichever channel they came by."""

from datetime import datetime

from bot.channels import sms, twilio_form, whatsapp
from bot.core.messages import Incoming


def parse(form: twilio_form.Form, *, received_at: datetime) -> Incoming:
    """Read a message form by the prefix of its sender. Raises BadForm."""
    if twilio_form.channel_of(form) == "whatsapp":
        return whatsapp.parse(form, received_at=received_at)
    return sms.parse(form, received_at=received_at)
