"""Answers as figures for plots: counts by group and value, where nobody can be found out in a small group. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

By = Literal["month", "region", "trade", "sex", "language", "months_since_return"]
BY: tuple[By, ...] = get_args(By)
SMALL: Final = 5  # fewer persons than this in a group are not shown: somebody could be recognised among them


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the answers: one question, by what it is parted, and within which limits."""

    question: str
    by: By = "month"
    since: datetime | None = None
    until: datetime | None = None  # not included
    plan: str | None = None  # of one plan, or one broadcast's id
    region: str | None = None
    trade: str | None = None
    sex: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """How many gave one answer in one group; `group` "" is "not known", `count` None is hidden."""

    group: str
    value: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """One bar of a plot: its answers, and how many there are; None where it is hidden."""

    name: str
    cells: tuple[Cell, ...]
    total: int | None


def hide_small(cells: Iterable[Cell], *, small: int = SMALL) -> tuple[Group, ...]:
    """Return the groups by name, those of fewer than `small` answers hidden whole, small answers within them too.

    What is hidden in a group is at least two answers and together not small either: else the total would tell it. For
    the same reason one hidden group alone takes the next smallest with it.
    """
    groups: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[cell.group].append(cell)
    made = [_group(name, members, small) for name, members in sorted(groups.items())]
    hidden = [group for group in made if group.total is None]
    shown = sorted((group for group in made if group.total), key=lambda group: group.total or 0)
    also = shown[0].name if len(hidden) == 1 and shown else None
    return tuple(_blank(group) if group.name == also else group for group in made)


def _group(name: str, cells: Sequence[Cell], small: int) -> Group:
    ordered = sorted(cells, key=lambda cell: cell.value)
    total = sum(cell.count or 0 for cell in cells)
    group = Group(name, tuple(ordered), total)
    if total < small:
        return _blank(group)
    gone: list[Cell] = []
    for cell in sorted(ordered, key=lambda cell: cell.count or 0):
        alone = len(gone) == 1 or 0 < sum(one.count or 0 for one in gone) < small
        if alone or (cell.count or 0) < small:
            gone.append(cell)
    return Group(name, tuple(_hidden(cell) if cell in gone else cell for cell in ordered), total)


def _blank(group: Group) -> Group:
    return Group(group.name, tuple(map(_hidden, group.cells)), None)


def _hidden(cell: Cell) -> Cell:
    return Cell(cell.group, cell.value, None)
