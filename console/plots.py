"""Bars drawn on the server as SVG; beside each picture stands a table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, LABEL, ROW, BAR = 640, 200, 26, 18  # units of the picture, which grows and shrinks with the page
SHADES = 6  # classes .shade0 … in console.css; more parts begin again
LETTER = 8  # about so wide is a figure
_LONGEST = 26  # characters of a label


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: its label, and how long each part is, in the order of the legend; None is hidden."""

    label: str
    parts: tuple[int | None, ...]


def bars(title: str, legend: Sequence[str], rows: Sequence[Bar]) -> Markup:
    """Return a picture of stacked bars; nothing when there is nothing to draw. A hidden part is drawn as a gap."""
    longest = max((sum(part or 0 for part in row.parts) for row in rows), default=0)
    if not longest:
        return Markup("")
    unit = (WIDTH - LABEL - 5 * LETTER) / longest
    body = Markup("").join(_row(row, number, unit) for number, row in enumerate(rows))
    height = len(rows) * ROW + (ROW if len(legend) > 1 else 0) + 4
    return Markup('<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>').format(
        WIDTH, height, title, body, _legend(legend, len(rows)) if len(legend) > 1 else ""
    )


def _row(row: Bar, number: int, unit: float) -> Markup:
    top, left, drawn = number * ROW, float(LABEL), [_label(row.label, number * ROW + BAR - 4)]
    for shade, part in enumerate(row.parts):
        wide = (part or 0) * unit
        drawn.append(_part(part, shade, (left, top, wide)))
        left += wide
    total = "—" if any(part is None for part in row.parts) else str(sum(part or 0 for part in row.parts))
    drawn.append(Markup('<text x="{:.1f}" y="{}">{}</text>').format(left + 4, top + BAR - 4, total))
    return Markup("").join(drawn)


def _label(words: str, y: int) -> Markup:
    short = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
    return Markup('<text x="{}" y="{}" class="end">{}</text>').format(LABEL - 6, y, short)


def _part(part: int | None, shade: int, where: tuple[float, int, float]) -> Markup:
    left, top, wide = where
    if not part:
        return Markup("")
    box = Markup('<rect x="{:.1f}" y="{}" width="{:.1f}" height="{}" class="shade{}"/>').format(
        left, top, wide, BAR, shade % SHADES
    )
    fits = wide > LETTER * (len(str(part)) + 1)
    words = Markup('<text x="{:.1f}" y="{}" class="in shade{}">{}</text>').format(
        left + 4, top + BAR - 4, shade % SHADES, part
    )
    return box + (words if fits else Markup(""))


def _legend(words: Sequence[str], rows: int) -> Markup:
    wide = WIDTH / len(words)
    return Markup("").join(
        Markup(
            '<rect x="{:.1f}" y="{}" width="12" height="12" class="shade{}"/><text x="{:.1f}" y="{}">{}</text>'
        ).format(n * wide, rows * ROW + 6, n % SHADES, n * wide + 16, rows * ROW + 16, word)
        for n, word in enumerate(words)
    )
