"""An answer to the question after the open one is taken as such, and nothing is guessed."""

from bot.core.ahead import answer_ahead
from bot.core.commands import Fill
from bot.core.conversation import Frame, State
from bot.service.brain import Brain


def _asked(flow: str, step: str) -> State:
    return State(stack=(Frame(1, flow, step, asked=step),))


def test_a_number_says_that_another_number_is_meant(brain: Brain) -> None:
    fills = answer_ahead(brain.assistant, _asked("keep_in_touch", "same_number"), {"phone": "+22366778899"})

    assert fills == (Fill("same_number", value=False), Fill("phone", "+22366778899"))


def test_a_relative_s_number_says_that_there_is_one(brain: Brain) -> None:
    fills = answer_ahead(brain.assistant, _asked("keep_in_touch", "has_relative"), {"phone": "+22366778899"})

    assert fills == (Fill("has_relative", value=True), Fill("relative_phone", "+22366778899"))


def test_nothing_is_concluded_from_what_no_next_question_asks(brain: Brain) -> None:
    assert answer_ahead(brain.assistant, _asked("keep_in_touch", "same_number"), {"trade": "soudure"}) == ()


def test_nothing_is_concluded_without_an_open_question(brain: Brain) -> None:
    assert answer_ahead(brain.assistant, State(), {"phone": "+22366778899"}) == ()
