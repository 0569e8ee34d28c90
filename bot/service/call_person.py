"""Click to call: the caseworker's telephone rings first, then the person's, and both see the service's number."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.calling import in_words, number_of, objection
from bot.core.cases import Case, CaseEvent
from bot.core.messages import Address
from bot.core.staff import Staff, may_see
from bot.ports.calls import Call, CallBook, Caller
from bot.service.ports import Ports

AT_ONCE = timedelta(seconds=45)  # a second click within this time is the same wish
NO_LINE = "Aucun numéro pour téléphoner n'est réglé (SEGIN_TWILIO_VOICE_FROM) : demandez à l'administrateur."
NO_PHONE = "Votre propre numéro de téléphone n'est pas enregistré ou pas confirmé : voyez « Mon compte »."
ALREADY = "Votre téléphone sonne déjà pour ce cas."
REFUSED = "L'opérateur a refusé l'appel (code {}). Rien n'a sonné chez la personne."
WORDS = {  # how it ended, for the timeline
    "completed": "appel : on s'est parlé {} min",
    "busy": "appel : occupé",
    "no-answer": "appel : pas de réponse",
    "failed": "appel : le numéro n'a pas pu être joint",
    "canceled": "appel : interrompu",
    "unheard": "appel : le collègue n'a pas décroché",
    "stopped": "appel : arrêté, la personne ne peut plus être appelée",
}


class NotCalled(ValueError):
    """A call is not made; the text says why, to a caseworker."""


@dataclass(frozen=True, slots=True)
class Telephone:
    """What calling works with. `caller`: None where no number is configured."""

    ports: Ports
    book: CallBook
    caller: Caller | None


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants to call about which case, and where their own telephone is."""

    case: Case
    staff: Staff
    phone: Address | None  # confirmed
    override: str = ""  # why it cannot wait for the person's hours; counts in a P1 case alone


def call_person(telephone: Telephone, wish: Wish) -> Call:
    """Let the caseworker's telephone ring and return the call. Raises NotCalled, or StorageAway."""
    ports, case = telephone.ports, wish.case
    now = ports.clock.now()
    caller, phone = telephone.caller, wish.phone
    problem = why_not(telephone, wish, now)
    if problem is not None or caller is None or phone is None:
        raise NotCalled(problem or NO_LINE)
    call = Call(ports.ids.new(), case.person_id, case.id, wish.staff.id, wish.staff.name, now)
    _note(telephone, call, f"appel demandé {wish.override}".strip(), audit="call.ask")
    telephone.book.add(call)
    rung = caller.ring(call.id, phone)
    if rung.error_code:
        telephone.book.settle(call.id, status="refused", seconds=0, at=now)
        raise NotCalled(REFUSED.format(rung.error_code))
    if rung.provider_id:
        telephone.book.rung(call.id, rung.provider_id)
    return call


def why_not(telephone: Telephone, wish: Wish, now: datetime) -> str | None:
    """Return why a call cannot be made at this moment, in a sentence for whoever wants to; None when it can."""
    if not may_see(wish.staff, wish.case):
        return "Ce cas n'est pas pour vous."
    person = telephone.ports.store.person(wish.case.person_id).person
    found = objection(person, override=wish.case.priority == "P1" and bool(wish.override.strip()), now=now)
    if found:
        return in_words(found, person)
    if telephone.caller is None:
        return NO_LINE
    if wish.phone is None:
        return NO_PHONE
    open_calls = (call for call in telephone.book.of_case(wish.case.id) if call.ended_at is None)
    ringing = any(call.staff_id == wish.staff.id and now - call.asked_at < AT_ONCE for call in open_calls)
    return ALREADY if ringing else None


def number_for(telephone: Telephone, call_id: str) -> str | None:
    """Return whom to connect the caseworker with (E.164), None when the call may not go on.

    The person may have asked meanwhile not to be called. The hours are not looked at again: they were when it began.
    """
    call = telephone.book.by_id(call_id)
    if call is None or call.ended_at is not None or call.person_id is None:
        return None
    person = telephone.ports.store.person(call.person_id).person
    if person is None or objection(person, override=True, now=telephone.ports.clock.now()):
        end_call(telephone, call_id, "stopped")
        return None
    return number_of(person)


def end_call(telephone: Telephone, call_id: str, status: str, seconds: int = 0) -> None:
    """Write down how a call ended, once, with a line in the case's timeline."""
    call = telephone.book.settle(call_id, status=status, seconds=seconds, at=telephone.ports.clock.now())
    if call is not None:
        text = WORDS.get(status, WORDS["failed"]).format(max(1, round(seconds / 60)))
        _note(telephone, call, text, audit=f"call.{status}")


def _note(telephone: Telephone, call: Call, text: str, *, audit: str) -> None:
    now = telephone.ports.clock.now()
    with telephone.ports.store.write() as tx:
        tx.add_case_event(call.case_id, CaseEvent(now, "call", call.staff_name, text))
        tx.audit(actor=call.staff_id, action=audit, object_id=call.case_id, now=now, detail=call.id)
