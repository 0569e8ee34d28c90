"""Tables of calls, voice notes and pictures, legal holds, and what was purged here and taken back at the provider."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, SmallInteger, String, Table, text

from bot.adapters.sql.tables import Id, UtcTime, metadata, of_person

media = Table(  # one attachment of an incoming message
    "media",
    metadata,
    Column("id", Id, primary_key=True),
    of_person(nullable=False, index=True),
    Column("message_id", Id, nullable=False, index=True),  # of the incoming row
    Column("content_type", String(64), nullable=False),  # as the provider declares it, without parameters
    Column("address", LargeBinary),  # sealed: where the provider holds it; none: nothing is to be fetched any more
    Column("status", String(16), nullable=False),  # wanted, kept, refused
    Column("reason", String(32), nullable=False, server_default=""),  # why it was refused
    Column("size", Integer, nullable=False, server_default="0"),  # bytes
    Column("tries", SmallInteger, nullable=False, server_default="0"),
    Column("next_at", UtcTime, index=True),  # when it is to be fetched (again); none: never
    Column("came_at", UtcTime, nullable=False, index=True),
)

media_part = Table(  # a piece of its bytes; small, so that neither keys nor listening need it whole in memory
    "media_part",
    metadata,
    Column("id", String(48), primary_key=True),  # the attachment's, "-", which piece in five digits
    Column("media_id", Id, ForeignKey("media.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("content", LargeBinary, nullable=False),  # sealed, in base64
)

call = Table(  # a call that a caseworker asked for
    "call",
    metadata,
    Column("id", Id, primary_key=True),
    of_person(index=True),  # none: erased
    Column("case_id", Id, nullable=False, index=True),
    Column("staff_id", Id, nullable=False),
    Column("staff_name", String(128), nullable=False),
    Column("status", String(16), nullable=False),  # asked, refused, or the provider's word for the person's leg
    Column("seconds", Integer, nullable=False, server_default="0"),  # spoken with the person
    Column("provider_id", String(64)),
    Column("asked_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
)

legal_hold = Table(  # why somebody's data may not be erased for now; `person.held` says that one is in force
    "legal_hold",
    metadata,
    Column("id", Id, primary_key=True),
    of_person(nullable=False, index=True),
    Column("reason", LargeBinary, nullable=False),  # sealed
    Column("placed_by", String(128), nullable=False),
    Column("placed_at", UtcTime, nullable=False),
    Column("lifted_by", String(128)),
    Column("lifted_at", UtcTime),
    Column("erase", Boolean, nullable=False, server_default=text("false")),  # the person wished it meanwhile
)

redaction = Table(  # what the provider no longer holds, by its own id; forgotten once it cannot come up again
    "redaction",
    metadata,
    Column("provider_id", String(128), primary_key=True),
    Column("at", UtcTime, nullable=False, index=True),
    Column("error", String(64)),  # why it still has it: it refused
)

purged = Table(  # how much each period has taken away
    "purged",
    metadata,
    Column("kind", String(32), primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("last", Integer, nullable=False),
    Column("total", Integer, nullable=False),
)

Index(
    "uq_legal_hold__in_force",
    legal_hold.c.person_id,
    unique=True,
    sqlite_where=legal_hold.c.lifted_at.is_(None),
    postgresql_where=legal_hold.c.lifted_at.is_(None),
)
