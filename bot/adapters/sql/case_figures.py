"""Reads what the figures of the work are made of: times, kinds and regions, never a name, a number or a word."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Column, ColumnElement, String, func, select, true

from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import case_, incoming, outgoing, person
from bot.adapters.sql.tables_check_ins import check_in
from bot.core.case_figures import Timed


class SqlCaseFigures:
    """The reads; complaints are counted only where `sensitive` says that they may be."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, *, sensitive: bool) -> tuple[Timed, ...]:
        """Return the times of every case that is not closed."""
        return self._timed(case_.c.status != "closed", sensitive=sensitive)

    def since(self, start: datetime, *, sensitive: bool) -> tuple[Timed, ...]:
        """Return the times of every case opened since then."""
        return self._timed(case_.c.opened_at >= start, sensitive=sensitive)

    def kinds_by_region(self, start: datetime, *, sensitive: bool) -> list[tuple[str | None, str, int]]:
        """Return (region or None, kind, how many) of the cases opened since then."""
        query = (
            select(person.c.region, case_.c.kind, func.count())
            .select_from(case_.outerjoin(person, person.c.id == case_.c.person_id))
            .where(case_.c.opened_at >= start, _seen(sensitive=sensitive))
            .group_by(person.c.region, case_.c.kind)
        )
        with self._database.reading() as connection:
            return [(region, kind, count) for region, kind, count in connection.execute(query)]

    def came(self, start: datetime) -> dict[date, int]:
        """Return how many messages came in, day by day, since then."""
        return self._by_day(incoming.c.received_at, incoming.c.received_at >= start)

    def said(self, responses: Collection[str], start: datetime) -> dict[date, int]:
        """Return how often one of these responses was said, day by day, since then."""
        said = (outgoing.c.kind == "reply") & outgoing.c.response.in_(responses)
        return self._by_day(outgoing.c.created_at, said & (outgoing.c.created_at >= start))

    def unanswered(self, start: datetime) -> int:
        """Return how many persons were asked how they are since then and answered nothing at all."""
        asked = (
            select(check_in.c.person_id)
            .where(check_in.c.asked_at >= start, check_in.c.person_id.is_not(None))
            .group_by(check_in.c.person_id)
            .having(func.count(check_in.c.answered_at) == 0)
        )
        with self._database.reading() as connection:
            return connection.execute(select(func.count()).select_from(asked.subquery())).scalar_one()

    def _by_day(self, at: Column[datetime], which: ColumnElement[bool]) -> dict[date, int]:
        day = func.date(at, type_=String)
        with self._database.reading() as connection:
            found = connection.execute(select(day, func.count()).where(which).group_by(day)).all()
        return {date.fromisoformat(str(one)): count for one, count in found}

    def _timed(self, which: ColumnElement[bool], *, sensitive: bool) -> tuple[Timed, ...]:
        columns = (case_.c.priority, case_.c.opened_at, case_.c.first_due_at, case_.c.first_answer_at)
        query = select(*columns).where(which, _seen(sensitive=sensitive))
        with self._database.reading() as connection:
            return tuple(Timed(*row) for row in connection.execute(query))


def _seen(*, sensitive: bool) -> ColumnElement[bool]:
    return true() if sensitive else case_.c.sensitive.is_(False)
