"""Reading cases for a screen: `bot.ports.case_reads.CaseReads`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, false, func, or_, select, union_all
from sqlalchemy import case as sql_case

from bot.adapters.crypto import Vault
from bot.adapters.sql import rows
from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import UtcTime, case_, incoming, outgoing, person
from bot.core.cases import Case
from bot.core.staff import Staff
from bot.ports.case_reads import TABS, CaseLine, Narrowed, Tab

_FILTERS = {
    "priority": case_.c.priority,
    "kind": case_.c.kind,
    "language": person.c.language,
    "region": person.c.region,
}
_OPEN = case_.c.status != "closed"
_WROTE = (
    select(func.max(incoming.c.received_at, type_=UtcTime()))
    .where(incoming.c.person_id == case_.c.person_id)
    .scalar_subquery()
)
_JOINED = case_.outerjoin(person, person.c.id == case_.c.person_id)
_LINES = select(case_, person.c.language, person.c.region, _WROTE.label("wrote_at")).select_from(_JOINED)
_MOST_URGENT = (case_.c.priority, case_.c.due_at.is_(None), case_.c.due_at, case_.c.opened_at, case_.c.id)
_OF_PERSON = select(case_).where(case_.c.person_id == bindparam("person")).order_by(case_.c.opened_at.desc())
_STAMP = union_all(  # every message has one status; so whatever moves changes a number
    select(case_.c.status, case_.c.version).where(case_.c.id == bindparam("case")),
    select(incoming.c.channel, func.count())
    .where(incoming.c.person_id == bindparam("person"))
    .group_by(incoming.c.channel),
    select(outgoing.c.status, func.count())
    .where(outgoing.c.person_id == bindparam("person"))
    .group_by(outgoing.c.status),
)


class SqlCaseReads:
    """Safe between threads; nothing is opened before the first use."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def lines(self, wanted: Narrowed, *, now: datetime, limit: int, offset: int = 0) -> tuple[CaseLine, ...]:
        """Return cases, most urgent first (closed ones: last closed first)."""
        order = (case_.c.closed_at.desc(), case_.c.id) if wanted.tab == "closed" else _MOST_URGENT
        query = _LINES.where(_narrowed(wanted), _tab(wanted.tab, wanted.staff, now)).order_by(*order)
        return self._read(query.limit(limit).offset(offset))

    def counts(self, wanted: Narrowed, *, now: datetime) -> Mapping[Tab, int]:
        """Return how many cases each tab has under these filters."""
        sums = [func.coalesce(func.sum(sql_case((_tab(tab, wanted.staff, now), 1), else_=0)), 0) for tab in TABS]
        with self._database.reading() as connection:
            found = connection.execute(select(*sums).select_from(_JOINED).where(_narrowed(wanted))).one()
        return {tab: int(count) for tab, count in zip(TABS, found, strict=True)}

    def of_persons(self, staff: Staff, person_ids: Sequence[str], *, limit: int) -> tuple[CaseLine, ...]:
        """Return the cases of these persons that are for these eyes, newest first, closed ones too."""
        query = _LINES.where(_for_eyes(staff), case_.c.person_id.in_(person_ids[:limit]))
        return self._read(query.order_by(case_.c.opened_at.desc()).limit(limit))

    def cases_of(self, person_id: str) -> tuple[Case, ...]:
        """Return every case of a person, newest first."""
        with self._database.reading() as connection:
            found = connection.execute(_OF_PERSON, {"person": person_id})
            return tuple(rows.case_from(self._vault, row) for row in found)

    def stamp(self, case: Case) -> str:
        """Return a mark that differs whenever the case or the conversation has changed."""
        with self._database.reading() as connection:
            found = connection.execute(_STAMP, {"case": case.id, "person": case.person_id})
            return ".".join(sorted(f"{name}{count}" for name, count in found))

    def list_stamp(self, staff: Staff) -> str:
        """Return a mark that differs whenever a case that is for these eyes has changed."""
        query = select(func.count(), func.coalesce(func.sum(case_.c.version), 0)).where(_for_eyes(staff))
        with self._database.reading() as connection:
            count, versions = connection.execute(query).one()
        return f"{count}.{versions}"

    def _read(self, query: Select[Any]) -> tuple[CaseLine, ...]:
        with self._database.reading() as connection:
            return tuple(self._line(row) for row in connection.execute(query))

    def _line(self, row: Row[Any]) -> CaseLine:
        return CaseLine(rows.case_from(self._vault, row), row.language, row.region, row.wrote_at)


def _narrowed(wanted: Narrowed) -> ColumnElement[bool]:
    chosen = [_FILTERS[name] == value for name, value in wanted.filters.items()]
    return and_(_for_eyes(wanted.staff), *chosen)


def _for_eyes(staff: Staff) -> ColumnElement[bool]:
    """Say in SQL what `bot.core.staff.may_see` says; a test holds the two together."""
    plain = case_.c.sensitive.is_(False)
    seen: list[ColumnElement[bool]] = [false()]
    if staff.may("focal_point"):
        seen.append(case_.c.sensitive.is_(True))
    if staff.may("caseworker", "supervisor"):
        seen.append(plain)
    elif staff.may("partner") and staff.partner is not None:
        seen.append(and_(plain, case_.c.referred_to == staff.partner))
    return or_(*seen)


def _tab(tab: Tab, staff: Staff, now: datetime) -> ColumnElement[bool]:
    return {
        "mine": and_(_OPEN, case_.c.taken_by == staff.id),
        "unassigned": case_.c.status == "open",
        "all": _OPEN,
        "overdue": and_(_OPEN, case_.c.due_at < now),
        "sensitive": and_(_OPEN, case_.c.sensitive.is_(True)),
        "closed": case_.c.status == "closed",
    }[tab]
