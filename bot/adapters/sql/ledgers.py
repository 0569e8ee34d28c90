"""Ledgers of broadcasts and check-ins in SQL: `bot.ports.ledgers.Ledgers`."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, literal, select, tuple_
from sqlalchemy import case as sql_case

from bot.adapters.crypto import Vault
from bot.adapters.sql import rows
from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import UtcTime, address, contact_item, outgoing, person
from bot.adapters.sql.tables_broadcasts import recipient
from bot.adapters.sql.tables_check_ins import answer, check_in
from bot.core.messages import Address
from bot.ports.ledgers import About, CheckInFilter, CheckInLine

_STATUS = sql_case((check_in.c.status == "queued", func.coalesce(outgoing.c.status, "queued")), else_=check_in.c.status)
_JOINED = check_in.outerjoin(outgoing, outgoing.c.id == check_in.c.outgoing_id).outerjoin(
    person, person.c.id == check_in.c.person_id
)


class SqlLedgers:
    """The port on a database; names are opened only where they are asked for."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def people(self, person_ids: Iterable[str], *, names: bool) -> Mapping[str, About]:
        """Return what is said of persons."""
        wanted = list(person_ids)
        query = select(person.c.id, person.c.region, person.c.trade).where(person.c.id.in_(wanted))
        with self._database.reading() as connection:
            found = connection.execute(query).all()
            called = self._names(connection, wanted) if names else {}
            numbers = self._numbers(connection, wanted) if names else {}
        return {
            row.id: About(row.region or "", row.trade or "", called.get(row.id, ""), numbers.get(row.id, ""))
            for row in found
        }

    def _names(self, connection: Connection, wanted: list[str]) -> dict[str, str]:
        query = select(contact_item).where(contact_item.c.person_id.in_(wanted), contact_item.c.name == "name")
        return {
            row.person_id: rows.opened(self._vault, contact_item.c.value, row.value, row.person_id, "name")
            for row in connection.execute(query)
        }

    def _numbers(self, connection: Connection, wanted: list[str]) -> dict[str, str]:
        query = select(address).where(address.c.person_id.in_(wanted), address.c.channel != "voice")
        return {
            row.person_id: str(
                Address(row.channel, rows.opened(self._vault, address.c.value, row.value, row.person_id, row.channel))
            )
            for row in connection.execute(query.order_by(address.c.seen_at))
        }

    def moved(self, broadcast_id: str, *, since: datetime) -> int:
        """Return how many recipients have got on since then."""
        query = select(func.count()).where(
            recipient.c.broadcast_id == broadcast_id,
            recipient.c.changed_at > since,
            recipient.c.status.not_in(("queued", "sending", "skipped")),
        )
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def check_ins(
        self, wanted: CheckInFilter, *, after: tuple[datetime, str] | None = None, limit: int = 100
    ) -> tuple[CheckInLine, ...]:
        """Return a page of check-ins by day."""
        query = select(check_in, _STATUS.label("stands"), person.c.region, person.c.language).select_from(_JOINED)
        query = query.where(*_tests(wanted)).order_by(check_in.c.due_at, check_in.c.id).limit(limit)
        if after is not None:
            reached = tuple_(check_in.c.due_at, check_in.c.id)
            query = query.where(reached > tuple_(literal(after[0], UtcTime), literal(after[1])))
        with self._database.reading() as connection:
            return tuple(_line(row) for row in connection.execute(query))

    def check_in_counts(self, wanted: CheckInFilter) -> Mapping[tuple[str, str], int]:
        """Return how many check-ins have which status and reason."""
        query = select(_STATUS.label("stands"), check_in.c.reason, func.count().label("people")).select_from(_JOINED)
        query = query.where(*_tests(wanted)).group_by(_STATUS, check_in.c.reason)
        with self._database.reading() as connection:
            return {(row.stands, row.reason or ""): row.people for row in connection.execute(query)}

    def questions(self) -> Mapping[str, int]:
        """Return every question that has answers, with how many."""
        query = select(answer.c.question, func.count().label("answers")).group_by(answer.c.question)
        with self._database.reading() as connection:
            return {row.question: row.answers for row in connection.execute(query.order_by(answer.c.question))}


def _tests(wanted: CheckInFilter) -> list[ColumnElement[bool]]:
    equal = (
        (check_in.c.plan, wanted.plan),
        (check_in.c.step, wanted.step),
        (_STATUS, wanted.status),
        (person.c.region, wanted.region),
    )
    tests: list[ColumnElement[bool]] = [column == value for column, value in equal if value]
    if wanted.reasons:
        tests.append(check_in.c.reason.in_(wanted.reasons))
    if wanted.answered is not None:
        tests.append(check_in.c.answered_at.is_not(None) == wanted.answered)
    return tests


def _line(row: Any) -> CheckInLine:
    return CheckInLine(
        id=row.id,
        person_id=row.person_id,
        plan=row.plan,
        step=row.step,
        due_at=row.due_at,
        status=row.stands,
        reason=row.reason or "",
        asked_at=row.asked_at,
        reminded_at=row.reminded_at,
        answered_at=row.answered_at,
        region=row.region or "",
        language=row.language or "",
    )
