"""The tables of check-ins: what is planned and became of it, and the answers by question."""

from sqlalchemy import Column, Index, Integer, SmallInteger, String, Table, UniqueConstraint

from bot.adapters.sql.tables import Id, UtcTime, metadata, of_person

check_in = Table(
    "check_in",
    metadata,
    Column("id", Id, primary_key=True),
    of_person(),
    Column("plan", String(64), nullable=False),
    Column("step", String(64), nullable=False),
    Column("flow", String(64), nullable=False),
    Column("due_at", UtcTime, nullable=False),  # by the plan
    Column("next_at", UtcTime, index=True),  # when something is to be done about it; none: nothing more
    Column("status", String(16), nullable=False),  # planned, queued (from then on the message's own status), skipped
    Column("reason", String(32), nullable=False, server_default=""),  # core.outreach.Reason, or ""
    Column("outgoing_id", Id, index=True),  # the first message of it
    Column("asked_at", UtcTime),
    Column("reminded_at", UtcTime),
    Column("answered_at", UtcTime),  # the first answer
    Column("finished_at", UtcTime),  # all answered, refused, or no answer
    Column("version", Integer, nullable=False, server_default="1"),
    UniqueConstraint("person_id", "plan", "step"),
)

answer = Table(  # codes of closed questions, never words of a person; in clear, for the plots
    "answer",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    of_person(),
    Column("source_kind", String(16), nullable=False),  # check_in or broadcast
    Column("source_id", Id, nullable=False),  # the check-in's row, or the broadcast recipient's
    Column("plan", String(64), nullable=False),  # the plan, or the broadcast's id
    Column("question", String(64), nullable=False),
    Column("value", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("region", String(64)),
    Column("trade", String(64)),
    Column("sex", String(1)),
    Column("language", String(8)),
    Column("months_since_return", SmallInteger),
    UniqueConstraint("source_kind", "source_id", "question"),
    Index(None, "question", "at"),
    Index(None, "person_id"),
)
