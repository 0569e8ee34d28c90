"""Voice notes and pictures in sealed pieces: `bot.ports.media.MediaBook`."""

import base64
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from bot.adapters.crypto import Vault
from bot.adapters.sql import rows
from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables_calls import media, media_part
from bot.core.media import plain
from bot.core.messages import Incoming
from bot.ports.media import Fetched, Medium, Wanted

PIECE = 48 * 1024  # bytes

_DUE = select(media).where(media.c.status == "wanted").order_by(media.c.next_at)


def want(connection: Connection, vault: Vault, incoming: Incoming, *, message_id: str, person_id: str) -> None:
    """Write down, in the turn's own transaction, what a message carries, so that it is fetched."""
    found = [
        (sha256(f"{message_id}/{position}".encode()).hexdigest()[:32], one)
        for position, one in enumerate(incoming.media)
    ]
    values = [
        {
            "id": ident,
            "person_id": person_id,
            "message_id": message_id,
            "content_type": plain(one.content_type),
            "address": rows.sealed(vault, media.c.address, one.url, ident),
            "status": "wanted",
            "next_at": incoming.received_at,
            "came_at": incoming.received_at,
        }
        for ident, one in found
    ]
    connection.execute(insert(media), values)


def drop(connection: Connection, *which: Any) -> int:
    """Delete attachments with their pieces and return how many."""
    gone = select(media.c.id).where(*which)
    connection.execute(delete(media_part).where(media_part.c.media_id.in_(gone)))
    return connection.execute(delete(media).where(*which)).rowcount


def of_messages(connection: Connection, message_ids: Sequence[str]) -> dict[str, tuple[Medium, ...]]:
    """Return the attachments of these incoming messages, by message."""
    if not message_ids:
        return {}
    query = select(media).where(media.c.message_id.in_(message_ids)).order_by(media.c.id)
    found: dict[str, tuple[Medium, ...]] = {}
    for row in connection.execute(query):
        found[row.message_id] = (*found.get(row.message_id, ()), _medium(row))
    return found


class SqlMedia:
    """Attachments on SQLite or PostgreSQL."""

    def __init__(self, database: Database, vault: Vault) -> None:
        """Keep them in this database under these keys."""
        self._database = database
        self._vault = vault

    def claim(self, *, limit: int, now: datetime, until: datetime) -> tuple[Wanted, ...]:
        """Take what is to be fetched; nobody else gets it before `until`."""
        due = _DUE.where(media.c.next_at <= now).limit(limit)
        with self._database.reading() as connection:
            if not connection.execute(due).first():
                return ()
        with self._database.writing() as connection:
            found = list(connection.execute(due.with_for_update(skip_locked=True)))
            taken = media.c.id.in_([row.id for row in found])
            connection.execute(update(media).where(taken).values(next_at=until, tries=media.c.tries + 1))
        return tuple(
            Wanted(row.id, rows.opened(self._vault, media.c.address, row.address, row.id), row.content_type, row.tries)
            for row in found
        )

    def keep(self, medium_id: str, fetched: Fetched) -> None:
        """Keep an attachment, unless its person was erased meanwhile."""
        pieces = [fetched.content[at : at + PIECE] for at in range(0, len(fetched.content), PIECE)]
        values = [self._piece(f"{medium_id}-{place:05d}", medium_id, piece) for place, piece in enumerate(pieces)]
        kept = {"status": "kept", "size": len(fetched.content), "content_type": fetched.content_type}
        with self._database.writing() as connection:
            wanted = (media.c.id == medium_id, media.c.status == "wanted")
            done = connection.execute(update(media).where(*wanted).values(kept | {"next_at": None}))
            if done.rowcount and values:
                connection.execute(insert(media_part), values)

    def _piece(self, ident: str, medium_id: str, piece: bytes) -> dict[str, Any]:
        content = rows.sealed(self._vault, media_part.c.content, base64.b64encode(piece).decode(), ident)
        return {"id": ident, "media_id": medium_id, "content": content}

    def refuse(self, medium_id: str, reason: str) -> None:
        """Say that it is never kept, and why."""
        never = {"status": "refused", "reason": reason, "next_at": None}
        with self._database.writing() as connection:
            connection.execute(update(media).where(media.c.id == medium_id).values(never))

    def later(self, medium_id: str, at: datetime) -> None:
        """Let it be tried again at this time."""
        with self._database.writing() as connection:
            connection.execute(update(media).where(media.c.id == medium_id).values(next_at=at))

    def by_id(self, medium_id: str) -> Medium | None:
        """Find an attachment."""
        with self._database.reading() as connection:
            row = connection.execute(select(media).where(media.c.id == medium_id)).one_or_none()
        return None if row is None else _medium(row)

    def of_person(self, person_id: str) -> tuple[Medium, ...]:
        """Return a person's attachments, oldest first."""
        query = select(media).where(media.c.person_id == person_id).order_by(media.c.came_at, media.c.id)
        with self._database.reading() as connection:
            return tuple(_medium(row) for row in connection.execute(query))

    def content(self, medium_id: str) -> Iterator[bytes]:
        """Return what is kept of it, piece by piece, each read by itself: no connection waits for a slow browser."""
        ids = select(media_part.c.id).where(media_part.c.media_id == medium_id).order_by(media_part.c.id)
        with self._database.reading() as connection:
            pieces = list(connection.execute(ids).scalars())
        for ident in pieces:
            with self._database.reading() as connection:
                sealed = connection.execute(select(media_part.c.content).where(media_part.c.id == ident)).scalar()
            yield base64.b64decode(rows.opened(self._vault, media_part.c.content, sealed, ident))


def _medium(row: Row[Any]) -> Medium:
    return Medium(
        row.id, row.person_id, row.message_id, row.content_type, row.status, row.reason, row.size, row.came_at
    )
