"""What a caseworker does on the page of a case: each form one use case; bad input comes back with its reason."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Final

from flask import request
from flask.typing import ResponseReturnValue

from bot.core.case_life import NotAllowed
from bot.core.cases import Case, Priority
from bot.service import end_case, work_cases
from bot.service.answer_person import NobodyThere, answer
from bot.service.change_case import CaseChanged, NoSuchCase, Seen
from bot.service.read_case import for_eyes
from console.case import EYES, TEAM, counted, for_my_eyes, page
from console.case_view import Form, case_view, never, told
from console.doors import Desk, Door
from console.replies import LONGEST

Act = Callable[[Desk, Seen, Mapping[str, str]], Case]
NOT_CAREFUL: Final = "Cochez d'abord que vous avez relu : d'autres peuvent lire ce téléphone."
TOO_LONG: Final = f"C'est trop long : {LONGEST} caractères au plus. Coupez la réponse en deux."


def _take(desk: Desk, seen: Seen, _: Mapping[str, str]) -> Case:
    return work_cases.take(desk.house.ports, seen)


def _assign(desk: Desk, seen: Seen, typed: Mapping[str, str]) -> Case:
    account = desk.house.entrance.book.by_id(typed.get("to", ""))
    if account is None or not account.active:
        raise NotAllowed("Choisissez à qui attribuer la demande.")
    return work_cases.assign(desk.house.ports, seen, account.staff)


def _note(desk: Desk, seen: Seen, typed: Mapping[str, str]) -> Case:
    return work_cases.note(desk.house.ports, seen, typed.get("reason", ""))


def _set_priority(desk: Desk, seen: Seen, typed: Mapping[str, str]) -> Case:
    priorities: tuple[Priority, ...] = ("P1", "P2", "P3")
    priority = next((one for one in priorities if one == typed.get("priority")), None)
    if priority is None:
        raise NotAllowed("Choisissez une priorité.")
    return work_cases.set_priority(desk.house.brain, desk.house.ports, seen, priority, typed.get("reason", ""))


def _wait(desk: Desk, seen: Seen, typed: Mapping[str, str]) -> Case:
    return work_cases.wait(desk.house.ports, seen, typed.get("reason", ""), _day(typed.get("until", "")))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NotAllowed("Écrivez le jour comme 2026-12-31.") from None


def _refer(desk: Desk, seen: Seen, typed: Mapping[str, str]) -> Case:
    partner, reason = typed.get("partner", ""), typed.get("reason", "")
    return work_cases.refer(desk.house.brain, desk.house.ports, seen, partner, reason)


def _hand_back(desk: Desk, seen: Seen, _: Mapping[str, str]) -> Case:
    return end_case.hand_back(desk.house.brain, desk.house.ports, seen)


def _close(desk: Desk, seen: Seen, typed: Mapping[str, str]) -> Case:
    outcome, reason = typed.get("outcome", ""), typed.get("reason", "")
    return end_case.close(desk.house.brain, desk.house.ports, seen, outcome, reason)


def _reopen(desk: Desk, seen: Seen, typed: Mapping[str, str]) -> Case:
    return end_case.reopen(desk.house.brain, desk.house.ports, seen, typed.get("reason", ""))


def _answer(desk: Desk, seen: Seen, typed: Mapping[str, str]) -> Case:
    if len(typed.get("text", "")) > LONGEST:
        raise NotAllowed(TOO_LONG)
    person = desk.house.ports.store.person(for_my_eyes(desk, seen.reference).person_id).person
    if never(person) and not typed.get("careful"):
        raise NotAllowed(NOT_CAREFUL)
    return answer(desk.house.brain, desk.house.ports, seen, typed.get("text", "").strip()).case


# The action of case_life, what carries it out, and what is said then.
ACTS: Final[Mapping[str, tuple[Act, str]]] = {
    "take": (_take, "La demande est à vous."),
    "assign": (_assign, "La demande est attribuée."),
    "answer": (_answer, "La réponse part."),
    "note": (_note, "La note est gardée."),
    "set_priority": (_set_priority, "La priorité est changée."),
    "wait": (_wait, "La demande attend."),
    "refer": (_refer, "La demande est orientée."),
    "hand_back": (_hand_back, "L'assistant a de nouveau la parole."),
    "close": (_close, "La demande est fermée."),
    "reopen": (_reopen, "La demande est rouverte."),
}


def act(desk: Desk, reference: str, action: str) -> ResponseReturnValue:
    """Carry out one form of the page and lead back to it."""
    case = for_my_eyes(desk, reference)
    typed = {name: value.replace("\r\n", "\n") for name, value in request.form.items()}
    carry_out, done = ACTS[action]
    try:
        carry_out(desk, Seen(case.reference, desk.staff, _seen(typed)), typed)
    except (NotAllowed, NobodyThere) as error:
        return _again(desk, case, Form(action, typed, problem=str(error)), status=422)
    except CaseChanged as error:
        changes = for_eyes(desk.house.ports.store, desk.staff, case, error.changes)
        return _again(desk, case, Form(action, typed, changed=tuple(map(told, changes))), status=409)
    except NoSuchCase:  # it went to the focal point meanwhile
        return desk.back("cases")
    return desk.back("case", done, reference=case.reference)


def _seen(typed: Mapping[str, str]) -> int:
    """Return the version that the page showed; a form without one has seen nothing."""
    seen = typed.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() else 0


def _again(desk: Desk, case: Case, form: Form, *, status: int) -> ResponseReturnValue:
    """Show the case as it is now, with the form as it was sent."""
    view = case_view(desk, for_my_eyes(desk, case.reference))
    return page(view, form, status=status, drafted=counted(desk, view, form.typed.get("text", "")))


def _door(action: str) -> Door:
    roles = EYES if action == "note" else TEAM
    return Door(f"/cases/<reference>/{action}", f"case_{action}", partial(act, action=action), roles, ("POST",))


DOORS = tuple(map(_door, ACTS))
