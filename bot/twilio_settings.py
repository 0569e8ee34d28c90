"""The settings of an account at Twilio."""

from dataclasses import dataclass, field

from bot.core import phones
from bot.core.messages import Channel
from bot.settings_reader import Reader, web_address

TWILIO_API_URL = "https://api.twilio.com"
SENDERS = ("SEGIN_TWILIO_SMS_FROM", "SEGIN_TWILIO_WHATSAPP_FROM", "SEGIN_TWILIO_VOICE_FROM")


@dataclass(frozen=True, slots=True)
class Twilio:
    """An account at Twilio. Without senders only the webhooks' own answers carry messages."""

    account_sid: str
    auth_token: str = field(repr=False)
    sms_from: str | None
    whatsapp_from: str | None
    api_url: str
    voice_from: str | None = None  # calls are made from it, and the person sees it
    redact_after: int = 3  # days until texts and media are taken away at Twilio; 0: never

    @property
    def tokens(self) -> tuple[str, ...]:
        """Return the tokens, newest first: while one is replaced, both stand in the setting with a comma between."""
        return tuple(token.strip() for token in self.auth_token.split(",") if token.strip())

    @property
    def carries(self) -> frozenset[Channel]:
        """Return the channels that there is a sender for."""
        senders: dict[Channel, str | None] = {"sms": self.sms_from, "whatsapp": self.whatsapp_from}
        return frozenset(channel for channel, sender in senders.items() if sender)


def read_twilio(reader: Reader) -> Twilio | None:
    """Read the settings of Twilio; None when there are none."""
    api_url = reader.parsed("SEGIN_TWILIO_API_URL", TWILIO_API_URL, web_address, "an http:// or https:// address")
    redact_after = reader.parsed("SEGIN_TWILIO_REDACT_DAYS", 3, _days, "a number of days, or 0 for never")
    found = reader.together("Twilio", ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"), SENDERS)
    if not found:
        return None
    voice = found.get("SEGIN_TWILIO_VOICE_FROM")
    phone = phones.parse(voice) if voice else None
    if voice and phone is None:
        reader.problems.append("SEGIN_TWILIO_VOICE_FROM must be a number of yours in full, such as +33700000003.")
    return Twilio(
        account_sid=found["TWILIO_ACCOUNT_SID"],
        auth_token=found["TWILIO_AUTH_TOKEN"],
        sms_from=found.get("SEGIN_TWILIO_SMS_FROM"),
        whatsapp_from=found.get("SEGIN_TWILIO_WHATSAPP_FROM"),
        api_url=api_url,
        voice_from=phone.e164 if phone else None,
        redact_after=redact_after,
    )


def _days(value: str) -> int:
    days = int(value)
    if days < 0:
        raise ValueError
    return days
