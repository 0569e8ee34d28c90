"""Which case a caseworker means by SMS: a whole reference, its last digits, or the only one they hold."""

from collections.abc import Sequence
from datetime import datetime

from bot.core import limits, staff_texts
from bot.core.accounts import Account
from bot.core.case_life import refusal
from bot.core.cases import Case, awaits_holder, is_held, read_reference
from bot.core.staff import may_see
from bot.core.staff_words import SAID, Asked
from bot.service.ports import Ports


class Refusal(Exception):
    """What was asked for by SMS cannot be done; the sentence is the reply."""


def visible(ports: Ports, account: Account, *, now: datetime) -> tuple[Case, ...]:
    """Return what this person may see: open cases, and those closed lately."""
    recent = ports.store.duty.recent_cases(closed_since=now - limits.SHORT_KNOWN)
    return tuple(case for case in recent if may_see(account.staff, case))


def held(cases: Sequence[Case], account: Account) -> list[Case]:
    """Return the cases that are in this person's hands."""
    return [case for case in cases if is_held(case) and case.taken_by == account.id]


def find(ports: Ports, account: Account, asked: Asked, *, now: datetime) -> Case:
    """Return the case that is meant. Raises Refusal with what to write instead.

    Last digits mean a case of their own before anybody else's. One of theirs that was closed within the last week still
    counts, so that "R 12" never goes to another person because a new case has the same ending.
    """
    cases = visible(ports, account, now=now)
    if not asked.number and asked.verb == "take":
        return _alerted(ports, account, cases, now=now)
    if not asked.number:
        return _only(held(cases, account))
    if asked.number.isdigit():
        return _by_ending(asked, cases, account)
    reference = read_reference(asked.number)
    if reference is None:
        raise Refusal(staff_texts.MISTYPED.format(number=asked.number))
    case = ports.store.case(reference)
    if case is None or not may_see(account.staff, case):
        raise Refusal(staff_texts.NO_SUCH_CASE.format(number=reference))
    return case


def _alerted(ports: Ports, account: Account, cases: Sequence[Case], *, now: datetime) -> Case:
    """Return the case that this telephone was alerted of last: "PRENDS" answers an alert unless somebody was faster."""
    still_open = {case.id: case for case in cases if case.status != "closed"}
    since = now - limits.ALERT_ANSWERED
    last = account.phone and ports.store.duty.alerted_of(account.phone, among=still_open, since=since)
    case = still_open.get(last or "")
    if case is None or refusal(case, "take", account.staff) or (is_held(case) and not awaits_holder(case)):
        raise Refusal(staff_texts.WHICH_OF_ALL.format(verb=SAID["take"]))
    return case


def _only(mine: Sequence[Case]) -> Case:
    if not mine:
        raise Refusal(staff_texts.NONE_HELD)
    return _one(mine)


def _by_ending(asked: Asked, cases: Sequence[Case], account: Account) -> Case:
    ending = [case for case in cases if case.reference[1:-1].endswith(asked.number)]
    own = [case for case in ending if case.taken_by == account.id]
    free = [case for case in ending if case.status == "open"]
    first = free if asked.verb == "take" else own
    rest = [case for case in ending if case.status != "closed"]
    found = first or rest or ending
    if not found:
        raise Refusal(staff_texts.NO_SUCH_CASE.format(number=asked.number))
    return _one(found)


def _one(cases: Sequence[Case]) -> Case:
    if len(cases) > 1:
        references = " ".join(case.reference for case in cases[: staff_texts.NAMED])
        raise Refusal(staff_texts.WHICH_CASE.format(references=references))
    return cases[0]


def shortest(case: Case, cases: Sequence[Case]) -> str:
    """Return the fewest last digits (two at least) that mean this case among those, else the whole reference."""
    digits = case.reference[1:-1]
    others = [other.reference[1:-1] for other in cases if other.id != case.id]
    endings = (digits[-length:] for length in range(2, len(digits) + 1))
    return next((end for end in endings if not any(other.endswith(end) for other in others)), case.reference)
