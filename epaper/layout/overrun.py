"""Pictures of scans whose box takes in a part of a text column, cut off at that column.

Line drawings in columns side by side, with a hair of ink between them, are found as one
picture, with what stands over and under the smaller of them. Where the lines of a column
run on over the head or the foot of a picture, it is two pictures. Pixels of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from epaper.geometry import Box
from epaper.model import Line, Origin, Picture, WritingMode

# A line of the column is no smaller or larger than the text but for this share, and ends with
# the picture to within this, em, or begins with it, perhaps with an indent.
_ALIKE, _FLUSH, _INDENTED = 0.15, 1.0, 3.0
# Lines of one column follow each other so near, em; so many are inside.
_LEADING, _LINES = 1.1, 2
# What is left has such sides at least, em.
_LEAST = 4.0


def without_overrun(
    pictures: Sequence[Picture], lines: Sequence[Line], body: float
) -> tuple[Picture, ...]:
    """The pictures, those into which a text column runs cut in two; `body` is the text's em.

    Where one is cut, all are numbered anew.
    """
    read = [
        x
        for x in lines
        if x.origin is Origin.OCR
        and x.mode is WritingMode.HORIZONTAL
        and abs(x.size / body - 1) < _ALIKE
    ]
    found = [part for picture in pictures for part in _parts(picture, read, body)]
    if len(found) == len(pictures):
        return tuple(pictures)
    return tuple(replace(picture, id=f"i{k:02d}") for k, picture in enumerate(found, 1))


def _parts(picture: Picture, lines: Sequence[Line], em: float) -> list[Picture]:
    box = picture.box
    for at_left in (True, False):
        column = [x.box for x in lines if _is_at_side(x.box, box, at_left, em)]
        inside = [b for b in column if b.cy > box.y0 and b.cy < box.y1]
        if len(inside) < _LINES or not _runs_over(column, box, em):
            continue
        edge = max(b.x1 for b in inside) if at_left else min(b.x0 for b in inside)
        narrow = (box.x0, edge) if at_left else (edge, box.x1)
        wide = (edge, box.x1) if at_left else (box.x0, edge)
        top, foot = _free(inside, box)
        parts = [Box(narrow[0], top, narrow[1], foot), Box(wide[0], box.y0, wide[1], box.y1)]
        if all(min(p.width, p.height) > _LEAST * em for p in parts):
            return [replace(picture, box=part) for part in parts]
    return [picture]


def _is_at_side(line: Box, box: Box, at_left: bool, em: float) -> bool:
    """True for a line over, in or under a picture that keeps to one half of it."""
    near = box.y0 - _LEADING * em < line.y1 and line.y0 < box.y1 + _LEADING * em
    if at_left:
        return near and abs(line.x0 - box.x0) < _INDENTED * em and line.x1 < box.cx
    return near and abs(line.x1 - box.x1) < _FLUSH * em and line.x0 > box.cx


def _runs_over(column: Sequence[Box], box: Box, em: float) -> bool:
    """True if a line outside is followed by one inside, or the other way."""
    over = [b for b in column if b.cy <= box.y0 or b.cy >= box.y1]
    inside = [b for b in column if box.y0 < b.cy < box.y1]
    return any(
        max(a.y0 - b.y1, b.y0 - a.y1) < _LEADING * em and a.overlap_x(b) > 0
        for a in over
        for b in inside
    )


def _free(lines: Sequence[Box], box: Box) -> tuple[float, float]:
    """The head and the foot of the highest part of a picture without lines."""
    edges = [box.y0, *(y for b in sorted(lines, key=lambda b: b.y0) for y in (b.y0, b.y1)), box.y1]
    gaps = list(zip(edges[::2], edges[1::2], strict=True))
    return max(gaps, key=lambda gap: gap[1] - gap[0])
