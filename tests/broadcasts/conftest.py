"""A desk with real storage, a few returnees, and a post that counts what it is given."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from bot.adapters.crypto import Vault
from bot.adapters.sql.broadcasts import SqlBroadcasts
from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import address, person
from bot.core.broadcasts import Broadcast
from bot.core.messages import Address, Incoming, Status
from bot.core.quiet import Quiet
from bot.core.staff import Staff
from bot.ports import OutgoingRow, SendResult
from bot.service import broadcasts
from bot.service.brain import Brain
from bot.service.broadcast_desk import Desk
from bot.service.broadcasts import Seen
from bot.service.ports import Ports
from bot.service.receive_message import receive_message
from bot.simulator import StoppedClock
from tests.conftest import KEYS

AMINATA = Staff("s1", "Aminata", frozenset({"broadcaster"}))
BAKARY = Staff("s2", "Bakary", frozenset({"broadcaster"}))
MARIAM = Staff("s3", "Mariam", frozenset({"caseworker"}))
TEMPLATE = "HX00000000000000000000000000000001"
TEXTS = {"fr": "Bonjour {name}, réunion lundi à 9 h. Écrivez OUI.", "bm": "I ni ce {name}, ɲɔgɔnye ntɛnɛ 9."}


@dataclass
class Post:
    """Every provider at once: says what it is told to, and remembers."""

    answers: list[SendResult] = field(default_factory=list)  # the next ones; then "accepted"
    taken: list[OutgoingRow] = field(default_factory=list)
    before: Callable[[OutgoingRow], None] = lambda _: None
    name: str = "twilio"
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, row: OutgoingRow) -> SendResult:
        self.before(row)
        with self._lock:
            answer = self.answers.pop(0) if self.answers else SendResult(Status.ACCEPTED, provider_id=f"SM{row.id}")
            if answer.verdict in ("ok", "unknown"):
                self.taken.append(row)
            return answer

    def find(self, row: OutgoingRow) -> SendResult | None:
        found = [one for one in self.taken if one.id == row.id]
        return SendResult(Status.ACCEPTED, provider_id=f"SM{row.id}") if found else None

    def times(self) -> Counter[str]:
        """Count what each person got."""
        return Counter(row.person_id or "" for row in self.taken)


@dataclass
class Village:
    """Returnees with consent, unless it is said otherwise."""

    database: Database
    ports: Ports
    clock: StoppedClock
    count: int = 0

    def person(self, *, channel: str = "sms", **profile: Any) -> str:
        """Let somebody be known since an hour; they have not written."""
        self.count += 1
        ident = f"person{self.count:05d}"
        now = self.clock.now() - timedelta(hours=1)
        with self.ports.store.write() as tx:
            tx.ensure_person(ident, Address(channel or "sms", f"+2237{self.count:07d}"), now=now)
            tx.save_contact(ident, {"name": f"Awa {self.count}"}, now=now)
        values = {"consent": "given", "language": "fr", **profile}
        with self.database.writing() as connection:
            connection.execute(update(person).where(person.c.id == ident).values(values))
            if not channel:
                connection.execute(delete(address).where(address.c.person_id == ident))
        return ident

    def people(self, how_many: int, **profile: Any) -> list[str]:
        return [self.person(**profile) for _ in range(how_many)]

    def write(self, ident: str, text: str = "ok", *, channel: str = "whatsapp") -> None:
        """Let somebody have written now, without an answer."""
        to = next(one for one in self.ports.store.person(ident).person.addresses if one.channel == channel)
        incoming = Incoming("twilio", self.ports.ids.new(), to, "+22320000000", text, self.clock.now())
        with self.ports.store.write() as tx:
            tx.claim(incoming, row_id=self.ports.ids.new(), person_id=ident)


@pytest.fixture
def village(database: Database, ports: Ports, clock: StoppedClock) -> Village:
    return Village(database, ports, clock)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def desk(database: Database, ports: Ports, brain: Brain) -> Desk:
    carried = replace(ports, carrier=lambda _to, _last: "twilio")
    return Desk(brain, carried, SqlBroadcasts(database, Vault(KEYS)), Quiet(), sms_centimes=2500)


def wanted(**changes: Any) -> Broadcast:
    """Return what somebody fills in."""
    made = Broadcast(
        id="",
        name="Réunion",
        state="draft",
        kind="text",
        created_by="",
        created_at=None,
        texts=TEXTS,  # type: ignore[arg-type]
    )
    return replace(made, **changes)


def scheduled(desk: Desk, **changes: Any) -> Broadcast:
    """Bring a broadcast to where the worker takes it."""
    drafted = broadcasts.draft(desk, AMINATA, wanted(**changes))
    broadcasts.submit(desk, Seen(AMINATA, drafted.id))
    broadcasts.approve(desk, Seen(BAKARY, drafted.id))
    return broadcasts.schedule(desk, Seen(AMINATA, drafted.id))


@pytest.fixture
def opening(desk: Desk) -> Desk:
    """Return a desk with a WhatsApp template."""
    return replace(desk, template=TEMPLATE)


def says(desk: Desk, ident: str, text: str, *, payload: str | None = None) -> Any:
    """Take in what somebody writes by the address that they have."""
    to = desk.ports.store.person(ident).person.addresses[0]
    incoming = Incoming("twilio", desk.ports.ids.new(), to, "+22320000000", text, desk.now, payload=payload)
    return receive_message(desk.brain, desk.ports, incoming)
