"""Plans as files: what is read, and each fault with its file, its line and what to do."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.files import read_sources
from bot.core.loading import read_parts
from bot.core.plans import Plan, PlanStep

ROOT = Path(__file__).parents[2]
SOURCES = read_sources(ROOT)


def findings(text):
    """Return what is found in a plan file of this text, among our own flows."""
    found = read_parts(replace(SOURCES, plans={"flows/plans/mine.yml": text}))[1]
    return [str(one) for one in found if one.file.startswith("flows/plans/")]


def plans(text):
    return read_parts(replace(SOURCES, plans={"flows/plans/mine.yml": text}))[0].plans


def one_step(step, head=""):
    return f"plans:\n  mine:\n{head}    steps:\n      - {step}\n"


def test_our_own_plan_asks_in_the_months_1_3_6_9_and_12():
    (plan,) = read_parts(SOURCES)[0].plans

    assert [step.months for step in plan.steps] == [1, 3, 6, 9, 12]
    assert {step.flow for step in plan.steps} == {"check_in"}
    assert plan.since == "return"


def test_what_is_not_said_has_its_usual_value():
    assert plans(one_step("{id: a, months: 2, flow: check_in}")) == (
        Plan("mine", "mine", (PlanStep("a", 2, "check_in", "merge"),)),
    )


def test_everything_can_be_said_and_steps_stand_in_the_order_of_their_months():
    head = (
        "    name: court\n    since: registration\n    hour: 9\n    remind_after_days: 2\n    give_up_after_days: 5\n"
    )
    text = one_step("{id: b, months: 6, flow: check_in, late: send}\n      - {id: a, months: 0, flow: check_in}", head)

    (plan,) = plans(text)

    assert [step.id for step in plan.steps] == ["a", "b"]
    assert (plan.name, plan.since, plan.hour) == ("court", "registration", 9)
    assert (plan.remind_after, plan.give_up_after) == (timedelta(days=2), timedelta(days=5))
    assert findings(text) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("plans:\n", "flows/plans/mine.yml:1: There are no plans in this file; put them under plans:."),
        ("- no\n", "flows/plans/mine.yml:1: There are no plans in this file; put them under plans:."),
        (
            "steps: []\nplans:\n  a: {steps: [{id: x, months: 1, flow: check_in}]}\n",
            "flows/plans/mine.yml:1: 'steps' is no key of a plan file; known: version, plans.",
        ),
        ("plans:\n  mine: {}\n", "flows/plans/mine.yml:2: mine: a plan needs steps, each with id, months and flow."),
        (
            one_step("{id: a, months: 1}"),
            "flows/plans/mine.yml:4: mine: a step needs id (at most 64 letters), months and flow.",
        ),
        (
            one_step("{id: a, months: 1, flow: nothing}"),
            "flows/plans/mine.yml:4: mine: the step a begins the flow 'nothing', which there is not.",
        ),
        (
            one_step("{id: a, months: 1, flow: pattern_completed}"),
            "flows/plans/mine.yml:4: mine: the step a begins the flow 'pattern_completed', which there is not.",
        ),
        (
            one_step("{id: a, months: -1, flow: check_in}"),
            "flows/plans/mine.yml:4: mine: months is from 0 to 120, not -1.",
        ),
        (
            one_step("{id: a, months: yes, flow: check_in}"),
            "flows/plans/mine.yml:4: mine: months is from 0 to 120, not True.",
        ),
        (
            one_step("{id: a, months: 1, flow: check_in, late: never}"),
            "flows/plans/mine.yml:4: mine: late is one of send, skip, merge, not 'never'.",
        ),
        (
            one_step("{id: a, months: 1, flow: check_in, when: now}"),
            "flows/plans/mine.yml:4: mine: 'when' is no key here; known: flow, id, late, months.",
        ),
        (
            one_step("{id: a, months: 1, flow: check_in}", "    hour: 25\n"),
            "flows/plans/mine.yml:3: mine: hour is from 0 to 23, not 25.",
        ),
        (
            one_step("{id: a, months: 1, flow: check_in}\n      - {id: a, months: 2, flow: check_in}"),
            "flows/plans/mine.yml:3: mine: two steps have the id a; each needs its own.",
        ),
        (
            one_step("{id: a, months: 1, flow: check_in}\n      - {id: b, months: 1, flow: check_in}"),
            "flows/plans/mine.yml:3: mine: two steps have the months 1; each needs its own.",
        ),
    ],
)
def test_a_fault_is_one_sentence_with_its_place(text, sentence):
    assert sentence in findings(text)


def test_a_flow_that_asks_too_much_or_in_words_is_no_check_in():
    found = findings(one_step("{id: a, months: 1, flow: keep_in_touch}"))

    assert any("a check-in asks at most 3" in one for one in found)
    assert any("asks for 'person_name' in words" in one for one in found)


def test_a_plan_that_stands_in_two_files_is_found():
    text = one_step("{id: a, months: 1, flow: check_in}")
    both = {"flows/plans/a.yml": text, "flows/plans/b.yml": text}

    found = read_parts(replace(SOURCES, plans=both))[1]

    assert "flows/plans/b.yml:2: mine: this plan stands twice." in map(str, found)
