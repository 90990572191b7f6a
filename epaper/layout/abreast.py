"""Captions of pictures that stand side by side, where they were read as one line.

Each is as wide as its picture, so that the credit at the end of one comes near the first
word of the next. The line is cut at the white between the pictures, where its right piece
begins with a picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from epaper.geometry import Box
from epaper.layout.cues import HALF_FILLED, side_by_side
from epaper.layout.pieces import piece_of
from epaper.model import Line, Picture, WritingMode

# White between two pictures is no wider than this, and their heads or feet are level to
# that, em of the line.
_WHITE, _LEVEL = 4.0, 2.5
# The line stands no farther from the pictures than this, where captions have several rows; its
# right piece begins with the right one to within that; the space between its pieces is this wide
# at least, em.
_NEAR, _FLUSH, _SPACE = 6.0, 0.6, 0.4
# Type so much larger heads text, and no caption.
_HEADLINE = 1.3
# Marks that no caption ends with.
_GO_ON = ("，", "、", ",")
# The next line of one caption is of its size but for this, and so near, em.
_ALIKE, _LEADING = 0.1, 1.0


def part_captions(lines: Sequence[Line], pictures: Sequence[Picture]) -> tuple[Line, ...]:
    """The lines in their order, those across the white between two pictures in pieces."""
    if len(pictures) < 2:
        return tuple(lines)
    boxes = [picture.box for picture in pictures]
    return tuple(
        piece
        for line, is_near in zip(lines, _near_two(lines, boxes), strict=True)
        for piece in (_pieces(line, boxes, lines) if is_near else (line,))
    )


def _near_two(lines: Sequence[Line], pictures: Sequence[Box]) -> list[bool]:
    """Of each line whether several pictures end right over it, or begin right under it."""
    rows = [(x.box.y0, x.box.y1, x.size) for x in lines]
    top, foot, em = np.array(rows).reshape(-1, 3, 1).transpose(1, 0, 2)
    over = top - np.array([p.y1 for p in pictures])
    under = np.array([p.y0 for p in pictures]) - foot
    near = [((white > -em) & (white < _NEAR * em)).sum(axis=1) > 1 for white in (over, under)]
    found: list[bool] = (near[0] | near[1]).tolist()
    return found


def _pieces(line: Line, pictures: Sequence[Box], lines: Sequence[Line]) -> tuple[Line, ...]:
    if line.mode is not WritingMode.HORIZONTAL or len(line.chars) != len(line.text):
        return (line,)
    cuts = sorted(
        {
            cut
            for gap in _gaps(line, pictures)
            if (cut := _cut_at(line, gap))
            and not _is_crossed(cut, line, lines)
            and not _is_headed(gap, line, pictures, lines)
            and not (line.text[:cut].rstrip().endswith(_GO_ON) and _is_single(line, lines))
        }
    )
    edges = [0, *cuts, len(line.text)]
    return tuple(piece_of(line, a, b) for a, b in pairwise(edges)) if cuts else (line,)


def _gaps(line: Line, pictures: Sequence[Box]) -> Iterator[tuple[float, float]]:
    """White (x0, x1) between pictures side by side, right over or under the line."""
    em, box = line.size, line.box
    near = [p for p in pictures if -em < box.y0 - p.y1 < _NEAR * em]
    over = [p for p in pictures if -em < p.y0 - box.y1 < _NEAR * em]
    for row, side in ((near, "y1"), (over, "y0")):
        for left, right in pairwise(sorted(row, key=lambda p: p.x0)):
            level = abs(getattr(left, side) - getattr(right, side)) < _LEVEL * em
            inside = box.x0 < left.x1 and right.x0 < box.x1
            if level and inside and 0 < right.x0 - left.x1 < _WHITE * em:
                yield left.x1, right.x0


def _is_crossed(cut: int, line: Line, lines: Sequence[Line]) -> bool:
    """True if the next line over or under `line` runs on over its white: one caption has both."""
    box, em, before = line.box, line.size, len(line.text[:cut].rstrip())
    middle = (line.chars[before - 1].x1 + line.chars[cut].x0) / 2
    return any(
        other is not line
        and other.mode is line.mode
        and abs(other.size / em - 1) < _ALIKE
        and -0.5 * em < max(other.box.y0 - box.y1, box.y0 - other.box.y1) < _LEADING * em
        and any(
            other.chars[a].x0 < middle < other.chars[b].x1
            and other.chars[b].x0 - other.chars[a].x1 < _SPACE * em
            for a, b in pairwise(range(len(other.chars)))
        )
        for other in lines
    )


def _is_single(line: Line, lines: Sequence[Line]) -> bool:
    """True if no line of its type stands right over or under a line."""
    box, em = line.box, line.size
    return not any(
        other is not line
        and abs(other.size / em - 1) < _ALIKE
        and other.box.overlap_x(box) > 0
        and -0.5 * em < max(other.box.y0 - box.y1, box.y0 - other.box.y1) < _LEADING * em
        for other in lines
    )


def _is_headed(
    gap: tuple[float, float], line: Line, pictures: Sequence[Box], lines: Sequence[Line]
) -> bool:
    """True if a headline over the line stands between it and the pictures."""
    box, em = line.box, line.size
    feet = [p.y1 for p in pictures if p.x1 in gap and p.y1 < box.cy]
    return bool(feet) and any(
        other.size > _HEADLINE * em
        and max(feet) - em < other.box.cy < box.y0
        and other.box.x0 < gap[1]
        and other.box.x1 > gap[0]
        for other in lines
    )


def _cut_at(line: Line, gap: tuple[float, float]) -> int:
    """The index of the character that begins behind the gap; 0 where none does."""
    em = line.size
    for before, after in side_by_side(line.text):
        end, start = line.chars[before].x1, line.chars[after].x0
        end -= em / 2 if line.text[before] in HALF_FILLED else 0.0
        if end < gap[1] and start > gap[0] and start - end >= _SPACE * em:
            return after if abs(start - gap[1]) < _FLUSH * em else 0
    return 0
