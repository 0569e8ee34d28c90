"""The lists of cases that staff see: `bot.ports.inbox.Inbox`; visibility is part of every statement."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, get_args

from sqlalchemy import ColumnElement, Connection, and_, false, func, not_, or_, select, true

from bot.adapters.crypto import Vault
from bot.adapters.sql import reads, rows
from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import case_
from bot.core.cases import read_reference
from bot.core.staff import Staff
from bot.ports.inbox import Found, Sought, View

_OPEN: Final = case_.c.status != "closed"
_ORDER: Final = (case_.c.priority, case_.c.due_at.is_(None), case_.c.due_at, case_.c.opened_at, case_.c.id)


class SqlInbox:
    """Safe between threads; nothing is opened before the first use."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def cases_for(self, staff: Staff, sought: Sought, *, now: datetime) -> Found:
        """Return a page of the cases that somebody may see; a page that is not there is the last one."""
        with self._database.reading() as connection:
            wanted = and_(visible(staff), _view(sought.view, staff, now), self._by_text(connection, sought.text))
            total = int(connection.execute(select(func.count()).select_from(case_).where(wanted)).scalar_one())
            pages = max(1, -(-total // sought.size))
            page = min(max(1, sought.page), pages)
            order = (case_.c.closed_at.desc(), case_.c.id) if sought.view == "closed" else _ORDER
            query = select(case_).where(wanted).order_by(*order).limit(sought.size).offset((page - 1) * sought.size)
            found = tuple(rows.case_from(self._vault, row) for row in connection.execute(query))
        return Found(found, total, page, pages)

    def counts_for(self, staff: Staff, *, now: datetime) -> Mapping[View, int]:
        """Return how many cases each view has for somebody, in one statement."""
        views: tuple[View, ...] = get_args(View)
        each = [func.count().filter(_view(view, staff, now)).label(view) for view in views]
        with self._database.reading() as connection:
            row = connection.execute(select(*each).select_from(case_).where(visible(staff))).one()
        return dict(zip(views, map(int, row), strict=True))

    def _by_text(self, connection: Connection, text: str) -> ColumnElement[bool]:
        if not text.strip():
            return true()
        reference = read_reference(text)
        if reference is not None:
            return case_.c.reference == reference
        return case_.c.person_id.in_(reads.search(connection, self._vault, text))


def visible(staff: Staff) -> ColumnElement[bool]:
    """Write `core.staff.may_see` as a condition; a test holds the two together."""
    allowed: list[ColumnElement[bool]] = []
    if staff.may("focal_point"):
        allowed.append(case_.c.sensitive)
    if staff.may("caseworker", "supervisor"):
        allowed.append(not_(case_.c.sensitive))
    elif staff.may("partner") and staff.partner is not None:
        allowed.append(and_(not_(case_.c.sensitive), case_.c.referred_to == staff.partner))
    return or_(false(), *allowed)


def _view(view: View, staff: Staff, now: datetime) -> ColumnElement[bool]:
    match view:
        case "mine":
            return and_(_OPEN, case_.c.taken_by == staff.id)
        case "unassigned":
            return case_.c.status == "open"
        case "all":
            return _OPEN
        case "overdue":
            return and_(_OPEN, case_.c.due_at < now)
        case "sensitive":
            return and_(_OPEN, case_.c.sensitive)
        case "closed":
            return case_.c.status == "closed"
