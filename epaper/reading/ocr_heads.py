"""Marks at the head of vertical lines that recognition passes over: ○, ◎ and □ before an item.

Such a mark is as large as a letter and says nothing to a reader of words, so it is told by
its shape where a line begins with ink of which nothing was read.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from epaper.reading.ocr_ink import Mask

# Sizes of a mark along and across the line, in its widths, and how much longer one way.
_SIZE, _ROUND = (0.45, 1.15), 1.35
# How far a mark may reach into the first letter's square.
_APART = 0.2
# Ink covers no more of the mark's box; a corner of a circle's box, so much of its side, has none.
_FILLED, _CORNER, _BARE = 0.5, 0.15, 0.1


def with_first_mark(text: str, centres: Sequence[float], ink: Mask) -> tuple[str, list[float]]:
    """Text and centres with the mark at the line's head that was not read.

    `ink` (W, H) is the line transposed: it runs along x; lengths are pixels.
    """
    em = float(ink.shape[0])
    first = min(centres, default=0.0)
    if first < _SIZE[0] * em + em / 2:
        return text, list(centres)
    part = ink[:, : round(first)].astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    large = [k for k in range(1, count) if stats[k, 2] >= _SIZE[0] * em]
    if not large:
        return text, list(centres)
    x, _, wide, *_ = (int(v) for v in stats[min(large, key=lambda k: stats[k, 0])])
    within = [k for k in range(1, count) if x <= stats[k, 0] and sum(stats[k, :3:2]) <= x + wide]
    free = x < em / 2 and x + wide < first - em / 2 + _APART * em
    mark = _told(np.isin(labels, within), em) if free else ""
    return (mark + text, [x + wide / 2, *centres]) if mark else (text, list(centres))


def _told(ink: Mask, em: float) -> str:
    """The mark that a piece of ink shows; empty where it shows none."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    shape = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    high, wide = shape.shape
    sizes = all(_SIZE[0] * em <= side <= _SIZE[1] * em for side in (high, wide))
    if not sizes or max(high, wide) > _ROUND * min(high, wide) or shape.mean() > _FILLED:
        return ""
    padded = np.pad(shape.astype(np.uint8), 1)
    _, tree = cv2.findContours(padded, cv2.RETR_TREE, cv2.CHAIN_APPROX_SIMPLE)
    if tree is None:
        return ""
    parents = tree[0][:, 3]
    outer = [k for k, parent in enumerate(parents) if parent < 0]
    holes = [k for k, parent in enumerate(parents) if parent >= 0]
    if len(outer) != 1 or not holes:
        return ""
    side = max(1, round(_CORNER * min(high, wide)))
    ends = (slice(0, side), slice(-side, None))
    corners = [float(shape[a, b].mean()) for a in ends for b in ends]
    if max(corners) <= _BARE:
        return "○" if len(holes) == 1 else "◎"
    return "□" if len(holes) == 1 and min(corners) > 2 * _BARE else ""
