"""A request that we open for somebody ourselves: nothing urgent, nothing sensitive."""

from bot.core.cases import REFERENCES, Case, reference
from bot.core.deadlines import Deadlines
from bot.service.ports import Ports


def ordinary_case(ports: Ports, deadlines: Deadlines, person_id: str, kind: str) -> Case:
    """Return a new P3 of this kind, to be opened; it is owed an answer in working days."""
    now = ports.clock.now()
    due = deadlines.due("P3", now)
    return Case(
        id=ports.ids.new(),
        reference=reference(ports.ids.number(REFERENCES)),
        person_id=person_id,
        kind=kind,
        priority="P3",
        status="open",
        sensitive=False,
        opened_at=now,
        due_at=due,
        first_due_at=due,
    )
