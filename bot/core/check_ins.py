"""Check-ins: when each step of a plan is due for somebody, and what becomes of one that comes too late. Pure."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from bot.core.hours import BAMAKO
from bot.core.outreach import Reason
from bot.core.plans import Plan, PlanStep

CheckInStatus = Literal["planned", "queued", "skipped"]
LATE_AFTER: Final = timedelta(days=7)  # until then a day that has passed is sent as if nothing were
SOON: Final = timedelta(days=14)  # two check-ins within this time would ask the same thing twice
FIRST_AFTER: Final = timedelta(days=1)  # nobody is asked how they are on the day they register
LATER: Final = "later"  # the value of a choice that means "not now": the check-in is over, refused
_AGAIN: Final = frozenset({"date_past", "merged", "not_in_plan"})  # skips that another date undoes


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One step of a plan for one person: the row that says what happened and why."""

    id: str
    person_id: str | None  # None: erased
    plan: str
    step: str
    flow: str
    due_at: datetime  # by the plan
    status: CheckInStatus = "planned"  # from "queued" on the message's own status tells how far it came
    reason: Reason | None = None
    next_at: datetime | None = None  # when something is to be done about it; None: nothing more
    outgoing_id: str | None = None
    asked_at: datetime | None = None
    reminded_at: datetime | None = None
    answered_at: datetime | None = None
    finished_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Dates:
    """From when a person's check-ins are counted."""

    registered_at: datetime
    returned: date | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """What one step is to be for one person."""

    plan: str
    step: str
    flow: str
    due_at: datetime
    status: CheckInStatus
    reason: Reason | None = None

    @property
    def next_at(self) -> datetime | None:
        """Return when something is to be done about it."""
        return self.due_at if self.status == "planned" else None


@dataclass(frozen=True, slots=True)
class Changes:
    """What planning comes to: rows that are new, and rows as they are to be now."""

    new: tuple[Planned, ...] = ()
    changed: tuple[CheckIn, ...] = ()


def return_day(exact: str | None, month: str | None) -> date | None:
    """Return the day of return: the exact one, else the middle of the month; None when neither can be read."""
    for text in (exact, f"{month}-15" if month else None):
        try:
            return date.fromisoformat(text or "")
        except ValueError:
            continue
    return None


def due_at(plan: Plan, step: PlanStep, dates: Dates) -> datetime:
    """Return when a step is due, in Bamako: so many months after the day that the plan counts from."""
    registered = dates.registered_at.astimezone(BAMAKO).date()
    since = dates.returned if plan.since == "return" and dates.returned else registered
    return datetime.combine(_months_after(since, step.months), time(plan.hour), BAMAKO)


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def plan_steps(plan: Plan, dates: Dates, rows: Iterable[CheckIn], now: datetime) -> Changes:
    """Return what has to change so that a person's rows say what the plan says. The same again changes nothing.

    What was sent, answered or skipped for a reason of the person's own stays as it is; a corrected date moves the rest.
    """
    mine = {row.step: row for row in rows if row.plan == plan.id}
    wanted = _wanted(plan, dates, mine, now)
    new = tuple(one for one in wanted if one.step not in mine)
    moved = tuple(_moved(mine[one.step], one) for one in wanted if one.step in mine)
    gone = tuple(dropped(row) for row in mine.values() if row.status == "planned" and plan.step(row.step) is None)
    return Changes(new, tuple(row for row in (*moved, *gone) if row != mine[row.step]))


def _wanted(plan: Plan, dates: Dates, mine: Mapping[str, CheckIn], now: datetime) -> list[Planned]:
    """Judge the steps from the last to the first: what is merged needs to know what it is merged with."""
    wanted: list[Planned] = []
    following: datetime | None = None  # when the next check-in after this one is (or was) asked
    for step in reversed(plan.steps):
        row = mine.get(step.id)
        if row and not _movable(row):
            following = row.asked_at or following
            continue
        due = due_at(plan, step, dates)
        fate = late_fate(step, due, following, now)
        due = due if fate else max(due, dates.registered_at + FIRST_AFTER)
        wanted.append(Planned(plan.id, step.id, step.flow, due, "skipped" if fate else "planned", fate))
        following = following if fate else due
    return wanted[::-1]


def late_fate(step: PlanStep, due: datetime, following: datetime | None, now: datetime) -> Reason | None:
    """Return why a step that is overdue is not sent any more; None: it is sent.

    `following` is when the next check-in of the same plan is asked, if it is to be.
    """
    if due > now - LATE_AFTER or step.late == "send":
        return None
    if step.late == "skip":
        return "date_past"
    return "merged" if following and following < now + SOON else None


def _movable(row: CheckIn) -> bool:
    return row.status == "planned" or (row.status == "skipped" and row.reason in _AGAIN)


def _moved(row: CheckIn, to: Planned) -> CheckIn:
    """Set a row to what it is to be; one that waits for something keeps waiting unless its day has changed."""
    if (row.due_at, row.status, row.flow) == (to.due_at, to.status, to.flow) and to.status == "planned":
        return row
    return replace(row, flow=to.flow, due_at=to.due_at, status=to.status, reason=to.reason, next_at=to.next_at)


def dropped(row: CheckIn) -> CheckIn:
    """Return a row that no plan wants any more."""
    return replace(row, status="skipped", reason="not_in_plan", next_at=None)


def overtaken(plan: Plan | None, row: CheckIn, others: Sequence[CheckIn], now: datetime) -> Reason | None:
    """Return why a row whose time has come is not asked after all: it waited too long, or the plan has changed."""
    step = plan.step(row.step) if plan else None
    if plan is None or step is None:
        return "not_in_plan"
    order = [one.id for one in plan.steps]
    later = [
        other.asked_at or other.next_at or other.due_at
        for other in others
        if other.plan == row.plan and other.step in order[order.index(row.step) + 1 :] and other.status != "skipped"
    ]
    return late_fate(step, row.due_at, min(later, default=None), now)


def months_since(returned: date | None, now: datetime) -> int | None:
    """Return whole months since the return, None when the day is not known or lies ahead."""
    today = now.astimezone(BAMAKO).date()
    if returned is None or returned > today:
        return None
    return (today.year - returned.year) * 12 + today.month - returned.month - (today.day < returned.day)
