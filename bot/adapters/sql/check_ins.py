"""Questions about check-ins, and planning them: `bot.ports.check_ins.CheckIns`."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select, update

from bot.adapters.crypto import Vault
from bot.adapters.sql import rows
from bot.adapters.sql.check_in_writes import SqlCheckInWrites, new_values, row_from
from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import contact_item, outgoing, person
from bot.adapters.sql.tables_check_ins import answer, check_in
from bot.core.check_ins import Changes, CheckIn, Dates, return_day
from bot.core.figures import Asked, Cell
from bot.core.messages import Status
from bot.core.people import RETURN_DATE
from bot.ports.check_ins import Round

Decide = Callable[[Dates, Sequence[CheckIn]], Changes]


class SqlCheckIns:
    """The reads of `bot.ports.check_ins`. Nothing is opened before the first use."""

    def __init__(self, database: Database, vault: Vault) -> None:
        """Read `database`; `vault` opens the day of return."""
        self._database = database
        self._vault = vault

    def plan(self, decide: Decide, one: Round) -> int:
        """Plan for a slice of persons, each locked meanwhile: a date corrected at this moment is planned anew."""
        with self._database.writing() as connection:
            found = connection.execute(_unplanned(one)).all()
            for each in found:
                self._plan(connection, each, decide, one)
            done = update(person).where(person.c.id.in_([each.id for each in found])).values(planned_by=one.planned_by)
            connection.execute(done)
        return len(found)

    def _plan(self, connection: Connection, each: Row[Any], decide: Decide, one: Round) -> None:
        mine = _of_person(connection, each.id)
        changes = decide(self._dates(connection, each), mine)
        writes, versions = SqlCheckInWrites(connection), {row.id: row.version for row in mine}
        writes.add([new_values(new, ident=one.new_id(), person_id=each.id) for new in changes.new])
        for row in changes.changed:
            writes.change(row, expected=versions[row.id])

    def _dates(self, connection: Connection, each: Row[Any]) -> Dates:
        sealed = connection.execute(
            select(contact_item.c.value).where(contact_item.c.person_id == each.id, contact_item.c.name == RETURN_DATE)
        ).scalar()
        exact = rows.opened(self._vault, contact_item.c.value, sealed, each.id, RETURN_DATE)
        return Dates(each.consent_at or each.first_seen, return_day(exact, each.return_month))

    def due(self, *, limit: int, now: datetime, person_id: str | None = None) -> tuple[CheckIn, ...]:
        """Return rows about which something is to be done, longest first."""
        query = select(check_in).where(check_in.c.next_at <= now).order_by(check_in.c.next_at).limit(limit)
        query = query if person_id is None else query.where(check_in.c.person_id == person_id)
        with self._database.reading() as connection:
            return tuple(row_from(found) for found in connection.execute(query).mappings())

    def of_person(self, person_id: str) -> tuple[CheckIn, ...]:
        """Return a person's rows in the order of their days."""
        with self._database.reading() as connection:
            return tuple(_of_person(connection, person_id))

    def started_since(self, person_id: str, since: datetime) -> int:
        """Count what we have started with a person since then; what was skipped or failed did not reach them."""
        query = select(func.count()).where(
            outgoing.c.person_id == person_id,
            outgoing.c.created_at >= since,
            outgoing.c.kind.in_(("check_in", "broadcast")),
            outgoing.c.position == 0,
            outgoing.c.status.not_in((Status.SKIPPED.value, Status.FAILED.value)),
        )
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def answers(self, asked: Asked) -> tuple[Cell, ...]:
        """Return counts of answers by group, in the database's own counting: memory stays flat."""
        with self._database.reading() as connection:
            by = _group(asked, sqlite=self._database.is_sqlite)
            query = select(by.label("group"), answer.c.value, func.count().label("many")).group_by(by, answer.c.value)
            found = connection.execute(_limited(query, asked)).all()
        return tuple(Cell("" if row.group is None else str(row.group), row.value, row.many) for row in found)


def _unplanned(one: Round) -> Select[Any]:
    """Find persons whom other plans (or none) have planned for; each comparison walks the index by itself."""
    by = person.c.planned_by
    stale = or_(by.is_(None), by < one.planned_by, by > one.planned_by)
    wanted = (person.c.id, person.c.consent_at, person.c.first_seen, person.c.return_month)
    query = select(*wanted).where(person.c.consent == "given", stale).order_by(person.c.id).limit(one.limit)
    return query.with_for_update(skip_locked=True)


def _of_person(connection: Connection, person_id: str) -> list[CheckIn]:
    query = select(check_in).where(check_in.c.person_id == person_id).order_by(check_in.c.due_at, check_in.c.step)
    return [row_from(found) for found in connection.execute(query).mappings()]


def _group(asked: Asked, *, sqlite: bool) -> Any:
    if asked.by != "month":
        return answer.c[asked.by]
    return func.strftime("%Y-%m", answer.c.at) if sqlite else func.to_char(func.timezone("UTC", answer.c.at), "YYYY-MM")


def _limited(query: Select[Any], asked: Asked) -> Select[Any]:
    query = query.where(answer.c.question == asked.question)
    if asked.since:
        query = query.where(answer.c.at >= asked.since)
    if asked.until:
        query = query.where(answer.c.at < asked.until)
    for name in ("plan", "region", "trade", "sex", "language"):
        wanted = getattr(asked, name)
        query = query if wanted is None else query.where(answer.c[name] == wanted)
    return query
