"""What waits for a person's answer to a WhatsApp template: Meta lets free text through only after it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, insert, or_, select, update
from sqlalchemy import case as sql_case

from bot.adapters.crypto import Vault
from bot.adapters.sql import bulk, rows
from bot.adapters.sql.check_in_writes import asked_anew
from bot.adapters.sql.tables import incoming, outgoing
from bot.core import limits
from bot.core.messages import Status
from bot.core.ways import SIMULATOR

BEHIND = "behind"  # in the place of a template's name: this row goes once the template before it is answered
_GONE = (Status.FAILED.value, Status.UNDELIVERED.value, Status.SKIPPED.value)


def window(now: datetime) -> Any:
    """Say how WhatsApp's window of a row's person stands: open, closed, or asked (a template waits for its answer)."""
    earlier = outgoing.alias("earlier")
    asked = exists().where(
        earlier.c.person_id == outgoing.c.person_id, _waits(earlier, now), earlier.c.id != outgoing.c.id
    )
    free = or_(outgoing.c.channel != "whatsapp", outgoing.c.person_id.is_(None), _wrote(now - limits.WHATSAPP_WINDOW))
    return sql_case((free, "open"), (asked, "asked"), else_="closed").label("window")


def _waits(row: Any, now: datetime) -> Any:
    """Say whether a row went out as a template that nobody has answered."""
    return and_(
        row.c.template.is_not(None),
        row.c.template != BEHIND,
        row.c.opened_at.is_(None),
        row.c.status.not_in(_GONE),
        row.c.created_at > now - limits.TEMPLATE_WAITS,
    )


def waiting(connection: Connection, person_id: str, *, now: datetime) -> bool:
    """Say whether a text waits for this person's answer."""
    query = select(outgoing.c.id).where(outgoing.c.person_id == person_id, _waits(outgoing, now)).limit(1)
    return connection.execute(query).one_or_none() is not None


def approached(connection: Connection, *, since: datetime) -> int:
    """Count whom a template has gone to since then, and who waits outside the window: sending names the usual one."""
    asked = select(outgoing.c.person_id).where(
        outgoing.c.template.is_not(None),
        outgoing.c.created_at > since,
        outgoing.c.status.not_in((Status.FAILED.value, Status.SKIPPED.value)),
    )
    waits = select(outgoing.c.person_id).where(
        outgoing.c.status.in_((Status.QUEUED.value, Status.SENDING.value)),
        outgoing.c.channel == "whatsapp",
        outgoing.c.provider != SIMULATOR,
        outgoing.c.template.is_(None),
        outgoing.c.person_id.is_not(None),
        ~_wrote(since),
    )
    return int(connection.execute(select(func.count()).select_from(asked.union(waits).subquery())).scalar_one())


def _wrote(since: datetime) -> ColumnElement[bool]:
    """Say whether a row's person has written by WhatsApp since then."""
    return exists().where(
        incoming.c.person_id == outgoing.c.person_id,
        incoming.c.channel == "whatsapp",
        incoming.c.received_at > since,
    )


def open_held(connection: Connection, vault: Vault, person_id: str, *, now: datetime, new_id: Callable[[], str]) -> int:
    """Queue a copy of each text that went out as a template, and let go what waits behind it."""
    mine = (outgoing.c.person_id == person_id, _waits(outgoing, now))
    found = connection.execute(select(outgoing).where(*mine).order_by(outgoing.c.created_at, outgoing.c.position)).all()
    if not found:
        return 0
    connection.execute(update(outgoing).where(outgoing.c.id.in_([row.id for row in found])).values(opened_at=now))
    copies = [_copy(rows.outgoing_from(vault, row), new_id(), now, position) for position, row in enumerate(found)]
    connection.execute(insert(outgoing), [rows.outgoing_values(vault, copy) for copy in copies])
    for row, copy in zip(found, copies, strict=True):  # what asked for the template follows the text
        bulk.opened(connection, row.id, copy.id, now=now)
        asked_anew(connection, row.id, copy.id)
    behind = (outgoing.c.person_id == person_id, outgoing.c.template == BEHIND, outgoing.c.status == "queued")
    let_go = connection.execute(update(outgoing).where(*behind).values(template=None, not_before=now)).rowcount
    return len(copies) + let_go


def hold_back(connection: Connection, person_id: str, reason: str, *, now: datetime) -> None:
    """Let no text follow the templates that a person was sent, nor what waits behind them."""
    mine = outgoing.c.person_id == person_id
    asked = list(connection.execute(select(outgoing.c.id).where(mine, _waits(outgoing, now))).scalars())
    behind = (mine, outgoing.c.template == BEHIND, outgoing.c.status == Status.QUEUED.value)
    waits = list(connection.execute(select(outgoing.c.id).where(*behind)).scalars())
    over = {"status": Status.SKIPPED.value, "error_code": reason}
    connection.execute(update(outgoing).where(outgoing.c.id.in_(asked)).values(opened_at=now))
    connection.execute(update(outgoing).where(outgoing.c.id.in_(waits)).values(over))
    bulk.skip(connection, waits, reason)
    bulk.end_asked(connection, asked, reason)


def _copy(row: Any, new_id: str, now: datetime, position: int) -> Any:
    """Say the text itself, as an answer: somebody waits for it."""
    fresh = replace(row, id=new_id, kind="reply", status=Status.QUEUED, created_at=now, position=position)
    return replace(
        fresh,
        provider_id=None,
        error_code=None,
        lease_until=None,
        not_before=None,
        attempts=0,
        template=None,
    )
