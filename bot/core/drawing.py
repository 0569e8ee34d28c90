"""The picture of a flow, made from the table that is run: mermaid text, or SVG with a layout of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from textwrap import wrap
from typing import Final

from bot.core.drawing_layout import GAP_X, HEIGHT, WIDTH, Layout, Point, lay_out
from bot.core.flow import END, Act, Branch, Call, Collect, Flow, Link, SetSlots, Step

_LINE: Final = 26  # characters that fit into a box
_FILL: Final = {"ask": "#fff4d6", "say": "#e6f2ff", "do": "#eee8fa", "go": "#e5f5e8", "end": "#eeeeee"}
_STYLE: Final = (
    "text{font:12px sans-serif;fill:#222}.c{font-size:10px;fill:#555}"
    "path{fill:none;stroke:#777;stroke-width:1.2}rect{stroke:#777;rx:6}.lit{stroke:#c00;stroke-width:3}"
)

_ARROW_HEAD: Final = (
    '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<polygon points="0,0 8,4 0,8" fill="#777"/></marker></defs>'
)


@dataclass(frozen=True, slots=True)
class Box:
    """One step as it is drawn."""

    id: str
    kind: str  # ask, say, do, go, end
    label: str
    ways: tuple[tuple[str, str], ...] = ()  # (where to, the condition in words or "")


def mermaid(flow: Flow) -> str:
    """Write a flow as a mermaid flowchart."""
    boxes = _boxes(flow)
    names = {box.id: f"s{number}" for number, box in enumerate(boxes)}
    lines = ["flowchart TD", f"  %% {flow.id}: {flow.description}"]
    for box in boxes:
        left, right = {"ask": ("[/", "/]"), "go": ("([", "])"), "end": ("((", "))")}.get(box.kind, ("[", "]"))
        lines.append(f'  {names[box.id]}{left}"{_plain(box.label)}"{right}')
    for box in boxes:
        for to, words in box.ways:
            arrow = f'-->|"{_plain(words)}"|' if words else "-->"
            lines.append(f"  {names[box.id]} {arrow} {names[to]}")
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    return text.replace('"', "'").replace("\n", " ")


def svg(flow: Flow, *, lit: str | None = None) -> str:
    """Draw a flow as SVG; the step `lit` (where somebody stands) has a strong border."""
    boxes = _boxes(flow)
    layout = lay_out({box.id: [to for to, _ in box.ways] for box in boxes})
    width, height = f"{layout.width:.0f}", f"{layout.height:.0f}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{escape(flow.description)}">'
    )
    parts = [
        head,
        f"<title>{escape(flow.name)}</title><style>{_STYLE}</style>",
        _ARROW_HEAD,
        *(line for box in boxes for line in _arrows(box, layout)),
        *(line for box in boxes for line in _box(box, layout.centres[box.id], lit=box.id == lit)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _boxes(flow: Flow) -> list[Box]:
    boxes = [_step(flow, step) for step in flow.steps.values()]
    if any(to == END for box in boxes for to, _ in box.ways):
        boxes.append(Box(END, "end", "fin"))
    return boxes


def _step(flow: Flow, step: Step) -> Box:
    ways = tuple((way.to, _condition(way, last=way is step.ways[-1] and len(step.ways) > 1)) for way in step.ways)
    ways = tuple(way for way in ways if way[0] == END or way[0] in flow.steps)
    match step.work:
        case Collect(slot=slot):
            return Box(step.id, "ask", f"demande : {slot}", ways)
        case Act(name=name):
            said = name.startswith("utter_")
            return Box(
                step.id, "say" if said else "do", f"{'dit' if said else 'fait'} : {name.partition('_')[2]}", ways
            )
        case SetSlots(values=values):
            return Box(step.id, "do", "note : " + ", ".join(name for name, _ in values), ways)
        case Link(flow=other):
            return Box(step.id, "go", f"passe à : {other}", ways)
        case Call(flow=other):
            return Box(step.id, "go", f"va voir et revient : {other}", ways)
    return Box(step.id, "do", f"choix : {step.id}" if "#" not in step.id else "choix", ways)


def _condition(way: Branch, *, last: bool) -> str:
    if way.condition is None:
        return "sinon" if last else ""
    words = way.condition.text.replace("slots.", "").replace("context.", "")
    for english, french in ((" is not null", " connu"), (" is null", " inconnu"), (" is not ", " ≠ "), (" is ", " = ")):
        words = words.replace(english, french)
    return words.replace(" and ", " et ").replace(" or ", " ou ").replace("not ", "non ")


def _arrows(box: Box, layout: Layout) -> Iterator[str]:
    x, y = layout.centres[box.id]
    for number, (to, words) in enumerate(box.ways):
        start = (x - WIDTH / 2 + WIDTH * (number + 1) / (len(box.ways) + 1), y + HEIGHT / 2)
        aim_x, aim_y = layout.centres[to]
        if aim_y > y:
            path = _down([start, *layout.lanes.get((box.id, number), ()), (aim_x, aim_y - HEIGHT / 2)])
        else:  # back up, round the right side
            side = max(x, aim_x) + WIDTH / 2 + GAP_X / 2
            path = f"M{x + WIDTH / 2:.0f},{y:.0f} H{side:.0f} V{aim_y:.0f} H{aim_x + WIDTH / 2:.0f}"
        yield f'<path d="{path}" marker-end="url(#a)"/>'
        if words:
            down = 13 + 11 * (number % 2)
            yield f'<text class="c" x="{start[0] + 4:.0f}" y="{start[1] + down:.0f}">{escape(words)}</text>'


def _down(points: Sequence[Point]) -> str:
    path = f"M{points[0][0]:.0f},{points[0][1]:.0f}"
    for (x, y), (to_x, to_y) in pairwise(points):
        bend = (y + to_y) / 2
        path += f" C{x:.0f},{bend:.0f} {to_x:.0f},{bend:.0f} {to_x:.0f},{to_y:.0f}"
    return path


def _box(box: Box, centre: Point, *, lit: bool) -> Iterator[str]:
    x, y = centre
    mark = ' class="lit"' if lit else ""
    place = f'x="{x - WIDTH / 2:.0f}" y="{y - HEIGHT / 2:.0f}" width="{WIDTH:.0f}" height="{HEIGHT:.0f}"'
    yield f'<rect{mark} {place} fill="{_FILL[box.kind]}"><title>{escape(box.id)}</title></rect>'
    lines = wrap(box.label, _LINE)[:2] or [""]
    for number, line in enumerate(lines):
        down = y + 4 - 8 * (len(lines) - 1) + 16 * number
        yield f'<text x="{x:.0f}" y="{down:.0f}" text-anchor="middle">{escape(line)}</text>'
