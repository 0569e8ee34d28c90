"""Messages of ours, and what takes them to a provider."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.core.messages import Address, Language, Status

OutgoingKind = Literal["reply", "caseworker", "reminder", "alert", "staff", "check_in", "broadcast"]
Window = Literal["open", "closed", "asked"]  # WhatsApp takes free text; takes templates; one waits for its answer
Route = Literal["answer", "rest"]  # in the webhook's own answer, or by a call of ours


@dataclass(frozen=True, slots=True)
class OutgoingRow:
    """One message of ours and all that is known of its way."""

    id: str
    person_id: str | None  # None: to staff
    to: Address
    provider: str
    kind: OutgoingKind
    route: Route
    text: str  # as the channel sends it
    response: str
    language: Language
    encoding: str
    segments: int
    status: Status
    created_at: datetime
    in_reply_to: str | None = None  # row id of the incoming message
    position: int = 0  # order among the replies to one message
    case_id: str | None = None
    not_before: datetime | None = None
    lease_until: datetime | None = None
    attempts: int = 0
    provider_id: str | None = None
    error_code: str | None = None
    broadcast_id: str | None = None
    template: str | None = None  # sent in its place; the text waits for the person's answer
    sender: str | None = None  # by SMS, instead of the provider's own: a number, a word, a service of Twilio's
    window: Window = "open"  # as it was when the row was taken for sending


@dataclass(frozen=True, slots=True)
class SendResult:
    """What a provider said to one message: an id and a first status, or an error code and what to do about it."""

    status: Status
    provider_id: str | None = None
    error_code: str | None = None
    # unknown: ask before sending again; blocked: every other message would be refused as well
    verdict: Literal["ok", "retry", "permanent", "opted_out", "unknown", "blocked"] = "ok"
    after: float = 0.0  # seconds that the provider asks us to wait
    dead: bool = False  # nobody will ever be reached at this address


class Sender(Protocol):
    """A way out for one provider's messages."""

    name: str

    def send(self, row: OutgoingRow) -> SendResult:
        """Hand one message to the provider; never raises for what the provider answers."""

    def find(self, row: OutgoingRow) -> SendResult | None:
        """Ask the provider whether it has this message (same recipient and text, not before the row was made)."""


class Carrier(Protocol):
    """Chooses the provider of a message that we start; it asks nobody, so that it may be asked within a transaction."""

    def __call__(self, to: Address, last: str) -> str:
        """Return the provider; `last` is the one by which the person last wrote, "" for whoever never did."""
