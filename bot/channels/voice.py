"""Voice: a call is somebody who asks to be called back; it is never answered, so it costs nobody anything."""

from datetime import datetime

from bot.channels import twilio_form
from bot.core.messages import Incoming

_WITHHELD = frozenset({"anonymous", "unknown", "restricted", "unavailable", "private"})
_SPELT = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})  # the same words on a dial


def parse(form: twilio_form.Form, *, received_at: datetime) -> Incoming | None:
    """Read Twilio's form for an incoming call; None when it is not ringing or hides its number. Raises BadForm."""
    call = twilio_form.sid(form, ("CallSid",))
    if form.get("CallStatus", "ringing").strip() != "ringing" or _withheld(form):
        return None
    caller = twilio_form.sender(form, "voice")
    return Incoming(twilio_form.PROVIDER, call, caller, form.get("To", "").strip(), "", received_at, content="other")


def _withheld(form: twilio_form.Form) -> bool:
    caller = form.get("From", "").strip().lower()
    return not caller or caller.endswith(":") or caller in _WITHHELD | _SPELT
