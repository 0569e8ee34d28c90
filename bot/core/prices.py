"""What a message costs, in centimes (hundredths of a franc CFA), and what a single letter can cost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.core import sms_text

Charged = Literal["sms", "whatsapp", "template"]  # a segment; a message inside the 24 h window; one that opens it

# Until a contract's own prices are entered: Twilio's $0.005 a WhatsApp message, and Meta's dearest fee of a template
# for "Rest of Africa" ($0.0225) on top; a dollar at 600 francs.
WHATSAPP_CENTIMES = 300
TEMPLATE_CENTIMES = 1_650


@dataclass(frozen=True, slots=True)
class Price:
    """One line of the price table; an empty operator or provider means any."""

    channel: Charged
    centimes: int
    valid_from: datetime
    operator: str = ""
    provider: str = ""
    set_by: str = ""


@dataclass(frozen=True, slots=True)
class Prices:
    """The price table as it was read, and what an SMS segment costs where it says nothing."""

    lines: tuple[Price, ...]
    sms_centimes: int

    def of(self, channel: Charged, *, now: datetime, operator: str = "", provider: str | None = None) -> int:
        """Return what one segment or message costs, in centimes.

        The line for this operator and this provider goes before one for any; among equals the newest that is valid.
        `provider` None: not chosen yet, so the dearest of all providers is counted.
        """
        valid = [one for one in self.lines if one.channel == channel and one.valid_from <= now]
        suits = [one for one in valid if one.operator in ("", operator)]
        if provider is None:
            names = {one.provider for one in suits} or {""}
            return max(self._best(suits, name, channel) for name in names)
        return self._best(suits, provider, channel)

    def _best(self, suits: Iterable[Price], provider: str, channel: Charged) -> int:
        found = [one for one in suits if one.provider in ("", provider)]
        best = max(found, key=lambda one: (bool(one.operator), bool(one.provider), one.valid_from), default=None)
        return best.centimes if best else self._usual(channel)

    def _usual(self, channel: Charged) -> int:
        return {"sms": self.sms_centimes, "whatsapp": WHATSAPP_CENTIMES, "template": TEMPLATE_CENTIMES}[channel]


@dataclass(frozen=True, slots=True)
class Letter:
    """A character that makes an SMS dearer: segments with it, and without it or with its plain form."""

    character: str
    plain: str
    with_it: int
    without: int


def dear_letters(text: str) -> tuple[Letter, ...]:
    """Return the characters that would force 70-character segments, dearest first, if they were sent unfolded.

    Ours are folded to GSM-7 before sending (`sms_text.fold`); this says what each would cost otherwise.
    """
    whole = sms_text.size(text).segments
    odd = sorted({character for character in text if not sms_text.is_gsm7(character)})
    alone = (
        Letter(one, sms_text.fold(one), sms_text.size(sms_text.fold(text) + one).segments, _folded(text)) for one in odd
    )
    return tuple(letter for letter in alone if max(letter.with_it, whole) > letter.without)


def letters_left(text: str) -> int:
    """Say how many GSM-7 units still fit before the next segment begins (the letter that costs a whole SMS more)."""
    sized = sms_text.size(sms_text.fold(text))
    room = 160 if sized.segments == 1 else 153 * sized.segments
    return max(0, room - sized.units)


def _folded(text: str) -> int:
    return sms_text.size(sms_text.fold(text)).segments


def in_francs(centimes: int) -> str:
    """Write an amount for staff: "2 500 F CFA", with decimals only where there are any."""
    francs, rest = divmod(centimes, 100)
    whole = f"{francs:,}".replace(",", " ")
    return f"{whole},{rest:02d} F CFA" if rest else f"{whole} F CFA"
