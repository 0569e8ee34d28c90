"""Between stored rows and the core's values: what is personal is sealed here and opened here, nowhere else."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Column, Row

from bot.adapters.crypto import Vault
from bot.adapters.sql.tables import case_, case_event, contact_item, incoming, outgoing, reminder
from bot.core.cases import Case, CaseEvent
from bot.core.messages import Address, Incoming, Status
from bot.core.people import Person
from bot.ports import Json, OutgoingKind, OutgoingRow, Reminder

# Somebody who waits for an answer comes before what we start ourselves.
_PRIORITY: dict[OutgoingKind, int] = {
    "alert": 0,
    "reply": 1,
    "caseworker": 1,
    "staff": 1,
    "reminder": 2,
    "check_in": 3,
    "broadcast": 4,
}

_CASE_LIFE = (
    *("holder", "due_at", "first_due_at", "first_answer_at", "taken_at", "alerted_at", "asked_partner_at"),
    *("changed_at", "waits_until", "referred_to", "outcome", "version"),
)


def sealed(vault: Vault, column: Column[Any], text: str, *owner: str) -> bytes:
    """Encrypt a text for one column of one row (`owner`: see sealed.SEALED)."""
    return vault.seal(text, context(column, owner))


def opened(vault: Vault, column: Column[Any], value: bytes | None, *owner: str) -> str:
    """Decrypt a column of one row; "" where the text has been erased. Raises WrongKey."""
    return "" if value is None else vault.open(value, context(column, owner))


def context(column: Column[Any], owner: Iterable[str]) -> str:
    """Name the place that a sealed text is bound to."""
    return f"{column.table.name}.{column.name}:{':'.join(owner)}"


def as_json(value: Any) -> str:
    """Write JSON as compactly as it goes."""
    return _ENCODER.encode(value)


def _plain(value: object) -> object:
    """Turn what only looks like JSON (mappings that are no dict) into it."""
    if isinstance(value, Mapping):
        return dict(value)
    msg = f"A {type(value).__name__} cannot be stored as JSON."
    raise TypeError(msg)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)


def read_json(text: str) -> Any:
    """Read stored JSON; {} where it has been erased."""
    return json.loads(text) if text else {}


def person_from(row: Row[Any], addresses: tuple[Address, ...], contact: Json) -> Person:
    """Build a person from columns in clear and opened parts."""
    return Person(
        id=row.id,
        language=row.language,
        region=row.region,
        trade=row.trade,
        origin=row.origin,
        return_month=row.return_month,
        consent=row.consent,
        opt_out=row.opt_out,
        discreet=row.discreet,
        do_not_call=row.do_not_call,
        held=row.held,
        sex=row.sex,
        minor=row.minor,
        guardian=row.guardian,
        unreachable=row.unreachable,
        consent_source=row.consent_source,
        consent_at=row.consent_at,
        contact=contact,
        addresses=addresses,
        first_seen=row.first_seen,
    )


def contact_values(vault: Vault, person_id: str, name: str, value: str) -> dict[str, Any]:
    """Write a contact item as a row."""
    return {"person_id": person_id, "name": name, "value": sealed(vault, contact_item.c.value, value, person_id, name)}


def incoming_values(vault: Vault, message: Incoming, row_id: str, person_id: str | None) -> dict[str, Any]:
    """Write an incoming message as a row; of one without a person (from staff) nothing but its id is kept."""
    media = [(item.url, item.content_type) for item in message.media]
    body = as_json({"text": message.text, "payload": message.payload, "media": media})
    return {
        "id": row_id,
        "provider": message.provider,
        "provider_id": message.provider_id,
        "person_id": person_id,
        "channel": message.sender.channel,
        "recipient": message.recipient,
        "content": message.content,
        "body": sealed(vault, incoming.c.body, body, row_id) if person_id else None,
        "text_hash": _text_hash(vault, message, person_id),
        "received_at": message.received_at,
    }


def _text_hash(vault: Vault, message: Incoming, person_id: str | None) -> str | None:
    """Return what tells repeated texts; of staff only what tells from which telephone they came, to count them."""
    if person_id is None:
        return vault.hash("staff phone", message.sender.reveal())
    return vault.hash("text", message.text) if message.text else None


def outgoing_values(vault: Vault, row: OutgoingRow) -> dict[str, Any]:
    """Write a message of ours as a row."""
    return {
        "id": row.id,
        "person_id": row.person_id,
        "channel": row.to.channel,
        "recipient": sealed(vault, outgoing.c.recipient, row.to.reveal(), row.id),
        "provider": row.provider,
        "kind": row.kind,
        "priority": _PRIORITY[row.kind],
        "route": row.route,
        "text": sealed(vault, outgoing.c.text, row.text, row.id),
        "response": row.response[:255],
        "language": row.language,
        "encoding": row.encoding,
        "segments": row.segments,
        "status": row.status.value,
        "created_at": row.created_at,
        "in_reply_to": row.in_reply_to,
        "position": row.position,
        "case_id": row.case_id,
        "not_before": row.not_before,
        "lease_until": row.lease_until,
        "attempts": row.attempts,
        "provider_id": row.provider_id,
        "error_code": row.error_code,
        "broadcast_id": row.broadcast_id,
        "template": row.template,
        "opened_at": None,
        "sender": row.sender,
    }


def outgoing_from(vault: Vault, row: Row[Any]) -> OutgoingRow:
    """Read a message of ours."""
    return OutgoingRow(
        id=row.id,
        person_id=row.person_id,
        to=Address(row.channel, opened(vault, outgoing.c.recipient, row.recipient, row.id)),
        provider=row.provider,
        kind=row.kind,
        route=row.route,
        text=opened(vault, outgoing.c.text, row.text, row.id),
        response=row.response,
        language=row.language,
        encoding=row.encoding,
        segments=row.segments,
        status=Status(row.status),
        created_at=row.created_at,
        in_reply_to=row.in_reply_to,
        position=row.position,
        case_id=row.case_id,
        not_before=row.not_before,
        lease_until=row.lease_until,
        attempts=row.attempts,
        provider_id=row.provider_id,
        error_code=row.error_code,
        broadcast_id=row.broadcast_id,
        template=row.template,
        sender=row.sender,
    )


def case_values(vault: Vault, case: Case) -> dict[str, Any]:
    """Write a case as a row."""
    return {
        "id": case.id,
        "reference": case.reference,
        "person_id": case.person_id,
        "kind": case.kind,
        "priority": case.priority,
        "status": case.status,
        "sensitive": case.sensitive,
        "opened_at": case.opened_at,
        "taken_by": case.taken_by,
        "closed_at": case.closed_at,
        **{name: getattr(case, name) for name in _CASE_LIFE},
        "words": sealed(vault, case_.c.words, as_json(case.words), case.id),
        "note": sealed(vault, case_.c.note, as_json(case.note), case.id),
    }


def case_changes(before: Case, after: Case) -> dict[str, Any]:
    """Write what differs between two states of a case as columns; words and note stay as they are."""
    names = ("priority", "status", "sensitive", "taken_by", "closed_at", *_CASE_LIFE)
    return {name: getattr(after, name) for name in names if getattr(after, name) != getattr(before, name)}


def case_from(vault: Vault, row: Row[Any]) -> Case:
    """Read a case; `person_id` is "" once the person has been erased."""
    return Case(
        id=row.id,
        reference=row.reference,
        person_id=row.person_id or "",
        kind=row.kind,
        priority=row.priority,
        status=row.status,
        sensitive=row.sensitive,
        opened_at=row.opened_at,
        taken_by=row.taken_by,
        closed_at=row.closed_at,
        **{name: getattr(row, name) for name in _CASE_LIFE},
        words=tuple(read_json(opened(vault, case_.c.words, row.words, row.id))),
        note=read_json(opened(vault, case_.c.note, row.note, row.id)),
    )


def event_from(vault: Vault, row: Row[Any]) -> CaseEvent:
    """Read one line of a case's timeline."""
    return CaseEvent(row.at, row.kind, row.actor, opened(vault, case_event.c.text, row.text, row.case_id))


def reminder_values(vault: Vault, item: Reminder) -> dict[str, Any]:
    """Write a reminder as a row."""
    return {
        "id": item.id,
        "person_id": item.person_id,
        "flow": item.flow,
        "due_at": item.due_at,
        "slots": sealed(vault, reminder.c.slots, as_json(item.slots), item.person_id, item.flow),
    }


def reminder_from(vault: Vault, row: Row[Any]) -> Reminder:
    """Read a reminder."""
    slots = read_json(opened(vault, reminder.c.slots, row.slots, row.person_id, row.flow))
    return Reminder(row.id, row.person_id, row.flow, row.due_at, slots)
