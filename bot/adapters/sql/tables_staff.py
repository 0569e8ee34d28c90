"""Tables of staff: who they are, how they sign in, where they are signed in, and the chain over the audit trail."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    text,
)

from bot.adapters.sql.tables import Hash, Id, UtcTime, metadata

staff = Table(
    "staff",
    metadata,
    Column("id", Id, primary_key=True),
    Column("login", String(64), nullable=False, unique=True),
    Column("name", String(128), nullable=False),
    Column("roles", JSON, nullable=False),
    Column("partner", String(64)),  # id of an organisation in the directory
    Column("languages", JSON, nullable=False),
    Column("sex", String(8)),
    Column("phone", LargeBinary),  # sealed
    Column("phone_hash", Hash, unique=True),
    Column("phone_confirmed_at", UtcTime),
    Column("pin_hash", String(255)),
    Column("pin_failed", Integer, nullable=False, server_default="0"),
    Column("email", LargeBinary),  # sealed
    Column("password_hash", String(255), nullable=False),
    Column("must_change_password", Boolean, nullable=False, server_default=text("false")),
    Column("totp", LargeBinary),  # sealed; none: no second factor yet
    Column("totp_confirmed_at", UtcTime),
    Column("totp_step", Integer, nullable=False, server_default="0"),  # the last one used: none is used twice
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("created_at", UtcTime, nullable=False),
)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("staff_id", Id, ForeignKey("staff.id"), primary_key=True),
    Column("hash", Hash, primary_key=True),
)

staff_session = Table(
    "staff_session",
    metadata,
    Column("id", Id, primary_key=True),
    Column("hash", Hash, nullable=False, unique=True),  # of the cookie
    Column("staff_id", Id, ForeignKey("staff.id"), nullable=False, index=True),
    Column("whole", Boolean, nullable=False),  # false: the password was right, the second factor is still to come
    Column("created_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("agent", String(80), nullable=False),
)

sign_in_failure = Table(  # by a hash of the account's login or of the address that knocks, whether or not they exist
    "sign_in_failure",
    metadata,
    Column("hash", Hash, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", UtcTime, nullable=False, index=True),
)

audit_link = Table(  # append-only: triggers refuse changes
    "audit_link",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("first_id", Integer, nullable=False, unique=True),  # two workers never close the same lines
    Column("last_id", Integer, nullable=False),
    Column("hash", Hash, nullable=False),
    Column("at", UtcTime, nullable=False),
)
