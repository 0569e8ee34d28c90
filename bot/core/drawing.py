"""The picture of a flow, made from the table that is run: mermaid text, or SVG with a layout of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from textwrap import wrap
from typing import Final

from bot.core.drawing_layout import HEIGHT, MARGIN, ROOM, WIDTH, Layout, Point, lay_out
from bot.core.drawing_words import Words
from bot.core.flow import END, Act, Call, Collect, Flow, Link, Step

_LINE, _LINES = 32, 3  # characters and lines that fit into a box
_LETTER: Final = 6.0  # how wide a letter beside an arrow is, about
_FILL: Final = {"ask": "#fff4d6", "say": "#e6f2ff", "do": "#eee8fa", "go": "#e5f5e8", "end": "#eeeeee"}
_SHAPES: Final = {"ask": ("[/", "/]"), "go": ("([", "])"), "end": ("((", "))")}
_TEXT: Final = 'font-family="sans-serif" font-size="12" fill="#222"'
_HEAD: Final = (
    '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<polygon points="0,0 8,4 0,8" fill="#666"/></marker></defs>'
)


@dataclass(frozen=True, slots=True)
class Way:
    """An arrow: where to, and in which cases, in words."""

    to: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """One step as it is drawn."""

    id: str
    kind: str  # ask, say, do, go, end
    label: str
    ways: tuple[Way, ...] = ()


def mermaid(flow: Flow, words: Words | None = None) -> str:
    """Write a flow as a mermaid flowchart."""
    boxes = _boxes(flow, words or Words())
    names = {box.id: f"s{number}" for number, box in enumerate(boxes)}
    lines = ["flowchart TD", f"  %% {flow.id}: {flow.description}"]
    for box in boxes:
        left, right = _SHAPES.get(box.kind, ("[", "]"))
        lines.append(f'  {names[box.id]}{left}"{_plain(box.label)}"{right}')
    for box in boxes:
        for way in box.ways:
            arrow = f'-->|"{_plain(way.words)}"|' if way.words else "-->"
            lines.append(f"  {names[box.id]} {arrow} {names[way.to]}")
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    return text.replace('"', "'").replace("\n", " ")


def svg(flow: Flow, words: Words | None = None, *, lit: str | None = None) -> str:
    """Draw a flow as SVG; the step `lit` (where somebody stands) has a strong border and the id "lit".

    Looks are attributes and nothing is a style, so that a page whose security policy forbids styles can show it.
    """
    boxes = _boxes(flow, words or Words())
    layout = lay_out(
        {box.id: [way.to for way in box.ways] for box in boxes},
        {(box.id, number): _width(way.words) for box in boxes for number, way in enumerate(box.ways)},
    )
    width, height = f"{layout.width:.0f}", f"{layout.height:.0f}"
    frame = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {frame} role="img" aria-label="{escape(flow.description)}" {_TEXT}>',
        f"<title>{escape(flow.name)}</title>",
        _HEAD,
        f'<polygon points="0,0 {width},0 {width},{height} 0,{height}" fill="#fff"/>',  # also on a dark page
        *(line for box in boxes for line in _arrows(box, layout)),
        *(line for box in boxes for line in _box(box, layout.centres[box.id], lit=box.id == lit)),
        *(line for box in boxes for line in _labels(box, layout)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _width(words: str) -> float:
    return _LETTER * len(words)


def _boxes(flow: Flow, words: Words) -> list[Box]:
    boxes = [_step(flow, step, words) for step in flow.steps.values()]
    if any(way.to == END for box in boxes for way in box.ways):
        boxes.append(Box(END, "end", "fin"))
    return boxes


def _step(flow: Flow, step: Step, words: Words) -> Box:
    joined: dict[str, list[str]] = {}
    for way, said in zip(step.ways, words.of_ways(step), strict=True):
        if way.to == END or way.to in flow.steps:
            joined.setdefault(way.to, []).append(said)
    ways = tuple(Way(to, " / ".join(filter(None, said))) for to, said in joined.items())
    return Box(step.id, _kind(step), words.of_step(step), ways)


def _kind(step: Step) -> str:
    match step.work:
        case Collect():
            return "ask"
        case Act(name=name) if name.startswith("utter_"):
            return "say"
        case Link() | Call():
            return "go"
    return "do"


def _points(box: Box, number: int, layout: Layout) -> list[Point]:
    """Return where an arrow down begins, passes the rows between, and ends."""
    x, y = layout.centres[box.id]
    firsts = [layout.lanes.get((box.id, other), (layout.centres[way.to],))[0][0] for other, way in enumerate(box.ways)]
    place = sorted(range(len(firsts)), key=firsts.__getitem__).index(number)  # left ones begin left: none cross
    start = (x - WIDTH / 2 + WIDTH * (place + 1) / (len(firsts) + 1), y + HEIGHT / 2)
    aim_x, aim_y = layout.centres[box.ways[number].to]
    end = (aim_x - WIDTH / 2 + WIDTH * layout.arrivals[box.id, number], aim_y - HEIGHT / 2)
    lanes = layout.lanes.get((box.id, number), ())
    passed = [(lane_x, lane_y + side) for lane_x, lane_y in lanes for side in (-HEIGHT / 2, HEIGHT / 2)]
    return [start, *passed, end]


def _arrows(box: Box, layout: Layout) -> Iterator[str]:
    for number, way in enumerate(box.ways):
        back = layout.centres[way.to][1] <= layout.centres[box.id][1]
        path = _back(box, way, layout) if back else _down(_points(box, number, layout))
        dashes = ' stroke-dasharray="6 3"' if back else ""
        yield f'<path d="{path}" fill="none" stroke="#666" stroke-width="1.3"{dashes} marker-end="url(#a)"/>'


def _back(box: Box, way: Way, layout: Layout) -> str:
    """Lead an arrow back up: between the rows, round the nearer edge of the picture, never behind a box."""
    (x, y), (aim_x, aim_y) = layout.centres[box.id], layout.centres[way.to]
    side = MARGIN / 3 if x + aim_x < layout.width else layout.width - MARGIN / 3
    turn = aim_x + (WIDTH / 3 if side > aim_x else -WIDTH / 3)
    below, above = y + HEIGHT / 2 + ROOM, aim_y - HEIGHT / 2 - ROOM
    return f"M{x:.0f},{y + HEIGHT / 2:.0f} V{below:.0f} H{side:.0f} V{above:.0f} H{turn:.0f} V{aim_y - HEIGHT / 2:.0f}"


def _down(points: Sequence[Point]) -> str:
    path = f"M{points[0][0]:.0f},{points[0][1]:.0f}"
    for (x, y), (to_x, to_y) in pairwise(points):
        bend = (y + to_y) / 2
        if x == to_x:
            path += f" V{to_y:.0f}"
            continue
        path += f" C{x:.0f},{bend:.0f} {to_x:.0f},{bend:.0f} {to_x:.0f},{to_y:.0f}"
    return path


def _labels(box: Box, layout: Layout) -> Iterator[str]:
    """Write each condition where its arrow reaches the next row: there the arrows of a box stand apart."""
    x, y = layout.centres[box.id]
    for number, way in enumerate(box.ways):
        if not way.words:
            continue
        if layout.centres[way.to][1] > y:
            (_, from_y), (to_x, to_y) = _points(box, number, layout)[:2]
            place = (to_x, from_y + (to_y - from_y) * 0.78)
        else:
            place = (x, y + HEIGHT / 2 + ROOM - 3)
        yield (
            f'<text x="{place[0]:.0f}" y="{place[1]:.0f}" font-size="11" fill="#333" text-anchor="middle" '
            f'stroke="#fff" stroke-width="3" paint-order="stroke">{escape(way.words)}</text>'
        )


def _box(box: Box, centre: Point, *, lit: bool) -> Iterator[str]:
    x, y = centre
    mark = 'id="lit" class="lit" stroke="#c00" stroke-width="4"' if lit else 'stroke="#777"'
    turn = HEIGHT / 2 if box.kind == "end" else 6
    place = (
        f'x="{x - WIDTH / 2:.0f}" y="{y - HEIGHT / 2:.0f}" width="{WIDTH:.0f}" height="{HEIGHT:.0f}" rx="{turn:.0f}"'
    )
    yield f'<rect {mark} {place} fill="{_FILL[box.kind]}"><title>{escape(box.id)}</title></rect>'
    lines = wrap(box.label, _LINE, max_lines=_LINES, placeholder=" …") or [""]
    for number, line in enumerate(lines):
        down = y + 4 - 8 * (len(lines) - 1) + 16 * number
        yield f'<text x="{x:.0f}" y="{down:.0f}" text-anchor="middle">{escape(line)}</text>'
