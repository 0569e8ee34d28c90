"""Plan the check-ins of everybody with consent: new persons, corrected dates, changed plans."""

from collections.abc import Sequence
from functools import partial

from bot.core import limits
from bot.core.check_ins import Changes, CheckIn, Dates, dropped, plan_steps
from bot.ports.check_ins import CheckIns, Round
from bot.service.brain import Brain
from bot.service.ports import Ports


def plan_check_ins(brain: Brain, ports: Ports, check_ins: CheckIns) -> int:
    """Plan slice after slice until nobody is left or the time is up; return how many persons there were.

    Idempotent, and safe with any number of workers: what is planned already changes nothing.
    """
    began, done = ports.clock.now(), 0
    while ports.clock.now() - began < limits.PLAN_WITHIN and done < limits.PLANNED_AT_ONCE:
        now = ports.clock.now()
        one = Round(brain.assistant.planned_by, limits.PLAN_SLICE, now, ports.ids.new)
        planned = check_ins.plan(partial(_decide, brain, one), one)
        done += planned
        if planned < limits.PLAN_SLICE:
            break
    return done


def _decide(brain: Brain, one: Round, dates: Dates, rows: Sequence[CheckIn]) -> Changes:
    """Plan every plan there is, and drop what belongs to a plan that is gone."""
    parts = [plan_steps(plan, dates, rows, one.now) for plan in brain.assistant.plans]
    known = {plan.id for plan in brain.assistant.plans}
    gone = tuple(dropped(row) for row in rows if row.status == "planned" and row.plan not in known)
    new = tuple(step for part in parts for step in part.new)
    return Changes(new, (*(row for part in parts for row in part.changed), *gone))
