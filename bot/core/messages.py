"""Messages and the addresses they travel between, free of any provider's words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

Language = Literal["fr", "bm"]
LANGUAGES: tuple[Language, ...] = ("fr", "bm")
Channel = Literal["sms", "whatsapp", "voice", "email"]  # the last one to staff only
ContentKind = Literal["text", "voice_note", "picture", "video", "document", "location", "contact", "other"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is reached: a channel and the number (E.164) or, if it is none, the provider's own identifier.

    The same value on two channels is the same person. It prints masked; `reveal()` is the one way to the value.
    """

    channel: Channel
    value: str

    def reveal(self) -> str:
        """Return the number or identifier in clear; greppable on purpose."""
        return self.value

    def __str__(self) -> str:
        """Show the channel and at most the last two characters."""
        return f"{self.channel}:…{self.value[-2:]}"

    __repr__ = __str__


@dataclass(frozen=True, slots=True)
class Media:
    """One attachment that a provider holds for us: its address there and its declared type."""

    url: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message from a person, as every channel hands it in."""

    provider: str  # "twilio", "kannel", "simulator"
    provider_id: str  # unique for the provider; a repeat has no second effect
    sender: Address
    recipient: str  # the number or identifier of ours that was written to
    text: str  # "" when there is none; never rewritten
    received_at: datetime
    content: ContentKind = "text"
    payload: str | None = None  # what a pressed button carries
    media: tuple[Media, ...] = ()
    opt_out: Literal["stop", "start", "help"] | None = None  # the provider has dealt with the word itself
    location: str | None = None  # "latitude,longitude" and, after a space, what the map calls it


@dataclass(frozen=True, slots=True)
class Choice:
    """One numbered answer of a menu: what the person sees and what it stands for."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is said, in official letters and with every value filled in; a channel renders it."""

    response: str  # name(s) of the response(s) it was made from, for staff and tests
    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Wire:
    """What the phone receives and what it costs."""

    text: str
    encoding: Literal["GSM-7", "UCS-2", "unicode"]
    segments: int  # SMS parts; 1 for a channel that has none


class Status(StrEnum):
    """Where an outgoing message stands (shared vocabulary of storage, console and webhooks)."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    SKIPPED = "skipped"
