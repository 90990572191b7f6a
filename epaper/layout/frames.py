"""Frames that are none: stains and shadows of scans that cut through running text."""

from __future__ import annotations

from collections.abc import Sequence

from epaper.geometry import Box
from epaper.layout.frame import Item
from epaper.model import Frame


def sound_frames(frames: Sequence[Frame], items: Sequence[Item]) -> tuple[Frame, ...]:
    """The frames no edge of which runs between, or through, the lines of one column."""
    return tuple(frame for frame in frames if not _cuts_text(frame.box, items))


def _cuts_text(box: Box, items: Sequence[Item]) -> bool:
    through = [i for i in items if _crossed(box, i)]
    if len(through) >= 2:
        return True
    beside = [i for i in items if _at_border(box, i)]
    inside = [i for i in beside if _holds(box, i.box)]
    outside = [i for i in beside if not _holds(box, i.box)]
    joins = sum(any(_one_column(a, b) for b in outside) for a in inside)
    return joins >= 1


def _at_border(box: Box, item: Item) -> bool:
    """True if the line stands so near the frame's head or foot that text might run over it."""
    line, em = item.box, item.size
    off = min(abs(line.cy - box.y0), abs(line.cy - box.y1))
    return off < 2 * max(em, line.height) and box.x0 - em < line.cx < box.x1 + em


def _holds(box: Box, other: Box) -> bool:
    return box.x0 <= other.cx <= box.x1 and box.y0 <= other.cy <= box.y1


def _crossed(box: Box, item: Item) -> bool:
    """True if a side of the frame runs through the line, an em from its ends at least."""
    line, em = item.box, item.size
    if not box.y0 < line.cy < box.y1 or item.across:
        return False
    return any(line.x0 + em < x < line.x1 - em for x in (box.x0, box.x1))


def _one_column(a: Item, b: Item) -> bool:
    """True if two full lines follow each other at body leading."""
    em = a.size
    gap = max(b.box.y0 - a.box.y1, a.box.y0 - b.box.y1)
    return (
        -0.3 * em < gap < 0.6 * em
        and abs(a.box.x0 - b.box.x0) < 0.6 * em
        and abs(a.box.x1 - b.box.x1) < 0.6 * em
        and a.box.width > 8 * em
        and abs(a.size / b.size - 1) < 0.1
    )
