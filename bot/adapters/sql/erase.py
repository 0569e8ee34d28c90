"""Forget a person: what is personal goes, counts and proof stay."""

from datetime import datetime

from sqlalchemy import Connection, String, delete, insert, literal, select, update

from bot.adapters.sql.tables import (
    UtcTime,
    address,
    case_,
    case_event,
    contact_item,
    conversation,
    erasure_receipt,
    incoming,
    opt_out_proof,
    outgoing,
    person,
    reminder,
    search_key,
    unmatched,
)
from bot.core.messages import Status

_ON_ITS_WAY = (Status.QUEUED.value, Status.SENDING.value)


def prove(connection: Connection, person_id: str, scope: str, *, word_hash: str, now: datetime) -> None:
    """Keep proof of an opt-out or opt-in for each of the person's addresses, by hash."""
    proofs = (
        select(address.c.hash, literal(scope, String), literal(word_hash, String), literal(now, UtcTime))
        .where(address.c.person_id == person_id)
        .distinct()
    )
    connection.execute(insert(opt_out_proof).from_select(["address_hash", "scope", "word_hash", "at"], proofs))


def forget(connection: Connection, person_id: str, *, receipt_hash: str, now: datetime) -> None:
    """Erase a person within the transaction; what was written at `now` keeps its text until it has been sent."""
    scope = connection.execute(select(person.c.opt_out).where(person.c.id == person_id)).scalar()
    if scope not in (None, "none"):
        prove(connection, person_id, scope, word_hash="", now=now)
    _messages(connection, person_id, now)
    _cases(connection, person_id, now)
    for table in (address, contact_item, search_key, conversation, reminder, unmatched):
        connection.execute(delete(table).where(table.c.person_id == person_id))
    connection.execute(delete(person).where(person.c.id == person_id))
    connection.execute(insert(erasure_receipt).values(receipt_hash=receipt_hash, at=now))


def _messages(connection: Connection, person_id: str, now: datetime) -> None:
    theirs = outgoing.c.person_id == person_id
    before = outgoing.c.created_at < now
    waiting = outgoing.c.status == Status.QUEUED.value
    connection.execute(
        update(outgoing).where(theirs, before, waiting).values(status=Status.SKIPPED.value, error_code="erased")
    )
    settled = outgoing.c.status.not_in(_ON_ITS_WAY)
    connection.execute(update(outgoing).where(theirs, before | settled).values(text=None, recipient=None))
    connection.execute(update(outgoing).where(theirs).values(person_id=None))
    mine = incoming.c.person_id == person_id
    connection.execute(update(incoming).where(mine).values(person_id=None, body=None, text_hash=None))


def _cases(connection: Connection, person_id: str, now: datetime) -> None:
    theirs = select(case_.c.id).where(case_.c.person_id == person_id)
    connection.execute(update(case_event).where(case_event.c.case_id.in_(theirs)).values(text=None))
    still_open = (case_.c.person_id == person_id) & (case_.c.status != "closed")
    connection.execute(update(case_).where(still_open).values(status="closed", closed_at=now))
    connection.execute(
        update(case_).where(case_.c.person_id == person_id).values(person_id=None, words=None, note=None)
    )
