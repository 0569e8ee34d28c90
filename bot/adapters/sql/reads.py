"""Questions to the store: each a few indexed statements, none with a lock."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import (
    Connection,
    LargeBinary,
    Row,
    String,
    and_,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy import case as sql_case

from bot.adapters.crypto import Vault
from bot.adapters.sql import held, hot, rows
from bot.adapters.sql.search import wanted
from bot.adapters.sql.spent import BEFORE, Spent, ago, spent
from bot.adapters.sql.tables import (
    UtcTime,
    address,
    case_,
    contact_item,
    conversation,
    erasure_receipt,
    incoming,
    opt_out_proof,
    outgoing,
    person,
    reminder,
    search_key,
)
from bot.adapters.sql.tables_duty import duty_pause, duty_shift
from bot.adapters.sql.tables_staff import staff
from bot.core.cases import NOTED, Case
from bot.core.limits import COUNTED_FROM
from bot.core.messages import Address
from bot.ports import Known, OutgoingRow, Reminder

_HOUR = timedelta(hours=1)
_NEVER = datetime.max.replace(tzinfo=UTC)
_RECENT = 100  # more than any limit asks for

# A literal, not a parameter: with a partial index SQLite would plan the statement anew each time (54, not 8 µs).
_OPEN = case_.c.status != literal_column("'closed'")
_KNOWN = (*person.c, conversation.c.state, conversation.c.version)
_HAS_CASES = exists().where(case_.c.person_id == person.c.id, _OPEN).label("has_cases")
_TALKS = person.outerjoin(conversation, conversation.c.person_id == person.c.id)
_NOBODY = select(literal(1).label("one")).subquery()

_TAKEN = (
    select(incoming.c.id)
    .where(incoming.c.provider == bindparam("provider"), incoming.c.provider_id == bindparam("provider_id"))
    .scalar_subquery()
)
_STAFF = (
    select(staff.c.id)
    .where(staff.c.phone_hash == bindparam("staff_hash"), staff.c.active.is_(literal_column("TRUE")))
    .scalar_subquery()
)
_RUNS = and_(
    duty_shift.c.starts_at <= bindparam("now"),
    ~exists().where(duty_pause.c.staff_id == duty_shift.c.staff_id, duty_pause.c.until > bindparam("now")),
)
_DUTY = (  # 1: a shift runs; 0: none does; none: there is no rota
    select(func.max(sql_case((_RUNS, 1), else_=0))).where(duty_shift.c.ends_at > bindparam("now")).scalar_subquery()
)
_BY_ADDRESS = (
    select(_TAKEN.label("taken"), _STAFF.label("staff_id"), _DUTY.label("duty"), *BEFORE, *_KNOWN, _HAS_CASES)
    .select_from(
        _NOBODY.outerjoin(address, address.c.hash == bindparam("hash"))
        .outerjoin(person, person.c.id == address.c.person_id)
        .outerjoin(conversation, conversation.c.person_id == person.c.id)
    )
    .limit(1)
)
_BY_ID = select(*_KNOWN, _HAS_CASES).select_from(_TALKS).where(person.c.id == bindparam("person"))

_NEWEST = (
    select(incoming.c.text_hash, incoming.c.provider, incoming.c.received_at)
    .where(incoming.c.person_id == bindparam("person"), incoming.c.received_at > bindparam("since"))
    .order_by(incoming.c.received_at.desc())
    .limit(_RECENT)
    .subquery()
)
_PARTS = union_all(
    select(
        literal("address", String).label("what"),
        address.c.channel.label("name"),
        address.c.value.label("value"),
        address.c.seen_at.label("at"),
    ).where(address.c.person_id == bindparam("person")),
    select(literal("contact", String), contact_item.c.name, contact_item.c.value, contact_item.c.changed_at).where(
        contact_item.c.person_id == bindparam("person")
    ),
    select(literal("recent", String), _NEWEST.c.text_hash, null().cast(LargeBinary), _NEWEST.c.received_at),
)
_CASES_OF = (
    select(case_).where(case_.c.person_id == bindparam("person"), _OPEN).order_by(case_.c.priority, case_.c.opened_at)
)
_NOTED_AT = select(func.max(outgoing.c.created_at, type_=UtcTime()).label("at")).where(
    outgoing.c.person_id == bindparam("person"),
    outgoing.c.created_at > bindparam("since"),
    outgoing.c.response.contains(NOTED, autoescape=True),
)
_PROOF = (
    select(opt_out_proof.c.id, opt_out_proof.c.scope)
    .where(opt_out_proof.c.address_hash == bindparam("hash"))
    .order_by(opt_out_proof.c.id.desc())
    .limit(1)
)
_ANSWERED = select(outgoing).where(outgoing.c.in_reply_to == bindparam("message")).order_by(outgoing.c.position)
_LAST_PROVIDER = (
    select(incoming.c.provider)
    .where(incoming.c.person_id == bindparam("person"), incoming.c.channel != "voice")  # a call says nothing of texts
    .order_by(incoming.c.received_at.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Sought:
    """By what a message is looked up."""

    sender: Address
    provider: str
    provider_id: str
    text: str
    now: datetime


def look_up(connection: Connection, vault: Vault, sought: Sought) -> Known:
    """Return what is known of the sender of a message before it is decided on."""
    value = sought.sender.reveal()
    given = {
        "hash": vault.hash("address", value),
        "provider": sought.provider,
        "provider_id": sought.provider_id,
        "staff_hash": vault.hash("staff phone", value),
        "now": sought.now,
        **ago(sought.now),
    }
    row = hot.fetch(connection, _BY_ADDRESS, given)[0]
    answered = None if row.taken is None else _answered(connection, vault, row.taken)
    if row.id is None:
        stopped = opted_out(connection, vault, value)
        unknown = Known(answered=answered, opted_out=stopped, provider=sought.provider, staff_id=row.staff_id)
        hour, day = int(row.before_hour), int(row.before_day)
        return replace(unknown, segments_an_hour=hour, segments_a_day=day, on_duty=_on_duty(row))
    parts = _parts_of(connection, row.id, since=sought.now - _HOUR)
    recent = [part.name for part in parts if part.what == "recent"]
    text_hash = vault.hash("text", sought.text) if sought.text else ""
    sent = spent(connection, row.id, sought.now) if len(recent) >= COUNTED_FROM else Spent()
    return replace(
        _known(connection, vault, row, parts),
        last_noted_at=_noted_at(connection, row.id, sought.now) if row.has_cases else None,
        recent_count=len(recent),
        segments_an_hour=sent.an_hour + int(row.before_hour),
        segments_a_day=sent.a_day + int(row.before_day),
        said_lately=sent.said,
        same_in_a_row=sum(1 for _ in takewhile(lambda seen: seen == text_hash, recent)),
        provider=sought.provider,
        answered=answered,
        held=sought.sender.channel == "whatsapp" and held.waiting(connection, row.id, now=sought.now),
        staff_id=row.staff_id,
        on_duty=_on_duty(row),
    )


def _on_duty(row: Any) -> bool | None:
    return None if row.duty is None else bool(row.duty)


def by_id(connection: Connection, vault: Vault, person_id: str) -> Known:
    """Return a person with state and open cases; an empty Known when there is none."""
    row = connection.execute(_BY_ID, {"person": person_id}).one_or_none()
    if row is None:
        return Known()
    parts = _parts_of(connection, person_id, since=_NEVER)
    provider = connection.execute(_LAST_PROVIDER, {"person": person_id}).scalar()
    return replace(_known(connection, vault, row, parts), provider=provider)


def opted_out(connection: Connection, vault: Vault, value: str) -> Any:
    """Return the newest proven opt-out of an address, whether its person is known or erased."""
    proofs = [row for found in vault.hashes("address", value) for row in hot.fetch(connection, _PROOF, {"hash": found})]
    return max(proofs, key=lambda proof: proof.id).scope if proofs else "none"


def _parts_of(connection: Connection, person_id: str, *, since: datetime) -> list[Row[Any]]:
    """Return addresses, contact items and the messages since, newest first, in one statement."""
    parts = hot.fetch(connection, _PARTS, {"person": person_id, "since": since})
    return sorted(parts, key=lambda part: part.at, reverse=True)


def _known(connection: Connection, vault: Vault, row: Any, parts: list[Row[Any]]) -> Known:
    state = rows.opened(vault, conversation.c.state, row.state, row.id)
    return Known(
        person=rows.person_from(row, _addresses(vault, row.id, parts), _contact(vault, row.id, parts)),
        state=rows.read_json(state) if state else None,
        version=row.version or 0,
        open_cases=_cases_of(connection, vault, row.id) if row.has_cases else (),
        opted_out=row.opt_out,
    )


def _addresses(vault: Vault, person_id: str, parts: list[Row[Any]]) -> tuple[Address, ...]:
    return tuple(
        Address(part.name, rows.opened(vault, address.c.value, part.value, person_id, part.name))
        for part in parts
        if part.what == "address"
    )


def _contact(vault: Vault, person_id: str, parts: list[Row[Any]]) -> dict[str, str]:
    return {
        part.name: rows.opened(vault, contact_item.c.value, part.value, person_id, part.name)
        for part in parts
        if part.what == "contact"
    }


def _cases_of(connection: Connection, vault: Vault, person_id: str) -> tuple[Case, ...]:
    return tuple(rows.case_from(vault, row) for row in hot.fetch(connection, _CASES_OF, {"person": person_id}))


def _noted_at(connection: Connection, person_id: str, now: datetime) -> datetime | None:
    noted: datetime | None = hot.fetch(connection, _NOTED_AT, {"person": person_id, "since": now - timedelta(days=1)})[
        0
    ].at
    return noted


def _answered(connection: Connection, vault: Vault, message_id: str) -> tuple[OutgoingRow, ...]:
    return tuple(rows.outgoing_from(vault, row) for row in connection.execute(_ANSWERED, {"message": message_id}))


def due_reminders(connection: Connection, vault: Vault, *, limit: int, now: datetime) -> tuple[Reminder, ...]:
    """Return reminders whose time has come, oldest first."""
    query = select(reminder).where(reminder.c.due_at <= now).order_by(reminder.c.due_at).limit(limit)
    return tuple(rows.reminder_from(vault, row) for row in connection.execute(query))


def search(connection: Connection, vault: Vault, text: str) -> tuple[str, ...]:
    """Return the persons that every word (or the number) fits."""
    hashes = wanted(vault, text)
    if not hashes:
        return ()
    query = (
        select(search_key.c.person_id)
        .where(search_key.c.hash.in_(hashes))
        .group_by(search_key.c.person_id)
        .having(func.count(search_key.c.hash.distinct()) == len(hashes))
        .order_by(search_key.c.person_id)
    )
    return tuple(connection.execute(query).scalars())


def erased_at(connection: Connection, vault: Vault, receipt: str) -> datetime | None:
    """Say when the erasure with this receipt was done."""
    hashes = vault.hashes("receipt", receipt)
    return connection.execute(
        select(erasure_receipt.c.at).where(erasure_receipt.c.receipt_hash.in_(hashes))
    ).scalar_one_or_none()
