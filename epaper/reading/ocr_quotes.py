"""Quotation marks at the ends of lines, which detection takes for lines of their own.

Such a mark is high and small, and stands off by the white of its square and of the mark before
it; read by itself it is a 66 or a 99.
"""

from __future__ import annotations

from collections.abc import Sequence

from epaper.geometry import Box

# A quotation mark beside a horizontal line, in its heights: how large it is, how high its middle
# stands and how far off.
_QUOTE, _QUOTE_HIGH, _QUOTE_GAP = 0.5, 0.4, 1.2
# How near it stands before a line that is read down, in the heights of the line turned.
_OPENED = 0.6
# Lines of text are no higher than this, in the page's em.
_TEXT = 1.6


def with_quotes(boxes: Sequence[Box], em: float) -> list[Box]:
    """Tight boxes of horizontal lines of text, grown over quotation marks at their ends.

    `em` is the common letter height: beside larger type, words of text would look like marks.
    """
    grown: dict[int, Box] = {}
    gone: set[int] = set()
    for k, mark in enumerate(boxes):
        # Most boxes are lines, and need not be held to all others.
        small = max(mark.height, mark.width) < _QUOTE * _TEXT * em
        owner = _line_of(mark, boxes, em) if small else None
        if owner is not None:
            line = grown.get(owner, boxes[owner])
            ends = min(line.x0, mark.x0), max(line.x1, mark.x1)
            grown[owner] = Box(ends[0], line.y0, ends[1], line.y1)
            gone.add(k)
    return [grown.get(k, box) for k, box in enumerate(boxes) if k not in gone]


def with_opening(boxes: Sequence[Box], em: float) -> list[Box]:
    """Tight boxes of vertical lines, turned to run along x, each grown over a mark before it.

    Only large type loses its marks to detection: `em` is the common letter height.
    """
    grown = {}
    large = [(n, line) for n, line in enumerate(boxes) if line.height > _TEXT * em]
    for k, mark in enumerate(boxes):
        for n, line in large:
            if _opens(mark, line) and _is_alone(mark, boxes):
                grown[k] = grown[n] = Box(mark.x0, line.y0, line.x1, line.y1)
    return list(dict.fromkeys(grown.get(k, box) for k, box in enumerate(boxes)))


def _is_alone(mark: Box, boxes: Sequence[Box]) -> bool:
    """True for a box with no other near it but its line."""
    around = mark.grown(mark.width)
    return sum(other.intersection(around) > 0 for other in boxes) <= 2


def _opens(mark: Box, line: Box) -> bool:
    """True for a box as small as a quotation mark right before a line, beside its middle."""
    return (
        max(mark.height, mark.width) < _QUOTE * line.height
        and 0 < line.x0 - mark.x1 < _OPENED * line.height
        and line.cy < mark.cy < line.y1
    )


def _line_of(mark: Box, boxes: Sequence[Box], em: float) -> int | None:
    """The line at whose end a box stands like a quotation mark; None for any other box."""

    def away(line: Box) -> float:
        return max(mark.x0 - line.x1, line.x0 - mark.x1)

    near = [
        k
        for k, line in enumerate(boxes)
        if max(mark.height, mark.width) < _QUOTE * line.height
        and line.height < _TEXT * em
        and -0.1 * line.height < (mark.cy - line.y0) < _QUOTE_HIGH * line.height
        and 0 < away(line) < _QUOTE_GAP * line.height
    ]
    return min(near, key=lambda k: away(boxes[k]), default=None)
