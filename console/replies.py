"""What a caseworker is about to send: as the phone will show it, in how many SMS, for how much, and what to mind."""

import re
from dataclasses import dataclass
from typing import Final

from bot.core.assistant import Assistant
from bot.core.checks_texts import CANNED
from bot.core.messages import Channel, Outgoing
from bot.service.brain import Brain

LONGEST: Final = 1600  # characters: what WhatsApp takes at most; as SMS it would be eleven
# Money and certain futures; a hint for the writer, so it may be wrong, and it refuses nothing.
_PROMISES: Final = re.compile(
    r"\b(argent|francs?|f ?cfa|cfa|euros?|wari|paye\w*|promet\w*|promis\w*|garanti\w*|vous (?:aurez|recevrez|toucherez)"
    r"|sera (?:payé|accepté|financé)\w*)\b|\d[\d ]{3,}",
    re.IGNORECASE,
)
HINT: Final = "Vous parlez d'argent ou d'une suite certaine : pas de promesse, pas de montant sans décision écrite."


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply as it would leave: `sent` is what the phone shows."""

    text: str = ""
    sent: str = ""
    segments: int = 0
    summary: str = ""
    hint: str = ""

    @property
    def differs(self) -> bool:
        """Say whether the phone shows other letters, or several messages."""
        return self.sent != self.text.strip()


@dataclass(frozen=True, slots=True)
class Canned:
    """A reply that is ready, in both languages, so that whoever reads no Bambara knows what it says."""

    id: str
    fr: str
    bm: str
    read: bool  # a native reader has signed the Bambara


def draft(brain: Brain, channel: Channel, text: str, *, fcfa: int) -> Draft:
    """Render a reply as it would be sent and count it; `fcfa` is the price of a segment."""
    plain = text.strip()
    if not plain:
        return Draft()
    wires = [wire for _, wire in brain.render[channel]([Outgoing("caseworker", plain)])]
    segments = sum(wire.segments for wire in wires)
    sent = " / ".join(wire.text for wire in wires)
    letters = f"{sum(len(wire.text) for wire in wires)} caractères"
    cost = f"{segments} SMS · {segments * fcfa} F CFA" if channel == "sms" else "WhatsApp"
    return Draft(plain, sent, segments, f"{letters} · {cost}", _hint(plain))


def _hint(text: str) -> str:
    return HINT if _PROMISES.search(text) else ""


def canned(assistant: Assistant) -> tuple[Canned, ...]:
    """Return the replies that are ready, in the order of the French catalogue."""
    french, bambara = assistant.texts["fr"], assistant.texts["bm"]
    ids = [msgid.removeprefix(CANNED) for msgid in french if msgid.startswith(CANNED)]
    return tuple(
        Canned(one, french[CANNED + one], bambara.get(CANNED + one, ""), assistant.is_signed(CANNED + one))
        for one in ids
    )


def with_canned(assistant: Assistant, typed: str, wanted: str) -> str:
    """Add a ready reply ("bm:hello") to what was typed; an unknown one adds nothing."""
    language, _, name = wanted.partition(":")
    added = next((one for one in canned(assistant) if one.id == name), None)
    words = {"fr": added.fr, "bm": added.bm}.get(language, "") if added else ""
    return " ".join(filter(None, (typed.strip(), words)))[:LONGEST]
