"""Broadcasts: who may do what in which state, and whom they are for. What they say: `core.broadcast_content`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from bot.core.messages import Language
from bot.core.staff import Staff

State = Literal["draft", "submitted", "approved", "scheduled", "preparing", "running", "paused", "done", "cancelled"]
STATES: tuple[State, ...] = get_args(State)
Kind = Literal["text", "flow", "check_in"]
Way = Literal["any", "sms", "whatsapp"]
Action = Literal["edit", "submit", "reject", "approve", "schedule", "pause", "resume", "fund", "cancel", "retry"]
PauseReason = Literal["", "staff", "budget", "month_budget", "refused"]

_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
_SHORT_CODE = re.compile(r"\d{3,6}")
_SENDER = re.compile(r"\+[1-9]\d{6,14}|\d{3,6}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")

_NEXT: Mapping[tuple[State, Action], State] = {
    ("draft", "edit"): "draft",
    ("draft", "submit"): "submitted",
    ("draft", "cancel"): "cancelled",
    ("submitted", "edit"): "draft",  # whatever was looked at is no longer what would be sent
    ("submitted", "reject"): "draft",
    ("submitted", "approve"): "approved",
    ("submitted", "cancel"): "cancelled",
    ("approved", "edit"): "draft",
    ("approved", "schedule"): "scheduled",
    ("approved", "cancel"): "cancelled",
    ("scheduled", "edit"): "draft",
    ("scheduled", "schedule"): "scheduled",
    ("scheduled", "cancel"): "cancelled",
    ("preparing", "pause"): "paused",
    ("preparing", "cancel"): "cancelled",
    ("running", "pause"): "paused",
    ("running", "cancel"): "cancelled",
    ("running", "retry"): "running",
    ("paused", "resume"): "running",
    ("paused", "fund"): "paused",
    ("paused", "pause"): "paused",  # only what paused for money: its queued messages are held as well then
    ("paused", "cancel"): "cancelled",
    ("paused", "retry"): "paused",
    ("done", "retry"): "running",
}
_ROLES: Mapping[Action, tuple[Literal["broadcaster", "supervisor", "administrator"], ...]] = {
    "pause": ("broadcaster", "supervisor", "administrator"),  # whoever sees that something is wrong stops it
    "cancel": ("broadcaster", "supervisor", "administrator"),
    "fund": ("broadcaster", "supervisor"),
}
FOR_MONEY: tuple[PauseReason, ...] = ("budget", "month_budget")


_SECOND: Mapping[Action, str] = {
    "approve": "Une deuxième personne doit approuver : ce n'est pas à qui a écrit ou changé la diffusion de le faire.",
    "fund": "Une deuxième personne doit relever le budget : ce n'est pas à qui a écrit la diffusion de le faire.",
}


class Refused(ValueError):
    """This cannot be done with a broadcast; the message says why and what to do, in French for staff."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a broadcast is for; an empty field asks for nothing, several values mean any of them."""

    languages: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    trades: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    consents: tuple[str, ...] = ()  # whoever has not given it is left out anyway, with that reason
    returned_from: str = ""  # month "2026-01", included
    returned_until: str = ""  # month, included
    months_since_return_min: int | None = None
    months_since_return_max: int | None = None
    heard_within_days: int | None = None  # wrote to us within so many days
    silent_for_days: int | None = None  # wrote to us last before so many days, or never
    tags: tuple[str, ...] = ()  # also uploaded lists: each is a tag
    without_tags: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> "Audience":
        """Read what `to_json` wrote; unknown names are left out."""
        known = {name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()}
        return cls(**{name: value for name, value in known.items() if name in cls.__dataclass_fields__})  # type: ignore[arg-type]

    def to_json(self) -> dict[str, object]:
        """Write what is asked for, and nothing else."""
        given = {name: getattr(self, name) for name in self.__dataclass_fields__}
        asked = {name: value for name, value in given.items() if value or value == 0}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asked.items()}


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One thing that is said to many. Money is in centimes (hundredths of a franc CFA)."""

    id: str
    name: str
    state: State
    kind: Kind
    created_by: str  # a staff id: who wrote it, or changed it last
    created_at: datetime
    texts: Mapping[Language, str] = field(default_factory=dict)  # of kind text, in official letters
    flow: str | None = None  # of kind flow or check_in
    channel: Way = "any"
    sender: str | None = None
    template: str | None = None
    audience: Audience = field(default_factory=Audience)
    sms_fallback: bool = False
    budget: int | None = None
    submitted_at: datetime | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    starts_at: datetime | None = None
    frozen_at: datetime | None = None
    ended_at: datetime | None = None
    pause_reason: str = ""
    expected_people: int = 0
    expected_segments: int = 0
    expected_centimes: int = 0
    version: int = 1
    writers: tuple[str, ...] = ()  # staff ids of everybody who has written it since it was approved last

    def is_by(self, staff: Staff) -> bool:
        """Say whether this person had a hand in what it says, which nobody has approved since."""
        return staff.id == self.created_by or staff.id in self.writers


def after(broadcast: Broadcast, action: Action, staff: Staff) -> State:
    """Return where a broadcast stands once this person has done this. Raises Refused with a sentence for them.

    Approving takes a second person, and so does raising the budget: nobody who has written it since it was approved
    last, however little, ever does.
    """
    if not staff.may(*_ROLES.get(action, ("broadcaster",))):
        msg = "Il faut le rôle « diffusion » pour cela : demandez à un administrateur."
        raise Refused(msg)
    following = _NEXT.get((broadcast.state, action))
    again = (broadcast.state, action) == ("paused", "pause") and broadcast.pause_reason not in FOR_MONEY
    if following is None or again:
        msg = f"Une diffusion à l'état « {STATE_WORDS[broadcast.state]} » ne permet pas : {ACTION_WORDS[action]}."
        raise Refused(msg)
    if action in _SECOND and broadcast.is_by(staff):
        raise Refused(_SECOND[action])
    if action == "resume" and broadcast.frozen_at is None:
        return "preparing"  # not all recipients are written down yet
    return following


STATE_WORDS: Mapping[State, str] = {
    "draft": "brouillon",
    "submitted": "à approuver",
    "approved": "approuvée",
    "scheduled": "programmée",
    "preparing": "en préparation",
    "running": "en cours",
    "paused": "en pause",
    "done": "terminée",
    "cancelled": "annulée",
}
ACTION_WORDS: Mapping[Action, str] = {
    "edit": "modifier",
    "submit": "soumettre",
    "reject": "renvoyer en brouillon",
    "approve": "approuver",
    "schedule": "programmer",
    "pause": "mettre en pause",
    "resume": "reprendre",
    "fund": "relever le budget",
    "cancel": "annuler",
    "retry": "réessayer les échecs",
}
PAUSE_WORDS: Mapping[PauseReason, str] = {
    "": "",
    "staff": "mise en pause par l'équipe",
    "budget": "le budget de la diffusion ne suffit pas pour le prochain message : le relever, puis reprendre",
    "month_budget": "le budget du mois ne suffit pas pour le prochain message",
    "refused": "le fournisseur refuse nos messages : voir le code d'erreur, puis reprendre",
}


def actions(broadcast: Broadcast, staff: Staff) -> tuple[Action, ...]:
    """List what this person may do with it now, for buttons."""
    allowed = []
    for action in get_args(Action):
        try:
            after(broadcast, action, staff)
        except Refused:
            continue
        allowed.append(action)
    return tuple(allowed)


def is_word(sender: str | None) -> bool:
    """Say whether an SMS sender is a word (up to 11 letters), which nobody can answer, and no number or service."""
    return bool(sender) and not is_service(str(sender)) and any(letter.isalpha() for letter in str(sender))


def is_service(sender: str) -> bool:
    """Say whether a sender is a Messaging Service of Twilio's ("MG" and 32 hexadecimal digits)."""
    return _SERVICE.fullmatch(sender) is not None


def is_short_code(sender: str) -> bool:
    """Say whether an SMS sender is a short code, such as 36100."""
    return _SHORT_CODE.fullmatch(sender) is not None


def is_sender(sender: str) -> bool:
    """Say whether an SMS can leave from this: a whole number or short code, a word (3GPP TS 23.040), a service."""
    return is_service(sender) or _SENDER.fullmatch(sender) is not None


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person in one broadcast, as the ledger shows it."""

    id: int
    broadcast_id: str
    person_id: str | None  # None: erased since
    status: str  # of bot.core.messages.Status
    reason: str  # of bot.core.outreach.Reason, or a provider's error code, or ""
    language: str
    channel: str
    operator: str
    provider: str
    segments: int
    centimes: int
    tries: int
    changed_at: datetime
    answered_at: datetime | None = None
    outgoing_id: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What an audience comes to before anything is written down. Money in centimes."""

    people: int  # who would get it
    segments: int
    centimes: int
    excluded: Mapping[str, int]  # how many by reason
    groups: Mapping[tuple[str, str], int]  # people by language and channel
