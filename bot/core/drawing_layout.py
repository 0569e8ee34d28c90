"""Where the boxes of a flow's picture stand: rows from top to bottom, long arrows on lanes of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

WIDTH, HEIGHT = 190.0, 46.0  # one box
LANE: Final = 18.0  # an arrow that passes a row
GAP_X, GAP_Y = 30.0, 44.0
MARGIN: Final = 24.0

Point: TypeAlias = tuple[float, float]
_Item: TypeAlias = tuple[str, int]  # a box's id and -1, or an arrow's start and number where it passes a row


@dataclass(frozen=True, slots=True)
class Layout:
    """Centres of boxes, and the points that each arrow (start, number of the way) passes on its way down."""

    centres: Mapping[str, Point]
    lanes: Mapping[_Item, tuple[Point, ...]]
    width: float
    height: float


@dataclass(slots=True)
class _Rows:
    rows: dict[int, list[_Item]] = field(default_factory=dict)
    above: dict[tuple[int, _Item], list[tuple[_Item, float]]] = field(default_factory=dict)

    def add(self, row: int, item: _Item) -> None:
        members = self.rows.setdefault(row, [])
        if item not in members:
            members.append(item)


def lay_out(ways: Mapping[str, Sequence[str]]) -> Layout:
    """Place boxes, given {id: where each of its ways leads}, in the order of the file."""
    row_of = _row_numbers(ways)
    rows = _Rows()
    for name, row in row_of.items():
        rows.add(row, (name, -1))
    for name, aims in ways.items():
        for number, aim in enumerate(aims):
            _trace(rows, row_of, name, number, aim)
    return _place(rows)


def _row_numbers(ways: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Put each box below all that lead to it; ways back up do not count."""
    order = {name: number for number, name in enumerate(ways)}
    rows = dict.fromkeys(ways, 0)
    for name, aims in ways.items():
        for aim in aims:
            if order[aim] > order[name]:
                rows[aim] = max(rows[aim], rows[name] + 1)
    return rows


def _trace(rows: _Rows, row_of: Mapping[str, int], name: str, number: int, aim: str) -> None:
    lean = number * 0.01  # keeps the ways of one box in their order
    before: _Item = (name, -1)
    for row in range(row_of[name] + 1, row_of[aim] + 1):
        item: _Item = (aim, -1) if row == row_of[aim] else (name, number)
        rows.add(row, item)
        rows.above.setdefault((row, item), []).append((before, lean))
        before = item


def _place(rows: _Rows) -> Layout:
    widths = {row: sum(map(_breadth, members)) + GAP_X * (len(members) - 1) for row, members in rows.rows.items()}
    widest = max(widths.values())
    centres: dict[str, Point] = {}
    lanes: dict[_Item, tuple[Point, ...]] = {}
    x_of: dict[_Item, float] = {}
    for row in sorted(rows.rows):
        members = sorted(rows.rows[row], key=lambda item: _pull(rows, row, item, x_of))
        x, y = MARGIN + (widest - widths[row]) / 2, MARGIN + row * (HEIGHT + GAP_Y) + HEIGHT / 2
        here: dict[_Item, float] = {}
        for item in members:
            here[item] = x + _breadth(item) / 2
            x += _breadth(item) + GAP_X
            if item[1] < 0:
                centres[item[0]] = (here[item], y)
            else:
                lanes[item] = (*lanes.get(item, ()), (here[item], y))
        x_of = here
    return Layout(centres, lanes, widest + 2 * MARGIN, 2 * MARGIN + len(rows.rows) * (HEIGHT + GAP_Y) - GAP_Y)


def _breadth(item: _Item) -> float:
    return WIDTH if item[1] < 0 else LANE


def _pull(rows: _Rows, row: int, item: _Item, x_of: Mapping[_Item, float]) -> float:
    """Return where an item would like to stand: below the middle of what leads to it."""
    above = rows.above.get((row, item), [])
    return sum(x_of[parent] + lean for parent, lean in above) / len(above) if above else 0.0
