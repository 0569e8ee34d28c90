"""A team for tests: people with telephones, PINs and shifts."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.adapters.passwords import Argon2
from bot.adapters.sql.staff import SqlStaff
from bot.core.accounts import Account
from bot.core.duty import DutyRole, Shift
from bot.core.messages import Address, Incoming
from bot.core.staff import Role
from bot.ports import OutgoingRow
from bot.ports.staff import Note
from bot.service.brain import Brain
from bot.service.escalate import Alarm, escalate
from bot.service.forward_to_phones import forward_to_phones
from bot.service.ports import Ports
from bot.service.receive_message import receive_message

PIN = "2580"
KEPT_PIN = Argon2().hash(PIN)
OUMOU, SEKOU, FANTA, NENE = "+22370000011", "+22370000012", "+22370000013", "+22370000014"
PEOPLE: Mapping[str, tuple[str, frozenset[Role], str]] = {
    "oumou": (OUMOU, frozenset({"caseworker"}), "f"),
    "sekou": (SEKOU, frozenset({"caseworker"}), "m"),
    "fanta": (FANTA, frozenset({"supervisor"}), "f"),
    "nene": (NENE, frozenset({"focal_point"}), "f"),
}


def add_people(book: SqlStaff, *logins: str, now: datetime) -> None:
    """Keep accounts of PEOPLE, each with a telephone and a PIN that was not shown yet."""
    for login in logins:
        number, roles, sex = PEOPLE[login]
        account = Account(
            id=login,
            login=login,
            name=login.title(),
            roles=roles,
            created_at=now,
            password_hash="-",
            sex="f" if sex == "f" else "m",
            phone=Address("sms", number),
            pin_hash=KEPT_PIN,
        )
        book.add(account, Note("tests", "staff.add", login, now))


def on_duty(ports: Ports, login: str, role: DutyRole = "main", *, hours: int = 24) -> None:
    """Let somebody's shift begin an hour ago."""
    now = ports.clock.now()
    with ports.store.write() as tx:
        tx.duty.add_shift(Shift(ports.ids.new(), login, now - timedelta(hours=1), now + timedelta(hours=hours), role))


def writes(brain: Brain, ports: Ports, number: str, text: str, *, ident: str | None = None) -> str:
    """Write from a telephone and return what was answered."""
    taken = receive_message(brain, ports, message(ports, number, text, ident=ident))
    return "\n".join(row.text for row in taken.rows)


def message(ports: Ports, number: str, text: str, *, ident: str | None = None) -> Incoming:
    """Make a message as a webhook hands it in."""
    return Incoming(
        provider="twilio",
        provider_id=ident or ports.ids.new(),
        sender=Address("sms", number),
        recipient="+15005550006",
        text=text,
        received_at=ports.clock.now(),
    )


def work(brain: Brain, ports: Ports, alarm: Alarm | None = None) -> list[OutgoingRow]:
    """Let the worker make alerts and forward, and return everything that would leave now, in its order."""
    escalate(brain, ports, alarm or Alarm())
    forward_to_phones(brain, ports)
    now = ports.clock.now()
    return list(ports.store.claim_due(limit=50, lease_until=now + timedelta(hours=9), now=now))


def alerted(brain: Brain, ports: Ports, alarm: Alarm | None = None) -> list[str]:
    """Return the numbers that the next alerts go to."""
    return [row.to.reveal() for row in work(brain, ports, alarm) if row.kind == "alert"]
