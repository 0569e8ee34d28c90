"""Which messages the provider still has the words of: `bot.ports.retention.RedactionBook`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, exists, insert, literal, not_, select, union_all

from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import incoming, outgoing
from bot.adapters.sql.tables_calls import media, redaction
from bot.core.messages import Status
from bot.ports.retention import Held

LOOK_BACK = timedelta(days=30)  # what could not be taken away in this time is shown by the metrics' age
REMEMBERED = timedelta(days=60)  # longer than anything is looked back for
_NOT_THERE = (Status.QUEUED.value, Status.SENDING.value, Status.SKIPPED.value)


class SqlRedactions:
    """What one provider has been asked to forget, on SQLite or PostgreSQL."""

    def __init__(self, database: Database, provider: str) -> None:
        """Look after the messages of this provider."""
        self._database = database
        self._provider = provider

    def due(self, *, before: datetime, limit: int) -> tuple[Held, ...]:
        """Return messages older than that, oldest first, whose media are dealt with here."""
        both = union_all(self._came(before), self._went(before)).subquery()
        query = select(both.c.provider_id, both.c.has_media).order_by(both.c.at).limit(limit)
        with self._database.reading() as connection:
            return tuple(Held(row.provider_id, bool(row.has_media)) for row in connection.execute(query))

    def dealt_with(self, answers: Mapping[str, str | None], *, now: datetime) -> None:
        """Remember what the provider no longer has or refuses to give up, and forget what cannot come up again."""
        if not answers:
            return
        values = [{"provider_id": ident, "at": now, "error": error} for ident, error in answers.items()]
        with self._database.writing() as connection:
            connection.execute(insert(redaction), values)
            connection.execute(delete(redaction).where(redaction.c.at < now - REMEMBERED))

    def _came(self, before: datetime) -> Select[Any]:
        theirs = media.c.message_id == incoming.c.id
        return select(
            incoming.c.provider_id,
            (incoming.c.content != "text").label("has_media"),  # also where its person was erased since
            incoming.c.received_at.label("at"),
        ).where(
            incoming.c.provider == self._provider,
            incoming.c.channel != "voice",
            incoming.c.received_at.between(before - LOOK_BACK, before),
            not_(exists().where(theirs, media.c.status == "wanted")),
            not_(exists().where(redaction.c.provider_id == incoming.c.provider_id)),
        )

    def _went(self, before: datetime) -> Select[Any]:
        return select(
            outgoing.c.provider_id, literal(value=False).label("has_media"), outgoing.c.created_at.label("at")
        ).where(
            outgoing.c.provider == self._provider,
            outgoing.c.provider_id.is_not(None),
            outgoing.c.status.not_in(_NOT_THERE),
            outgoing.c.created_at.between(before - LOOK_BACK, before),
            not_(exists().where(redaction.c.provider_id == outgoing.c.provider_id)),
        )
