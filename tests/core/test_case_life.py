"""The life of a case: who may do what, and that no sequence of actions loses one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.core import case_life
from bot.core.case_answers import answered
from bot.core.case_life import Act, NotAllowed, Step, actions, refusal
from bot.core.cases import Case, is_held, is_overdue, reference
from bot.core.staff import Staff

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OUMOU = Staff("oumou", "Oumou", frozenset({"caseworker"}))
MARIAM = Staff("mariam", "Mariam", frozenset({"caseworker"}))
CHIEF = Staff("rokia", "Rokia", frozenset({"supervisor"}))
FOCAL_POINT = Staff("awa", "Awa", frozenset({"focal_point"}))
PARTNER = Staff("apej", "APEJ", frozenset({"partner"}), partner="apej")
CASE = Case("c1", reference(7), "p1", "question", "P3", "open", sensitive=False, opened_at=NOW, due_at=NOW)
DUE = NOW + timedelta(days=3)

STEPS = {
    "take": case_life.take,
    "assign": lambda case, act: case_life.assign(case, act, MARIAM),
    "answer": lambda case, act: case_life.answer(case, act, "Passez demain."),
    "wait": lambda case, act: case_life.wait(case, act, "le consulat", date(2026, 12, 1)),
    "note": lambda case, act: case_life.note(case, act, "a rappelé"),
    "set_priority": lambda case, act: case_life.set_priority(case, act, "P1", "menace", due=DUE),
    "refer": lambda case, act: case_life.refer(case, act, "apej", "APEJ"),
    "hand_back": case_life.hand_back,
    "close": lambda case, act: case_life.close(case, act, "solved"),
    "reopen": lambda case, act: case_life.reopen(case, act, due=DUE),
}
PERSON = {
    f"{about} {said}": lambda case, act, about=about, said=said: answered(case, about, said, now=act.at, due=DUE).step
    for about in ("closing", "partner")
    for said in ("yes", "no", "not_yet")
}


def act(by: Staff = OUMOU, minutes: int = 0) -> Act:
    return Act(by, NOW + timedelta(minutes=minutes))


def after(*names: str, by: Staff = OUMOU, case: Case = CASE) -> Case:
    for name in names:
        case = STEPS[name](case, act(by)).case
    return case


def attempt(name: str, case: Case, what: Act) -> Step | None:
    try:
        return (STEPS | PERSON)[name](case, what)
    except NotAllowed:
        return None


@given(
    some.lists(
        some.tuples(
            some.sampled_from([*STEPS, *PERSON]), some.sampled_from([OUMOU, MARIAM, CHIEF, FOCAL_POINT, PARTNER])
        ),
        max_size=20,
    ),
    some.booleans(),
)
def test_no_sequence_loses_a_case_or_leaves_a_closed_one_owed(sequence, sensitive):
    case = replace(CASE, sensitive=sensitive)
    for minute, (name, by) in enumerate(sequence):
        allowed = name in PERSON or refusal(case, name, by) is None
        step = attempt(name, case, act(by, minute))
        assert allowed or step is None
        if step is None:
            continue
        assert (step.case.id, step.case.reference, step.case.sensitive) == (case.id, case.reference, sensitive)
        case = step.case
        assert (case.status == "closed") == (case.closed_at is not None)
        assert case.status != "closed" or (case.due_at is None and not is_overdue(case, NOW + timedelta(days=99)))
        assert not is_held(case) or (case.taken_by and case.holder)
        assert not case.sensitive or case.referred_to is None
        assert {"reopen", "close"} & set(actions(case, FOCAL_POINT if sensitive else CHIEF))


def test_a_case_is_owed_until_it_is_answered():
    late = NOW + timedelta(minutes=1)

    assert is_overdue(CASE, late)
    assert is_overdue(after("take"), late)
    assert not is_overdue(after("take", "answer"), late)
    assert after("answer").first_answer_at == NOW


def test_a_case_that_comes_back_is_owed_anew_and_stays_on_its_caseworker_s_list():
    again = after("take", "answer", "close", "reopen")

    assert (again.status, again.due_at, again.taken_by, again.first_answer_at) == ("open", DUE, "oumou", NOW)


def test_another_priority_moves_the_deadline_of_what_is_still_owed():
    assert after("set_priority").due_at == DUE
    assert after("answer", "set_priority").due_at is None


@pytest.mark.parametrize(
    ("case", "action", "by", "sentence"),
    [
        (after("take"), "take", MARIAM, "déjà chez Oumou"),
        (after("take"), "answer", MARIAM, "chez Oumou"),
        (after("take"), "close", MARIAM, "chez Oumou"),
        (after("close"), "answer", OUMOU, "Rouvrez-la"),
        (CASE, "reopen", OUMOU, "n'est pas fermée"),
        (CASE, "hand_back", OUMOU, "chez personne"),
        (CASE, "note", PARTNER, "pas de demande"),
        (after("refer"), "answer", PARTNER, "une note"),
        (replace(CASE, sensitive=True), "take", CHIEF, "pas de demande"),
        (replace(CASE, sensitive=True), "refer", FOCAL_POINT, "confidentielle"),
    ],
)
def test_a_refusal_says_what_to_do(case, action, by, sentence):
    with pytest.raises(NotAllowed, match=sentence):
        STEPS[action](case, act(by))


@pytest.mark.parametrize(
    ("case", "action", "by"),
    [
        (after("take"), "close", CHIEF),
        (after("take"), "assign", MARIAM),
        (replace(after("assign"), priority="P1"), "take", OUMOU),
        (after("take"), "note", MARIAM),
        (after("refer"), "note", PARTNER),
        (replace(CASE, sensitive=True), "take", FOCAL_POINT),
    ],
)
def test_what_is_allowed_is_allowed(case, action, by):
    assert action in actions(case, by)


def test_a_complaint_is_assigned_to_nobody_who_may_not_see_it():
    with pytest.raises(NotAllowed, match="Mariam"):
        case_life.assign(replace(CASE, sensitive=True), act(FOCAL_POINT), MARIAM)


@pytest.mark.parametrize("make", [case_life.wait, case_life.note])
def test_an_empty_reason_is_none(make):
    with pytest.raises(NotAllowed):
        make(CASE, act(), "  ")


def test_a_case_is_closed_with_one_of_the_outcomes():
    with pytest.raises(NotAllowed, match="réglé"):
        case_life.close(CASE, act(), "done")
    assert case_life.close(CASE, act(), "other", "a trouvé seul").event.text == "autre : a trouvé seul"


def test_the_person_s_no_brings_a_closed_case_back():
    found = answered(after("take", "close"), "closing", "no", now=NOW, due=DUE)

    assert (found.step.case.status, found.step.case.due_at, found.tell_team) == ("open", DUE, True)


def test_a_partner_who_did_not_help_puts_the_case_before_its_caseworker():
    found = answered(after("take", "refer"), "partner", "no", now=NOW, due=DUE)

    assert (found.step.case.status, found.tell_team) == ("taken", True)
    assert not answered(after("refer"), "partner", "not_yet", now=NOW, due=DUE).tell_team
