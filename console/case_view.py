"""All that the page of a case shows, put into words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.core import case_life, duty
from bot.core.case_life import EVENTS, OUTCOMES
from bot.core.cases import Case, CaseEvent, is_overdue
from bot.core.messages import Channel
from bot.core.people import Person
from bot.core.staff import Staff, may_see
from bot.ports import LoggedMessage
from bot.ports.media import Medium
from bot.service.read_case import Reading, read_case
from console import masking, words
from console.card import Row, Setting, card
from console.doors import Desk
from console.replies import Canned, canned

NEWEST: Final = 40  # messages on the page; a weak link loads no year of talk
EVERYTHING: Final = 1000
SHARED: Final = " D'autres peuvent lire ce téléphone : rester vague, aucun nom d'organisation."
_SAME: Final = 10.0  # seconds between a caseworker's words and their line in the story


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the conversation, as the person saw it."""

    side: str  # "theirs", "ours" or "ours team"
    text: str
    who: str
    at: str
    channel: str
    sending: str = ""
    failed: bool = False
    segments: int = 0
    media: Sequence[Medium] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the story."""

    at: str
    who: str
    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody sent that could not be done: the form's name, what was typed, why, or what changed meanwhile."""

    name: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    changed: Sequence[Told] | None = None


@dataclass(frozen=True, slots=True)
class CaseView:
    """The page of one case for one member of staff."""

    case: Case
    staff: Staff
    now: datetime
    thread: tuple[Line, ...]
    timeline: tuple[Told, ...]
    card: tuple[Row, ...]
    person: Person | None
    more: bool
    etag: str
    canned: tuple[Canned, ...]
    colleagues: tuple[Staff, ...]
    partners: tuple[tuple[str, str], ...]

    @property
    def kind(self) -> str:
        """Name the kind."""
        return words.kind(self.case.kind)

    @property
    def priority(self) -> str:
        """Name the priority."""
        return words.PRIORITIES[self.case.priority]

    @property
    def state(self) -> str:
        """Say where it stands and with whom."""
        return words.status(self.case)

    @property
    def due(self) -> str:
        """Say by when an answer is owed, "" when none is."""
        return words.moment(self.case.due_at) if self.case.due_at else ""

    @property
    def late(self) -> bool:
        """Say whether that time is over."""
        return is_overdue(self.case, self.now)

    @property
    def actions(self) -> tuple[case_life.CaseAction, ...]:
        """Return what they may do with it now."""
        return case_life.actions(self.case, self.staff)

    @property
    def no_answer(self) -> str:
        """Say why they may not answer, and what to do about it."""
        return case_life.refusal(self.case, "answer", self.staff) or ""

    @property
    def mine(self) -> bool:
        """Say whether it is in their own hands."""
        return self.case.status != "open" and self.case.taken_by == self.staff.id

    @property
    def channel(self) -> Channel | None:
        """Return the channel that an answer takes, None when nobody can be written to."""
        to = self.person.answered_to if self.person else None
        return to.channel if to else None

    @property
    def only_called(self) -> bool:
        """Say whether they have never written: the answer is the first SMS that they get."""
        return bool(self.person and self.person.written_to is None)

    @property
    def discreet(self) -> bool:
        """Say whether others may read this telephone."""
        return bool(self.person and self.person.discreet)

    @property
    def never(self) -> str:
        """Say what must not be done, before everything else."""
        return never(self.person)

    @property
    def language(self) -> str:
        """Name the language to answer in."""
        return words.LANGUAGES.get((self.person.language if self.person else None) or "fr", "français")

    @property
    def canned_read(self) -> bool:
        """Say whether a native reader has signed every ready reply."""
        return all(one.read for one in self.canned)

    @property
    def news(self) -> str:
        """Say in a sentence what a screen reader is to say when the conversation has moved."""
        last = self.thread[-1] if self.thread else None
        return f"{last.who}, {last.at}. {self.state}." if last else self.state

    priorities = tuple(words.PRIORITIES.items())
    outcomes = tuple(OUTCOMES.items())


def case_view(desk: Desk, case: Case, *, everything: bool = False, whole: bool = False) -> CaseView:
    """Return the page of a case that is for these eyes; `whole` shows numbers, once somebody has said why."""
    house, limit = desk.house, EVERYTHING if everything else NEWEST
    reading = read_case(house.ports.store, house.case_reads, desk.staff, case, limit=limit + 1)
    now = house.ports.clock.now()
    assistant = house.brain.assistant
    setting = Setting(assistant, now, _on_duty(desk, reading), whole)
    return CaseView(
        case=case,
        staff=desk.staff,
        now=now,
        thread=thread(reading, whole=whole)[-limit:],
        timeline=tuple(told(event, whole=whole) for event in reversed(reading.events)),
        card=card(reading, setting),
        person=reading.known.person,
        more=len(reading.messages) > limit,
        etag=house.case_reads.stamp(case),
        canned=canned(assistant),
        colleagues=_colleagues(desk, case),
        partners=tuple((one.id, one.name) for one in assistant.facts.partners.values()),
    )


def never(person: Person | None) -> str:
    """Say what must not be done with this telephone, "" where nothing is known against it."""
    if person is None or not (person.do_not_call or person.discreet):
        return ""
    return "NE PAS APPELER : écrire seulement." + (SHARED if person.discreet else "")


def thread(reading: Reading, *, whole: bool) -> tuple[Line, ...]:
    """Return the conversation; what a colleague wrote carries their name."""
    answers = [event for event in reading.events if event.kind == "answer"]
    return tuple(_line(one, answers, whole=whole) for one in reading.messages)


def _line(one: LoggedMessage, answers: Sequence[CaseEvent], *, whole: bool) -> Line:
    channel = words.CHANNELS.get(one.channel, one.channel)
    if one.direction == "in":
        nothing = "appel" if one.channel == "voice" else words.CONTENTS.get(one.kind, "sans texte")
        text = masking.text(one.text, whole=whole) or f"({nothing})"
        return Line("theirs", text, "La personne", words.moment(one.at), channel, media=one.media)
    team = one.kind == "caseworker" and one.response == "caseworker"
    return Line(
        side="ours team" if team else "ours",
        text=one.text,
        who=_author(one, answers) if team else "Segin",
        at=words.moment(one.at),
        channel=channel,
        sending=words.SENDING.get(one.status, one.status),
        failed=one.status in words.FAILED,
        segments=one.segments if one.channel == "sms" else 0,
    )


def _author(one: LoggedMessage, answers: Sequence[CaseEvent]) -> str:
    near = [event.actor for event in answers if abs((event.at - one.at).total_seconds()) <= _SAME]
    return near[0] if near else "L'équipe"


def told(event: CaseEvent, *, whole: bool = False) -> Told:
    """Put a line of the story into words."""
    who = words.ACTORS.get(event.actor, event.actor)
    return Told(words.moment(event.at), who, EVENTS.get(event.kind, event.kind), masking.text(event.text, whole=whole))


def _on_duty(desk: Desk, reading: Reading) -> tuple[str, ...]:
    person = reading.known.person
    wish = duty.Wish(person.contact.get("caseworker_sex"), person.language) if person else duty.Wish()
    ports = desk.house.ports
    roster = ports.store.duty.roster(now=ports.clock.now())
    return tuple(one.staff.name for one in duty.ladder(reading.case, roster, wish))


def _colleagues(desk: Desk, case: Case) -> tuple[Staff, ...]:
    accounts = [account.staff for account in desk.house.entrance.book.all() if account.active]
    fit = [one for one in accounts if one.may("caseworker", "supervisor", "focal_point") and may_see(one, case)]
    return tuple(sorted(fit, key=lambda one: (one.id != desk.staff.id, one.name)))
