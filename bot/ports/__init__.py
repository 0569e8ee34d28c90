"""What the use cases need from the world; adapters fulfil it, bootstrap picks."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from bot.core.case_life import Step
from bot.core.cases import Case, CaseEvent, Priority
from bot.core.effects import KeepUnmatched
from bot.core.messages import Address, Incoming
from bot.core.people import OptOutScope, Person
from bot.ports.check_ins import CheckInWrites
from bot.ports.duty import DutyBook, DutyWrites
from bot.ports.fact_edits import FactEdits as FactEdits
from bot.ports.media import Medium
from bot.ports.outgoing import Carrier as Carrier
from bot.ports.outgoing import OutgoingKind as OutgoingKind
from bot.ports.outgoing import OutgoingRow as OutgoingRow
from bot.ports.outgoing import Route as Route
from bot.ports.outgoing import Sender as Sender
from bot.ports.outgoing import SendResult as SendResult
from bot.ports.outgoing import Window as Window
from bot.ports.world import Clock as Clock
from bot.ports.world import Ids as Ids
from bot.ports.world import Wake as Wake

Json = Mapping[str, Any]


class Conflict(Exception):
    """Another message of the same person was written first: load and decide again."""


class AlreadyTaken(Exception):
    """The provider's message id was claimed before: answer what was answered then."""


class StorageAway(Exception):
    """The database cannot be reached or did not take the write; nothing was kept."""


@dataclass(frozen=True, slots=True)
class Known:
    """What storage knows before a turn. `version` 0 and no person: never seen."""

    person: Person | None = None
    state: Json | None = None
    version: int = 0
    open_cases: tuple[Case, ...] = ()
    held: bool = False  # a text of ours waits for this answer to a WhatsApp template
    last_noted_at: datetime | None = None  # when "we have noted it" was last said for an open case
    recent_count: int = 0  # messages taken in from this person within the last hour (for the loop guard)
    same_in_a_row: int = 0  # how many of the newest among them have the very text that `look_up` was given
    segments_an_hour: int = 0  # what we sent to them within the last hour; counted only where many messages came
    segments_a_day: int = 0  # the same within a day
    said_lately: frozenset[str] = frozenset()  # responses within DANGER_ANSWERED_EVERY; asked like the sums
    opted_out: OptOutScope = "none"  # also for an address whose person was erased: the proof outlives them
    provider: str | None = None  # by which the person last wrote
    answered: tuple[OutgoingRow, ...] | None = None  # not None: this provider id was taken in before
    staff_id: str | None = None  # not None: a member of staff writes from their registered telephone
    on_duty: bool | None = None  # somebody's shift runs at this moment; None: there is no rota


@dataclass(frozen=True, slots=True)
class Reminder:
    """A flow that is to begin later."""

    id: str
    person_id: str
    flow: str
    due_at: datetime
    slots: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoggedMessage:
    """One line of a conversation as the person saw it, for the simulator and the caseworker."""

    at: datetime
    direction: Literal["in", "out"]
    channel: str
    text: str
    encoding: str = ""
    segments: int = 0
    status: str = ""
    kind: str = ""
    response: str = ""
    case_id: str = ""  # of what a caseworker wrote
    media: tuple[Medium, ...] = ()  # voice notes and pictures that came with it


class Transaction(Protocol):
    """One short write; every verb is an upsert or a checked update, and nothing is visible before the commit."""

    @property
    def check_ins(self) -> CheckInWrites:
        """The verbs of check-ins, within this transaction."""

    @property
    def duty(self) -> DutyWrites:
        """The verbs of duty, within this transaction."""

    def claim(self, incoming: Incoming, *, row_id: str, person_id: str | None) -> None:
        """Record the incoming message. Raises AlreadyTaken when (provider, provider_id) is there.

        Without a person it comes from staff: only its id is kept, for its words may be a PIN.
        """

    def ensure_person(self, person_id: str, address: Address, *, now: datetime) -> None:
        """Create the person and the address unless they exist. Raises Conflict when the address is another's."""

    def save_state(self, person_id: str, state: Json, *, expected: int, now: datetime) -> None:
        """Write the conversation as version expected + 1. Raises Conflict when the stored version differs."""

    def save_profile(self, person_id: str, items: Mapping[str, str | bool | datetime | None], *, now: datetime) -> None:
        """Change columns in clear, by the names that `core.people.Person` has for them."""

    def save_contact(self, person_id: str, items: Mapping[str, str], *, now: datetime) -> None:
        """Keep or (empty value) remove encrypted contact items; numbers also get their look-up hash."""

    def hold_still(self, person_id: str) -> Person | None:
        """Read a person as they are now; nobody else changes profile or contact before the commit."""

    def add_outgoing(self, rows: Sequence[OutgoingRow]) -> None:
        """Insert messages of ours."""

    def update_outgoing(self, row_id: str, changes: Mapping[str, Any], *, held: datetime | None = None) -> bool:
        """Change status, route, provider, not_before, lease_until, attempts, provider_id or error_code of a row.

        The status never moves back, and a report that comes too late changes neither it nor the error code. The one
        way back into the queue is `sending` to `queued` with a `not_before`. `held` is the lease the caller saw: when
        the row is under another one, somebody else deals with it, nothing changes and False is returned.
        """

    def send_again(self, row_id: str, *, not_before: datetime) -> bool:
        """Let the recipient of a broadcast whose message did not arrive wait for another; say whether one will come.

        So many tries and no more (`limits.BROADCAST_TRIES`), and only while the broadcast goes on.
        """

    def stop_broadcast(self, broadcast_id: str, *, reason: str) -> None:
        """Pause a broadcast that runs."""

    def open_held(self, person_id: str, *, now: datetime, new_id: Callable[[], str]) -> int:
        """Queue what waited for this person's answer to a WhatsApp template; return how many messages."""

    def hold_back(self, person_id: str, *, reason: str, now: datetime) -> None:
        """Never send what waited for this person's answer to a WhatsApp template; recipients' rows say the reason."""

    def open_case(self, case: Case, *, now: datetime) -> Case:
        """Insert the case, or return the person's open case of that kind (raised to the higher priority).

        Raises Conflict when the reference is taken: a new one is drawn with the new decision.
        """

    def add_case_event(self, case_id: str, event: CaseEvent) -> None:
        """Append to a case's timeline (text encrypted); an event "alert" also sets when it was last alerted."""

    def join_case(self, case_id: str, event: CaseEvent, *, raised: Priority | None, due_at: datetime) -> None:
        """Append what the person wrote; a case that waited for them is "taken" again.

        Words of danger raise it to the priority `raised`; an answer is then owed by `due_at`.
        """

    def change_case(self, before: Case, step: Step) -> None:
        """Write the case as a step leaves it, with its event. Raises Conflict when it is no longer as it was read."""

    def case_of(self, person_id: str, reference: str) -> Case | None:
        """Find a person's case by its reference."""

    def add_reminder(self, reminder: Reminder) -> None:
        """Keep a reminder; one a person and flow: an earlier one is replaced."""

    def drop_reminders(self, person_id: str, *, flow: str | None = None, reminder_id: str | None = None) -> None:
        """Remove a person's reminders (of a flow, one, or all)."""

    def hasten_reminders(self, person_id: str, *, at: datetime, held_until: datetime) -> None:
        """Let a person's reminders that would come after `at` and by `held_until` come at `at`."""

    def keep_unmatched(self, person_id: str, effect: KeepUnmatched, *, now: datetime) -> None:
        """Keep a message that was not understood (text encrypted) until `Store.tidy` drops it."""

    def drop_unmatched(self, person_id: str) -> None:
        """Remove what was kept of a person's messages that were not understood."""

    def set_opt_out(self, person_id: str, scope: str, *, word: str, now: datetime) -> None:
        """Set "none", "check_ins" or "all" on the person and keep proof (hashes of address and word, scope, time)."""

    def forget(self, person_id: str, *, receipt: str, now: datetime) -> bool:
        """Erase person, addresses, contact, conversation, texts, reminders; keep opt-out proof and a receipt by hash.

        Open cases are closed without their words. What was written at `now` itself (the replies of this turn) stays
        unlinked until it has been sent; `Store.tidy` blanks it a day later.
        """

    def audit(self, *, actor: str, action: str, object_id: str, now: datetime, detail: str = "") -> None:
        """Append who did what to which id; never a personal datum."""


class Store(Protocol):
    """The truth. Reads are short and take no lock; every write is one transaction."""

    @property
    def duty(self) -> DutyBook:
        """The reads of duty."""

    def look_up(self, sender: Address, *, provider: str, provider_id: str, now: datetime, text: str = "") -> Known:
        """Return what is known of a sender, and the earlier replies when the message id was taken in before.

        `text` is the message itself, compared by hash with the sender's newest ones (`same_in_a_row`).
        """

    def write(self) -> AbstractContextManager[Transaction]:
        """Open the transaction; commit at the end of the block, roll back on any error. Raises StorageAway."""

    def joined(self, tx: Any) -> "Store":
        """Return the same store, whose writes join a transaction of its own: several use cases become one.

        Reads do not see what the transaction has written so far.
        """

    def person(self, person_id: str) -> Known:
        """Return a person with state and open cases, by id."""

    def messages(self, person_id: str, *, limit: int = 200) -> tuple[LoggedMessage, ...]:
        """Return the newest messages of a person, both ways, oldest first."""

    def sent_to(self, number: str, *, limit: int = 200) -> tuple[LoggedMessage, ...]:
        """Return the newest messages to a number that belong to no person, oldest first: to staff, or to who is erased.

        It opens a thousand rows: for the phone simulator.
        """

    def cases(self, *, include_closed: bool = False, include_sensitive: bool = False) -> tuple[Case, ...]:
        """List cases, most urgent first, then oldest first."""

    def case(self, reference: str) -> Case | None:
        """Find a case by its reference."""

    def timeline(self, case_id: str) -> tuple[CaseEvent, ...]:
        """Return the whole story of a case, oldest first, texts decrypted."""

    def acted(self, case_id: str, staff_id: str) -> frozenset[datetime]:
        """Return when somebody did something to a case, by the audit trail: two colleagues may have one name."""

    def outgoing(self, row_id: str) -> OutgoingRow | None:
        """Find one of our messages by its id."""

    def outgoing_by_provider_id(self, provider: str, provider_id: str) -> OutgoingRow | None:
        """Find one of our messages by the provider's id."""

    def claim_due(
        self,
        *,
        limit: int,
        lease_until: datetime,
        now: datetime,
        provider: str | None = None,
        bulk: bool | None = None,
    ) -> tuple[OutgoingRow, ...]:
        """Take due rows (queued, `not_before` past) for sending: status `sending`, leased, committed before any call.

        Answers and alerts come before what we start ourselves; check-ins, reminders and broadcasts to somebody who has
        opted out become `skipped`. `provider` narrows it to one sender's rows, `bulk` to broadcasts or to all else; of
        a broadcast that is not running nothing is taken.
        """

    def why_not(self, row_id: str) -> str:
        """Say why a check-in, broadcast or reminder that was taken for sending must not leave after all; "": it may.

        A reason of `core.outreach` (erased, opted out, a grave case since then, called off), or "paused".
        """

    def expired(self, *, limit: int, now: datetime) -> tuple[OutgoingRow, ...]:
        """Return rows left in `sending` whose lease is over: their fate has to be asked from the provider."""

    def due_reminders(self, *, limit: int, now: datetime) -> tuple[Reminder, ...]:
        """Return reminders whose time has come."""

    def search(self, text: str) -> tuple[str, ...]:
        """Return ids of persons by a whole number, its last four digits, or whole words of a name."""

    def erased_at(self, receipt: str) -> datetime | None:
        """Say when the erasure with this receipt was done, or None when there was none."""

    def tidy(self, *, now: datetime) -> int:
        """Blank day-old messages to erased persons, drop old ones that were not understood; return how many."""

    def ready(self) -> bool:
        """Say whether the database answers and has the current schema."""
