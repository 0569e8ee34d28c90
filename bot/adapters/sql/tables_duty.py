"""Tables of duty: the rota, who has paused, how far a case's alerts have climbed, and who works a case by telephone."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, SmallInteger, String, Table

from bot.adapters.sql.tables import Id, UtcTime, metadata

duty_shift = Table(
    "duty_shift",
    metadata,
    Column("id", Id, primary_key=True),
    Column("staff_id", Id, ForeignKey("staff.id"), nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False, index=True),
    Column("role", String(16), nullable=False),  # main, substitute or supervisor
    Column("channel", String(16), nullable=False),  # by which the alert comes
)

duty_pause = Table(  # alerts go to the next one until then
    "duty_pause",
    metadata,
    Column("staff_id", Id, ForeignKey("staff.id"), primary_key=True),
    Column("until", UtcTime, nullable=False),
)

escalation = Table(  # one row a case: the clock that goes on until somebody has it in hand
    "escalation",
    metadata,
    Column("case_id", Id, ForeignKey("case_.id", deferrable=True, initially="DEFERRED"), primary_key=True),
    Column("step", SmallInteger, nullable=False),  # alerts so far; whoever changes it has claimed the step
    Column("alerted", JSON, nullable=False),  # staff ids of this round
    Column("next_at", UtcTime),  # none: it has ended
    Index(None, "next_at"),
)

phone_case = Table(  # taken by SMS: what the person writes goes to the caseworker's telephone
    "phone_case",
    metadata,
    Column("case_id", Id, ForeignKey("case_.id", deferrable=True, initially="DEFERRED"), primary_key=True),
    Column("staff_id", Id, ForeignKey("staff.id"), nullable=False),
    Column("told_event", Integer, nullable=False),  # the last line of the timeline that was forwarded
)
