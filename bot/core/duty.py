"""Who is on duty, whom an urgent case alerts next, and when: pure, so that every ladder can be read in a test."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol, get_args

from bot.core.cases import Case
from bot.core.messages import Address, Language
from bot.core.staff import Staff, may_see

DutyRole = Literal["main", "substitute", "supervisor"]
DUTY_ROLES: tuple[DutyRole, ...] = get_args(DutyRole)
DutyChannel = Literal["sms", "whatsapp", "email"]
DUTY_CHANNELS: tuple[DutyChannel, ...] = get_args(DutyChannel)

# A P1 has 15 minutes until a person answers: with 5 each, main, substitute and supervisor have been woken by then.
# A P2 has the day: an hour each leaves time for the whole ladder within opening hours.
UNCLAIMED: dict[str, timedelta] = {"P1": timedelta(minutes=5), "P2": timedelta(hours=1)}
ROUND_EVERY = timedelta(minutes=15)  # the ladder begins anew; more often would only wear out the same telephones
PAUSE_AT_MOST = timedelta(hours=12)  # nobody forgets themselves out of the rota for longer than a shift


@dataclass(frozen=True, slots=True)
class Shift:
    """One stretch of duty of one member of staff."""

    id: str
    staff_id: str
    starts_at: datetime
    ends_at: datetime
    role: DutyRole = "main"
    channel: DutyChannel = "sms"


@dataclass(frozen=True, slots=True)
class OnCall:
    """Somebody who can be alerted, with where to; `role` is that of their shift, None for whoever has none now."""

    staff: Staff
    to: tuple[Address, ...]
    languages: tuple[Language, ...] = ()
    sex: str | None = None
    role: DutyRole | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person would find easier: a caseworker of this sex ("f" or "m"), and their language."""

    sex: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to alert now. `anybody`: nobody of the staff is left, so what SEGIN_ALERT_TO names is alerted."""

    people: tuple[OnCall, ...] = ()
    anybody: bool = False
    begins_round: bool = False


ANYBODY = "anybody"  # stands for SEGIN_ALERT_TO among those who were alerted


def ladder(case: Case, roster: Iterable[OnCall], wish: Wish) -> tuple[OnCall, ...]:
    """Return who is on duty for a case, in the order of alerting; only whoever may see the case.

    Whoever has the sex that the person asked for comes first, then main before substitute before supervisor, then who
    speaks the person's language. A supervisor on duty comes last whatever their sex: they are the escalation.
    """
    duty = [one for one in roster if one.role and one.to and may_see(one.staff, case)]
    return tuple(sorted(duty, key=lambda one: _place(one, wish)))


def _place(one: OnCall, wish: Wish) -> tuple[bool, bool, int, bool, str]:
    return (
        one.role == "supervisor",
        bool(wish.sex) and one.sex != wish.sex,
        DUTY_ROLES.index(one.role or "supervisor"),
        bool(wish.language) and wish.language not in one.languages,
        one.staff.id,
    )


def whom_next(
    case: Case, roster: Collection[OnCall], wish: Wish, alerted: Collection[str], *, rota: bool = True
) -> Call:
    """Return who is alerted after those in `alerted` (staff ids, or ANYBODY), and begin again when nobody is left.

    One at a time while somebody is on duty; then everybody whose task it is to be the last (supervisors; for a
    sensitive case the focal points) at once; then what SEGIN_ALERT_TO names, unless the case is sensitive and there is
    a focal point: such a case is nobody else's. Without any rota the last two are one step.
    """
    for one in ladder(case, roster, wish):
        if one.staff.id not in alerted:
            return Call((one,))
    last = tuple(one for one in roster if _is_last(case, one))
    left = tuple(one for one in last if one.staff.id not in alerted)
    anybody = ANYBODY not in alerted and not (case.sensitive and last)
    if left or anybody:
        return Call(left, anybody=anybody and not (left and rota))
    if not alerted:
        return Call()
    again = whom_next(case, roster, wish, (), rota=rota)
    return Call(again.people, again.anybody, begins_round=True)


def _is_last(case: Case, one: OnCall) -> bool:
    reachable = bool(one.to) and may_see(one.staff, case)
    return reachable and one.staff.may("focal_point" if case.sensitive else "supervisor")


def waits_for_hours(case: Case, call: Call, *, rota: bool) -> bool:
    """Say whether an alert may wait until the team opens: a P2 that nobody on duty would get.

    Without any rota nothing waits: then SEGIN_ALERT_TO is all there is, day and night.
    """
    return case.priority == "P2" and rota and not any(one.role for one in call.people)


def keepers(roster: Iterable[OnCall]) -> tuple[OnCall, ...]:
    """Return the supervisors and administrators on duty, in the order of the rota: trouble with a gateway is theirs."""
    duty = [one for one in roster if one.role and one.to and one.staff.may("supervisor", "administrator")]
    return tuple(sorted(duty, key=lambda one: _place(one, Wish())))


class Opening(Protocol):
    """Opening hours, with or without holidays."""

    def open_at(self, now: datetime) -> bool:
        """Say whether somebody answers at this moment."""


def next_opening(hours: Opening, now: datetime) -> datetime:
    """Return the next full hour at which the team is there, within a fortnight."""
    at = now.replace(minute=0, second=0, microsecond=0)
    for _ in range(14 * 24):
        at += timedelta(hours=1)
        if hours.open_at(at):
            return at
    return now + timedelta(days=1)


def after_alert(case: Case, call: Call, now: datetime, unclaimed: timedelta | None = None) -> datetime:
    """Return when the next step comes if nobody takes the case; `unclaimed` replaces the P1's time (a setting)."""
    wait = UNCLAIMED.get(case.priority, UNCLAIMED["P2"])
    if unclaimed is not None and case.priority == "P1":
        wait = unclaimed
    return now + (max(wait, ROUND_EVERY) if call.anybody or call.begins_round else wait)
