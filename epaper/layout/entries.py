"""Rows of tables of which several entries were read as one line, cut between their columns.

Between rules of one measure, white that runs down through all rows parts columns. Works on
the page's lines, before anything is made of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from epaper.geometry import Box
from epaper.layout.pieces import piece_of
from epaper.layout.ruled import bands, ladders
from epaper.model import Line, Rule, WritingMode

# A table has so many rows at least; its columns are parted by white so wide, ems, and have
# so many characters on average.
_ROWS, _WHITE, _ENTRY = 3, 0.4, 1.6
# What was read in pieces of a row is level to this, em.
_LEVEL = 0.4


def part_entries(lines: Sequence[Line], rules: Sequence[Rule]) -> tuple[Line, ...]:
    """The lines in their order, rows of tables between rules as one piece for each column."""
    flat = [k for k, line in enumerate(lines) if _is_row(line)]
    sizes = sorted(lines[k].size for k in flat)
    if not sizes:
        return tuple(lines)
    parts: dict[int, tuple[Line, ...]] = {}
    for ladder in ladders(rules, sizes[len(sizes) // 2]):
        inside = [[k for k in flat if _within(lines[k].box, band)] for band in bands(ladder)]
        rows = [row for row in inside if row]
        if len(rows) >= _ROWS and all(_level([lines[k] for k in row]) for row in rows):
            parts.update(_parted({k: lines[k] for row in rows for k in row}))
    return tuple(piece for k, line in enumerate(lines) for piece in parts.get(k, (line,)))


def _is_row(line: Line) -> bool:
    return line.mode is WritingMode.HORIZONTAL and len(line.chars) == len(line.text) > 0


def _level(row: Sequence[Line]) -> bool:
    middles = [line.box.cy for line in row]
    return max(middles) - min(middles) < _LEVEL * row[0].size


def _within(box: Box, band: Box) -> bool:
    return band.y0 < box.cy < band.y1 and band.x0 - box.height < box.x0 and box.x0 < band.x1


def _parted(rows: dict[int, Line]) -> dict[int, tuple[Line, ...]]:
    """The rows in pieces; nothing where white parts them into single characters."""
    em = max(line.size for line in rows.values())
    walls = _white(rows.values(), _WHITE * em)
    pieces = {k: _cut(line, walls) for k, line in rows.items()}
    letters = sum(len(p.text) for found in pieces.values() for p in found)
    count = sum(map(len, pieces.values()))
    return pieces if walls and letters >= _ENTRY * count else {}


def _white(rows: Collection[Line], least: float) -> list[float]:
    """Middles of the white, so wide at least, that no character of any row stands in."""
    inked = sorted(
        (box.x0, box.x1)
        for line in rows
        for box, char in zip(line.chars, line.text, strict=True)
        if not char.isspace()
    )
    walls = []
    end = inked[0][1]
    for start, stop in inked:
        if start - end >= least:
            walls.append((start + end) / 2)
        end = max(end, stop)
    return walls


def _cut(line: Line, walls: Sequence[float]) -> tuple[Line, ...]:
    middles = [box.cx for box in line.chars]
    edges = [0, *(sum(m < wall for m in middles) for wall in walls), len(middles)]
    spans = [(a, b) for a, b in pairwise(edges) if line.text[a:b].strip()]
    return tuple(piece_of(line, a, b) for a, b in spans)
