"""What a person's own answers do to a case: is it solved, did the partner help; and what their messages do."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from bot.core.case_life import Step, opened_again
from bot.core.cases import Case, CaseEvent, is_held

About = Literal["closing", "partner"]
Answer = Literal["yes", "no", "not_yet"]
_WORDS: Final = {"yes": "oui", "no": "non", "not_yet": "pas encore"}


@dataclass(frozen=True, slots=True)
class Answered:
    """What follows from an answer: the change, and whether the team has to be told."""

    step: Step
    tell_team: bool = False


def asked(case: Case, now: datetime) -> Step:
    """Note that the person was asked whether the partner helped."""
    return Step(replace(case, asked_partner_at=now, changed_at=now), CaseEvent(now, "asked", "segin"))


def answered(case: Case, about: About, answer: Answer, *, now: datetime, due: datetime) -> Answered:
    """Return what an answer does: a no brings the case back to the team, whatever state it is in."""
    kind = "partner_helped" if about == "partner" else "solved" if answer == "yes" else "reopened"
    event = CaseEvent(now, kind, "person", _WORDS[answer])
    case = replace(case, changed_at=now)
    if answer == "no":
        return Answered(Step(_back_to_the_team(case, due=due), event), tell_team=True)
    return Answered(Step(case, event))


def _back_to_the_team(case: Case, *, due: datetime) -> Case:
    if case.status == "closed":
        return opened_again(case, due=due)
    status = "taken" if is_held(case) else case.status
    return replace(case, status=status, due_at=min(case.due_at or due, due), waits_until=None)
