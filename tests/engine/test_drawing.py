"""The picture of a flow comes from the table that is run."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bot.core.drawing import mermaid, svg
from bot.core.drawing_layout import lay_out
from tests.engine.small import ASSISTANT

FLOW = ASSISTANT.flows["lost_document"]
SVG = "{http://www.w3.org/2000/svg}"
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ASSISTANT.flows)
def test_every_step_has_a_box_and_every_way_an_arrow(name):
    flow = ASSISTANT.flows[name]
    drawn = ET.fromstring(svg(flow))  # noqa: S314 - our own drawing
    boxes = {box.findtext(f"{SVG}title") for box in drawn.iter(f"{SVG}rect")}

    assert boxes - {"END"} == set(flow.steps)
    assert len([*drawn.iter(f"{SVG}path")]) == sum(len(step.ways) for step in flow.steps.values())


def test_the_step_where_somebody_stands_is_lit():
    drawn = ET.fromstring(svg(FLOW, lit="region"))  # noqa: S314 - our own drawing
    lit = [box.findtext(f"{SVG}title") for box in drawn.iter(f"{SVG}rect") if box.get("class") == "lit"]

    assert lit == ["region"]


def test_the_words_are_french_and_conditions_readable():
    text = mermaid(FLOW)

    assert 's0[/"demande : document_kind"/]' in text
    assert '-->|"autre"|' in text
    assert '-->|"sinon"|' in text
    assert '-->|"oui"|' in text
    assert '-->|"non"|' in text


def test_boxes_of_a_row_never_overlap_and_rows_go_down():
    layout = lay_out({"a": ["b", "c", "d"], "b": ["d"], "c": ["d"], "d": []})
    (ax, ay), (bx, by), (cx, cy), (_, dy) = (layout.centres[name] for name in "abcd")

    assert ay < by == cy < dy
    assert abs(bx - cx) > 190
    assert 0 < ax < layout.width
    assert layout.lanes[("a", 2)][0][1] == by


def test_a_way_back_up_is_drawn_too():
    assert lay_out({"a": ["b"], "b": ["a", "b"]}).centres["b"][1] > lay_out({"a": []}).centres["a"][1]


@pytest.mark.parametrize(
    ("arguments", "begins"), [(["papers"], "flowchart TD"), (["papers", "--format", "svg"], "<svg")]
)
def test_the_command_draws(arguments, begins):
    command = [
        "-c",
        "from bot.cli import main; main()",
        "flows",
        "draw",
        *arguments,
        "--root",
        "tests/broken_flows/sound",
    ]
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.startswith(begins)
