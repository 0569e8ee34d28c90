"""The drawings of the documentation are those of the flows that are run, and a caseworker can read them."""

import re
from pathlib import Path

import pytest

from bot.bootstrap import ROOT as HOUSE
from bot.core.assistant import Assistant
from bot.core.drawing import mermaid
from bot.core.drawing_words import ACTIONS, Words
from bot.core.flow import Act
from bot.service.brain import Brain
from scripts.drawings import FOLDER, ROOT, drawn

FILES = drawn()
STALE = "It is older than the flows or their French sentences: run `make drawings`."


@pytest.fixture
def assistant(brain: Brain) -> Assistant:
    return brain.assistant


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_drawing_is_that_of_its_flow(path: Path):
    assert (ROOT / path).exists(), STALE
    assert (ROOT / path).read_text(encoding="utf-8") == FILES[path], STALE


def test_no_flow_that_is_gone_is_still_drawn():
    assert {path.relative_to(ROOT) for path in (ROOT / FOLDER).glob("*")} <= FILES.keys()
    assert ROOT == HOUSE


def test_no_box_and_no_arrow_speaks_like_a_program(assistant: Assistant):
    words = Words(assistant.texts["fr"], assistant.domain.responses, assistant.flows)
    for flow in assistant.flows.values():
        for label in re.findall(r'"([^"]*)"', "\n".join(mermaid(flow, words).splitlines()[2:])):
            assert label, flow.id
            assert not re.search(r"\b[a-z]+_[a-z]+|[<>=≠{}]|\bmatches\b", label), (
                f"{flow.id}: say {label!r} in French in bot/core/drawing_words.py."
            )


def test_every_action_has_french_words_and_no_words_are_left_over(assistant: Assistant):
    works = [step.work for flow in assistant.flows.values() for step in flow.steps.values()]
    run = {work.name for work in works if isinstance(work, Act) and work.name.startswith("action_")}

    assert run == ACTIONS.keys(), "Say each action in French in ACTIONS of bot/core/drawing_words.py."
