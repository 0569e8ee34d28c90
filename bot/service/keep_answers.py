"""Keep what people answer to what we ask by ourselves, and note when that is over."""

from datetime import datetime
from typing import Final

from bot.core.check_ins import months_since, return_day
from bot.core.effects import EndOutreach, KeepAnswer
from bot.core.people import RETURN_DATE, Person
from bot.ports import Transaction
from bot.ports.check_ins import Answer, Source
from bot.service.scene import Scene

ROBOT: Final = "operator_notice"  # the flow that answers an operator's automatic message, which is no word of theirs


def hear(tx: Transaction, person: Person, *, now: datetime) -> None:
    """Note that somebody has written: broadcasts to them have an answer, and their number is not dead."""
    tx.check_ins.heard(person.id, now=now)
    if person.unreachable:
        tx.save_profile(person.id, {"unreachable": False}, now=now)


def keep_answer(effect: KeepAnswer, tx: Transaction, scene: Scene) -> None:
    """Keep one answer at once, with what plots are drawn by as it is at this moment."""
    person = scene.known.person or Person(scene.person_id)
    returned = return_day(person.contact.get(RETURN_DATE), person.return_month)
    answer = Answer(
        source=_source(effect.source),
        person_id=scene.person_id,
        question=effect.question,
        value=effect.value,
        at=scene.now,
        region=person.region,
        trade=person.trade,
        sex=person.sex,
        language=person.language,
        months_since_return=months_since(returned, scene.now),
    )
    tx.check_ins.keep_answer(answer)


def end_outreach(effect: EndOutreach, tx: Transaction, scene: Scene) -> None:
    """Note that a check-in is over and why."""
    tx.check_ins.end(_source(effect.source), effect.reason, now=scene.now)


def _source(text: str) -> Source:
    kind, _, ident = text.partition(":")
    return Source("broadcast" if kind == "broadcast" else "check_in", ident)
