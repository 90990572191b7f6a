"""Tables: short entries that line up in rows and columns, with rules or without."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from epaper.geometry import hull
from epaper.layout.chunks import Chunk, innermost_frames
from epaper.layout.frame import Item
from epaper.layout.ruled import ruled_tables
from epaper.model import Frame, Rule

# An entry is short and stands apart from the next, em.
_ENTRY = 10
_MEAN_ENTRY = 5.5
_APART = 0.3
_ROWS = 3


def find_tables(items: Sequence[Item], rules: Sequence[Rule]) -> list[list[list[Item]]]:
    """Tables as rows of items; each has three rows or more of two columns or more."""
    ruled = ruled_tables(items, rules)
    taken = {id(item) for table in ruled for row in table for item in row}
    return ruled + _plain_tables([i for i in items if id(i) not in taken])


def _plain_tables(items: Sequence[Item]) -> list[list[list[Item]]]:
    """Tables without rules.

    A row is a set of short items at one height; rows belong to one table if they follow
    each other closely and their entries stand over one another.
    """
    rows = [row for row in _rows(items) if len(row) >= 2]
    tables: list[list[list[Item]]] = []
    for row in rows:
        last = tables[-1][-1] if tables else None
        if last is not None and _continues(last, row):
            tables[-1].append(row)
        else:
            tables.append([row])
    return [table for table in tables if len(table) >= _ROWS and _terse(table)]


def _terse(table: Sequence[Sequence[Item]]) -> bool:
    """True if the entries are no lines of narrow columns set side by side."""
    words = [item.text for row in table for item in row]
    running = sum(any(mark in text for mark in "，。、；") for text in words)
    return sum(map(len, words)) < _MEAN_ENTRY * len(words) and running < 0.1 * len(words)


def table_chunks(
    tables: Sequence[Sequence[Sequence[Item]]], frames: Sequence[Frame]
) -> list[Chunk]:
    """Each table as one chunk."""
    chunks = []
    for table in tables:
        items = tuple(item for row in table for item in row)
        inside = innermost_frames([hull(i.box for i in items)], frames)[0]
        chunks.append(Chunk(items, inside, rows=tuple(len(row) for row in table)))
    return chunks


def cells(chunk: Chunk) -> tuple[tuple[str, ...], ...]:
    """The words of a table's rows."""
    words = iter(chunk.items)
    return tuple(tuple(next(words).text for _ in range(count)) for count in chunk.rows)


def _rows(items: Sequence[Item]) -> list[list[Item]]:
    """Runs of short items side by side, each run one row, from top to bottom."""
    short = sorted((i for i in items if len(i.text) <= _ENTRY), key=lambda i: i.box.cy)
    long = [i.box for i in items if len(i.text) > _ENTRY]
    running = np.array([(b.cx, b.y0, b.y1) for b in long]).reshape(-1, 3)
    level: list[list[Item]] = []
    for item in short:
        if level and abs(level[-1][0].box.cy - item.box.cy) < 0.4 * item.size:
            level[-1].append(item)
        else:
            level.append([item])
    rows: list[list[Item]] = []
    for band in level:
        band.sort(key=lambda i: i.box.x0)
        row = [band[0]]
        for left, right in pairwise(band):
            gap = right.box.x0 - left.box.x1
            if not _APART * right.size < gap < 10 * right.size or _parted(left, right, running):
                rows.append(row)
                row = []
            row.append(right)
        rows.append(row)
    return rows


def _parted(left: Item, right: Item, running: NDArray[np.float64]) -> bool:
    """True if running text stands between or beside the two at their height.

    `running` are the lines of it: the middle across, the head and the foot of each.
    """
    middle, head, foot = running.T
    level = np.minimum(foot, left.box.y1) - np.maximum(head, left.box.y0) > 0
    return bool((level & (middle > left.box.x0) & (middle < right.box.x1)).any())


def _continues(above: Sequence[Item], row: Sequence[Item]) -> bool:
    em = row[0].size
    gap = row[0].box.y0 - above[0].box.y1
    if not -0.3 * em < gap < 1.6 * em or abs(len(above) - len(row)) > 1:
        return False
    lined = sum(any(a.box.overlap_x(b.box) > 0.3 * em for a in above) for b in row)
    return lined >= 2
