"""Our own flows under any sequence of commands: no author's fault comes to light, and everything has words."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.actions import InProcess, known, package_actions
from bot.adapters.files import load_assistant
from bot.core.commands import Alarm, Back, Begin, Cancel, CannotHandle, Clarify, Correct, Fill, Repeat, Start
from bot.core.conversation import State
from bot.core.effects import OpenCase
from bot.core.engine import advance, expectation
from bot.core.flow import Collect
from bot.core.payloads import commands_of
from bot.core.sms_text import fold
from bot.core.speech import speak

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ACTIONS = package_actions()
ACT = InProcess(ACTIONS)
NAMES, VALIDATES = known(ACTIONS)
OURS = load_assistant(ROOT, actions=NAMES, validates=VALIDATES, strict=True)
ASKED = sorted({s.work.slot for f in OURS.flows.values() for s in f.steps.values() if isinstance(s.work, Collect)})
REGIONS = sorted(OURS.facts.regions)
WORDS = st.sampled_from(["Awa", "Kayes", "76 12 34 56", "+33612345678", "K7421R", "oui", "x" * 200, "12", "?"])
ANSWERS = st.one_of(
    WORDS,
    st.booleans(),
    st.sampled_from(sorted({value for slot in OURS.domain.slots.values() for value in slot.values})),
)
GIVEN = st.fixed_dictionaries(
    {
        "channel": st.sampled_from(["sms", "whatsapp"]),
        "language": st.sampled_from(["fr", "bm", "und"]),
        "period": st.sampled_from(["morning", "midday", "afternoon", "night"]),
        "office_open": st.booleans(),
        "answer_hours": st.just("8h-17h"),
        "has_checked_numbers": st.booleans(),
        "sms_price": st.sampled_from(["free", "operator"]),
        "next_reference": st.just("K7421R"),
        "consent": st.sampled_from(["none", "given", "refused"]),
        "opted_out": st.sampled_from(["none", "check_ins", "all"]),
        "first_contact": st.booleans(),
        "person_text": WORDS,
    },
    optional={
        "open_reference": st.just("A0001B"),
        "open_kinds": st.just(["question:A0001B"]),
        "own_cases": st.just("A0001B:open:20/11"),
        "has_sensitive_case": st.booleans(),
        "known_name": st.just("Awa"),
        "known_region": st.sampled_from(REGIONS),
        "known_place": st.just("Kayes"),
        "known_number": st.just("+22376123456"),
        "known_relative_number": st.just("+22376123457"),
        "known_relation": st.just("frère"),
        "known_trade": st.none(),
        "known_origin": st.none(),
    },
)
NEXT = "the open question"  # an answer to whatever was asked last
COMMANDS = st.one_of(
    st.tuples(st.just(NEXT), st.one_of(st.integers(0, 4), ANSWERS)),
    st.tuples(st.just(NEXT), st.integers(0, 4)),
    st.builds(Start, st.sampled_from(sorted(OURS.triggers))),
    st.builds(Begin, st.sampled_from(sorted(name for name in OURS.flows if not name.startswith("pattern_")))),
    st.builds(Fill, st.sampled_from(ASKED), ANSWERS),
    st.builds(Correct, st.one_of(st.none(), st.sampled_from(ASKED))),
    st.sampled_from([Back(), Cancel(), Repeat()]),
    st.builds(Clarify, st.lists(st.sampled_from(sorted(OURS.triggers)), max_size=3, unique=True).map(tuple)),
    st.builds(CannotHandle, st.sampled_from(["unclear", "media", "no_such_choice", "unsupported_language", "empty"])),
    st.builds(
        Alarm,
        st.sampled_from(["danger", "violence", "suicide", "medical", "trafficking"]),
        st.sampled_from(["P1", "P2"]),
        st.just(("mot",)),
        st.booleans(),
    ),
)


def meant(state, command):
    """Turn an answer to the open question into commands; a number picks from the menu."""
    if not isinstance(command, tuple):
        return (command,)
    expected = expectation(OURS, state, "fr")
    answer = command[1]
    if isinstance(answer, int) and not isinstance(answer, bool):
        picked = expected.choices[answer : answer + 1]
        return commands_of(picked[0].payload) if picked else (CannotHandle("no_such_choice"),)
    return (Fill(expected.slot, answer),) if expected.slot else (CannotHandle(),)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(COMMANDS, GIVEN, st.sampled_from([0, 0, 1, 30])), min_size=1, max_size=14))
def test_any_conversation_is_answered_in_words_of_both_languages(turns):
    state, now = State.new(), NOW
    for command, values, hours in turns:
        now += timedelta(hours=hours)
        commands = meant(state, command)
        turn = advance(OURS, state, commands, act=ACT, given={**values, "now": now, "today": now.date().isoformat()})
        state = State.from_json(turn.state.to_json())

        assert turn.said or state.paused
        assert len(state.stack) <= len(OURS.flows)
        assert sum(isinstance(effect, OpenCase) for effect in turn.effects) <= 1  # one reference is offered to a turn
        for say in turn.said:
            for language in ("fr", "bm"):
                words = speak(OURS, say, language=language, today=date(2026, 11, 20))
                assert words.text
                assert "None" not in fold(words.text)


@pytest.mark.parametrize("name", sorted(name for name in OURS.flows if not name.startswith("pattern_")))
def test_every_flow_can_be_begun_and_left(name):
    values = {"now": NOW, "channel": "sms", "language": "fr", "period": "morning", "next_reference": "K7421R"}
    values |= {"sms_price": "free", "opted_out": "none", "consent": "none", "person_text": "", "answer_hours": "8h-17h"}
    begun = advance(OURS, State.new(), (Begin(name, {}),), act=ACT, given=values | {"today": "2026-11-20"})
    left = advance(OURS, begun.state, (Cancel(),), act=ACT, given=values | {"today": "2026-11-20"})

    assert begun.said
    assert left.said or left.state.paused


def test_pictures_one_after_the_other_do_not_pile_up_questions():
    values = {"now": NOW, "channel": "sms", "language": "fr", "period": "morning", "next_reference": "K7421R"}
    values |= {"sms_price": "free", "opted_out": "none", "consent": "none", "person_text": "", "answer_hours": "8h-17h"}
    state = State.new()
    for _ in range(5):
        state = advance(OURS, state, (CannotHandle("media"),), act=ACT, given=values | {"today": "2026-11-20"}).state

    assert len(state.stack) <= 1
