"""Reads the rota, the alerts that are due and what waits for caseworkers' telephones: `bot.ports.duty.DutyBook`."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from bot.adapters.crypto import Vault
from bot.adapters.passwords import Argon2
from bot.adapters.sql import rows
from bot.adapters.sql.engine import Database
from bot.adapters.sql.staff import SqlStaff
from bot.adapters.sql.tables import case_, case_event, incoming, outgoing
from bot.adapters.sql.tables_duty import duty_pause, duty_shift, escalation, phone_case
from bot.core.accounts import Account
from bot.core.cases import Case
from bot.core.duty import DutyChannel, OnCall, Shift
from bot.core.messages import Address
from bot.ports.duty import Climb, Untold

_FROM_PERSON = and_(
    case_event.c.case_id == phone_case.c.case_id,
    case_event.c.id > phone_case.c.told_event,
    case_event.c.actor == "person",
)


class SqlDuty:
    """Duty in the database of everything else."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._staff = SqlStaff(database, vault)

    def roster(self, *, now: datetime) -> tuple[OnCall, ...]:
        """Return everybody who can be alerted, with the role of their shift at this moment unless they pause."""
        query = (
            select(duty_shift)
            .where(duty_shift.c.ends_at > now, duty_shift.c.starts_at <= now, _not_paused(now))
            .order_by(duty_shift.c.starts_at.desc())
        )
        running = {shift.staff_id: shift for shift in self._shifts(query)}
        return tuple(_on_call(account, running.get(account.id)) for account in self.people())

    def has_rota(self, *, now: datetime) -> bool:
        """Say whether there is a shift now or later."""
        with self._database.reading() as connection:
            return bool(connection.execute(select(func.count()).where(duty_shift.c.ends_at > now)).scalar())

    def shifts(self, *, since: datetime, until: datetime) -> tuple[Shift, ...]:
        """Return the shifts that touch a stretch of time, by their beginning."""
        touching = select(duty_shift).where(duty_shift.c.ends_at > since, duty_shift.c.starts_at < until)
        return self._shifts(touching.order_by(duty_shift.c.starts_at, duty_shift.c.id))

    def shift(self, shift_id: str) -> Shift | None:
        """Find a shift."""
        return next(iter(self._shifts(select(duty_shift).where(duty_shift.c.id == shift_id))), None)

    def paused_until(self, staff_id: str, *, now: datetime) -> datetime | None:
        """Return until when somebody has paused, or None."""
        query = select(duty_pause.c.until).where(duty_pause.c.staff_id == staff_id, duty_pause.c.until > now)
        with self._database.reading() as connection:
            return connection.execute(query).scalar()

    def account(self, staff_id: str) -> Account | None:
        """Find a member of staff who is active."""
        found = self._staff.by_id(staff_id)
        return found if found and found.active else None

    def people(self) -> tuple[Account, ...]:
        """Return everybody who is active, by name."""
        return tuple(account for account in self._staff.all() if account.active)

    def due(self, *, limit: int, now: datetime) -> tuple[Climb, ...]:
        """Return cases whose next alert is due, longest waiting first."""
        query = (
            select(case_, escalation.c.step, escalation.c.alerted)
            .join(escalation, escalation.c.case_id == case_.c.id)
            .where(escalation.c.next_at <= now)
            .order_by(escalation.c.next_at)
            .limit(limit)
        )
        with self._database.reading() as connection:
            found = connection.execute(query).all()
        return tuple(Climb(rows.case_from(self._vault, row), row.step, tuple(row.alerted)) for row in found)

    def recent_cases(self, *, closed_since: datetime) -> tuple[Case, ...]:
        """Return open cases and those closed since, most urgent first, sensitive ones too."""
        recent = or_(case_.c.status != "closed", case_.c.closed_at > closed_since)
        query = select(case_).where(recent, case_.c.person_id.is_not(None))
        with self._database.reading() as connection:
            found = connection.execute(query.order_by(case_.c.priority, case_.c.opened_at)).all()
        return tuple(rows.case_from(self._vault, row) for row in found)

    def alerted_of(self, phone: Address, *, among: Collection[str], since: datetime) -> str | None:
        """Return of which of these cases (ids) a telephone was alerted last, None when of none since then."""
        alerts = select(outgoing).where(
            outgoing.c.kind == "alert", outgoing.c.case_id.in_(among), outgoing.c.created_at > since
        )
        with self._database.reading() as connection:
            found = connection.execute(alerts.order_by(outgoing.c.created_at.desc())).all()
        told = (rows.outgoing_from(self._vault, row) for row in found)
        return next((row.case_id for row in told if row.to.reveal() == phone.reveal()), None)

    def untold(self, *, limit: int) -> tuple[Untold, ...]:
        """Return what has to be forwarded to telephones, one entry a case."""
        waiting = (
            select(case_, phone_case.c.staff_id, phone_case.c.told_event)
            .join(phone_case, phone_case.c.case_id == case_.c.id)
            .where(select(case_event.c.id).where(_FROM_PERSON).exists())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return tuple(self._untold(connection, row) for row in connection.execute(waiting).all())

    def heard(self, sender: Address, *, since: datetime) -> int:
        """Return how many messages came from a telephone of staff since then."""
        theirs = incoming.c.text_hash == self._vault.hash("staff phone", sender.reveal())
        query = select(func.count()).where(incoming.c.person_id.is_(None), incoming.c.received_at > since, theirs)
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def pin_fits(self, account: Account, pin: str) -> bool:
        """Say whether a PIN is the account's."""
        return Argon2().matches(account.pin_hash, pin)

    def _untold(self, connection: Any, row: Any) -> Untold:
        new = (
            select(case_event)
            .where(case_event.c.case_id == row.id, case_event.c.id > row.told_event, case_event.c.actor == "person")
            .order_by(case_event.c.id)
        )
        events = connection.execute(new).all()
        texts = tuple(rows.event_from(self._vault, event).text for event in events)
        newest = max((event.id for event in events), default=row.told_event)
        return Untold(rows.case_from(self._vault, row), row.staff_id, row.told_event, newest, texts)

    def _shifts(self, query: Select[Any]) -> tuple[Shift, ...]:
        with self._database.reading() as connection:
            found = connection.execute(query).all()
        return tuple(Shift(*(getattr(row, name) for name in Shift.__dataclass_fields__)) for row in found)


def _not_paused(now: datetime) -> Any:
    paused = select(duty_pause.c.staff_id).where(duty_pause.c.until > now)
    return duty_shift.c.staff_id.not_in(paused)


def _on_call(account: Account, shift: Shift | None) -> OnCall:
    channel = shift.channel if shift else "sms"
    return OnCall(
        account.staff, _addresses(account, channel), account.languages, account.sex, shift.role if shift else None
    )


def _addresses(account: Account, channel: DutyChannel) -> tuple[Address, ...]:
    """Return where an alert goes: the telephone (unless the shift says e-mail alone), and the e-mail address."""
    number = account.phone.reveal() if account.phone and channel != "email" else None
    phone = (Address("whatsapp" if channel == "whatsapp" else "sms", number),) if number else ()
    mail = (Address("email", account.email),) if account.email else ()
    return (*phone, *mail)
