"""The work as figures: what waits and for how long, answers against deadlines, kinds by region, what was understood."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Final, get_args

from bot.core.cases import Priority
from bot.core.figures import Cell, Group, hide_small

PRIORITIES: Final[tuple[Priority, ...]] = get_args(Priority)
AGES: Final = (  # up to so old: what a supervisor acts on within the hour, the day, the week
    ("moins d'une heure", timedelta(hours=1)),
    ("moins d'un jour", timedelta(days=1)),
    ("moins de trois jours", timedelta(days=3)),
    ("moins d'une semaine", timedelta(days=7)),
)
OLDER: Final = "plus d'une semaine"


@dataclass(frozen=True, slots=True)
class Timed:
    """When a case came, by when its first answer was owed, and when it was given (None: not yet)."""

    priority: Priority
    opened_at: datetime
    due_at: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Prompt:
    """How promptly cases of one priority were answered first; `half_within` None where nothing was answered."""

    priority: Priority
    cases: int
    answered: int
    in_time: int
    late: int  # answered late, or not answered and owed by now
    half_within: timedelta | None  # half of the first answers came within this time


@dataclass(frozen=True, slots=True)
class Heard:
    """How many messages came in one week, and how often we had to say that we did not understand."""

    week: str  # its Monday, "2026-11-16"
    messages: int
    not_understood: int


def by_age(open_cases: Iterable[Timed], now: datetime) -> Mapping[tuple[str, Priority], int]:
    """Return how many cases wait, by age (a word of AGES, or OLDER) and priority."""
    return Counter((_age(now - case.opened_at), case.priority) for case in open_cases)


def _age(length: timedelta) -> str:
    return next((word for word, limit in AGES if length < limit), OLDER)


def promptness(cases: Iterable[Timed], now: datetime) -> tuple[Prompt, ...]:
    """Return for each priority how first answers stood against their deadlines."""
    known = list(cases)
    return tuple(_prompt(one, [case for case in known if case.priority == one], now) for one in PRIORITIES)


def _prompt(priority: Priority, cases: Sequence[Timed], now: datetime) -> Prompt:
    waits = [case.answered_at - case.opened_at for case in cases if case.answered_at]
    in_time = sum(1 for case in cases if case.answered_at and not _late(case, now))
    return Prompt(
        priority=priority,
        cases=len(cases),
        answered=len(waits),
        in_time=in_time,
        late=sum(1 for case in cases if _late(case, now)),
        half_within=timedelta(seconds=median(one.total_seconds() for one in waits)) if waits else None,
    )


def _late(case: Timed, now: datetime) -> bool:
    return case.due_at is not None and (case.answered_at or now) > case.due_at


def by_region(counts: Iterable[tuple[str | None, str, int]]) -> tuple[Group, ...]:
    """Return kinds of cases by region, where nobody can be found out; `counts`: region, kind, how many."""
    return hide_small(Cell(region or "", kind, count) for region, kind, count in counts)


def by_week(came: Mapping[date, int], failed: Mapping[date, int]) -> tuple[Heard, ...]:
    """Return messages in and sentences of not understanding, counted by day, week by week, the oldest first."""
    messages, failures = _weeks(came), _weeks(failed)
    return tuple(Heard(week, messages[week], failures[week]) for week in sorted(messages | failures))


def _weeks(days: Mapping[date, int]) -> Counter[str]:
    weeks: Counter[str] = Counter()
    for day, count in days.items():
        weeks[(day - timedelta(days=day.weekday())).isoformat()] += count
    return weeks
