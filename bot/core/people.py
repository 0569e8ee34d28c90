"""A person as the assistant knows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.core.messages import Address, Language

Consent = Literal["none", "given", "refused"]
OptOutScope = Literal["none", "check_ins", "all"]


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
    discreet: bool = False
    do_not_call: bool = False
    contact: Mapping[str, str] = field(default_factory=dict)
    addresses: tuple[Address, ...] = ()
    first_seen: datetime | None = None
