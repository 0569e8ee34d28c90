"""Who has gone quiet, in SQL: `bot.ports.gone_quiet.GoneQuiet`."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, exists, func, or_, select, union_all

from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import UtcTime, case_, incoming, person
from bot.adapters.sql.tables_broadcasts import broadcast, recipient
from bot.adapters.sql.tables_check_ins import check_in
from bot.core.check_ins import months_since, return_day
from bot.core.gone_quiet import AGAIN_AFTER, KIND, Silent

_ARRIVED = ("accepted", "sent", "delivered", "read")


class SqlGoneQuiet:
    """The port on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def silent(self, *, now: datetime, tries: int, limit: int) -> tuple[Silent, ...]:
        """Return persons who have left so many questions unanswered, or whose number is dead."""
        with self._database.reading() as connection:
            found = connection.execute(_query(now, tries).limit(limit)).all()
        return tuple(
            Silent(
                person_id=row.id,
                unanswered=row.unanswered or 0,
                dead_number=row.unreachable,
                heard_at=row.heard_at,
                asked_at=row.asked_at,
                grave_before=row.grave_before,
                minor=row.minor,
                months_since_return=months_since(return_day(None, row.return_month), now),
                language=row.language,
                region=row.region,
            )
            for row in found
        )


def _query(now: datetime, tries: int) -> Select[Any]:
    asked = _unanswered()
    heard = func.max(incoming.c.received_at, type_=UtcTime())
    last = select(heard).where(incoming.c.person_id == person.c.id).scalar_subquery()
    return (
        select(
            person.c.id,
            person.c.unreachable,
            person.c.minor,
            person.c.return_month,
            person.c.language,
            person.c.region,
            asked.c.unanswered,
            asked.c.asked_at,
            last.label("heard_at"),
            _grave_before().label("grave_before"),
        )
        .select_from(person.outerjoin(asked, asked.c.person_id == person.c.id))
        .where(
            person.c.consent == "given",
            person.c.opt_out == "none",
            or_(person.c.unreachable, asked.c.unanswered >= tries),
            ~_looked_after(now),
        )
        .order_by(person.c.unreachable.desc(), asked.c.unanswered.desc(), person.c.id)
    )


def _unanswered() -> Subquery:
    """Count by person what was asked since they last wrote and has no answer."""
    check_ins = select(check_in.c.person_id, check_in.c.asked_at.label("at")).where(
        check_in.c.asked_at.is_not(None), check_in.c.answered_at.is_(None), check_in.c.person_id.is_not(None)
    )
    asking = recipient.join(broadcast, broadcast.c.id == recipient.c.broadcast_id)
    broadcasts = (
        select(recipient.c.person_id, recipient.c.changed_at)
        .select_from(asking)
        .where(
            broadcast.c.kind != "text",
            or_(recipient.c.status.in_(_ARRIVED), recipient.c.reason == "no_answer"),
            recipient.c.answered_at.is_(None),
            recipient.c.person_id.is_not(None),
        )
    )
    asked = union_all(check_ins, broadcasts).subquery()
    wrote = exists().where(incoming.c.person_id == asked.c.person_id, incoming.c.received_at > asked.c.at)
    last = func.max(asked.c.at, type_=UtcTime()).label("asked_at")
    return (
        select(asked.c.person_id, func.count().label("unanswered"), last)
        .where(~wrote)
        .group_by(asked.c.person_id)
        .subquery()
    )


def _looked_after(now: datetime) -> ColumnElement[bool]:
    """Say that a case is open, or that somebody has looked for them lately."""
    lately = and_(case_.c.kind == KIND, case_.c.opened_at > now - AGAIN_AFTER)
    return exists().where(case_.c.person_id == person.c.id, or_(case_.c.status != "closed", lately))


def _grave_before() -> ColumnElement[bool]:
    """Say that an urgent case was there before; a complaint is for the focal point's eyes and does not show here."""
    return exists().where(case_.c.person_id == person.c.id, case_.c.priority != "P3", case_.c.sensitive.is_(False))
