"""From labelled messages to lines of nlu.yml."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.core.unmatched import UnknownIntent, Unmatched, as_nlu, known_intent, new_lines
from bot.understanding.redact import redact
from bot.understanding.training import examples_of

CHOSE = Unmatched(1, "fr", "je veux la chose", ("menu",), datetime(2026, 11, 23, 9, tzinfo=UTC), "advice")


def test_lines_are_grouped_by_intent():
    lines = new_lines([CHOSE, replace(CHOSE, text="la chose la"), replace(CHOSE, text="menu la", label="menu")], [])

    assert lines == {"advice": ["je veux la chose", "la chose la"], "menu": ["menu la"]}


def test_what_has_no_label_is_left_out():
    assert new_lines([replace(CHOSE, label=None)], []) == {}


def test_a_line_that_is_there_already_or_twice_is_left_out():
    twice = [replace(CHOSE, text="Je veux LA chose !"), CHOSE]

    assert new_lines(twice, ["je veux, la chose"]) == {}
    assert new_lines(twice, []) == {"advice": ["Je veux LA chose !"]}


def test_what_somebody_in_danger_wrote_never_teaches_an_ordinary_wish():
    assert new_lines([CHOSE, replace(CHOSE, danger=True)], []) == {"emergency": ["je veux la chose"]}


def test_an_unknown_intent_is_refused_with_those_there_are():
    assert known_intent("menu", {"menu", "advice"}) == "menu"
    with pytest.raises(UnknownIntent, match=r"no intent called 'formation'.*advice, menu"):
        known_intent("formation", {"menu", "advice"})


@given(st.lists(st.text().map(redact).filter(lambda text: text.strip("-# ")), min_size=1))
def test_whatever_was_written_the_lines_can_be_read_by_what_reads_nlu_yml(texts):
    lines = new_lines([replace(CHOSE, text=text) for text in texts], [])

    read = examples_of({"nlu": yaml.safe_load(as_nlu(lines)) or []})

    assert len(read.get("advice", [])) == len(lines.get("advice", []))
