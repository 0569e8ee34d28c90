"""A conversation as the person saw it, both ways."""

from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.adapters.crypto import Vault
from bot.adapters.sql import media, rows
from bot.adapters.sql.tables import incoming, outgoing
from bot.ports import LoggedMessage
from bot.ports.media import Medium

_OPENED = 1000  # rows at most


def messages(connection: Connection, vault: Vault, person_id: str, *, limit: int) -> tuple[LoggedMessage, ...]:
    """Return the newest messages of a person, oldest first; the replies to one message in their order."""
    came = select(incoming).where(incoming.c.person_id == person_id).order_by(incoming.c.received_at.desc())
    went = (
        select(outgoing)
        .where(outgoing.c.person_id == person_id)
        .order_by(outgoing.c.created_at.desc(), outgoing.c.position.desc())
    )
    incomings = list(connection.execute(came.limit(limit)))
    attached = media.of_messages(connection, [row.id for row in incomings if row.content != "text"])
    both = [((row.received_at, 0, 0), _came(vault, row, attached.get(row.id, ()))) for row in incomings]
    both += [((row.created_at, 1, row.position), _went(vault, row)) for row in connection.execute(went.limit(limit))]
    both.sort(key=lambda pair: pair[0])
    return tuple(message for _, message in both[-limit:])


def sent_to(connection: Connection, vault: Vault, number: str, *, limit: int) -> tuple[LoggedMessage, ...]:
    """Return the newest messages to a number that belong to no person, oldest first; each such row is opened."""
    query = (
        select(outgoing)
        .where(outgoing.c.person_id.is_(None), outgoing.c.recipient.is_not(None))
        .order_by(outgoing.c.created_at.desc(), outgoing.c.position.desc())
    )
    found = (row for row in connection.execute(query.limit(_OPENED)) if _is_to(vault, row, number))
    return tuple(_went(vault, row) for row in reversed(list(islice(found, limit))))


def _is_to(vault: Vault, row: Row[Any], number: str) -> bool:
    return rows.opened(vault, outgoing.c.recipient, row.recipient, row.id) == number


def _came(vault: Vault, row: Row[Any], attached: tuple[Medium, ...]) -> LoggedMessage:
    body = rows.read_json(rows.opened(vault, incoming.c.body, row.body, row.id))
    return LoggedMessage(row.received_at, "in", row.channel, body.get("text", ""), kind=row.content, media=attached)


def _went(vault: Vault, row: Row[Any]) -> LoggedMessage:
    return LoggedMessage(
        at=row.created_at,
        direction="out",
        channel=row.channel,
        text=rows.opened(vault, outgoing.c.text, row.text, row.id),
        encoding=row.encoding,
        segments=row.segments,
        status=row.status,
        kind=row.kind,
        response=row.response,
        case_id=row.case_id or "",
    )
