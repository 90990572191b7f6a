"""Tables: short entries that line up in rows and columns, with rules or without."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box, hull
from epaper.layout.cells import Table, celled_tables
from epaper.layout.chunks import Chunk, innermost_frames
from epaper.layout.frame import Item
from epaper.layout.joined import join_lines
from epaper.layout.ruled import ruled_tables
from epaper.model import Frame, Rule

# An entry is short and stands apart from the next, em.
_ENTRY = 10
_MEAN_ENTRY = 5.5
_APART = 0.3
_ROWS = 3
# A table's own rules stand no farther from its words than this, em; behind short entries
# of its last column farther.
_EDGE, _WIDE_EDGE = 1.0, 5.0


def find_tables(
    items: Sequence[Item],
    rules: Sequence[Rule],
    frames: Sequence[Frame] = (),
    heads: Sequence[Box] = (),
    larger: Sequence[Item] = (),
) -> list[Table]:
    """Tables as rows of cells; those without a rule between their columns have three rows.

    `heads` are boxes of headlines. Lines in somewhat `larger` type than the text's may be
    entries between rules.
    """
    celled = celled_tables(items, rules, frames, heads)
    taken = {id(item) for item in lines_of(celled)}
    large = {id(i) for i in larger}
    ruled = [
        # A headline may stand under the last rule, by itself in its row.
        table[:-1] if all(id(i) in large for i in table[-1]) else table
        for table in ruled_tables([i for i in (*items, *larger) if id(i) not in taken], rules)
    ]
    taken |= {id(item) for table in ruled for row in table for item in row}
    plain = _plain_tables([i for i in items if id(i) not in taken])
    return celled + [[[[item] for item in row] for row in table] for table in ruled + plain]


def lines_of(tables: Sequence[Table]) -> list[Item]:
    """All lines of tables."""
    return [item for table in tables for row in table for cell in row for item in cell]


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
    tables: Sequence[Table], frames: Sequence[Frame], others: Sequence[Item]
) -> list[Chunk]:
    """Each table as one chunk, in the frame around it that holds more than the table.

    `others` are the lines of the page, those of tables among them.
    """
    chunks = []
    for table in tables:
        items = tuple(lines_of([table]))
        own, box = {id(i) for i in items}, hull(i.box for i in items)
        strange = [i.box for i in others if id(i) not in own]
        around = [k for k, f in enumerate(frames) if any(_holds(f.box, b) for b in strange)]
        inside = innermost_frames([box], [frames[k] for k in around])[0]
        counts = tuple(tuple(len(cell) for cell in row) for row in table)
        chunks.append(Chunk(items, around[inside] if inside >= 0 else -1, rows=counts))
    return chunks


def _holds(frame: Box, box: Box) -> bool:
    return frame.x0 < box.cx < frame.x1 and frame.y0 < box.cy < frame.y1


def without_own(tables: Sequence[Chunk], rules: Sequence[Rule]) -> list[Rule]:
    """The rules but those of tables, which part nothing from the table's story."""
    return [r for r in rules if not any(_is_own(r, table) for table in tables)]


def _is_own(rule: Rule, table: Chunk) -> bool:
    box, em = table.box, table.size
    if rule.horizontal:
        level = box.y0 - _EDGE * em < rule.box.cy < box.y1 + _EDGE * em
        return level and rule.box.overlap_x(box) > 0.5 * rule.box.width
    level = box.x0 - _EDGE * em < rule.box.cx < box.x1 + _WIDE_EDGE * em
    return level and rule.box.overlap_y(box) > 0.5 * rule.box.height


def cells(chunk: Chunk) -> tuple[tuple[str, ...], ...]:
    """The words of a table's rows, the lines of a cell as one."""
    words = iter(chunk.items)
    return tuple(
        tuple(join_lines([next(words).text for _ in range(count)]) for count in row)
        for row in chunk.rows
    )


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
