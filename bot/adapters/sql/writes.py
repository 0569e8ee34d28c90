"""One transaction of the store: upserts and checked updates, never get-or-add."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Update, bindparam, delete, insert, null, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.adapters.crypto import Vault
from bot.adapters.sql import bulk, cases, erase, held, hot, media, outbox, reads, rows, unmatched
from bot.adapters.sql.check_in_writes import SqlCheckInWrites
from bot.adapters.sql.duty_writes import SqlDutyWrites
from bot.adapters.sql.search import SEARCHED, keys_of
from bot.adapters.sql.tables import (
    address,
    audit,
    case_,
    contact_item,
    conversation,
    incoming,
    outgoing,
    person,
    reminder,
    search_key,
)
from bot.core import phones
from bot.core.case_life import Step
from bot.core.cases import Case, CaseEvent, Priority
from bot.core.effects import KeepUnmatched
from bot.core.messages import Address, Incoming
from bot.core.people import RETURN_DATE, Person
from bot.ports import AlreadyTaken, Conflict, Json, OutgoingRow, Reminder

_PROFILE = {
    "language",
    "region",
    "trade",
    "origin",
    "return_month",
    "consent",
    "discreet",
    "do_not_call",
    "sex",
    "minor",
    "guardian",
    "unreachable",
    "consent_source",
    "consent_at",
}
_COUNTED = {"return_month", "consent", "consent_at"}  # a change of these moves check-ins
_FLAGS = {  # what an empty value means where none is allowed
    **dict.fromkeys(("discreet", "do_not_call", "minor", "guardian", "unreachable"), False),
    "consent": "none",
}

_SEEN = (
    update(address)
    .where(
        address.c.hash == bindparam("the_hash"),
        address.c.channel == bindparam("the_channel"),
        address.c.person_id == bindparam("the_person"),
    )
    .values(seen_at=bindparam("now"))
)
_STILL = select(person.c.id).where(person.c.id == bindparam("the_person")).with_for_update(key_share=True)
_ADD = insert(outgoing)
_OWNERS = select(address.c.person_id).where(address.c.hash == bindparam("hash")).distinct()
_UNINDEX = delete(search_key).where(
    search_key.c.person_id == bindparam("the_person"), search_key.c.source == bindparam("the_source")
)
_SAVE = (
    update(conversation)
    .where(conversation.c.person_id == bindparam("the_person"), conversation.c.version == bindparam("expected"))
    .values(state=bindparam("sealed"), version=conversation.c.version + 1, changed_at=bindparam("now"))
)


@cache
def _profile(names: tuple[str, ...]) -> Update:
    """Build the change of these columns of a person."""
    changes = {name: bindparam(f"new_{name}", type_=person.c[name].type) for name in names}
    planned = {"planned_by": null()} if _COUNTED & set(names) else {}
    return update(person).where(person.c.id == bindparam("the_person")).values(changes | planned)


@cache
def upserts(dialect: str) -> dict[str, Insert]:
    """Build the inserts that meet an existing row; the two databases write them alike but in classes of their own."""
    insert_into: Callable[..., Any] = sqlite.insert if dialect == "sqlite" else postgresql.insert
    found = {
        "claim": insert_into(incoming).on_conflict_do_nothing(),
        "person": insert_into(person)
        .values({name: bindparam(name) for name in ("id", "first_seen", "opt_out")})
        .on_conflict_do_nothing(index_elements=["id"]),
        "address": insert_into(address).on_conflict_do_nothing(index_elements=["hash", "channel"]),
        "conversation": insert_into(conversation).on_conflict_do_nothing(index_elements=["person_id"]),
        "contact": _replacing(insert_into(contact_item), ["person_id", "name"], ["value", "changed_at"]),
        "search": insert_into(search_key).on_conflict_do_nothing(index_elements=["person_id", "source", "hash"]),
        "reminder": _replacing(insert_into(reminder), ["person_id", "flow"], ["id", "due_at", "slots"]),
        "case": cases.joining(insert_into(case_)),
    }
    # SQLAlchemy forgets how many rows an insert made unless it is told that this matters.
    return {name: statement.execution_options(preserve_rowcount=True) for name, statement in found.items()}


def _replacing(statement: Any, key: list[str], columns: list[str]) -> Insert:
    changes = {name: statement.excluded[name] for name in columns}
    found: Insert = statement.on_conflict_do_update(index_elements=key, set_=changes)
    return found


class SqlTransaction:
    """The verbs of `bot.ports.Transaction` on one connection within one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault
        self._upserts = upserts(connection.dialect.name)

    @property
    def duty(self) -> SqlDutyWrites:
        """The verbs of duty, within this transaction."""
        return SqlDutyWrites(self._connection)

    @property
    def check_ins(self) -> SqlCheckInWrites:
        """The verbs of check-ins, within this transaction."""
        return SqlCheckInWrites(self._connection)

    def claim(self, incoming: Incoming, *, row_id: str, person_id: str | None) -> None:
        """Record the incoming message. Raises AlreadyTaken."""
        values = rows.incoming_values(self._vault, incoming, row_id, person_id)
        if not hot.execute(self._connection, self._upserts["claim"], values):
            raise AlreadyTaken("This message id was taken in before.")
        if incoming.media and person_id:
            media.want(self._connection, self._vault, incoming, message_id=row_id, person_id=person_id)

    def ensure_person(self, person_id: str, address: Address, *, now: datetime) -> None:
        """Create person and address unless they are there. Raises Conflict when the address is another's."""
        found = self._vault.hash("address", address.reveal())
        seen = {"the_hash": found, "the_channel": address.channel, "the_person": person_id, "now": now}
        if hot.execute(self._connection, _SEEN, seen):
            return
        stopped = reads.opted_out(self._connection, self._vault, address.reveal())
        hot.execute(self._connection, self._upserts["person"], {"id": person_id, "first_seen": now, "opt_out": stopped})
        self._add_address(person_id, address, found, now)
        owners = {owner.person_id for owner in hot.fetch(self._connection, _OWNERS, {"hash": found})}
        if owners != {person_id}:
            raise Conflict("The address belongs to a person who was stored meanwhile.")

    def _add_address(self, person_id: str, new: Address, found: str, now: datetime) -> None:
        value = rows.sealed(self._vault, address.c.value, new.reveal(), person_id, new.channel)
        values = {"hash": found, "channel": new.channel, "person_id": person_id, "value": value, "seen_at": now}
        values["operator"] = phones.operator(new.reveal())
        hot.execute(self._connection, self._upserts["address"], values)
        self._index(person_id, {f"address {new.channel}": new.reveal()})

    def save_state(self, person_id: str, state: Json, *, expected: int, now: datetime) -> None:
        """Write version expected + 1. Raises Conflict when the stored version differs."""
        sealed = rows.sealed(self._vault, conversation.c.state, rows.as_json(state), person_id)
        if expected == 0:
            values = {"person_id": person_id, "state": sealed, "version": 1, "changed_at": now}
            written = hot.execute(self._connection, self._upserts["conversation"], values)
        else:
            values = {"the_person": person_id, "expected": expected, "sealed": sealed, "now": now}
            written = hot.execute(self._connection, _SAVE, values)
        if not written:
            raise Conflict("The conversation was written by another message meanwhile.")

    def save_profile(self, person_id: str, items: Mapping[str, str | bool | datetime | None], *, now: datetime) -> None:  # noqa: ARG002 the interface names it
        """Change columns in clear; an empty value removes."""
        _refuse_unknown(items, _PROFILE, "profile")
        values = {f"new_{name}": _FLAGS.get(name) if value in ("", None) else value for name, value in items.items()}
        if values:
            hot.execute(self._connection, _profile(tuple(items)), {**values, "the_person": person_id})

    def save_contact(self, person_id: str, items: Mapping[str, str], *, now: datetime) -> None:
        """Keep or remove contact items, with the hashes they are found by."""
        if not items:
            return
        hot.fetch(self._connection, _STILL, {"the_person": person_id})
        if RETURN_DATE in items:
            self.check_ins.day_changed(person_id)
        of_person = contact_item.c.person_id == person_id
        self._connection.execute(delete(contact_item).where(of_person, contact_item.c.name.in_(list(items))))
        kept = {name: value for name, value in items.items() if value}
        if kept:
            values = [rows.contact_values(self._vault, person_id, *item) | {"changed_at": now} for item in kept.items()]
            self._connection.execute(self._upserts["contact"], values)
        self._index(person_id, {name: value for name, value in items.items() if name in SEARCHED})

    def hold_still(self, person_id: str) -> Person | None:
        """Read a person whom nobody else changes before the commit."""
        hot.fetch(self._connection, _STILL, {"the_person": person_id})
        return reads.by_id(self._connection, self._vault, person_id).person

    def _index(self, person_id: str, searched: Mapping[str, str]) -> None:
        if not searched:
            return
        for source in searched:
            hot.execute(self._connection, _UNINDEX, {"the_person": person_id, "the_source": source})
        hashes = [(source, found) for source, value in searched.items() for found in keys_of(self._vault, value)]
        values = [{"person_id": person_id, "source": source, "hash": found} for source, found in sorted(hashes)]
        if values:
            hot.execute_many(self._connection, self._upserts["search"], values)

    def add_outgoing(self, rows_: Sequence[OutgoingRow]) -> None:
        """Insert messages of ours."""
        if rows_:
            hot.execute_many(self._connection, _ADD, [rows.outgoing_values(self._vault, row) for row in rows_])

    def update_outgoing(self, row_id: str, changes: Mapping[str, Any], *, held: datetime | None = None) -> bool:
        """Change one row; the status never moves back. See `bot.ports.Transaction`."""
        return outbox.change(self._connection, row_id, changes, held=held)

    def send_again(self, row_id: str, *, not_before: datetime) -> bool:
        """Let the recipient of a broadcast whose message did not arrive wait for another."""
        return bulk.send_again(self._connection, row_id, not_before=not_before)

    def stop_broadcast(self, broadcast_id: str, *, reason: str) -> None:
        """Pause a broadcast that runs."""
        bulk.stop(self._connection, broadcast_id, reason)

    def open_held(self, person_id: str, *, now: datetime, new_id: Callable[[], str]) -> int:
        """Queue what waited for this person's answer to a WhatsApp template."""
        return held.open_held(self._connection, self._vault, person_id, now=now, new_id=new_id)

    def hold_back(self, person_id: str, *, reason: str, now: datetime) -> None:
        """Never send what waited for this person's answer to a WhatsApp template."""
        held.hold_back(self._connection, person_id, reason, now=now)

    def open_case(self, case: Case, *, now: datetime) -> Case:  # noqa: ARG002 the case brings its time
        """Insert the case or return the open one of its kind. Raises Conflict when the reference is taken."""
        return cases.add(self._connection, self._vault, self._upserts["case"], case)

    def add_case_event(self, case_id: str, event: CaseEvent) -> None:
        """Append to the timeline."""
        cases.append(self._connection, self._vault, case_id, event)

    def join_case(self, case_id: str, event: CaseEvent, *, raised: Priority | None, due_at: datetime) -> None:
        """Append what the person wrote; whoever waited for it has the case before them again."""
        cases.join(self._connection, self._vault, case_id, event, raised=raised, due_at=due_at)

    def change_case(self, before: Case, step: Step) -> None:
        """Carry out one change of a case. Raises Conflict."""
        cases.change(self._connection, self._vault, before, step)

    def case_of(self, person_id: str, reference: str) -> Case | None:
        """Find a person's case by its reference."""
        return cases.of_person(self._connection, self._vault, person_id, reference)

    def add_reminder(self, reminder: Reminder) -> None:
        """Keep one reminder a person and flow."""
        hot.execute(self._connection, self._upserts["reminder"], rows.reminder_values(self._vault, reminder))

    def hasten_reminders(self, person_id: str, *, at: datetime, held_until: datetime) -> None:
        """Bring forward what was held back."""
        held = (reminder.c.person_id == person_id) & (reminder.c.due_at > at) & (reminder.c.due_at <= held_until)
        self._connection.execute(update(reminder).where(held).values(due_at=at))

    def drop_reminders(self, person_id: str, *, flow: str | None = None, reminder_id: str | None = None) -> None:
        """Remove a person's reminders (of a flow, one, or all)."""
        query = delete(reminder).where(reminder.c.person_id == person_id)
        if flow is not None:
            query = query.where(reminder.c.flow == flow)
        if reminder_id is not None:
            query = query.where(reminder.c.id == reminder_id)
        self._connection.execute(query)

    def keep_unmatched(self, person_id: str, effect: KeepUnmatched, *, now: datetime) -> None:
        """Keep a message that was not understood."""
        unmatched.keep(self._connection, self._vault, person_id, effect, now=now)

    def drop_unmatched(self, person_id: str) -> None:
        """Remove what was kept of a person's messages that were not understood."""
        unmatched.drop_of(self._connection, person_id)

    def set_opt_out(self, person_id: str, scope: str, *, word: str, now: datetime) -> None:
        """Set the scope and keep proof for each of the person's addresses."""
        self._connection.execute(update(person).where(person.c.id == person_id).values(opt_out=scope))
        erase.prove(self._connection, person_id, scope, word_hash=self._vault.hash("text", word), now=now)

    def forget(self, person_id: str, *, receipt: str, now: datetime) -> bool:
        """Erase a person. See `bot.ports.Transaction`."""
        return erase.forget(self._connection, person_id, receipt_hash=self._vault.hash("receipt", receipt), now=now)

    def audit(self, *, actor: str, action: str, object_id: str, now: datetime, detail: str = "") -> None:
        """Append who did what to which id."""
        values = {"at": now, "actor": actor, "action": action, "object_id": object_id, "detail": detail}
        self._connection.execute(insert(audit), values)


def _refuse_unknown(items: Mapping[str, Any], known: set[str], what: str) -> None:
    unknown = items.keys() - known
    if unknown:
        msg = f"A {what} has no such field: {', '.join(sorted(unknown))}."
        raise ValueError(msg)
