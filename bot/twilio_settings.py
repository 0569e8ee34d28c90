"""The settings of an account at Twilio."""

import re
from dataclasses import dataclass, field

from bot.core.messages import Channel
from bot.settings_reader import Reader, web_address

TWILIO_API_URL = "https://api.twilio.com"
FASTEST = 2000.0  # messages a second that an account may send at all (Twilio 63017)
A_SECOND = "messages a second, such as 0.5 or 80"
_E164 = re.compile(r"\+[1-9]\d{6,14}")
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
    template: str | None = None  # the approved content that opens a WhatsApp window
    sms_a_second: float = 1.0  # a long number's; a word may send 10
    whatsapp_a_second: float = 80.0
    new_people_a_day: int = 250  # whom WhatsApp lets us write to first; 0: no limit any more

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
    sms = reader.parsed("SEGIN_TWILIO_SMS_A_SECOND", 1.0, _pace, A_SECOND)
    whatsapp = reader.parsed("SEGIN_TWILIO_WHATSAPP_A_SECOND", 80.0, _pace, A_SECOND)
    tier = reader.parsed("SEGIN_TWILIO_NEW_PEOPLE_A_DAY", 250, _days, "a whole number of persons; 0: no limit")
    template = reader.text("SEGIN_TWILIO_TEMPLATE_SID")
    redact_after = reader.parsed("SEGIN_TWILIO_REDACT_DAYS", 3, _days, "a number of days, or 0 for never")
    found = reader.together("Twilio", ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"), SENDERS)
    if not found:
        return None
    voice = found.get("SEGIN_TWILIO_VOICE_FROM")
    if voice and not _E164.fullmatch(voice):
        reader.problems.append("SEGIN_TWILIO_VOICE_FROM must be a number of yours in full, such as +33700000003.")
    return Twilio(
        account_sid=found["TWILIO_ACCOUNT_SID"],
        auth_token=found["TWILIO_AUTH_TOKEN"],
        sms_from=found.get("SEGIN_TWILIO_SMS_FROM"),
        whatsapp_from=found.get("SEGIN_TWILIO_WHATSAPP_FROM"),
        api_url=api_url,
        voice_from=voice,
        redact_after=redact_after,
        template=template,
        sms_a_second=sms,
        whatsapp_a_second=whatsapp,
        new_people_a_day=tier,
    )


def _pace(value: str) -> float:
    pace = float(value)
    if not 0 < pace <= FASTEST:
        raise ValueError
    return pace


def _days(value: str) -> int:
    days = int(value)
    if days < 0:
        raise ValueError
    return days
