"""Rows of short pieces side by side, each under a title hardly larger than its text.

Front pages announce their columnists and inner pages so; what tells the titles is that
they stand level, in one type that is not that of the text under them. Built in the
reading frame.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from epaper.layout.frame import Item

# Pieces that make a row, and the most lines one of them has.
_ROW = 3
_MOST_LINES = 10
# The least a piece says: lines, characters, and the width of its first line in em.
_LINES, _CHARACTERS, _WIDTH = 2, 24, 6.0
# Between lines of one piece, how far they may reach into each other, and above its title, em.
_LEADING, _OVER, _CLEAR = 0.8, 0.4, 1.2
_LEVEL = 0.3


def teaser_titles(items: Sequence[Item]) -> list[Item]:
    """The titles of pieces in a row among `items`, which are set in body sizes."""
    rows = sorted(items, key=lambda i: i.box.y0)
    tops = [i.box.y0 for i in rows]
    able = [i for i in items if not i.across and _heads_piece(i, rows, tops)]
    return [i for i in able if len(_row(i, able)) >= _ROW]


def _heads_piece(title: Item, rows: Sequence[Item], tops: Sequence[float]) -> bool:
    """True if a piece stands under a title; `rows` go from the top down, `tops` are their tops."""
    first = _below(title, rows, tops)
    if first is None or _face(first) == _face(title):
        return False
    under = _piece(first, rows, tops)
    said = sum(len(i.text) for i in under)
    wide = under[0].box.width > _WIDTH * title.size
    alike = sum(_face(i) == _face(under[0]) for i in under)
    full = _LINES <= len(under) <= _MOST_LINES and 2 * alike > len(under)
    return full and wide and said >= _CHARACTERS and not _carried(title, rows)


def _piece(first: Item, rows: Sequence[Item], tops: Sequence[float]) -> list[Item]:
    """A line and those that follow each other below it, the longest runs cut."""
    found = [first]
    while len(found) <= _MOST_LINES and (below := _below(found[-1], rows, tops)):
        found.append(below)
    return found


def _below(upper: Item, rows: Sequence[Item], tops: Sequence[float]) -> Item | None:
    """The highest line that follows a line; only those near its foot are looked at."""
    start = bisect_left(tops, upper.box.y1 - _OVER * upper.size)
    end = bisect_right(tops, upper.box.y1 + _LEADING * upper.size)
    left, right = upper.box.x0, upper.box.x1
    beneath = (i for i in rows[start:end] if i.box.x0 < right and i.box.x1 > left)
    return next((i for i in beneath if _follows(upper, i)), None)


def _follows(upper: Item, lower: Item) -> bool:
    em = min(upper.size, lower.size)
    gap = lower.box.y0 - upper.box.y1
    shared = lower.box.overlap_x(upper.box)
    return (
        lower.box.cy > upper.box.cy
        and -_OVER * em < gap < _LEADING * em
        and shared > 0.5 * min(lower.box.width, upper.box.width)
    )


def _carried(title: Item, items: Sequence[Item]) -> bool:
    """True if text stands right above the title."""
    return any(
        i.box.cy < title.box.cy
        and title.box.y0 - i.box.y1 < _CLEAR * title.size
        and i.box.overlap_x(title.box) > 0
        for i in items
    )


def _row(title: Item, able: Sequence[Item]) -> list[Item]:
    """Titles level with this one, of its type and not over each other."""
    return [
        i
        for i in able
        if abs(i.box.cy - title.box.cy) < _LEVEL * title.size
        and _face(i) == _face(title)
        and abs(i.size / title.size - 1) < 0.05
    ]


def _face(item: Item) -> tuple[str, bool, int]:
    return item.line.font, item.line.bold, item.line.color
