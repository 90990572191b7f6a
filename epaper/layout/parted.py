"""Headlines of neighbouring stories that were read as one line.

Two headlines may come so near each other that the space between them is no wider than one
inside a headline. What tells are their beginnings, where both are flush with their columns,
their other rows, where these are centred, and the size of their characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from epaper.geometry import Box, hull
from epaper.layout.cues import is_byline, is_square, leads_in, side_by_side
from epaper.layout.frame import Item, sheet_of
from epaper.layout.headings import is_display
from epaper.layout.pieces import measured, piece_of
from epaper.layout.sizes import body_size
from epaper.model import Line, Origin, Page, WritingMode

# Narrowest space between two headlines, in their own em.
_SPACE = 0.4
# A printed space has its width to within this, em.
_EXACT = 0.012
# Both begin with a column to within this; the text below begins within that, body em.
_FLUSH = 0.25
_BELOW = 8.0
_INDENT = 2.0
# Lines that must begin with the headline.
_LINES = 3
# A character read from ink may begin by so much before where it was found, em of the headline.
_ROUGH = 0.2
# Pieces of an unevenly spaced line have pitches that differ by so much, at so many steps.
_OTHER_PITCH, _STEPS = 1.15, 6
# Rows of one headline: how much their sizes differ, how far they stand apart and how far
# their middles, em.
_SAME, _ALIKE = 0.05, 0.1
_ROW = 0.6
_CENTRE = 0.35


def part_headlines(page: Page, mode: WritingMode) -> tuple[Line, ...]:
    """The page's lines, display lines over two flush beginnings of columns in pieces.

    Lines without boxes for their characters stay whole.
    """
    items = [i for i in sheet_of(page, mode).items if not i.across]
    body = body_size(items)
    pieces = {
        id(item.line): cut
        for item in items
        if is_display(item, body) and (cut := _pieces(item, items, body, page, mode))
    }
    return tuple(p for line in page.lines for p in pieces.get(id(line), (line,)))


def _pieces(
    item: Item, others: Sequence[Item], body: float, page: Page, mode: WritingMode
) -> tuple[Line, ...]:
    """The line in pieces where it is several headlines, else nothing."""
    line = item.line
    if len(line.chars) != len(line.text):
        return ()
    boxes = _boxes(line, page, mode)
    pairs = side_by_side(line.text)
    gaps = [(boxes[after].x0 - boxes[before].x1) / item.size for before, after in pairs]
    wide = [k for k, gap in enumerate(gaps) if gap >= _SPACE]
    flush = bool(wide) and _flush(item.box.x0, item, others, body)
    begun = flush and _begins(item.box.x0, item, others, body)
    # Where a character of a line read from ink begins is known roughly.
    rough = _ROUGH * item.size if line.origin is Origin.OCR else 0.0
    for k in wide:
        before, after = pairs[k]
        left, right = hull(boxes[: before + 1]), hull(boxes[after:])
        parts = piece_of(line, 0, before + 1), piece_of(line, after, len(line.text))
        one, other = measured(_set_apart(*parts))
        start = _start_near(right.x0, item, others, body, rough)
        placed = not _is_printed(gaps[k]) and (
            (
                flush
                and _flush(start, item, others, body)
                # Text that begins under the first piece alone goes on under the second.
                and _begins(start, item, others, body) >= begun
            )
            or _centred_apart(item, left, right, others)
        )
        middle = (left.x1 + right.x0) / 2
        if (placed or one.size != other.size) and not _is_crossed(item, middle, others, page, mode):
            halves = (Item(one, left, item.across), Item(other, right, item.across))
            again = [_pieces(half, others, body, page, mode) or (half.line,) for half in halves]
            return tuple(piece for half in again for piece in half)
    return ()


def _boxes(line: Line, page: Page, mode: WritingMode) -> list[Box]:
    """The boxes of a line's characters in the reading frame."""
    return [b.turned(page.width) if mode is WritingMode.VERTICAL else b for b in line.chars]


def _is_crossed(
    item: Item, place: float, others: Sequence[Item], page: Page, mode: WritingMode
) -> bool:
    """True if the row of its type right over or under an item prints across a place."""
    em, box = item.size, item.box
    return any(
        i.line is not item.line
        and abs(i.size / em - 1) < _ALIKE
        and -_ROW * em < max(i.box.y0 - box.y1, box.y0 - i.box.y1) < _ROW * em
        and i.box.x0 < place - em
        and i.box.x1 > place + em
        and not _has_space(i, place, page, mode)
        for i in others
    )


def _has_space(item: Item, place: float, page: Page, mode: WritingMode) -> bool:
    """True if a line has a wide space near a place, or does not tell where its characters are."""
    line = item.line
    if len(line.chars) != len(line.text):
        return True
    boxes = _boxes(line, page, mode)
    spaces = ((boxes[a].x1, boxes[b].x0) for a, b in side_by_side(line.text))
    return any(
        end - _SPACE * item.size < place < start + _SPACE * item.size
        for end, start in spaces
        if start - end >= _SPACE * item.size
    )


def _set_apart(one: Line, other: Line) -> tuple[Line, Line]:
    """Two pieces read from ink, each with the size that its characters are set with.

    One headline is spaced evenly, and read as one line two have the size of the larger.
    """
    pitches = _pitch(one), _pitch(other)
    if one.origin is not Origin.OCR or min(pitches) <= 0:
        return one, other
    larger = max(pitches)
    if larger < _OTHER_PITCH * min(pitches):
        return one, other
    first, second = (pitch / larger for pitch in pitches)
    return replace(one, size=one.size * first), replace(other, size=other.size * second)


def _pitch(line: Line) -> float:
    """From one Chinese character of a line to the next, pixels; 0 where too few tell."""
    down = line.mode is WritingMode.VERTICAL
    at = [box.cy if down else box.cx for box in line.chars]
    steps = [
        at[k + 1] - at[k]
        for k in range(len(line.text) - 1)
        if is_square(line.text[k]) and is_square(line.text[k + 1])
    ]
    return float(np.median(steps)) if len(steps) >= _STEPS else 0.0


def _is_printed(gap: float) -> bool:
    """True for half an em or a whole one, as a headline's own spaces are; gutters seldom are."""
    return min(abs(gap - 0.5), abs(gap - 1.0)) < _EXACT


def _centred_apart(item: Item, left: Box, right: Box, others: Sequence[Item]) -> bool:
    """True if another row of a headline is centred under or over one half, not the whole."""
    em = item.size
    rows = [
        i.box
        for i in others
        if i.line is not item.line
        and i.box.overlap_y(item.box) <= 0
        and abs(i.size / em - 1) < _SAME
        and max(i.box.y0 - item.box.y1, item.box.y0 - i.box.y1) < _ROW * em
    ]
    return any(
        (row.x1 < right.x0 or row.x0 > left.x1)
        and abs(row.cx - item.box.cx) > 1.5 * em
        and min(abs(row.cx - half.cx) for half in (left, right)) < _CENTRE * em
        for row in rows
    )


def _start_near(
    start: float, item: Item, others: Sequence[Item], body: float, rough: float
) -> float:
    """Where a column of text below the item begins no more than `rough` pixels before `start`."""
    below = (i.box.x0 for i in others if 0 < i.box.y0 - item.box.y1 < _BELOW * body)
    near = [x for x in below if -_FLUSH * body < start - x < rough]
    return min(near, key=lambda x: abs(x - start), default=start)


def _flush(start: float, item: Item, others: Sequence[Item], body: float) -> bool:
    """True if a column of text below the item begins exactly at `start`, or a headline."""
    below = [i for i in others if 0 < i.box.y0 - item.box.y1 < _BELOW * body]
    flush = [i for i in below if abs(i.box.x0 - start) < _FLUSH * body]
    indented = sum(abs(i.box.x0 - start - _INDENT * body) < _FLUSH * body for i in below)
    crossing = sum(i.box.x0 < start - body and i.box.x1 > start + body for i in below)
    if any(is_display(i, body) and i.box.y0 - item.box.y1 < item.size for i in flush):
        return not crossing
    return len(flush) > crossing and len(flush) + indented >= max(_LINES, _LINES * crossing)


def _begins(start: float, item: Item, others: Sequence[Item], body: float) -> bool:
    """True if the first line of the column at `start` below begins a paragraph, or signs one."""
    below = [
        i
        for i in others
        if 0 < i.box.y0 - item.box.y1 < _BELOW * body
        and -_FLUSH * body < i.box.x0 - start < (_INDENT + 1) * body
        and not is_display(i, body)
    ]
    first = min(below, key=lambda i: i.box.y0, default=None)
    if first is None:
        return False
    return (
        abs(first.box.x0 - start) > _FLUSH * body or leads_in(first.text) or is_byline(first.text)
    )
