"""Check-in plans as staff write them (flows/plans/): which conversation begins in which month, or too late."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, get_args

Late = Literal["send", "skip", "merge"]
Since = Literal["return", "registration"]
LATE: tuple[Late, ...] = get_args(Late)
SINCE: tuple[Since, ...] = get_args(Since)
QUESTIONS = 3  # that a check-in asks at most; what a bad answer opens stands in a flow that it calls


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One check-in of a plan. `id` never changes: it is what tells that somebody has had it."""

    id: str
    months: int
    flow: str
    late: Late = "merge"


@dataclass(frozen=True, slots=True)
class Plan:
    """A series of check-ins, in the order of their months."""

    id: str
    name: str
    steps: tuple[PlanStep, ...]
    since: Since = "return"  # the day of return, else of registration; or always of registration
    hour: int = 10  # in Bamako
    remind_after: timedelta = timedelta(days=3)
    give_up_after: timedelta = timedelta(days=4)  # counted from the reminder
    sms_fallback: bool = False  # by SMS what WhatsApp did not deliver, if the month's budget allows

    def step(self, step_id: str) -> PlanStep | None:
        """Return a step, or None when the plan has it no more."""
        return next((step for step in self.steps if step.id == step_id), None)
