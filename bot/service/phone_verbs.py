"""What a caseworker can do by SMS: one function a verb, each through the use case that the console has, too."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core import staff_texts
from bot.core.accounts import Account
from bot.core.case_life import OUTCOMES
from bot.core.cases import Case
from bot.core.duty import PAUSE_AT_MOST
from bot.core.limits import LISTED
from bot.core.staff_words import SAID, Asked, Verb, looks_like_a_verb, plain
from bot.ports import Transaction
from bot.service import end_case, work_cases
from bot.service.answer_person import answer
from bot.service.brain import Brain
from bot.service.change_case import Seen
from bot.service.phone_cases import Refusal, find, held, shortest, visible
from bot.service.ports import Ports

_OUTCOME_WORDS: Mapping[str, str] = {
    "regle": "solved",
    "resolu": "solved",
    "info": "informed",
    "oriente": "referred",
    "injoignable": "unreachable",
    "retire": "withdrawn",
    "double": "duplicate",
    "hors": "not_ours",
    "autre": "other",
}


@dataclass(frozen=True, slots=True)
class Work:
    """One command of one caseworker; `ports` write into the transaction `tx`."""

    brain: Brain
    ports: Ports
    tx: Transaction
    account: Account
    asked: Asked
    now: datetime

    def case(self) -> Case:
        """Find the case that is meant. Raises Refusal."""
        return find(self.ports, self.account, self.asked, now=self.now)

    def seen(self, case: Case) -> Seen:
        """Say who acts on which case."""
        return Seen(case.reference, self.account.staff)


def do(work: Work) -> str:
    """Carry out a command and return the reply. Raises Refusal, NoSuchCase, NotAllowed, NobodyThere or Conflict."""
    verb = work.asked.verb
    return _plain_text(work) if verb is None else _DO[verb](work)


def _plain_text(work: Work) -> str:
    """Answer with what has no command before it, if it is clear to whom: a slip must not reach somebody in danger."""
    mine = held(visible(work.ports, work.account, now=work.now), work.account)
    words = work.asked.text.split()
    if len(mine) > 1 and len(words) > 1 and not looks_like_a_verb(work.asked.text):
        raise Refusal(staff_texts.WHICH_CASE.format(references=" ".join(case.reference for case in mine)))
    if len(mine) != 1 or len(words) < 2 or looks_like_a_verb(work.asked.text):  # noqa: PLR2004 one word is a slip
        raise Refusal(staff_texts.UNKNOWN_VERB)
    return _send(work, mine[0])


def _take(work: Work) -> str:
    case = work_cases.take(work.ports, work.seen(work.case()))
    work.tx.duty.hold_by_phone(case.id, work.account.id)
    person = work.ports.store.person(case.person_id).person
    short = shortest(case, held(visible(work.ports, work.account, now=work.now), work.account))
    return staff_texts.TAKEN.format(reference=case.reference, card=staff_texts.card(case, person), short=short)


def _answer(work: Work) -> str:
    case = work.case()
    _need_text(work, case)
    return _send(work, case)


def _send(work: Work, case: Case) -> str:
    phone = work.account.phone
    digits = "".join(filter(str.isdigit, work.asked.text))
    if phone and phone.reveal()[-8:] in digits:
        raise Refusal(staff_texts.OWN_NUMBER)
    sent = answer(work.brain, work.ports, work.seen(case), work.asked.text)
    work.tx.duty.hold_by_phone(case.id, work.account.id)
    return staff_texts.SENT.format(reference=case.reference, segments=sent.segments)


def _note(work: Work) -> str:
    case = work.case()
    _need_text(work, case)
    work_cases.note(work.ports, work.seen(case), work.asked.text)
    return staff_texts.NOTED.format(reference=case.reference)


def _need_text(work: Work, case: Case) -> None:
    if not work.asked.text and work.asked.verb:
        raise Refusal(staff_texts.NO_TEXT.format(verb=SAID[work.asked.verb], number=case.reference))


def _close(work: Work) -> str:
    """Close with the outcome that the first word names; any other words stand in the story."""
    case = work.case()
    first, _, rest = work.asked.text.partition(" ")
    named = next((key for word, key in _OUTCOME_WORDS.items() if plain(first).startswith(word)), None)
    outcome, words = (named, rest) if named else ("solved", work.asked.text)
    end_case.close(work.brain, work.ports, work.seen(case), outcome, words.strip())
    work.tx.duty.let_go(case.id)
    return staff_texts.CLOSED.format(reference=case.reference, outcome=OUTCOMES[outcome])


def _who(work: Work) -> str:
    case = work.case()
    card = staff_texts.card(case, work.ports.store.person(case.person_id).person)
    holder = f" {case.holder}." if case.taken_by else ""
    return f"{case.reference}: {card}{holder}"


def _list(work: Work) -> str:
    cases = visible(work.ports, work.account, now=work.now)
    mine = held(cases, work.account)
    listed = [*mine, *(case for case in cases if case.status == "open")]
    if not listed:
        return staff_texts.NOTHING_OPEN
    lines = [staff_texts.line(case, shortest(case, cases)) for case in listed[:LISTED]]
    more = [staff_texts.ELSEWHERE.format(more=len(listed) - LISTED)] if len(listed) > LISTED else []
    return "\n".join([*lines, *more])


def _pause(work: Work) -> str:
    until = work.now + PAUSE_AT_MOST
    work.tx.duty.pause(work.account.id, until=until)
    work.tx.audit(actor=work.account.id, action="duty.pause", object_id=work.account.id, now=work.now)
    return staff_texts.PAUSED.format(until=staff_texts.clock(until))


def _back(work: Work) -> str:
    work.tx.duty.pause(work.account.id, until=None)
    work.tx.audit(actor=work.account.id, action="duty.back", object_id=work.account.id, now=work.now)
    return staff_texts.BACK


def _help(_: Work) -> str:
    return staff_texts.HELP


_DO: Mapping[Verb, Callable[[Work], str]] = {
    "take": _take,
    "answer": _answer,
    "note": _note,
    "close": _close,
    "who": _who,
    "list": _list,
    "pause": _pause,
    "back": _back,
    "help": _help,
    "pin": _help,  # the PIN itself has been dealt with
}
