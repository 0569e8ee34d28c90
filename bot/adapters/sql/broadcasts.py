"""Broadcasts on SQLite or PostgreSQL: what is said, to whom it was frozen, and what it costs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, literal, or_, select, update

from bot.adapters.crypto import Vault
from bot.adapters.sql import bulk, handing, held, ledger, money
from bot.adapters.sql import preparing as writing_down
from bot.adapters.sql.audience import charged, members
from bot.adapters.sql.dialects import insert_of
from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import UtcTime, address, audit, outgoing
from bot.adapters.sql.tables_broadcasts import broadcast, person_tag, recipient
from bot.core import limits
from bot.core.broadcasts import Audience, Broadcast, Preview, Recipient, Way
from bot.core.messages import LANGUAGES, Address
from bot.core.prices import Price
from bot.ports import Conflict
from bot.ports.broadcasts import Also, Handing, LedgerFilter, Ready, Weight
from bot.ports.staff import Note

_OWN_WAY = {"texts", "audience", "writers", "version", "frozen_at"}  # frozen_at: written with the recipients alone
_SAME = tuple(name for name in Broadcast.__dataclass_fields__ if name not in _OWN_WAY)
_ALSO: Mapping[Also, Callable[[Connection, str, datetime], int]] = {
    "call_off": ledger.call_off,
    "retry_failed": ledger.retry_failed,
    "wait_anew": ledger.wait_anew,
}


class SqlBroadcasts:
    """The verbs of `bot.ports.broadcasts.Broadcasts`."""

    def __init__(self, database: Database, vault: Vault) -> None:
        """Work on `database`; addresses and names are opened with `vault`."""
        self._database = database
        self._vault = vault

    def add(self, new: Broadcast, note: Note) -> None:
        """Keep a new one."""
        with self._database.writing() as connection:
            connection.execute(insert(broadcast).values(_values(new) | {"version": new.version}))
            _write_down(connection, note)

    def save(self, changed: Broadcast, note: Note | None = None, *, also: Also = "") -> None:
        """Write it as version + 1, with what goes along. Raises Conflict when the stored version is another."""
        query = update(broadcast).where(broadcast.c.id == changed.id, broadcast.c.version == changed.version)
        values = _values(changed) | {"version": changed.version + 1}
        with self._database.writing() as connection:
            if not connection.execute(query.values(values)).rowcount:
                raise Conflict("Somebody else has changed this broadcast meanwhile.")
            if note:
                _write_down(connection, note)
            if also:
                _ALSO[also](connection, changed.id, note.at if note else changed.created_at)

    def get(self, broadcast_id: str) -> Broadcast | None:
        """Find one by its id."""
        with self._database.reading() as connection:
            row = connection.execute(select(broadcast).where(broadcast.c.id == broadcast_id)).one_or_none()
        return None if row is None else _broadcast(row)

    def all(self, *, states: Sequence[str] = ()) -> tuple[Broadcast, ...]:
        """List them, newest first; of these states only."""
        query = select(broadcast).order_by(broadcast.c.created_at.desc(), broadcast.c.id)
        if states:
            query = query.where(broadcast.c.state.in_(states))
        with self._database.reading() as connection:
            return tuple(_broadcast(row) for row in connection.execute(query))

    def senders(self, *, since: datetime) -> tuple[str, ...]:
        """Return what broadcasts have left from that run or that ended since then, where it is not the usual sender."""
        lately = or_(broadcast.c.ended_at.is_(None), broadcast.c.ended_at > since)
        own = (broadcast.c.sender.is_not(None), broadcast.c.sender != "", broadcast.c.frozen_at.is_not(None))
        with self._database.reading() as connection:
            return tuple(connection.execute(select(broadcast.c.sender).distinct().where(*own, lately)).scalars())

    def preview(self, audience: Audience, way: Way, weight: Weight) -> Preview:
        """Count an audience, its exclusions by reason and its price, by SQL alone."""
        of = members(audience, way, now=weight.now).subquery().c
        price = charged(weight, money.operators(weight.prices), of)
        query = select(of.reason, of.language, of.channel, func.count().label("people"), func.sum(price).label("price"))
        with self._database.reading() as connection:
            found = connection.execute(query.group_by(of.reason, of.language, of.channel)).all()
        return _preview(found, weight)

    def prepare(self, preparing: Broadcast, weight: Weight, *, limit: int) -> bool:
        """Write down the next slice of recipients by one INSERT … SELECT, or let it run; say whether there is more."""
        with self._database.reading() as connection:
            sums = writing_down.expected(connection, preparing.id) if self._is_last(connection, preparing.id) else None
        with self._database.writing() as connection:
            start = writing_down.reached(connection, preparing.id)
            if start is None:
                return False
            end = writing_down.slice_end(connection, start, limit=limit)
            if end is not None:
                writing_down.write_down(connection, preparing, weight, start=start, end=end)
            elif sums is not None:
                writing_down.let_run(connection, preparing.id, weight, sums)
        return end is not None or sums is None

    def _is_last(self, connection: Connection, broadcast_id: str) -> bool:
        start = connection.execute(select(broadcast.c.prepared_to).where(broadcast.c.id == broadcast_id)).scalar()
        return writing_down.slice_end(connection, start or "", limit=1) is None

    def counts(self, broadcast_id: str) -> Mapping[str, int]:
        """Return how many recipients stand where, by status."""
        with self._database.reading() as connection:
            return ledger.counts(connection, broadcast_id)

    def reasons(self, broadcast_id: str) -> Mapping[tuple[str, str], int]:
        """Return how many recipients have which status and (not empty) reason."""
        with self._database.reading() as connection:
            return ledger.reasons(connection, broadcast_id)

    def recipients(
        self, broadcast_id: str, wanted: LedgerFilter, *, after: int = 0, limit: int = 100
    ) -> tuple[Recipient, ...]:
        """Return a page of the ledger in its own order: those with an id above `after`."""
        with self._database.reading() as connection:
            return ledger.page(connection, broadcast_id, wanted, after=after, limit=limit)

    def ledger(self, broadcast_id: str, wanted: LedgerFilter) -> Iterator[Recipient]:
        """Go through the whole ledger in slices, for exports."""
        after, page = 0, self.recipients(broadcast_id, wanted, limit=ledger.SLICE)
        while page:
            yield from page
            after = page[-1].id
            page = self.recipients(broadcast_id, wanted, after=after, limit=ledger.SLICE)

    def answered(self, broadcast_id: str) -> int:
        """Return how many have answered."""
        with self._database.reading() as connection:
            return ledger.answered(connection, broadcast_id)

    def spent(self, broadcast_id: str) -> int:
        """Return what it has cost, in centimes: what has left or is about to."""
        with self._database.reading() as connection:
            return money.spent(connection, broadcast_id=broadcast_id)

    def spent_in(self, month: str) -> int:
        """Return what all broadcasts of a month ("2026-11") have cost, in centimes."""
        with self._database.reading() as connection:
            return money.spent(connection, month=month)

    def ready(self, running: Broadcast, *, limit: int, now: datetime) -> tuple[Ready, ...]:
        """Return recipients whose turn it is, without a lock."""
        with self._database.reading() as connection:
            return handing.ready(connection, self._vault, running, limit=limit, now=now)

    @contextmanager
    def handing(self, broadcast_id: str) -> Iterator[Handing | None]:
        """Open the transaction; None when the broadcast is not running any more."""
        with self._database.writing() as connection:
            yield handing.opened(connection, self._vault, broadcast_id)

    def waiting(self, broadcast_id: str) -> int:
        """Return how many messages of it are queued and not with a provider yet."""
        query = select(func.count()).where(outgoing.c.broadcast_id == broadcast_id, outgoing.c.status == "queued")
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def finish(self, broadcast_id: str, *, now: datetime) -> bool:
        """End it once every recipient is at an end; say whether it has ended."""
        open_still = or_(
            recipient.c.status.in_(("queued", "sending")),
            bulk.ASKED,
            recipient.c.status.in_(("accepted", "sent")) & (recipient.c.changed_at > now - limits.REPORTS_WITHIN),
        )
        left = select(recipient.c.id).where(recipient.c.broadcast_id == broadcast_id, open_still)
        query = update(broadcast).where(
            broadcast.c.id == broadcast_id, broadcast.c.state == "running", ~left.limit(1).exists()
        )
        values = {"state": "done", "ended_at": now, "version": broadcast.c.version + 1}
        with self._database.writing() as connection:
            bulk.end_unanswered(connection, broadcast_id, now=now)
            return connection.execute(query.values(values)).rowcount == 1

    def prices(self) -> tuple[Price, ...]:
        """Return the price table."""
        with self._database.reading() as connection:
            return money.prices(connection)

    def set_price(self, new: Price) -> None:
        """Add a line to the price table, or replace the one of the same moment."""
        with self._database.writing() as connection:
            money.set_price(connection, new)

    def tag(self, tag: str, addresses: Sequence[Address], *, now: datetime) -> int:
        """Tag the persons behind these addresses; return how many are known."""
        hashes = {found for one in addresses for found in self._vault.hashes("address", one.reveal())}
        owners = select(address.c.person_id, literal(tag), literal(now, UtcTime)).where(address.c.hash.in_(hashes))
        with self._database.writing() as connection:
            into = insert_of(connection)(person_tag).from_select(["person_id", "tag", "since"], owners.distinct())
            connection.execute(into.on_conflict_do_nothing())
            return int(connection.execute(select(func.count()).select_from(owners.distinct().subquery())).scalar_one())

    def tags(self) -> Mapping[str, int]:
        """Return every tag with how many persons have it."""
        query = select(person_tag.c.tag, func.count().label("people")).group_by(person_tag.c.tag)
        with self._database.reading() as connection:
            return {row.tag: row.people for row in connection.execute(query.order_by(person_tag.c.tag))}

    def approached(self, *, since: datetime) -> int:
        """Return how many persons a WhatsApp template has gone to since then, or is about to go to."""
        with self._database.reading() as connection:
            return held.approached(connection, since=since)


def _write_down(connection: Connection, note: Note) -> None:
    values = {"at": note.at, "actor": note.by, "action": note.action, "object_id": note.object_id}
    connection.execute(insert(audit).values(values | {"detail": note.detail}))


def _values(one: Broadcast) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in _SAME}
    texts = {f"text_{language}": one.texts.get(language, "") for language in LANGUAGES}
    return values | texts | {"audience": one.audience.to_json(), "writers": list(one.writers)}


def _broadcast(row: Row[Any]) -> Broadcast:
    same = {name: getattr(row, name) for name in (*_SAME, "version", "frozen_at")}
    texts = {language: getattr(row, f"text_{language}") for language in LANGUAGES}
    return Broadcast(**same, texts=texts, writers=tuple(row.writers), audience=Audience.from_json(row.audience))


def _preview(found: Sequence[Row[Any]], weight: Weight) -> Preview:
    goes = [row for row in found if not row.reason]
    excluded: dict[str, int] = {}
    for row in found:
        if row.reason:
            excluded[row.reason] = excluded.get(row.reason, 0) + row.people
    return Preview(
        people=sum(row.people for row in goes),
        segments=sum(row.people * (weight.segments[row.language] if row.channel == "sms" else 1) for row in goes),
        centimes=sum(int(row.price) for row in goes),
        excluded=excluded,
        groups={(row.language, row.channel): row.people for row in goes},
    )
