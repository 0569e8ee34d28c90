"""The tables of broadcasts: what is said to whom, one row a recipient, what a segment costs, and tags of persons."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.adapters.sql.tables import Id, UtcTime, metadata, of_person

broadcast = Table(
    "broadcast",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(128), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("kind", String(16), nullable=False),  # text, flow, check_in
    Column("text_fr", Text, nullable=False, server_default=""),
    Column("text_bm", Text, nullable=False, server_default=""),
    Column("flow", String(64)),
    Column("channel", String(16), nullable=False, server_default="any"),  # any, sms, whatsapp
    Column("sender", String(64)),  # instead of the provider's own; a word cannot be answered
    Column("template", String(64)),  # instead of the usual one
    Column("audience", JSON, nullable=False),
    Column("sms_fallback", Boolean, nullable=False, server_default=text("false")),
    Column("budget", BigInteger),  # centimes; none: the month's cap alone
    Column("created_by", String(128), nullable=False),
    Column("writers", JSON, nullable=False, server_default=text("'[]'")),  # everybody since the last approval
    Column("created_at", UtcTime, nullable=False),
    Column("submitted_at", UtcTime),
    Column("approved_by", String(128)),
    Column("approved_at", UtcTime),
    Column("starts_at", UtcTime),
    Column("prepared_to", Id),  # the last person by id whose row is written: they are written in slices
    Column("frozen_at", UtcTime),  # when all its recipients were written down
    Column("ended_at", UtcTime),
    Column("pause_reason", String(32), nullable=False, server_default=""),
    Column("expected_people", Integer, nullable=False, server_default="0"),
    Column("expected_segments", Integer, nullable=False, server_default="0"),
    Column("expected_centimes", BigInteger, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False, server_default="1"),
)

recipient = Table(  # the truth about one person in one broadcast
    "recipient",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("broadcast_id", Id, ForeignKey("broadcast.id"), nullable=False),
    # No foreign key: the row outlives an erased person, and a hundred thousand checks at once are slow. None: erased.
    Column("person_id", Id),
    Column("status", String(16), nullable=False),
    Column("reason", String(64), nullable=False, server_default=""),  # why skipped, or the provider's error code
    Column("language", String(8), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("operator", String(16), nullable=False, server_default=""),
    Column("provider", String(32), nullable=False, server_default=""),
    Column("segments", SmallInteger, nullable=False, server_default="0"),
    Column("centimes", Integer, nullable=False, server_default="0"),  # what it costs, expected until it has left
    Column("outgoing_id", Id, index=True),  # the newest message to them
    Column("tries", SmallInteger, nullable=False, server_default="0"),
    Column("not_before", UtcTime, nullable=False),
    Column("held_since", UtcTime),  # when they had to wait first, since it was resumed or since they were tried last
    Column("changed_at", UtcTime, nullable=False),
    Column("answered_at", UtcTime),
    UniqueConstraint("broadcast_id", "person_id"),
    Index(None, "broadcast_id", "status", "not_before"),
    Index(None, "broadcast_id", "id"),
    Index(None, "person_id", "changed_at"),
)

spending = Table(  # what has left, or is about to: for the caps, so it is written with the message
    "spending",
    metadata,
    Column("broadcast_id", Id, primary_key=True),  # a broadcast's, or "check_ins"
    Column("month", String(7), primary_key=True),  # "2026-11", in Bamako
    Column("centimes", BigInteger, nullable=False),
)

price = Table(  # what one segment (SMS) or message (WhatsApp) costs; the most special row that is valid counts
    "price",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("channel", String(16), nullable=False),  # sms, whatsapp, template (opens a WhatsApp window)
    Column("operator", String(16), nullable=False, server_default=""),  # "": any
    Column("provider", String(32), nullable=False, server_default=""),  # "": any
    Column("centimes", Integer, nullable=False),
    Column("valid_from", UtcTime, nullable=False),
    Column("set_by", String(128), nullable=False),
    UniqueConstraint("channel", "operator", "provider", "valid_from"),
)

person_tag = Table(  # what staff or an uploaded list call somebody; for audiences
    "person_tag",
    metadata,
    of_person(primary_key=True),
    Column("tag", String(64), primary_key=True, index=True),
    Column("since", UtcTime, nullable=False),
)
