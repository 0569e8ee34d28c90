"""Every table there is, and every column that is sealed; a new table's module is imported here."""

from typing import Any

from sqlalchemy import Column

from bot.adapters.sql import (
    tables_broadcasts,
    tables_calendar,
    tables_check_ins,
    tables_duty,
    tables_facts,
    tables_spent,
    tables_texts,
)
from bot.adapters.sql.tables import (
    address,
    case_,
    case_event,
    contact_item,
    conversation,
    incoming,
    metadata,
    outgoing,
    reminder,
    unmatched,
)
from bot.adapters.sql.tables_calls import legal_hold, media, media_part
from bot.adapters.sql.tables_import import contact_import, import_piece, import_row
from bot.adapters.sql.tables_staff import staff

__all__ = [
    "SEALED",
    "metadata",
    "tables_broadcasts",
    "tables_calendar",
    "tables_check_ins",
    "tables_duty",
    "tables_facts",
    "tables_spent",
    "tables_texts",
]

# Every sealed column, and the columns of its row that it is bound to: moved to another row it does not open.
SEALED: dict[Column[Any], tuple[str, ...]] = {
    address.c.value: ("person_id", "channel"),
    contact_item.c.value: ("person_id", "name"),
    conversation.c.state: ("person_id",),
    incoming.c.body: ("id",),
    outgoing.c.recipient: ("id",),
    outgoing.c.text: ("id",),
    case_.c.words: ("id",),
    case_.c.note: ("id",),
    case_event.c.text: ("case_id",),
    reminder.c.slots: ("person_id", "flow"),
    unmatched.c.text: ("person_id",),
    contact_import.c.titles: ("id",),
    import_piece.c.body: ("import_id", "position"),
    import_row.c.body: ("import_id", "line"),
    staff.c.phone: ("id",),
    staff.c.email: ("id",),
    staff.c.totp: ("id",),
    media.c.address: ("id",),
    media_part.c.content: ("id",),
    legal_hold.c.reason: ("id",),
}
