"""A call to our number: rejected unanswered, and kept as a request to be called back."""

from bot.core import limits
from bot.core.cases import CaseEvent
from bot.core.deadlines import Deadlines
from bot.core.messages import Incoming
from bot.ports import AlreadyTaken, Conflict, Known, Transaction
from bot.ports.calls import CallBook
from bot.service.ordinary_case import ordinary_case
from bot.service.ports import Ports

KIND = "call_back"


def note_call(ports: Ports, calls: CallBook, incoming: Incoming, *, deadlines: Deadlines) -> bool:
    """Open a call-back request, at most one an hour a person, and return whether this call made one.

    Also when the first was closed within the hour: whoever rings again and again is called back once. A colleague who
    rings is no case. Nothing is said or shown to the caller: a number can be forged. Raises StorageAway.
    """
    for _ in range(limits.TURN_TRIES):
        now = ports.clock.now()
        known = ports.store.look_up(
            incoming.sender, provider=incoming.provider, provider_id=incoming.provider_id, text="", now=now
        )
        lately = known.person and calls.called_since(known.person.id, now - limits.CALL_BACKS_EVERY)
        if known.answered is not None or known.staff_id or lately:
            return False
        try:
            with ports.store.write() as tx:
                return _keep(ports, tx, known, incoming, deadlines)
        except AlreadyTaken:
            return False
        except Conflict:
            continue
    return False


def _keep(ports: Ports, tx: Transaction, known: Known, incoming: Incoming, deadlines: Deadlines) -> bool:
    now = ports.clock.now()
    person_id = known.person.id if known.person else ports.ids.new()
    tx.ensure_person(person_id, incoming.sender, now=now)
    tx.claim(incoming, row_id=ports.ids.new(), person_id=person_id)
    wanted = ordinary_case(ports, deadlines, person_id, KIND)
    case = tx.open_case(wanted, now=now)
    tx.add_case_event(case.id, CaseEvent(now, "call", "person"))
    return case.id == wanted.id
