"""From a recipient to a message on its way: whose turn it is, and the short transaction that hands them over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, func, or_, select, update
from sqlalchemy import case as sql_case

from bot.adapters.crypto import Vault
from bot.adapters.sql import money, rows
from bot.adapters.sql.audience import ANY_NUMBER, in_window
from bot.adapters.sql.tables import address, case_, contact_item, conversation, incoming, outgoing, person
from bot.adapters.sql.tables_broadcasts import broadcast, recipient
from bot.adapters.sql.writes import SqlTransaction
from bot.core import limits
from bot.core.broadcasts import Broadcast
from bot.core.hours import day_began
from bot.core.messages import Address, Channel
from bot.core.people import Person
from bot.ports import Transaction
from bot.ports.broadcasts import Handed, Ready

_STARTED = ("check_in", "broadcast")
_HANDED = (
    update(recipient)
    .where(recipient.c.id == bindparam("the_id"), recipient.c.status == "queued")
    .values(
        status="sending",
        reason="",
        held_since=None,
        outgoing_id=bindparam("the_row"),
        provider=bindparam("by"),
        segments=bindparam("parts"),
        centimes=recipient.c.centimes * sql_case((recipient.c.tries > 0, 1), else_=0) + bindparam("cost"),
        tries=recipient.c.tries + 1,
        changed_at=bindparam("now"),
    )
)


def ready(connection: Connection, vault: Vault, running: Broadcast, *, limit: int, now: datetime) -> tuple[Ready, ...]:
    """Return recipients whose turn it is, the longest waiting first; nothing is locked."""
    turn = (
        select(recipient, _newest_address().label("reached"))
        .where(recipient.c.broadcast_id == running.id, recipient.c.status == "queued", recipient.c.not_before <= now)
        .order_by(recipient.c.not_before, recipient.c.id)
        .limit(limit)
        .subquery()
    )
    name = and_(contact_item.c.person_id == person.c.id, contact_item.c.name == "name")
    query = (
        select(
            *(person.c[column].label(f"p_{column}") for column in _PERSON),
            turn.c.id,
            turn.c.channel,
            turn.c.tries,
            turn.c.held_since,
            address.c.channel.label("stored_channel"),
            address.c.value,
            contact_item.c.value.label("name"),
            in_window(now).label("in_window"),
            _started(now).label("started"),
            _last_provider().label("last_provider"),
            _just_written(now).label("just_written"),
            _look_closer(now).label("look_closer"),
        )
        .select_from(
            turn.outerjoin(person, person.c.id == turn.c.person_id)
            .outerjoin(address, and_(address.c.person_id == person.c.id, address.c.channel == turn.c.reached))
            .outerjoin(contact_item, name)
        )
        .order_by(turn.c.not_before, turn.c.id)
    )
    found: dict[int, Ready] = {}
    for row in connection.execute(query):
        found.setdefault(row.id, _ready(vault, row))
    return tuple(found.values())


_PERSON = tuple(
    name
    for name in Person.__dataclass_fields__
    if name not in {"contact", "addresses"}  # opened below
)


def _newest_address() -> Any:
    """Select the channel whose newest address is written to: the frozen one; for an SMS WhatsApp's number will do."""
    asked = recipient.c.channel
    fits = (address.c.channel == asked) | ((asked == "sms") & ANY_NUMBER)
    return (
        select(address.c.channel)
        .where(address.c.person_id == recipient.c.person_id, fits)
        .order_by(sql_case((address.c.channel == "sms", 0), else_=1), address.c.seen_at.desc())
        .limit(1)
        .scalar_subquery()
    )


def _started(now: datetime) -> Any:
    return (
        select(func.count())
        .where(
            outgoing.c.person_id == person.c.id,
            outgoing.c.created_at >= day_began(now),
            outgoing.c.kind.in_(_STARTED),
            outgoing.c.position == 0,
            outgoing.c.status.not_in(("skipped", "failed")),
        )
        .scalar_subquery()
    )


def _just_written(now: datetime) -> Any:
    return exists().where(
        outgoing.c.person_id == person.c.id,
        outgoing.c.channel == "whatsapp",
        outgoing.c.created_at > now - limits.WHATSAPP_PAIR,
    )


def _look_closer(now: datetime) -> Any:
    """Say whether a case is open or a conversation is fresh: only then is the rest of a person worth reading."""
    has_case = exists().where(case_.c.person_id == person.c.id, case_.c.status != "closed")
    talks = exists().where(conversation.c.person_id == person.c.id, conversation.c.changed_at > now - limits.BUSY_FOR)
    return or_(has_case, talks)


def _last_provider() -> Any:
    return (
        select(incoming.c.provider)
        .where(incoming.c.person_id == person.c.id)
        .order_by(incoming.c.received_at.desc())
        .limit(1)
        .scalar_subquery()
    )


def _ready(vault: Vault, row: Any) -> Ready:
    known = None if row.p_id is None else _person(vault, row)
    return Ready(
        id=row.id,
        person=known,
        last_provider=row.last_provider or "",
        in_window=bool(row.in_window),
        started_today=row.started,
        just_written=bool(row.just_written),
        look_closer=bool(row.look_closer),
        tries=row.tries,
        held_since=row.held_since,
    )


def _person(vault: Vault, row: Any) -> Person:
    values = {name: getattr(row, f"p_{name}") for name in _PERSON}
    contact: dict[str, str] = {}
    addresses: tuple[Address, ...] = ()
    if row.name is not None:
        contact = {"name": rows.opened(vault, contact_item.c.value, row.name, row.p_id, "name")}
    if row.value is not None:
        value = rows.opened(vault, address.c.value, row.value, row.p_id, row.stored_channel)
        channel: Channel = row.channel
        addresses = (Address(channel, value),)
    return Person(**values, contact=contact, addresses=addresses)


def opened(connection: Connection, vault: Vault, broadcast_id: str) -> "SqlHanding | None":
    """Begin handing over within a transaction; None when the broadcast is not running any more."""
    money.lock(connection)
    state = select(broadcast.c.state).where(broadcast.c.id == broadcast_id).with_for_update()
    if connection.execute(state).scalar() != "running":
        return None
    return SqlHanding(connection, vault, broadcast_id)


class SqlHanding:
    """The verbs of `bot.ports.broadcasts.Handing` on one connection within one transaction."""

    def __init__(self, connection: Connection, vault: Vault, broadcast_id: str) -> None:
        self._connection = connection
        self._broadcast_id = broadcast_id
        self.tx: Transaction = SqlTransaction(connection, vault)

    def spent(self, *, month: str) -> tuple[int, int]:
        """Return what this broadcast, and all in this month, have spent."""
        mine = money.spent(self._connection, broadcast_id=self._broadcast_id)
        return mine, money.spent(self._connection, month=month)

    def still(self, recipient_ids: Sequence[int]) -> frozenset[int]:
        """Say which of these still wait, and keep others from taking them."""
        query = select(recipient.c.id).where(recipient.c.id.in_(recipient_ids), recipient.c.status == "queued")
        return frozenset(self._connection.execute(query.with_for_update()).scalars())

    def hand_over(self, handed: Sequence[Handed], *, month: str, now: datetime) -> None:
        """Queue the messages (unless the turn that begot them has) and count their price."""
        values = [
            {
                "the_id": one.recipient_id,
                "the_row": one.row.id,
                "by": one.row.provider,
                "parts": one.segments,
                "cost": one.centimes,
                "now": now,
            }
            for one in handed
        ]
        if values:
            self._connection.execute(_HANDED, values)
            money.spend(self._connection, self._broadcast_id, month, sum(one.centimes for one in handed))

    def put_off(self, recipient_id: int, *, until: datetime, reason: str, now: datetime) -> None:
        """Let one wait until then, with the reason."""
        since = func.coalesce(recipient.c.held_since, now)
        self._change(recipient_id, not_before=until, reason=reason, changed_at=now, held_since=since)

    def skip(self, recipient_id: int, *, reason: str, now: datetime) -> None:
        """Leave one out for good, with the reason."""
        self._change(recipient_id, status="skipped", reason=reason, changed_at=now, centimes=0)

    def pause(self, *, reason: str) -> None:
        """Pause the broadcast."""
        values = {"state": "paused", "pause_reason": reason, "version": broadcast.c.version + 1}
        self._connection.execute(update(broadcast).where(broadcast.c.id == self._broadcast_id).values(values))

    def _change(self, recipient_id: int, **values: Any) -> None:
        query = update(recipient).where(recipient.c.id == recipient_id, recipient.c.status == "queued")
        self._connection.execute(query.values(values))
