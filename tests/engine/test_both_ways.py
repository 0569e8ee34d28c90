"""Each of our conversations goes the same way with actions in process and on the action server."""

from datetime import UTC, datetime

import pytest

from bot.adapters.actions import InProcess, Remote, known, package_actions
from bot.adapters.files import load_assistant
from bot.core.commands import Begin, CannotHandle, Fill
from bot.core.conversation import State
from bot.core.engine import advance, expectation
from bot.core.payloads import commands_of
from tests.action_server import ROOT, action_server

ACTIONS = package_actions()
NAMES, VALIDATES = known(ACTIONS)
OURS = load_assistant(ROOT, actions=NAMES, validates=VALIDATES, strict=True)
FLOWS = sorted(name for name in OURS.flows if not name.startswith("pattern_"))
GIVEN = {
    "now": datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
    "today": "2026-11-20",
    "channel": "sms",
    "language": "fr",
    "period": "morning",
    "sms_price": "free",
    "office_open": True,
    "answer_hours": "8h-17h",
    "has_checked_numbers": False,
    "next_reference": "K7421R",
    "consent": "given",
    "opted_out": "none",
    "first_contact": False,
    "person_text": "76 12 34 56",
}


@pytest.fixture(scope="module")
def remote():
    with action_server("flows.actions") as url:
        yield Remote(url)


def held(act, flow, choice):
    """Begin a flow and answer six times: the choice of that number, else some words."""
    state, turns = State.new(), []
    commands = (Begin(flow),)
    for _ in range(7):
        turn = advance(OURS, state, commands, act=act, given=GIVEN)
        turns.append(turn)
        state = turn.state
        expected = expectation(OURS, state, "fr")
        picked = expected.choices[choice : choice + 1] or expected.choices[:1]
        words = Fill(expected.slot, "76 12 34 56") if expected.slot else CannotHandle()
        commands = commands_of(picked[0].payload) if picked else (words,)
    return turns


@pytest.mark.parametrize("choice", [0, 1])
@pytest.mark.parametrize("flow", FLOWS)
def test_a_conversation_goes_the_same_way_in_process_and_remotely(flow, choice, remote):
    assert held(InProcess(ACTIONS), flow, choice) == held(remote, flow, choice)
