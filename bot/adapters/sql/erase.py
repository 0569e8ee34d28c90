"""Forget a person: what is personal goes, counts and proof stay."""

from datetime import datetime

from sqlalchemy import Connection, String, delete, insert, literal, select, update

from bot.adapters.sql import bulk, holds, media, spent
from bot.adapters.sql.sealed import SEALED, metadata
from bot.adapters.sql.tables import (
    UtcTime,
    address,
    case_,
    case_event,
    erasure_receipt,
    incoming,
    opt_out_proof,
    outgoing,
    person,
)
from bot.adapters.sql.tables_calls import media as medium
from bot.adapters.sql.tables_check_ins import check_in
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


def forget(connection: Connection, person_id: str, *, receipt_hash: str, now: datetime) -> bool:
    """Erase a person within the transaction; what was written at `now` keeps its text until it has been sent.

    Under a legal hold nothing is erased: the wish is noted for whoever lifts it, and False is returned.
    """
    if holds.wish_noted(connection, person_id):
        return False
    scope = connection.execute(select(person.c.opt_out).where(person.c.id == person_id)).scalar()
    if scope not in (None, "none"):
        prove(connection, person_id, scope, word_hash="", now=now)
    spent.remember(connection, person_id, now=now)
    bulk.forget(connection, person_id)
    _messages(connection, person_id, now)
    _cases(connection, person_id, now)
    _check_ins(connection, person_id)
    media.drop(connection, medium.c.person_id == person_id)
    _rest(connection, person_id)
    connection.execute(delete(person).where(person.c.id == person_id))
    connection.execute(insert(erasure_receipt).values(receipt_hash=receipt_hash, at=now))
    return True


def _rest(connection: Connection, person_id: str) -> None:
    """Treat every other table by one rule, so that a new one is not forgotten.

    A row that may stand without a person is a count: it stays, without what is sealed in it and what it could be found
    by. Any other row goes.
    """
    for table in metadata.sorted_tables:
        if table is person or "person_id" not in table.c:
            continue
        theirs = table.c.person_id == person_id
        if table.c.person_id.nullable:
            blank = {column.name: None for column in table.c if column in SEALED or column.name.endswith("_hash")}
            connection.execute(update(table).where(theirs).values({**blank, "person_id": None}))
        else:
            connection.execute(delete(table).where(theirs))


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
    forwarded = outgoing.c.case_id.in_(select(case_.c.id).where(case_.c.person_id == person_id))
    to_staff = update(outgoing).where(forwarded, outgoing.c.kind == "staff")
    connection.execute(to_staff.where(waiting).values(status=Status.SKIPPED.value, error_code="erased"))
    connection.execute(to_staff.where(settled).values(text=None, recipient=None))
    mine = incoming.c.person_id == person_id
    connection.execute(update(incoming).where(mine).values(person_id=None, body=None, text_hash=None))


def _check_ins(connection: Connection, person_id: str) -> None:
    """Ask nothing more; what was answered stays as a count, tied to nobody."""
    theirs = check_in.c.person_id == person_id
    waiting = check_in.c.status == "planned"
    connection.execute(update(check_in).where(theirs, waiting).values(status="skipped", reason="erased"))
    connection.execute(update(check_in).where(theirs).values(next_at=None))


def _cases(connection: Connection, person_id: str, now: datetime) -> None:
    """Close what is open and take the words out; that this was done is one more line of each timeline."""
    theirs = select(case_.c.id).where(case_.c.person_id == person_id)
    connection.execute(update(case_event).where(case_event.c.case_id.in_(theirs)).values(text=None))
    told = select(case_.c.id, literal(now, UtcTime), literal("erased", String), literal("segin", String))
    connection.execute(
        insert(case_event).from_select(["case_id", "at", "kind", "actor"], told.where(case_.c.person_id == person_id))
    )
    still_open = (case_.c.person_id == person_id) & (case_.c.status != "closed")
    connection.execute(update(case_).where(still_open).values(status="closed", closed_at=now, due_at=None))
    gone = {"person_id": None, "words": None, "note": None, "changed_at": now, "version": case_.c.version + 1}
    connection.execute(update(case_).where(case_.c.person_id == person_id).values(gone))
