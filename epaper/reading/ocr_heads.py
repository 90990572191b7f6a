"""Marks at the head of vertical lines that recognition passes over: ○, ◎ and □ before an item.

Such a mark is as large as a letter and says nothing to a reader of words, so it is told by
its shape where a line begins with ink of which nothing was read. An opening bracket there is
told by the closing one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import cv2
import numpy as np

from epaper.reading.ocr_ink import Mask

# Sizes of a mark along and across the line, in its widths, and how much longer one way.
_SIZE, _ROUND = (0.45, 1.15), 1.35
# A bracket that was read without the one before it.
_UNOPENED = re.compile("[^【】]{1,14}】")
# How far a mark may reach into the first letter's square, and how far before that letter's
# middle it ends at most: between the two the mark is cut off where there is least ink.
_APART, _BEFORE = 0.2, 0.85
# Ink covers no more of the mark's box; a corner of a circle's box, so much of its side, has none.
_FILLED, _CORNER, _BARE = 0.55, 0.12, 0.1
# A row of the line that has this share of a common row's ink is of the line itself.
_EDGE = 0.2


def with_first_mark(text: str, centres: Sequence[float], ink: Mask) -> tuple[str, list[float]]:
    """Text and centres with the mark at the line's head that was not read.

    `ink` (W, H) is the line transposed: it runs along x; lengths are pixels.
    """
    # Edges of the next lines are no part of the width.
    rows = ink.mean(axis=1)
    inked = np.flatnonzero(rows > _EDGE * rows.mean())
    em = float(inked[-1] + 1 - inked[0]) if len(inked) else 0.0
    first = min(centres, default=0.0)
    if not em or first < _SIZE[0] * em + em / 2:
        return text, list(centres)
    for cut in _cuts(ink, first, em):
        mark, place = _first_mark(ink[:, :cut], em)
        if mark:
            return mark + text, [place, *centres]
    if _UNOPENED.match(text) and ink[:, : round(first - em / 2)].any():
        return "【" + text, [(first - em / 2) / 2, *centres]
    return text, list(centres)


def _cuts(ink: Mask, first: float, em: float) -> list[int]:
    """Where a mark may end before the letter whose middle is `first`: first where least ink is.

    The two may touch.
    """
    begin, end = max(0, round(first - _BEFORE * em)), round(first - em / 2 + _APART * em)
    order = np.argsort(ink[:, begin:end].sum(axis=0), kind="stable")
    return [begin + int(k) for k in order]


def _first_mark(ink: Mask, em: float) -> tuple[str, float]:
    """The mark that the ink before a line's first letter shows, if any, and its middle."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    large = [k for k in range(1, count) if stats[k, 2] >= _SIZE[0] * em]
    if not large:
        return "", 0.0
    x, _, wide, *_ = (int(v) for v in stats[min(large, key=lambda k: stats[k, 0])])
    within = [k for k in range(1, count) if x <= stats[k, 0] and sum(stats[k, :3:2]) <= x + wide]
    # A mark may be larger than narrow letters, but not than the line's box.
    sizes = _SIZE[0] * em, _SIZE[1] * ink.shape[0]
    mark = _told(np.isin(labels, within), sizes) if x < em / 2 else ""
    return mark, x + wide / 2


def _told(ink: Mask, sizes: tuple[float, float]) -> str:
    """The mark, of such sizes, that a piece of ink shows; empty where it shows none."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    shape = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    high, wide = shape.shape
    sized = all(sizes[0] <= side <= sizes[1] for side in (high, wide))
    if not sized or max(high, wide) > _ROUND * min(high, wide) or shape.mean() > _FILLED:
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
