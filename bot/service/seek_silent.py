"""Open a case for somebody who has gone quiet, so that a person of the team looks for them."""

from bot.core.cases import Case, CaseEvent
from bot.core.gone_quiet import KIND
from bot.core.staff import Staff
from bot.ports import Conflict
from bot.service.brain import Brain
from bot.service.ordinary_case import ordinary_case
from bot.service.ports import Ports


def seek(brain: Brain, ports: Ports, person_id: str, *, reasons: str, by: Staff) -> Case | None:
    """Open the case, or return the one that is open; None when the person was erased meanwhile. Raises Conflict."""
    known, now = ports.store.person(person_id), ports.clock.now()
    if known.person is None:
        return None
    wanted = ordinary_case(ports, brain.deadlines, person_id, KIND)
    with ports.store.write() as tx:
        case = tx.open_case(wanted, now=now)
        tx.add_case_event(case.id, CaseEvent(now, "note", by.name, reasons))
        tx.audit(actor=by.id, action="case.open", object_id=case.id, now=now, detail=KIND)
    return case


def seek_all(brain: Brain, ports: Ports, found: dict[str, str], *, by: Staff) -> list[Case]:
    """Open a case for each of these persons ({id: reasons}); who cannot be written at this moment is left for later."""
    opened = []
    for person_id, reasons in found.items():
        try:
            case = seek(brain, ports, person_id, reasons=reasons, by=by)
        except Conflict:
            continue
        if case is not None:
            opened.append(case)
    return opened
