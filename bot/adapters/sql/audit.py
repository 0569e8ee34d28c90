"""Reads the audit trail, and keeps a chain of hashes over it that shows what was changed behind our back."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select
from sqlalchemy.exc import IntegrityError

from bot.adapters.crypto import Vault
from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import audit, case_
from bot.adapters.sql.tables_staff import audit_link
from bot.ports.audit import ChainState, Line, Wanted

_MOST = 5000  # lines under one link: read and hashed in well under a second


class SqlTrail:
    """Fulfils Trail. A link is an HMAC over the link before and its lines, under the index key.

    The key lies outside the database: whoever can only write there cannot make the chain anew. Rows that are cut off
    the end together with their links leave no gap; the worker's log and the console show the newest hash for that.
    """

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def lines(self, wanted: Wanted, *, limit: int) -> tuple[Line, ...]:
        """Return the newest lines that are asked for, newest first."""
        told = select(audit, func.coalesce(case_.c.reference, "")).outerjoin(case_, case_.c.id == audit.c.object_id)
        query = _narrowed(told, wanted).order_by(audit.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            return tuple(Line(*row) for row in connection.execute(query))

    def close(self, *, until: datetime, now: datetime) -> str:
        """Put a link over the lines up to `until`; return its hash, "" when there was nothing to close."""
        try:
            with self._database.writing() as connection:
                return self._close(connection, until, now)
        except IntegrityError:
            return ""  # another worker was faster

    def verify(self) -> ChainState:
        """Compare every link with its lines."""
        with self._database.reading() as connection:
            links = connection.execute(select(audit_link).order_by(audit_link.c.id)).all()
            state = ChainState(0, 0, 0, "")
            for link in links:
                lines = list(_between(connection, link.first_id, link.last_id))
                follows = link.first_id == (links[state.links - 1].last_id + 1 if state.links else 1)
                if not follows or link.hash not in self._hashes(state.head, lines):
                    return ChainState(state.links, state.closed, self._waiting(connection, links), state.head, link.id)
                state = ChainState(state.links + 1, state.closed + len(lines), 0, link.hash)
            return ChainState(state.links, state.closed, self._waiting(connection, links), state.head)

    def has_link(self, link: str) -> bool:
        """Say whether a hash is one of the chain's."""
        with self._database.reading() as connection:
            return connection.execute(select(audit_link.c.id).where(audit_link.c.hash == link)).first() is not None

    def _close(self, connection: Connection, until: datetime, now: datetime) -> str:
        newest = select(audit_link).order_by(audit_link.c.id.desc()).limit(1)
        last = connection.execute(newest).one_or_none()
        first_id = last.last_id + 1 if last else 1
        ripe = select(audit.c.id).where(audit.c.id >= first_id, audit.c.at <= until).order_by(audit.c.id).limit(_MOST)
        last_id = max(connection.execute(ripe).scalars(), default=None)
        if last_id is None:
            return ""
        lines = list(_between(connection, first_id, last_id))
        made = self._hashes(last.hash if last else "", lines)[0]
        link = {"first_id": first_id, "last_id": last_id, "hash": made, "at": now}
        connection.execute(insert(audit_link).values(link))
        return made

    def _hashes(self, before: str, lines: list[Line]) -> tuple[str, ...]:
        """Return what a link may be: its hash under each index key there has been."""
        return self._vault.hashes("audit link", "\n".join([before, *map(_canonical, lines)]))

    def _waiting(self, connection: Connection, links: Any) -> int:
        last_id = links[-1].last_id if links else 0
        return connection.execute(select(func.count()).select_from(audit).where(audit.c.id > last_id)).scalar_one()


def _canonical(line: Line) -> str:
    told = [line.id, line.at.isoformat(), line.actor, line.action, line.object_id, line.detail]
    return json.dumps(told, ensure_ascii=True, separators=(",", ":"))


def _between(connection: Connection, first_id: int, last_id: int) -> Iterator[Line]:
    mine = select(audit).where(audit.c.id.between(first_id, last_id)).order_by(audit.c.id)
    return (Line(*row) for row in connection.execute(mine))


def _narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    conditions = [
        audit.c.actor.in_(wanted.actors) if wanted.actors else None,
        audit.c.object_id == wanted.object_id if wanted.object_id else None,
        audit.c.action == wanted.action if wanted.action else None,
        audit.c.at >= wanted.since if wanted.since else None,
        audit.c.at < wanted.until if wanted.until else None,
        audit.c.id < wanted.before if wanted.before else None,
        {"shown": None, "hidden": case_.c.sensitive.is_not(True), "only": case_.c.sensitive}[wanted.complaints],
    ]
    return query.where(*(one for one in conditions if one is not None))
