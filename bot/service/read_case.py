"""Lay a case before somebody: the conversation, the story, the person's other cases; only what is for their eyes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.core.cases import Case, CaseEvent
from bot.core.staff import Staff, may_see
from bot.ports import Known, LoggedMessage, Store
from bot.ports.case_reads import CaseReads

BEFORE: Final = timedelta(minutes=30)  # what led to a case is part of it; older words are not the partner's matter
COMPLAINT: Final = "complaint"  # in the name of each response of that conversation
_OWN_WORDS: Final = 12  # letters; what is shorter ("oui", "1") is known again only by its time
_SAME_TIME: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """A case with all that may be seen with it; `messages` are the newest, oldest first."""

    case: Case
    known: Known
    messages: tuple[LoggedMessage, ...]
    hidden: int  # messages that are not for these eyes
    events: tuple[CaseEvent, ...]
    others: tuple[Case, ...]


def read_case(store: Store, reads: CaseReads, staff: Staff, case: Case, *, limit: int) -> Reading:
    """Return a case that `find_case` gave to these eyes, with at most so many messages."""
    cases = reads.cases_of(case.person_id) if case.person_id else ()
    messages = store.messages(case.person_id, limit=limit) if case.person_id else ()
    if not _is_of_team(staff):
        messages = tuple(one for one in messages if _is_of(case, one))
    shown = _for_eyes(store, staff, cases, messages)
    return Reading(
        case=case,
        known=store.person(case.person_id),
        messages=shown,
        hidden=len(messages) - len(shown),
        events=for_eyes(store, staff, case, store.timeline(case.id)),
        others=tuple(other for other in cases if other.id != case.id and may_see(staff, other)),
    )


def _is_of_team(staff: Staff) -> bool:
    return staff.may("caseworker", "supervisor", "focal_point")


def for_eyes(store: Store, staff: Staff, case: Case, events: Sequence[CaseEvent]) -> tuple[CaseEvent, ...]:
    """Return the lines of a story that are for these eyes: of notes, a partner reads nobody's but their own."""
    if _is_of_team(staff):
        return tuple(events)
    mine = store.acted(case.id, staff.id)
    return tuple(event for event in events if event.kind != "note" or event.at in mine)


def _is_of(case: Case, message: LoggedMessage) -> bool:
    """Say whether a message lies in the time of a case: a partner follows what was referred, not a person's life."""
    return case.opened_at - BEFORE <= message.at and (case.closed_at is None or message.at <= case.closed_at)


def _for_eyes(
    store: Store, staff: Staff, cases: Sequence[Case], messages: Sequence[LoggedMessage]
) -> tuple[LoggedMessage, ...]:
    """Leave out what belongs to cases of others: a complaint may be about the very people who read this."""
    if staff.may("focal_point"):
        return tuple(messages)
    secret = [case for case in cases if not may_see(staff, case)]
    told = [event for case in secret for event in store.timeline(case.id) if event.actor == "person"]
    ours = {case.id for case in secret}

    def is_secret(one: LoggedMessage) -> bool:
        if one.direction == "out":
            return one.case_id in ours or COMPLAINT in one.response
        return any(_is(one, event) for event in told)

    return tuple(one for turn in _turns(messages) if not any(map(is_secret, turn)) for one in turn)


def _turns(messages: Sequence[LoggedMessage]) -> list[list[LoggedMessage]]:
    """Part a conversation into what a person wrote with what the assistant answered to it."""
    turns: list[list[LoggedMessage]] = []
    for one in messages:
        if turns and one.kind == "reply":
            turns[-1].append(one)
        else:
            turns.append([one])
    return turns


def _is(message: LoggedMessage, event: CaseEvent) -> bool:
    """Say whether a line of a timeline is this very message."""
    near = abs(message.at - event.at) <= _SAME_TIME
    return message.text == event.text and (near or len(message.text) >= _OWN_WORDS)
