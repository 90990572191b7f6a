"""Lines of masthead and folio blocks as rows of print, with their sizes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from epaper.geometry import Box, hull
from epaper.model import Line, Page, Role, WritingMode

GAP_EMS = 0.6


@dataclass(frozen=True, slots=True)
class Row:
    """Lines that stand side by side; `text` sets wide gaps as an ideographic space."""

    text: str
    box: Box
    size: float


def lines_of(page: Page, *roles: Role) -> list[Line]:
    """The lines with text of all blocks of these roles, in block order."""
    return [
        line
        for block in page.blocks
        if block.role in roles
        for line in block.lines
        if line.text.strip()
    ]


def text_of(page: Page, *roles: Role) -> str:
    """Their text as layout ordered it, one line a row."""
    return "\n".join(line.text for line in lines_of(page, *roles))


def rows_of(lines: Iterable[Line]) -> list[Row]:
    """Lines grouped into rows from top to bottom, each read from left to right.

    Two lines share a row where they overlap by half the smaller one's height, so a
    large page figure joins the small words at its sides. Vertical lines stand alone.
    """
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda item: (item.box.cy, item.box.x0)):
        home = next((group for group in groups if _beside(group, line)), None)
        if home is None:
            groups.append([line])
        else:
            home.append(line)
    return [_row(sorted(group, key=lambda item: item.box.x0)) for group in groups]


def _beside(group: list[Line], line: Line) -> bool:
    if line.mode is WritingMode.VERTICAL:
        return False
    return all(
        other.mode is not WritingMode.VERTICAL
        and line.box.overlap_y(other.box) >= 0.5 * min(line.box.height, other.box.height)
        and line.box.overlap_x(other.box) <= 0.2 * min(line.box.width, other.box.width)
        for other in group
    )


def _row(lines: list[Line]) -> Row:
    text = lines[0].text
    for before, line in pairwise(lines):
        gap = line.box.x0 - before.box.x1
        close = gap < GAP_EMS * max(before.size, line.size)
        text += line.text if close else f"\u3000{line.text}"
    return Row(text, hull(line.box for line in lines), max(line.size for line in lines))
