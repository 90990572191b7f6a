"""Detected boxes made into lines: joined where detection cut, cut at column gutters.

Every function takes the page turned so that lines run along x: for vertical text the
caller transposes image and boxes.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.reading.ocr_ink import Mask, runs

Image = NDArray[np.uint8]

_SAME_ROW = 0.75
_SAME_HEIGHT = 0.75
# Widest gap between two pieces of a line, in heights: that of a punctuation mark.
_JOIN_GAP = 0.45
# A gutter is at least this wide and tall, in heights of the line that crosses it.
_GUTTER_WIDTH = 0.4
_GUTTER_HEIGHT = 4.0
_GAP = 0.5
_NEIGHBOURS = 2


def flip(box: Box) -> Box:
    """The box on the transposed page; its own inverse."""
    return Box(box.y0, box.x0, box.y1, box.x1)


def dark_mask(gray: Image, em: float) -> Mask:
    """Ink of a whole page by local contrast, `em` the common letter height in pixels."""
    side = max(15, round(2.5 * em)) | 1
    ground = cv2.blur(gray, (side, side)).astype(np.int16)
    return np.asarray(gray < ground - 24, np.bool_)


def join(boxes: Sequence[Box]) -> list[Box]:
    """Tight boxes of one row that all but touch, made one."""
    pending = sorted(boxes, key=lambda b: b.x0)
    done: list[Box] = []
    for box in pending:
        match = next((i for i in reversed(range(len(done))) if _one_line(done[i], box)), None)
        if match is None:
            done.append(box)
        else:
            done[match] = done[match].union(box)
    return done


def _one_line(left: Box, right: Box) -> bool:
    low, high = sorted((left.height, right.height))
    gap = right.x0 - left.x1
    return (
        low >= _SAME_HEIGHT * high
        and left.overlap_y(right) >= _SAME_ROW * low
        and -high <= gap <= _JOIN_GAP * low
    )


def cut_at_gutters(boxes: Sequence[Box], ink: Mask) -> list[Box]:
    """Boxes that run over a gutter or a rule between columns, cut there."""
    lines = _Index(boxes)
    result = []
    for box in boxes:
        edges = [box.x0, *(x for gap in _gutters(box, ink, lines) for x in gap), box.x1]
        result += [
            Box(a, box.y0, b, box.y1)
            for a, b in zip(edges[::2], edges[1::2], strict=True)
            if b - a > 0.3 * box.height
        ]
    return result


class _Index:
    """Edges of all lines, for the question whether a gap is flanked by columns."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self.sides = np.array([(b.x0, b.y0, b.x1, b.y1) for b in boxes]).reshape(-1, 4)

    def flanked(self, gap: Box, reach: float) -> bool:
        """True where lines end left of `gap` and start right of it, on several rows."""
        x0, y0, x1, y1 = self.sides.T
        inside = ((y0 + y1) / 2 > gap.y0) & ((y0 + y1) / 2 < gap.y1)
        slack = 0.25 * reach
        left = inside & (x1 > gap.x0 - reach) & (x1 < gap.x1 + slack) & (x0 < gap.x0 - reach)
        right = inside & (x0 < gap.x1 + reach) & (x0 > gap.x0 - slack) & (x1 > gap.x1 + reach)
        return int(left.sum()) >= _NEIGHBOURS and int(right.sum()) >= _NEIGHBOURS


def _gutters(box: Box, ink: Mask, lines: _Index) -> list[tuple[float, float]]:
    height = box.height
    x0, x1 = max(0, round(box.x0)), min(ink.shape[1], round(box.x1))
    y0, y1 = max(0, round(box.y0)), min(ink.shape[0], round(box.y1))
    if x1 - x0 < 3 * height:
        return []
    reach = round(_GUTTER_HEIGHT * height)
    top, bottom = max(0, y0 - reach), min(ink.shape[0], y1 + reach)
    strip = ink[top:bottom, x0:x1]
    tall = _tall_ink(strip, round(2.5 * height))
    own = strip[y0 - top : y1 - top] & ~tall[y0 - top : y1 - top]
    blank: Mask = np.asarray(~own.any(axis=0), np.bool_)
    found = []
    for a, b in runs(blank):
        if b - a < _GAP * height or a == 0 or b == len(blank):
            continue
        gap = Box(x0 + a, top, x0 + b, bottom)
        ruled = bool(tall[y0 - top : y1 - top, a:b].any())
        if ruled or (
            _white_width(strip[:, a:b], y0 - top, y1 - top, reach) >= _GUTTER_WIDTH * height
            and lines.flanked(gap, 2 * height)
        ):
            found.append((float(x0 + a), float(x0 + b)))
    return found


def _tall_ink(strip: Mask, length: int) -> Mask:
    """Ink of vertical rules: runs of at least `length` pixels down."""
    kernel = np.ones((max(length, 3), 1), np.uint8)
    found = cv2.morphologyEx(strip.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    return np.asarray(found > 0, np.bool_)


def _white_width(gap: Mask, y0: int, y1: int, reach: int) -> int:
    """Widest run of columns that stay white well above or below the line."""
    above = y0 - np.where(gap[:y0].any(0), y0 - np.argmax(gap[:y0][::-1], axis=0), 0)
    below = np.where(gap[y1:].any(0), np.argmax(gap[y1:], axis=0), gap.shape[0] - y1)
    return max((b - a for a, b in runs(above + below >= reach)), default=0)
