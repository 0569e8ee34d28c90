"""The tables after the newest migration: what is sealed is bytes, what audiences are asked for is in clear."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """A time with zone; SQLite has none and keeps UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse naive times, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "A time without zone was to be stored; use bot.ports.Clock."
            raise ValueError(msg)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

Id = String(32)
Hash = String(64)


def of_person(**options: Any) -> Column[str]:
    """Refer to a person; checked at the commit, so that the verbs of a turn may come in any order."""
    return Column("person_id", Id, ForeignKey("person.id", deferrable=True, initially="DEFERRED"), **options)


person = Table(
    "person",
    metadata,
    Column("id", Id, primary_key=True),
    Column("language", String(8)),
    Column("region", String(64)),
    Column("trade", String(64)),
    Column("origin", String(8)),
    Column("return_month", String(7)),
    Column("consent", String(16), nullable=False, server_default="none"),
    Column("opt_out", String(16), nullable=False, server_default="none"),
    Column("discreet", Boolean, nullable=False, server_default=text("false")),
    Column("do_not_call", Boolean, nullable=False, server_default=text("false")),
    Column("first_seen", UtcTime, nullable=False),
    Column("sex", String(1)),
    Column("minor", Boolean, nullable=False, server_default=text("false")),
    Column("guardian", Boolean, nullable=False, server_default=text("false")),
    Column("unreachable", Boolean, nullable=False, server_default=text("false")),
    Column("consent_source", String(64)),
    Column("consent_at", UtcTime),
    Column("held", Boolean, nullable=False, server_default=text("false")),  # a legal hold: nothing is erased
    Column("planned_by", String(64)),  # digest of the check-in plans that the rows were made by; none: plan anew
    Index(None, "consent", "planned_by", "id"),  # whose check-ins are to be planned
)

address = Table(
    "address",
    metadata,
    Column("hash", Hash, primary_key=True),  # of the value alone: the same number by SMS and WhatsApp is one person
    Column("channel", String(16), primary_key=True),
    of_person(nullable=False, index=True),
    Column("value", LargeBinary, nullable=False),  # sealed
    Column("seen_at", UtcTime, nullable=False),
    Column("operator", String(16), nullable=False, server_default=""),  # whose number it is; for prices
)

contact_item = Table(
    "contact_item",
    metadata,
    of_person(primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("value", LargeBinary, nullable=False),  # sealed
    Column("changed_at", UtcTime, nullable=False),
)

search_key = Table(
    "search_key",
    metadata,
    of_person(primary_key=True),
    Column("source", String(64), primary_key=True),  # the contact item, or "address"
    Column("hash", Hash, primary_key=True, index=True),
)

conversation = Table(
    "conversation",
    metadata,
    of_person(primary_key=True),
    Column("state", LargeBinary, nullable=False),  # sealed
    Column("version", Integer, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
)

incoming = Table(
    "incoming",
    metadata,
    Column("id", Id, primary_key=True),
    Column("provider", String(32), nullable=False),
    Column("provider_id", String(128), nullable=False),
    of_person(),  # none: erased
    Column("channel", String(16), nullable=False),
    Column("recipient", String(128), nullable=False),  # ours
    Column("content", String(16), nullable=False),
    Column("body", LargeBinary),  # sealed: text, payload, media; none: erased
    Column("text_hash", Hash),
    Column("received_at", UtcTime, nullable=False),
    UniqueConstraint("provider", "provider_id"),
    Index(None, "person_id", "received_at"),
    Index(None, "received_at"),
)

outgoing = Table(
    "outgoing",
    metadata,
    Column("id", Id, primary_key=True),
    of_person(),  # none: an alert to staff, or erased
    Column("channel", String(16), nullable=False),
    Column("recipient", LargeBinary),  # sealed; none: erased
    Column("provider", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("route", String(16), nullable=False),
    Column("text", LargeBinary),  # sealed; none: erased
    Column("response", String(255), nullable=False),
    Column("language", String(8), nullable=False),
    Column("encoding", String(16), nullable=False),
    Column("segments", SmallInteger, nullable=False),
    Column("status", String(16), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("in_reply_to", Id, index=True),
    Column("position", SmallInteger, nullable=False),
    Column("case_id", Id, index=True),
    Column("not_before", UtcTime),
    Column("lease_until", UtcTime),
    Column("attempts", SmallInteger, nullable=False),
    Column("provider_id", String(128), index=True),
    Column("error_code", String(64)),
    Column("broadcast_id", Id),
    Column("template", String(64)),  # sent in place of the text, which waits for the person's answer
    Column("opened_at", UtcTime),  # when the text followed that answer
    Column("sender", String(64)),  # by SMS, instead of the provider's own
    Index(None, "broadcast_id", "status"),
    Index(None, "status", "priority", "created_at", "position"),  # what is due, in its order
    Index(None, "person_id", "created_at"),
    Index(None, "created_at"),
)

case_ = Table(
    "case_",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reference", String(8), nullable=False, unique=True),
    of_person(),  # none: erased
    Column("kind", String(64), nullable=False),
    Column("priority", String(2), nullable=False),
    Column("status", String(16), nullable=False),
    Column("sensitive", Boolean, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("taken_by", String(128)),
    Column("closed_at", UtcTime),
    Column("words", LargeBinary),  # sealed
    Column("note", LargeBinary),  # sealed
    Column("holder", String(128), nullable=False, server_default=""),  # the name of `taken_by`
    Column("due_at", UtcTime),
    Column("first_due_at", UtcTime),
    Column("first_answer_at", UtcTime),
    Column("taken_at", UtcTime),
    Column("alerted_at", UtcTime),
    Column("asked_partner_at", UtcTime),
    Column("changed_at", UtcTime),
    Column("waits_until", Date),
    Column("referred_to", String(64)),
    Column("outcome", String(32), nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default=text("0")),  # lines of its timeline
    Index(None, "status", "priority", "opened_at"),
    Index(None, "person_id", "opened_at"),
)

# A literal, not a parameter: PostgreSQL plans a statement that comes often without its values, and would not find the
# index any more by which a second case of the kind joins the first.
IS_OPEN = case_.c.status != literal_column("'closed'")
Index(  # at most one open case a person and kind
    "uq_case__open",
    case_.c.person_id,
    case_.c.kind,
    unique=True,
    sqlite_where=IS_OPEN,
    postgresql_where=IS_OPEN,
)

case_event = Table(
    "case_event",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("case_id", Id, ForeignKey("case_.id", deferrable=True, initially="DEFERRED"), nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("actor", String(128), nullable=False),
    Column("text", LargeBinary),  # sealed; none: erased
)

reminder = Table(
    "reminder",
    metadata,
    Column("id", Id, primary_key=True),
    of_person(nullable=False),
    Column("flow", String(64), nullable=False),
    Column("due_at", UtcTime, nullable=False, index=True),
    Column("slots", LargeBinary, nullable=False),  # sealed
    UniqueConstraint("person_id", "flow"),
)

opt_out_proof = Table(
    "opt_out_proof",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("address_hash", Hash, nullable=False),
    Column("scope", String(16), nullable=False),
    Column("word_hash", Hash, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "address_hash", "id"),
)

erasure_receipt = Table(
    "erasure_receipt",
    metadata,
    Column("receipt_hash", Hash, primary_key=True),
    Column("at", UtcTime, nullable=False),
)

audit = Table(  # append-only: triggers refuse changes
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcTime, nullable=False),
    Column("actor", String(128), nullable=False),
    Column("action", String(64), nullable=False),
    Column("object_id", String(64), nullable=False, index=True),
    Column("detail", String(255), nullable=False),
)

unmatched = Table(  # messages that were not understood, without numbers and names
    "unmatched",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    of_person(nullable=False, index=True),
    Column("language", String(8), nullable=False),
    Column("text", LargeBinary, nullable=False),  # sealed
    Column("offered", JSON, nullable=False),
    Column("kept_at", UtcTime, nullable=False, index=True),
    Column("label", String(64)),
    Column("danger", Boolean, nullable=False, server_default=text("false")),
    Column("labelled_by", String(128)),
    Column("labelled_at", UtcTime),
    sqlite_autoincrement=True,  # the number of one that is gone is never another's: staff type it
)

key_check = Table(  # tells whether the keys at hand are those that the rows were made with
    "key_check",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
