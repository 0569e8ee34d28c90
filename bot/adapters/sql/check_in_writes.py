"""What one transaction does to check-ins and answers: `bot.ports.check_ins.CheckInWrites`."""

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.adapters.sql import hot, money
from bot.adapters.sql.tables import person
from bot.adapters.sql.tables_broadcasts import recipient
from bot.adapters.sql.tables_check_ins import answer, check_in
from bot.core import limits
from bot.core.check_ins import CheckIn, Planned
from bot.core.effects import Ending
from bot.ports import Conflict
from bot.ports.check_ins import Answer, Source

_HEARD = (
    update(recipient)
    .where(
        recipient.c.person_id == bindparam("the_person"),
        recipient.c.changed_at > bindparam("since"),
        or_(*(recipient.c.status == one for one in ("sending", "accepted", "sent", "delivered", "read"))),
        recipient.c.answered_at.is_(None),
    )
    .values(answered_at=bindparam("now"))
)
_COLUMNS = tuple(field.name for field in fields(CheckIn))


def row_from(found: RowMapping) -> CheckIn:
    """Read a check-in."""
    values = {name: found[name] for name in _COLUMNS}
    return CheckIn(**{**values, "reason": values["reason"] or None})


def new_values(planned: Planned, *, ident: str, person_id: str) -> dict[str, Any]:
    """Write a step that has just been planned as a row."""
    return {
        "id": ident,
        "person_id": person_id,
        "plan": planned.plan,
        "step": planned.step,
        "flow": planned.flow,
        "due_at": planned.due_at,
        "next_at": planned.next_at,
        "status": planned.status,
        "reason": planned.reason or "",
    }


class SqlCheckInWrites:
    """The verbs of `bot.ports.check_ins.CheckInWrites` within one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Write through `connection`, which is within a transaction."""
        self._connection = connection

    def add(self, rows: list[dict[str, Any]]) -> None:
        """Insert rows that have been planned; a step that somebody has planned meanwhile stays as it is."""
        if rows:
            self._connection.execute(_insert(self._connection, check_in).on_conflict_do_nothing(), rows)

    def change(self, row: CheckIn, *, expected: int) -> None:
        """Write a row as its version `expected` + 1. Raises Conflict."""
        values = {name: getattr(row, name) for name in _COLUMNS if name not in {"id", "person_id", "plan", "step"}}
        values |= {"reason": row.reason or "", "version": expected + 1}
        mine = (check_in.c.id == row.id, check_in.c.version == expected)
        if not self._connection.execute(update(check_in).where(*mine).values(values)).rowcount:
            raise Conflict("The check-in was changed meanwhile.")

    def pay(self, centimes: int, *, month: str, cap: int) -> bool:
        """Count a price towards the month's spending; False, and nothing counted, where that would pass the cap."""
        money.lock(self._connection)
        if cap and money.spent(self._connection, month=month) + centimes > cap:
            return False
        money.spend(self._connection, money.CHECK_INS, month, centimes)
        return True

    def keep_answer(self, answer: Answer) -> None:
        """Keep an answer, and note on what it was asked for that there is one."""
        self._put(answer)
        table, mine = _place(answer.source)
        unanswered = table.c.answered_at.is_(None)
        self._connection.execute(update(table).where(mine, unanswered).values(answered_at=answer.at))

    def _put(self, new: Answer) -> None:
        values = {
            "person_id": new.person_id,
            "source_kind": new.source.kind,
            "source_id": new.source.id,
            "plan": self._plan_of(new.source),
            "question": new.question,
            "value": new.value,
            "at": new.at,
            "region": new.region,
            "trade": new.trade,
            "sex": new.sex,
            "language": new.language,
            "months_since_return": new.months_since_return,
        }
        statement = _insert(self._connection, answer).values(values)
        key = ["source_kind", "source_id", "question"]
        changed = {name: statement.excluded[name] for name in ("value", "at")}
        self._connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed))

    def _plan_of(self, source: Source) -> str:
        table, mine = _place(source)
        column = table.c.plan if source.kind == "check_in" else table.c.broadcast_id
        return self._connection.execute(select(column).where(mine)).scalar() or ""

    def heard(self, person_id: str, *, now: datetime) -> None:
        """Note on broadcasts that reached a person lately that they have written since."""
        values = {"the_person": person_id, "now": now, "since": now - limits.ANSWERS_COME}
        hot.execute(self._connection, _HEARD, values)

    def day_changed(self, person_id: str) -> None:
        """Have a person's check-ins planned anew: the day they are counted from is another."""
        self._connection.execute(update(person).where(person.c.id == person_id).values(planned_by=None))

    def end(self, source: Source, reason: Ending, *, now: datetime) -> None:
        """Note that a check-in is over and why."""
        if source.kind == "check_in":
            self._end(check_in.c.id == source.id, reason, now)

    def end_all(self, person_id: str, reason: Ending, *, now: datetime) -> None:
        """Note that all that was asked of a person is over."""
        self._end(check_in.c.person_id == person_id, reason, now)

    def _end(self, which: Any, reason: Ending, now: datetime) -> None:
        still = (check_in.c.status == "queued", check_in.c.finished_at.is_(None))
        told = {"reason": reason} if reason else {}
        over = {"finished_at": now, "next_at": None, "version": check_in.c.version + 1}
        self._connection.execute(update(check_in).where(which, *still).values(over | told))


def did_not_arrive(connection: Connection, row_id: str) -> None:
    """Have a check-in looked at again at once: WhatsApp did not deliver its question, perhaps an SMS does."""
    waits = (check_in.c.status == "queued", check_in.c.answered_at.is_(None), check_in.c.finished_at.is_(None))
    again = {"next_at": check_in.c.asked_at, "version": check_in.c.version + 1}
    connection.execute(update(check_in).where(check_in.c.outgoing_id == row_id, *waits).values(again))


def asked_anew(connection: Connection, row_id: str, text_id: str) -> None:
    """Let a check-in follow the text itself once its template is answered."""
    values = {"outgoing_id": text_id, "version": check_in.c.version + 1}
    connection.execute(update(check_in).where(check_in.c.outgoing_id == row_id).values(values))


def _place(source: Source) -> tuple[Any, Any]:
    """Return the table and the condition of the row that a source names."""
    if source.kind == "check_in":
        return check_in, check_in.c.id == source.id
    return recipient, recipient.c.id == int(source.id)


def _insert(connection: Connection, table: Any) -> Any:
    made: Callable[..., Any] = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    return made(table)
