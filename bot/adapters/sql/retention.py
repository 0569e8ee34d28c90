"""Take away what is older than its period: `bot.ports.retention.RetentionBook`."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, not_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.adapters.sql import media
from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import case_, case_event, incoming, outgoing, person
from bot.adapters.sql.tables_calls import media as medium
from bot.adapters.sql.tables_calls import purged
from bot.core.messages import Status
from bot.core.retention import Kind

RUN = "run"  # the row that says when everything was last gone through
_ON_ITS_WAY = (Status.QUEUED.value, Status.SENDING.value)


class SqlRetention:
    """Purging on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        """Purge this database."""
        self._database = database

    def purge(self, kind: Kind, before: datetime, *, limit: int) -> int:
        """Take away up to `limit` of what is older. What it is, is looked for without a lock."""
        find, take = _HOW[kind]
        with self._database.reading() as connection:
            found = find(connection, before, limit)
        if not found:
            return 0
        with self._database.writing() as connection:
            take(connection, found)
        return len(found)

    def silent(self, before: datetime, *, limit: int) -> tuple[str, ...]:
        """Return persons without a sign of life since then, and without an open case."""
        heard = exists().where(incoming.c.person_id == person.c.id, incoming.c.received_at >= before)
        waits = exists().where(case_.c.person_id == person.c.id, case_.c.status != "closed")
        query = select(person.c.id).where(person.c.first_seen < before, person.c.held.is_(False), not_(heard | waits))
        with self._database.reading() as connection:
            return tuple(connection.execute(query.limit(limit)).scalars())

    def counted(self, kind: str, count: int, at: datetime) -> None:
        """Add to what this period has taken away."""
        with self._database.writing() as connection:
            insert_into = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
            new = insert_into(purged).values(kind=kind, at=at, last=count, total=count)
            again = {"at": at, "last": count, "total": purged.c.total + count}
            connection.execute(new.on_conflict_do_update(index_elements=["kind"], set_=again))

    def last_run(self) -> datetime | None:
        """Return when everything was last gone through."""
        with self._database.reading() as connection:
            found: datetime | None = connection.scalar(select(purged.c.at).where(purged.c.kind == RUN))
        return found


def _free(column: ColumnElement[str]) -> ColumnElement[bool]:
    """Say that no legal hold is in force for whoever a row belongs to."""
    return not_(exists().where(person.c.id == column, person.c.held.is_(True)))


def _old_media(connection: Connection, before: datetime, limit: int) -> list[str]:
    query = select(medium.c.id).where(medium.c.came_at < before, _free(medium.c.person_id)).limit(limit)
    return list(connection.execute(query).scalars())


def _drop_media(connection: Connection, found: list[str]) -> None:
    media.drop(connection, medium.c.id.in_(found))


def _old_messages(connection: Connection, before: datetime, limit: int) -> list[str]:
    came = select(incoming.c.id).where(
        incoming.c.received_at < before, incoming.c.body.is_not(None), _free(incoming.c.person_id)
    )
    went = select(outgoing.c.id).where(
        outgoing.c.created_at < before,
        or_(outgoing.c.text.is_not(None), outgoing.c.recipient.is_not(None)),
        outgoing.c.status.not_in(_ON_ITS_WAY),
        _free(outgoing.c.person_id),
    )
    found = list(connection.execute(came.limit(limit)).scalars())
    return found + list(connection.execute(went.limit(limit - len(found))).scalars())


def _blank_messages(connection: Connection, found: list[str]) -> None:
    connection.execute(update(incoming).where(incoming.c.id.in_(found)).values(body=None, text_hash=None))
    connection.execute(update(outgoing).where(outgoing.c.id.in_(found)).values(text=None, recipient=None))


def _old_cases(connection: Connection, before: datetime, limit: int) -> list[str]:
    worded = exists().where(case_event.c.case_id == case_.c.id, case_event.c.text.is_not(None))
    old = and_(case_.c.status == "closed", case_.c.closed_at < before)
    words = or_(case_.c.words.is_not(None), case_.c.note.is_not(None), worded)
    query = select(case_.c.id).where(old, words, _free(case_.c.person_id)).limit(limit)
    return list(connection.execute(query).scalars())


def _blank_cases(connection: Connection, found: list[str]) -> None:
    connection.execute(update(case_).where(case_.c.id.in_(found)).values(words=None, note=None))
    connection.execute(update(case_event).where(case_event.c.case_id.in_(found)).values(text=None))


_Find = Callable[[Connection, datetime, int], list[str]]
_Take = Callable[[Connection, list[str]], None]
_HOW: dict[Kind, tuple[_Find, _Take]] = {
    "media": (_old_media, _drop_media),
    "messages": (_old_messages, _blank_messages),
    "cases": (_old_cases, _blank_cases),
}
