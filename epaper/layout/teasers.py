"""Rows of short pieces side by side, each under a title hardly larger than its text.

Front pages announce their columnists and inner pages so; what tells the titles is that
they stand level, in one type that is not that of the text under them. Built in the
reading frame.
"""

from __future__ import annotations

from collections.abc import Sequence

from epaper.layout.frame import Item

# Pieces that make a row, and the most lines one of them has.
_ROW = 3
_MOST_LINES = 10
# The least a piece says: lines, characters, and the width of its first line in em.
_LINES, _CHARACTERS, _WIDTH = 2, 24, 6.0
# Between lines of one piece, and above its title, em.
_LEADING, _CLEAR = 0.8, 1.2
_LEVEL = 0.3


def teaser_titles(items: Sequence[Item]) -> list[Item]:
    """The titles of pieces in a row among `items`, which are set in body sizes."""
    able = [i for i in items if not i.across and _heads_piece(i, items)]
    return [i for i in able if len(_row(i, able)) >= _ROW]


def _heads_piece(title: Item, items: Sequence[Item]) -> bool:
    under = _piece(title, items)
    if not under or _face(under[0]) == _face(title):
        return False
    said = sum(len(i.text) for i in under)
    wide = under[0].box.width > _WIDTH * title.size
    alike = sum(_face(i) == _face(under[0]) for i in under)
    full = _LINES <= len(under) <= _MOST_LINES and 2 * alike > len(under)
    return full and wide and said >= _CHARACTERS and not _carried(title, items)


def _piece(title: Item, items: Sequence[Item]) -> list[Item]:
    """The lines that follow each other below a title, the longest runs cut."""
    found: list[Item] = []
    last = title
    while len(found) <= _MOST_LINES:
        below = [i for i in items if _follows(last, i)]
        if not below:
            break
        last = min(below, key=lambda i: i.box.y0)
        found.append(last)
    return found


def _follows(upper: Item, lower: Item) -> bool:
    em = min(upper.size, lower.size)
    gap = lower.box.y0 - upper.box.y1
    shared = lower.box.overlap_x(upper.box)
    return (
        lower.box.cy > upper.box.cy
        and -0.4 * em < gap < _LEADING * em
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
