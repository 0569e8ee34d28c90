"""Where the boxes of a flow's picture stand: rows from top to bottom, long arrows on lanes of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

WIDTH, HEIGHT = 214.0, 60.0  # one box
LANE: Final = 18.0  # an arrow that passes a row
GAP_X, GAP_Y = 26.0, 56.0
SWEEPS: Final = 4  # how often rows are put in order, down and up again
MARGIN: Final = 36.0
ROOM: Final = 16.0  # between a box and an arrow that turns back

Point: TypeAlias = tuple[float, float]
_Item: TypeAlias = tuple[str, int]  # a box's id and -1, or an arrow's start and number where it passes a row


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand.

    `centres` of boxes; `lanes`: the points that an arrow (start, number of the way) passes on its way down;
    `arrivals`: where on the upper edge of its aim it ends, from 0 (left) to 1 (right).
    """

    centres: Mapping[str, Point]
    lanes: Mapping[_Item, tuple[Point, ...]]
    arrivals: Mapping[_Item, float]
    width: float
    height: float


@dataclass(slots=True)
class _Rows:
    """What stands in each row, and what it is joined with in the rows above and below."""

    rows: dict[int, list[_Item]] = field(default_factory=dict)
    above: dict[tuple[int, _Item], list[_Item]] = field(default_factory=dict)
    below: dict[tuple[int, _Item], list[_Item]] = field(default_factory=dict)
    breadths: dict[tuple[int, _Item], float] = field(default_factory=dict)

    def add(self, row: int, item: _Item, breadth: float) -> None:
        members = self.rows.setdefault(row, [])
        if item not in members:
            members.append(item)
            self.breadths[row, item] = breadth

    def join(self, row: int, upper: _Item, lower: _Item) -> None:
        self.above.setdefault((row, lower), []).append(upper)
        self.below.setdefault((row - 1, upper), []).append(lower)


def lay_out(ways: Mapping[str, Sequence[str]], words: Mapping[_Item, float] | None = None) -> Layout:
    """Place boxes, given {id: where its ways lead} in the order of the file, and how wide the words of arrows are."""
    row_of = _row_numbers(ways)
    rows = _Rows()
    for name, row in row_of.items():
        rows.add(row, (name, -1), WIDTH)
    for name, aims in ways.items():
        for number, aim in enumerate(aims):
            _trace(rows, row_of, (name, number), aim, (words or {}).get((name, number), 0.0))
    _put_in_order(rows)
    return _place(rows, ways, row_of)


def _row_numbers(ways: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Put each box below all that lead to it; ways back up do not count."""
    order = {name: number for number, name in enumerate(ways)}
    rows = dict.fromkeys(ways, 0)
    for name, aims in ways.items():
        for aim in aims:
            if order[aim] > order[name]:
                rows[aim] = max(rows[aim], rows[name] + 1)
    return rows


def _trace(rows: _Rows, row_of: Mapping[str, int], arrow: _Item, aim: str, words: float) -> None:
    before: _Item = (arrow[0], -1)
    first = row_of[arrow[0]] + 1
    for row in range(first, row_of[aim] + 1):
        item: _Item = (aim, -1) if row == row_of[aim] else arrow
        rows.add(row, item, max(LANE, words) if row == first else LANE)
        rows.join(row, before, item)
        before = item


def _put_in_order(rows: _Rows) -> None:
    """Let each row follow the one above, then the one below, and so on: arrows cross less."""
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        joined, step = (rows.above, -1) if down else (rows.below, 1)
        for row in sorted(rows.rows, reverse=not down):
            places = {item: place for place, item in enumerate(rows.rows.get(row + step, ()))}
            pulls = {
                item: _middle([places[other] for other in joined.get((row, item), ())], default=place)
                for place, item in enumerate(rows.rows[row])
            }
            rows.rows[row].sort(key=pulls.__getitem__)


def _middle(places: Sequence[float], *, default: float) -> float:
    return sum(places) / len(places) if places else default


def _place(rows: _Rows, ways: Mapping[str, Sequence[str]], row_of: Mapping[str, int]) -> Layout:
    x_of = _columns(rows)
    left = min(x - rows.breadths[item] / 2 for item, x in x_of.items()) - MARGIN
    right = max(x + rows.breadths[item] / 2 for item, x in x_of.items()) + MARGIN
    lanes: dict[_Item, tuple[Point, ...]] = {}
    centres: dict[str, Point] = {}
    for (row, item), x in sorted(x_of.items()):
        point = (x - left, MARGIN + row * (HEIGHT + GAP_Y) + HEIGHT / 2)
        if item[1] < 0:
            centres[item[0]] = point
        else:
            lanes[item] = (*lanes.get(item, ()), point)
    height = 2 * MARGIN + len(rows.rows) * (HEIGHT + GAP_Y) - GAP_Y
    return Layout(centres, lanes, _arrivals(ways, row_of, centres, lanes), right - left, height)


def _columns(rows: _Rows) -> dict[tuple[int, _Item], float]:
    """Give each item its middle: as near as its neighbours allow below what leads to it."""
    x_of: dict[tuple[int, _Item], float] = {}
    for row in sorted(rows.rows):
        at, offsets = 0.0, []
        for item in rows.rows[row]:
            offsets.append(at + rows.breadths[row, item] / 2)
            at += rows.breadths[row, item] + GAP_X
        above = [[x_of[row - 1, up] for up in rows.above.get((row, item), ())] for item in rows.rows[row]]
        wishes = [_middle(xs, default=offset) - offset for xs, offset in zip(above, offsets, strict=True)]
        for item, offset, shift in zip(rows.rows[row], offsets, _rising(wishes), strict=True):
            x_of[row, item] = offset + shift
    return x_of


def _rising(wishes: Sequence[float]) -> list[float]:
    """Return the nearest numbers that never fall: neighbours in each other's way share their mean."""
    blocks: list[tuple[float, int]] = []  # mean, how many
    for wish in wishes:
        blocks.append((wish, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (mean, count), (before, many) = blocks.pop(), blocks.pop()
            blocks.append(((mean * count + before * many) / (count + many), count + many))
    return [mean for mean, count in blocks for _ in range(count)]


def _arrivals(
    ways: Mapping[str, Sequence[str]],
    row_of: Mapping[str, int],
    centres: Mapping[str, Point],
    lanes: Mapping[_Item, tuple[Point, ...]],
) -> dict[_Item, float]:
    """Spread the arrows that end at a box over its upper edge, in the order in which they come."""
    coming: dict[str, list[tuple[float, _Item]]] = {}
    for name, aims in ways.items():
        for number, aim in enumerate(aims):
            if row_of[aim] > row_of[name]:
                last = lanes.get((name, number), (centres[name],))[-1]
                coming.setdefault(aim, []).append((last[0], (name, number)))
    return {
        item: (place + 1) / (len(arrows) + 1)
        for arrows in coming.values()
        for place, (_, item) in enumerate(sorted(arrows))
    }
