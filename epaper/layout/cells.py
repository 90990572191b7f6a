"""Tables whose cells are ruled on all sides, with any number of lines in a cell.

Strokes that touch make a grid: rules, and the sides of frames. It is a table if its cells
hold a few short lines each; a page whose columns are parted by rules is a grid as well, but
its cells are columns of text. Built in the reading frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from epaper.geometry import Box
from epaper.layout.frame import Item
from epaper.layout.groups import groups
from epaper.model import Frame, Rule

# A cell's items line by line; a row is its cells from the left, a table its rows.
Cell = list[Item]
Table = list[list[Cell]]

# Strokes touch, and stand on one level, within this, em.
_TOUCH = 0.6
# A table has this many rows and columns at least.
_FEWEST = 2
# Lines in a cell, on average and at most; characters in a line of one, on average.
_LINES, _MOST_LINES, _LONG = 3.5, 8, 12.0
# So many cells hold something; of headlines a table has its own alone.
_FILLED, _HEADS = 0.5, 1


@dataclass(frozen=True, slots=True)
class _Stroke:
    """A stroke at `place`, from `low` to `high` along it."""

    flat: bool
    place: float
    low: float
    high: float


def celled_tables(
    items: Sequence[Item],
    rules: Sequence[Rule],
    frames: Sequence[Frame],
    heads: Sequence[Box] = (),
) -> list[Table]:
    """Tables among the items, by the grids that rules and frames make.

    `heads` are boxes of headlines: a grid that holds several is of stories in boxes.
    """
    if not items:
        return []
    em = sorted(item.size for item in items)[len(items) // 2]
    tables = []
    for grid in _grids([*_of_rules(rules), *_of_frames(frames)], _TOUCH * em):
        xs = _levels([s.place for s in grid if not s.flat], _TOUCH * em)
        ys = _levels([s.place for s in grid if s.flat], _TOUCH * em)
        if len(xs) <= _FEWEST or len(ys) <= _FEWEST:
            continue
        area = Box(xs[0], ys[0], xs[-1], ys[-1])
        inside = [i for i in items if area.contains(i.box, _TOUCH * em)]
        table = _filled(inside, xs, ys)
        if sum(area.contains(head) for head in heads) <= _HEADS and _is_table(table):
            tables.append(table)
    return tables


def _of_rules(rules: Sequence[Rule]) -> Iterator[_Stroke]:
    for rule in rules:
        box = rule.box
        if rule.horizontal:
            yield _Stroke(True, box.cy, box.x0, box.x1)
        else:
            yield _Stroke(False, box.cx, box.y0, box.y1)


def _of_frames(frames: Sequence[Frame]) -> Iterator[_Stroke]:
    for frame in frames:
        box = frame.box
        yield from (_Stroke(True, y, box.x0, box.x1) for y in (box.y0, box.y1))
        yield from (_Stroke(False, x, box.y0, box.y1) for x in (box.x0, box.x1))


def _grids(strokes: Sequence[_Stroke], slack: float) -> Iterator[list[_Stroke]]:
    """Strokes that hang together: flat ones with the upright ones they meet."""
    flat = [k for k, s in enumerate(strokes) if s.flat]
    steep = [k for k, s in enumerate(strokes) if not s.flat]
    meeting = ((a, b) for a in flat for b in steep if _meet(strokes[a], strokes[b], slack))
    for group in groups(meeting):
        yield [strokes[k] for k in group]


def _meet(flat: _Stroke, steep: _Stroke, slack: float) -> bool:
    return (
        flat.low - slack < steep.place < flat.high + slack
        and steep.low - slack < flat.place < steep.high + slack
    )


def _levels(places: Sequence[float], slack: float) -> list[float]:
    """Places in order, those closer together than `slack` once."""
    levels: list[float] = []
    for place in sorted(places):
        if not levels or place - levels[-1] > slack:
            levels.append(place)
    return levels


def _filled(items: Sequence[Item], xs: Sequence[float], ys: Sequence[float]) -> Table:
    """Items by the row and column their middles lie in, each cell from its top down."""
    rows: Table = [[[] for _ in xs[1:]] for _ in ys[1:]]
    for item in sorted(items, key=lambda i: (i.box.cy, i.box.x0)):
        row = min(max(sum(y < item.box.cy for y in ys) - 1, 0), len(rows) - 1)
        # A merged cell's line runs over several columns: it begins in the first of them.
        start = item.box.x0 + 0.5 * item.size
        column = min(max(sum(x < start for x in xs) - 1, 0), len(rows[row]) - 1)
        rows[row][column].append(item)
    return [row for row in rows if any(row)]


def _is_table(table: Table) -> bool:
    cells = [cell for row in table for cell in row]
    full = [cell for cell in cells if cell]
    lines = [item for cell in full for item in cell]
    wide = max((sum(map(bool, row)) for row in table), default=0)
    return (
        len(table) >= _FEWEST
        and wide >= _FEWEST
        and len(full) >= _FILLED * len(cells)
        and len(lines) <= _LINES * len(full)
        and max(map(len, full)) <= _MOST_LINES
        and sum(len(i.text) for i in lines) <= _LONG * len(lines)
    )
