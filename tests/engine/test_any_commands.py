"""Whatever is said in whatever order: an answer, within the limits, and a state that survives its stored form."""

import json
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import limits
from bot.core.commands import Alarm, Back, Begin, Cancel, CannotHandle, Clarify, Correct, Fill, Repeat, Start
from bot.core.conversation import State
from bot.core.engine import advance
from tests.engine.small import ASSISTANT, NOW, act, build

STURDY = build(strict=False)
INTENTS = st.sampled_from([*ASSISTANT.triggers, "nothing"])
FLOWS = st.sampled_from([*ASSISTANT.flows, "gone"])
SLOTS = st.sampled_from([*ASSISTANT.domain.slots, "gone"])
VALUES = st.one_of(
    st.sampled_from(["carte", "autre", "Kayes", "Gao", "true", "false", "mason", "30", "refused", ""]),
    st.text(max_size=600),
    st.booleans(),
    st.floats(),
    st.none(),
    st.lists(st.text(max_size=5), max_size=3),
)
SAID = st.dictionaries(SLOTS, VALUES, max_size=3)
COMMANDS = st.one_of(
    st.builds(Start, INTENTS, SAID),
    st.builds(Begin, FLOWS, SAID),
    st.builds(Fill, SLOTS, VALUES),
    st.builds(Correct, st.one_of(st.none(), SLOTS)),
    st.sampled_from([Back(), Cancel(), Repeat()]),
    st.builds(Clarify, st.lists(INTENTS, max_size=3).map(tuple)),
    st.builds(CannotHandle, st.sampled_from(["unclear", "media", "no_such_choice"])),
    st.builds(Alarm, st.just("danger"), st.sampled_from(["P1", "P2"]), st.just(("mot",)), st.booleans()),
)
TURNS = st.lists(st.tuples(st.lists(COMMANDS, max_size=3), st.sampled_from([0, 1, 30])), max_size=12)


@settings(max_examples=300, deadline=None)
@given(TURNS)
def test_any_commands_are_answered_within_the_limits_and_the_state_survives_its_stored_form(turns):
    kept, restored, now = State.new(), State.new(), NOW
    for commands, hours in turns:
        now += timedelta(hours=hours)
        values = {"now": now, "channel": "sms", "next_reference": "K7421R", "opted_out": "none"}
        turn = advance(STURDY, kept, commands, act=act, given=values)
        again = advance(STURDY, restored, commands, act=act, given=values)

        assert turn == again
        assert turn.said or turn.state.paused
        assert len(turn.said) <= limits.STEPS_A_TURN
        assert len(turn.state.events) <= limits.EVENTS_KEPT
        assert len(turn.state.stack) <= 2 * len(STURDY.flows)
        kept, restored = turn.state, State.from_json(json.loads(json.dumps(turn.state.to_json())))


@settings(max_examples=100, deadline=None)
@given(TURNS)
def test_nobody_reads_none_and_nothing_given_is_stored(turns):
    state = State.new()
    for commands, _ in turns:
        turn = advance(STURDY, state, commands, act=act, given={"now": NOW, "channel": "sms", "opted_out": "none"})
        state = turn.state

        assert all(value != "None" for say in turn.said for value in say.values.values())
        assert not {"channel", "opted_out", "next_reference", "now"} & state.slots.keys()
