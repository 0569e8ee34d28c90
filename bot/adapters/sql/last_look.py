"""The last look before a message that nobody waits for leaves: much may have happened since it was taken."""

from sqlalchemy import Connection, and_, bindparam, exists, or_, select
from sqlalchemy import case as sql_case

from bot.adapters.sql import hot
from bot.adapters.sql.audience import reason
from bot.adapters.sql.tables import case_, outgoing, person
from bot.adapters.sql.tables_broadcasts import broadcast

_MINE = broadcast.c.id == outgoing.c.broadcast_id
_BY_US = or_(outgoing.c.kind == "check_in", outgoing.c.kind == "broadcast")
# As `core.cases.is_grave` has it. When the message was made there was none.
_GRAVE = exists().where(
    case_.c.person_id == outgoing.c.person_id,
    case_.c.status != "closed",
    or_(case_.c.sensitive, case_.c.priority != "P3"),
)
_NEVER = reason(outgoing.c.channel)
_CANCELLED = exists().where(_MINE, broadcast.c.state == "cancelled")
_FOR_MONEY = or_(broadcast.c.pause_reason == "budget", broadcast.c.pause_reason == "month_budget")  # this one is paid
_PAUSED = exists().where(_MINE, broadcast.c.state == "paused", ~_FOR_MONEY)
_WHY = (
    select(
        sql_case(
            (outgoing.c.person_id.is_(None), "erased"),
            (person.c.opt_out != "none", "opted_out"),
            (and_(_BY_US, _NEVER != ""), _NEVER),
            (and_(_BY_US, _GRAVE), "grave_case"),
            (_CANCELLED, "cancelled"),
            (_PAUSED, "paused"),
            else_="",
        ).label("why")
    )
    .select_from(outgoing.outerjoin(person, person.c.id == outgoing.c.person_id))
    .where(outgoing.c.id == bindparam("row"))
)


def why_not(connection: Connection, row_id: str) -> str:
    """Say why a message must not leave after all: a reason of ours, or "paused" (its broadcast goes on later)."""
    found = hot.fetch(connection, _WHY, {"row": row_id})
    return str(found[0].why) if found else "erased"
