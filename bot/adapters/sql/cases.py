"""How a case is kept and changes: each change is one line of its timeline and one more in its version."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Insert, String, Update, bindparam, insert, or_, select, update
from sqlalchemy import case as sql_case
from sqlalchemy.exc import IntegrityError

from bot.adapters.crypto import Vault
from bot.adapters.sql import hot, rows
from bot.adapters.sql.tables import IS_OPEN, UtcTime, audit, case_, case_event
from bot.core.case_life import Step
from bot.core.cases import Case, CaseEvent, Priority
from bot.ports import Conflict


def spoken_to() -> ColumnElement[str]:
    """Return the status of a case after its person wrote: what waited for them is before its caseworker again."""
    return sql_case(((case_.c.status == "waiting") | (case_.c.status == "answered"), "taken"), else_=case_.c.status)


def joining(statement: Any) -> Any:
    """Meet the open case of the same kind: the stricter of priority, secrecy and deadline stays."""
    new = statement.excluded
    owed = sql_case((or_(case_.c.due_at < new.due_at, new.due_at.is_(None)), case_.c.due_at), else_=new.due_at)
    return statement.on_conflict_do_update(
        index_elements=["person_id", "kind"],
        index_where=IS_OPEN,
        set_={
            "priority": sql_case((new.priority < case_.c.priority, new.priority), else_=case_.c.priority),
            "sensitive": or_(new.sensitive, case_.c.sensitive),
            "status": spoken_to(),
            "due_at": owed,
            "first_due_at": sql_case((case_.c.first_answer_at.is_(None), owed), else_=case_.c.first_due_at),
        },
    ).returning(case_)


_EVENT = (
    insert(case_event).values({name: bindparam(name) for name in ("case_id", "at", "kind", "actor", "text")}).inline()
)
_MINE = case_.c.id == bindparam("the_case")
_GROWN = {"version": case_.c.version + 1, "changed_at": bindparam("now")}
_GROW = update(case_).where(_MINE).values(_GROWN)
_ALERTED = update(case_).where(_MINE).values({**_GROWN, "alerted_at": bindparam("now")})
_JOINED = update(case_).where(_MINE).values({**_GROWN, "status": spoken_to()})


def _raised() -> Update:
    new, due = bindparam("raised", type_=String), bindparam("due", type_=UtcTime)
    owed = sql_case((case_.c.due_at < due, case_.c.due_at), else_=due)
    return (
        update(case_)
        .where(_MINE)
        .values(
            {
                **_GROWN,
                "status": spoken_to(),
                "priority": sql_case((case_.c.priority > new, new), else_=case_.c.priority),
                "due_at": owed,
                "first_due_at": sql_case((case_.c.first_answer_at.is_(None), owed), else_=case_.c.first_due_at),
            }
        )
    )


_RAISED = _raised()


def add(connection: Connection, vault: Vault, upsert: Insert, case: Case) -> Case:
    """Insert a case or return the open one of its kind. Raises Conflict when the reference is taken."""
    try:
        row = connection.execute(upsert, rows.case_values(vault, case)).one()
    except IntegrityError as error:
        raise Conflict("The case reference is taken; draw another.") from error
    return rows.case_from(vault, row)


def append(connection: Connection, vault: Vault, case_id: str, event: CaseEvent) -> None:
    """Add a line to a case's timeline; an alert is remembered with its time."""
    _tell(connection, vault, case_id, event)
    grow = _ALERTED if event.kind == "alert" else _GROW
    hot.execute(connection, grow, {"the_case": case_id, "now": event.at})


def join(  # noqa: PLR0913 who wrote what into which case, and what follows
    connection: Connection, vault: Vault, case_id: str, event: CaseEvent, *, raised: Priority | None, due_at: datetime
) -> None:
    """Add what the person wrote; words of danger (`raised`) make the case more urgent, and owed by `due_at`."""
    _tell(connection, vault, case_id, event)
    values = {"the_case": case_id, "now": event.at}
    if raised is None:
        hot.execute(connection, _JOINED, values)
    else:
        connection.execute(_RAISED, {**values, "raised": raised, "due": due_at})


def change(connection: Connection, vault: Vault, before: Case, step: Step) -> None:
    """Write a case as a step leaves it, unless it was changed since it was read. Raises Conflict."""
    values = rows.case_changes(before, step.case)
    as_read = (case_.c.id == before.id) & (case_.c.version == before.version)
    try:
        changed = connection.execute(update(case_).where(as_read).values(values)).rowcount if values else 1
    except IntegrityError as error:
        raise Conflict("The person has another open case of this kind.") from error
    if not changed:
        raise Conflict("The case was changed by somebody else meanwhile.")
    append(connection, vault, before.id, step.event)


def of_person(connection: Connection, vault: Vault, person_id: str, reference: str) -> Case | None:
    """Find a person's case by its reference."""
    query = select(case_).where(case_.c.reference == reference, case_.c.person_id == person_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else rows.case_from(vault, row)


def listed(connection: Connection, vault: Vault, *, closed: bool, sensitive: bool) -> tuple[Case, ...]:
    """List cases, most urgent first, then oldest first."""
    query = select(case_).order_by(case_.c.priority, case_.c.opened_at)
    if not closed:
        query = query.where(case_.c.status != "closed")
    if not sensitive:
        query = query.where(case_.c.sensitive.is_(False))
    return tuple(rows.case_from(vault, row) for row in connection.execute(query))


def by_reference(connection: Connection, vault: Vault, reference: str) -> Case | None:
    """Find a case by its reference."""
    row = connection.execute(select(case_).where(case_.c.reference == reference)).one_or_none()
    return None if row is None else rows.case_from(vault, row)


def timeline(connection: Connection, vault: Vault, case_id: str) -> tuple[CaseEvent, ...]:
    """Return the story of a case in the order it was written."""
    query = select(case_event).where(case_event.c.case_id == case_id).order_by(case_event.c.id)
    return tuple(rows.event_from(vault, row) for row in connection.execute(query))


def acted(connection: Connection, case_id: str, staff_id: str) -> frozenset[datetime]:
    """Return when somebody did something to a case: its audit line has the time of the line in the story."""
    query = select(audit.c.at).where(audit.c.object_id == case_id, audit.c.actor == staff_id)
    return frozenset(connection.execute(query.where(audit.c.action != "case.view")).scalars())


def _tell(connection: Connection, vault: Vault, case_id: str, event: CaseEvent) -> None:
    text = rows.sealed(vault, case_event.c.text, event.text, case_id)
    values: dict[str, Any] = {
        "case_id": case_id,
        "at": event.at,
        "kind": event.kind,
        "actor": event.actor,
        "text": text,
    }
    hot.execute(connection, _EVENT, values)
