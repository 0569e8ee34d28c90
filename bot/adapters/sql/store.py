"""The truth on SQLite or PostgreSQL: `bot.ports.Store`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from bot.adapters.crypto import Vault
from bot.adapters.sql import cases, last_look, log, outbox, reads, revision, spent, unmatched
from bot.adapters.sql.duty import SqlDuty
from bot.adapters.sql.engine import Database
from bot.adapters.sql.staff import SqlStaff
from bot.adapters.sql.writes import SqlTransaction
from bot.core.cases import Case, CaseEvent
from bot.core.messages import Address
from bot.ports import Known, LoggedMessage, OutgoingRow, Reminder


class SqlStore:
    """The store of `bot.ports`. Nothing is opened before the first use; safe between threads and after a fork."""

    def __init__(self, database: Database, vault: Vault, *, joined: SqlTransaction | None = None) -> None:
        self._database = database
        self._vault = vault
        self._joined = joined

    @property
    def duty(self) -> SqlDuty:
        """The reads of duty."""
        return SqlDuty(self._database, self._vault)

    @property
    def staff(self) -> SqlStaff:
        """The accounts of staff."""
        return SqlStaff(self._database, self._vault)

    def look_up(self, sender: Address, *, provider: str, provider_id: str, now: datetime, text: str = "") -> Known:
        """Return what is known of a sender, and the earlier replies to a repeated message id."""
        with self._database.reading() as connection:
            return reads.look_up(connection, self._vault, reads.Sought(sender, provider, provider_id, text, now))

    @contextmanager
    def write(self) -> Iterator[SqlTransaction]:
        """Open the one transaction of a turn: committed at the end, rolled back on any error."""
        if self._joined is not None:
            yield self._joined
            return
        with self._database.writing() as connection:
            yield SqlTransaction(connection, self._vault)

    def joined(self, tx: SqlTransaction) -> "SqlStore":
        """Return the same store, whose writes join this transaction: several use cases become one."""
        return SqlStore(self._database, self._vault, joined=tx)

    def person(self, person_id: str) -> Known:
        """Return a person with state and open cases."""
        with self._database.reading() as connection:
            return reads.by_id(connection, self._vault, person_id)

    def messages(self, person_id: str, *, limit: int = 200) -> tuple[LoggedMessage, ...]:
        """Return the newest messages of a person, both ways, oldest first."""
        with self._database.reading() as connection:
            return log.messages(connection, self._vault, person_id, limit=limit)

    def sent_to(self, number: str, *, limit: int = 200) -> tuple[LoggedMessage, ...]:
        """Return the newest messages to a number that belong to no person, oldest first."""
        with self._database.reading() as connection:
            return log.sent_to(connection, self._vault, number, limit=limit)

    def cases(self, *, include_closed: bool = False, include_sensitive: bool = False) -> tuple[Case, ...]:
        """List cases, most urgent first, then oldest first."""
        with self._database.reading() as connection:
            return cases.listed(connection, self._vault, closed=include_closed, sensitive=include_sensitive)

    def case(self, reference: str) -> Case | None:
        """Find a case by its reference."""
        with self._database.reading() as connection:
            return cases.by_reference(connection, self._vault, reference)

    def timeline(self, case_id: str) -> tuple[CaseEvent, ...]:
        """Return the story of a case, oldest first."""
        with self._database.reading() as connection:
            return cases.timeline(connection, self._vault, case_id)

    def acted(self, case_id: str, staff_id: str) -> frozenset[datetime]:
        """Return when somebody did something to a case, by the audit trail."""
        with self._database.reading() as connection:
            return cases.acted(connection, case_id, staff_id)

    def outgoing(self, row_id: str) -> OutgoingRow | None:
        """Find one of our messages by its id."""
        with self._database.reading() as connection:
            return outbox.one(connection, self._vault, id=row_id)

    def outgoing_by_provider_id(self, provider: str, provider_id: str) -> OutgoingRow | None:
        """Find one of our messages by the provider's id."""
        with self._database.reading() as connection:
            return outbox.one(connection, self._vault, provider=provider, provider_id=provider_id)

    def claim_due(
        self,
        *,
        limit: int,
        lease_until: datetime,
        now: datetime,
        provider: str | None = None,
        bulk: bool | None = None,
    ) -> tuple[OutgoingRow, ...]:
        """Take due rows for sending under a lease, committed on return."""
        claim = outbox.Claim(limit=limit, lease_until=lease_until, now=now, provider=provider, bulk=bulk)
        return outbox.claim_due(self._database, self._vault, claim)

    def why_not(self, row_id: str) -> str:
        """Say why a message that was taken for sending must not leave after all; "" when it may."""
        with self._database.reading() as connection:
            return last_look.why_not(connection, row_id)

    def expired(self, *, limit: int, now: datetime) -> tuple[OutgoingRow, ...]:
        """Return rows in `sending` whose lease is over."""
        with self._database.reading() as connection:
            return outbox.expired(connection, self._vault, limit=limit, now=now)

    def due_reminders(self, *, limit: int, now: datetime) -> tuple[Reminder, ...]:
        """Return reminders whose time has come."""
        with self._database.reading() as connection:
            return reads.due_reminders(connection, self._vault, limit=limit, now=now)

    def search(self, text: str) -> tuple[str, ...]:
        """Return ids of persons by a whole number, its last four digits, or whole words of a name."""
        with self._database.reading() as connection:
            return reads.search(connection, self._vault, text)

    def erased_at(self, receipt: str) -> datetime | None:
        """Say when the erasure with this receipt was done."""
        with self._database.reading() as connection:
            return reads.erased_at(connection, self._vault, receipt)

    def tidy(self, *, now: datetime) -> int:
        """Blank messages to erased persons that are a day old, and drop what was not understood in its time."""
        with self._database.writing() as connection:
            spent.tidy(connection, now=now)
            return outbox.tidy(connection, now=now) + unmatched.purge(connection, now=now)

    def ready(self) -> bool:
        """Say whether the database answers and has the current schema."""
        return revision.is_ready(self._database)

    def close(self) -> None:
        """Close this process's connections."""
        self._database.close()
