"""A person as the assistant knows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.core import phones
from bot.core.messages import Address, Language

Consent = Literal["none", "given", "refused"]
OptOutScope = Literal["none", "check_ins", "all"]
Sex = Literal["f", "m"]
RETURN_DATE = "return_date"  # the contact item with the exact day of return, "2026-05-14": sealed, unlike the month
OLDEST_RETURN = 50  # years; a return before them is a slip of the pen
CASEWORKER_SEX = "caseworker_sex"  # the contact item: "f" or "m", whom the person would rather speak to


@dataclass(frozen=True, slots=True)
class Person:
    """Who writes: what audiences may be asked for in clear, the rest in `contact` (encrypted at rest)."""

    id: str
    language: Language | None = None
    region: str | None = None
    trade: str | None = None
    origin: str | None = None  # country come back from, as a code: "MA", "LY", "DZ" …
    return_month: str | None = None  # "2026-05"
    consent: Consent = "none"
    opt_out: OptOutScope = "none"
    sex: Sex | None = None  # only if given
    minor: bool = False
    guardian: bool = False  # somebody who answers for a minor has agreed that we write
    discreet: bool = False
    do_not_call: bool = False  # no telephone calls; texts are welcome
    unreachable: bool = False  # the operator refuses the number for good; over as soon as they write
    held: bool = False  # a legal hold is in force: nothing of theirs is erased until it is lifted
    consent_source: str | None = None  # "message", or where an import says that it was given: "form 2026-03"
    consent_at: datetime | None = None  # when they said yes or no: the day of registration
    contact: Mapping[str, str] = field(default_factory=dict)
    addresses: tuple[Address, ...] = ()
    first_seen: datetime | None = None

    @property
    def written_to(self) -> Address | None:
        """Return the address they wrote from last; None when they only ever called, or none is known."""
        return next((address for address in self.addresses if address.channel != "voice"), None)

    @property
    def answered_to(self) -> Address | None:
        """Return where an answer reaches them: the address they wrote from last, else an SMS to where they called from.

        None when they only ever called, from a telephone that takes no SMS, or when no address is known.
        """
        called = (phones.parse(one.reveal()) for one in self.addresses if one.channel == "voice")
        by_sms = (Address("sms", phone.e164) for phone in called if phone and phone.kind != "fixed")
        return self.written_to or next(by_sms, None)

    @property
    def texted_to(self) -> Address | None:
        """Return where an SMS reaches them: the address they sent one from last, else WhatsApp's, if it is a number."""
        by_sms = next((one for one in self.addresses if one.channel == "sms"), None)
        numbers = (one for one in self.addresses if one.channel == "whatsapp" and phones.parse(one.reveal()))
        return by_sms or next((Address("sms", one.reveal()) for one in numbers), None)

    @property
    def registered_at(self) -> datetime | None:
        """Return the day of registration, from which a plan counts when the day of return is not known."""
        return self.consent_at or self.first_seen
