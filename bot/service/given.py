"""What a turn is told about the person and the moment, as slot values that are never stored."""

from datetime import datetime

from bot.core.cases import Case, is_grave, is_held, reference
from bot.core.commands import Value
from bot.core.hours import BAMAKO, period
from bot.core.messages import Incoming, Language
from bot.core.people import Person
from bot.ports import Known
from bot.service.brain import Brain

_CONTACT = ("name", "place", "number", "relative_number", "relation")
_PROFILE = ("region", "trade", "origin")


def given(brain: Brain, known: Known, *, language: Language | None, now: datetime, draw: int) -> dict[str, Value]:
    """Return the turn's given slots (all `metadata.given` slots of the domain); `draw` makes the offered reference."""
    person = known.person
    return {
        **_moment(brain, now),
        "on_duty": _on_duty(brain, known, now),
        **_person(person),
        **_cases(known.open_cases, discreet=bool(person and person.discreet)),
        "language": language or "und",
        "opted_out": person.opt_out if person else known.opted_out,
        "next_reference": reference(draw),
        "first_contact": known.version == 0,
    }


def of_message(incoming: Incoming) -> dict[str, Value]:
    """Return what the message itself gives to actions."""
    return {"channel": incoming.sender.channel, "person_text": incoming.text}


def _on_duty(brain: Brain, known: Known, now: datetime) -> bool:
    """Say whether somebody of the team is there to read: by the rota, or, as long as there is none, by the hours."""
    return brain.deadlines.calendar.open_at(now) if known.on_duty is None else known.on_duty


def _moment(brain: Brain, now: datetime) -> dict[str, Value]:
    return {
        "now": now.isoformat(),
        "today": now.astimezone(BAMAKO).date().isoformat(),
        "period": period(now),
        "office_open": brain.deadlines.calendar.open_at(now),
        "answer_hours": f"{brain.hours.opens}h-{brain.hours.closes}h",
        "answer_day": f"{brain.deadlines.due('P3', now).astimezone(BAMAKO):%d/%m}",
        "has_checked_numbers": brain.numbers_checked,
        "sms_price": brain.sms_price,
    }


def _person(person: Person | None) -> dict[str, Value]:
    contact = person.contact if person else {}
    return {
        "consent": person.consent if person else "none",
        "data_held": bool(person and person.held),
        "do_not_call": bool(person and person.do_not_call),
        **{f"known_{name}": contact.get(name) for name in _CONTACT},
        **{f"known_{name}": getattr(person, name) if person else None for name in _PROFILE},
    }


def _cases(cases: tuple[Case, ...], *, discreet: bool) -> dict[str, Value]:
    """Return what may be said of open cases: no number points to what was told of danger, or to a discreet person's."""
    plain = [] if discreet else [case for case in cases if not is_grave(case)]
    return {
        "open_reference": plain[0].reference if plain else None,
        "open_kinds": [f"{case.kind}:{case.reference}" for case in cases],
        "has_sensitive_case": any(map(is_grave, cases)),
        "with_person": any(map(is_held, cases)),
        "own_cases": " ".join(map(_own_case, plain)) or None,
    }


def _own_case(case: Case) -> str:
    """Write reference, status and day as one word, "K7421S:taken:21/11": an action puts it into a sentence."""
    return f"{case.reference}:{case.status}:{case.opened_at.astimezone(BAMAKO):%d/%m}"
