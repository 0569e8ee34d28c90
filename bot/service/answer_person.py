"""Send a caseworker's words to the person of a case, as they are; the assistant steps back."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core import case_life
from bot.core.cases import Case
from bot.core.messages import Outgoing, Wire
from bot.ports import Known, OutgoingRow, Transaction
from bot.service.begin_flow import rows_to
from bot.service.brain import Brain
from bot.service.change_case import Seen, change_case, find_case, step_back
from bot.service.ports import Ports

NO_SMS = "aucun numéro connu de cette personne ne reçoit de SMS : appelez-la."


class NobodyThere(ValueError):
    """Nothing can be written to the person of the case: erased, or known by calls from a fixed line alone."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What left for the person (parts and SMS segments), and the case as it is then."""

    parts: int
    segments: int
    case: Case


def answer(brain: Brain, ports: Ports, seen: Seen, text: str) -> Answered:
    """Send words to the person and keep them in the case; whoever answers has the case if nobody had it.

    Raises NoSuchCase, NotAllowed, CaseChanged or NobodyThere.
    """
    if not text.strip():
        raise case_life.NotAllowed("Écrivez la réponse.")
    case = find_case(ports, seen.reference, by=seen.by)
    known = ports.store.person(case.person_id)
    if known.person is None:
        raise NobodyThere(f"Les données de la personne de {case.reference} sont effacées : rien ne peut partir.")
    to = known.person.answered_to
    if to is None:
        raise NobodyThere(f"{case.reference} : {NO_SMS}")
    said = brain.render[to.channel]([Outgoing("caseworker", text)])

    def also(tx: Transaction, known: Known, case: Case, _: case_life.Step) -> None:
        step_back(tx, known, ports)
        tx.add_outgoing(_rows(ports, known, said, case))

    case = change_case(ports, seen, "answer", lambda case, act: case_life.answer(case, act, text), also)
    return Answered(len(said), sum(wire.segments for _, wire in said), case)


def _rows(ports: Ports, known: Known, said: Sequence[tuple[Outgoing, Wire]], case: Case) -> list[OutgoingRow]:
    return rows_to(known, said, kind="caseworker", ports=ports, now=ports.clock.now(), language="fr", case_id=case.id)
