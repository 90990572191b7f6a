"""Line drawings and charts on bare paper: strokes that are neither text nor rules.

All on the page as `raster` scales it; masks have shape H by W, lengths are pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.abreast import abreast
from epaper.geometry import Box
from epaper.model import Line, Origin
from epaper.reading.raster_areas import slices

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]

# Lengths in ems of body type.
_SMALLEST = 4.0
# Straight lines from this length on are rules, if no thicker than `_SLIM`.
_STRAIGHT, _SLIM, _BRIDGE = 4.0, 0.45, 0.5
# Strokes nearer than this are one drawing; one of them at least is this long.
_NEAR, _STROKE = 2.6, 4.5
_SPECK = 0.4
_LEAST_INK = 0.015
_MOST_TEXT = 0.15
_MOST_PAGE = 0.5
# Strokes read as so few characters at most, so many ems high, are no letters where so much of
# their ink lies beyond what was read.
_FEW_READ, _HIGH, _BEYOND, _MARGIN = 2, 3.0, 0.4, 0.1


def lettered(lines: Sequence[Line], scale: float, ink: Mask, em: float) -> list[Line]:
    """The lines without strokes of drawings that were read as a large letter or two.

    `ink` is the page's, `scale` what its pixels are of the lines'.
    """
    large = [k for k, line in enumerate(lines) if _may_be_strokes(line, scale, em)]
    if not large:
        return list(lines)
    _, found, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8))
    labels = np.asarray(found, np.int32)
    areas = np.asarray(stats[:, cv2.CC_STAT_AREA], np.int32)
    strokes = {k for k in large if _are_strokes(lines[k].box.scaled(scale), labels, areas)}
    return [line for k, line in enumerate(lines) if k not in strokes]


def _may_be_strokes(line: Line, scale: float, em: float) -> bool:
    few = line.origin is Origin.OCR and len(line.text.strip()) <= _FEW_READ
    return few and min(line.box.width, line.box.height) * scale > _HIGH * em


def _are_strokes(box: Box, labels: NDArray[np.int32], areas: NDArray[np.int32]) -> bool:
    """True where much of the ink that crosses the sides of a line's box lies beyond it."""
    around = labels[slices(box.grown(_MARGIN * min(box.width, box.height)))]
    if not around.size:
        return False
    sides = (around[0], around[-1], around[:, 0], around[:, -1])
    crossing = np.unique(np.concatenate(sides))
    crossing = crossing[crossing > 0]
    whole, own = int(areas[crossing].sum()), int(np.isin(around, crossing).sum())
    return own > _LEAST_INK * around.size and whole - own > _BEYOND * whole


def find_drawings(ink: Mask, text: Mask, em: float) -> list[Box]:
    """Boxes of drawings in page ink that is no text and in no picture found so far."""
    strokes = _without_specks(ink & ~_straight(ink, em), em)
    side = max(3, round(_NEAR * em)) | 1
    near = cv2.dilate(strokes.astype(np.uint8), np.ones((side, side), np.uint8)) > 0
    count, labels = cv2.connectedComponents((near & ~text).astype(np.uint8), connectivity=4)
    boxes = _hulls(np.where(strokes, labels, 0), count)
    return [box for box in boxes if _is_drawing(box, strokes, text, em)]


def _straight(ink: Mask, em: float) -> Mask:
    """Ink of long straight lines, whole, dotted or broken."""
    source = ink.astype(np.uint8)
    wide = max(3, round(_SLIM * em)) | 1
    thick = cv2.morphologyEx(source, cv2.MORPH_OPEN, np.ones((wide, wide), np.uint8)) > 0
    across, down = abreast([partial(_lines, source, em, down) for down in (False, True)])
    return np.asarray((across | down) & ~thick, np.bool_)


def _lines(ink: Image, em: float, down: bool) -> Mask:
    """Ink of long straight lines one way, and what is right beside it."""
    long, bridge = max(3, round(_STRAIGHT * em)), max(3, round(_BRIDGE * em)) | 1
    shape = (lambda length: (length, 1)) if down else (lambda length: (1, length))
    # A line may slope by a pixel now and then.
    broad = cv2.dilate(ink, np.ones(shape(3)[::-1], np.uint8))
    closed = cv2.morphologyEx(broad, cv2.MORPH_CLOSE, np.ones(shape(bridge), np.uint8))
    lines = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones(shape(long), np.uint8))
    return np.asarray(lines > 0, np.bool_)


def _without_specks(ink: Mask, em: float) -> Mask:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.view(np.uint8))
    kept = np.max(stats[:, 2:4], axis=1) >= _SPECK * em
    # Most of a page is no ink, and need not be asked.
    places = np.flatnonzero(ink)
    strokes = np.zeros(ink.shape, np.bool_)
    strokes.ravel()[places] = kept[labels.ravel()[places]]
    return strokes


def _hulls(labels: NDArray[np.int32], count: int) -> list[Box]:
    """The box of each label from 1 to `count` - 1 that there is."""
    rows, columns = np.nonzero(labels)
    which = labels[rows, columns]
    low = np.full((count, 2), np.iinfo(np.int64).max)
    high = np.full((count, 2), -1)
    for at, sides in ((columns, 0), (rows, 1)):
        np.minimum.at(low[:, sides], which, at)
        np.maximum.at(high[:, sides], which, at + 1)
    return [
        Box(*map(float, (*low[k], *high[k]))) for k in range(1, count) if high[k, 0] > low[k, 0]
    ]


def _is_drawing(box: Box, strokes: Mask, text: Mask, em: float) -> bool:
    """Large enough, hardly any text in it, and strokes longer than letters have."""
    if min(box.width, box.height) < _SMALLEST * em or box.area > _MOST_PAGE * text.size:
        return False
    part = strokes[slices(box)]
    if part.mean() < _LEAST_INK or text[slices(box)].mean() > _MOST_TEXT:
        return False
    _, _, stats, _ = cv2.connectedComponentsWithStats(part.astype(np.uint8))
    return bool((np.max(stats[1:, 2:4], axis=1) >= _STROKE * em).any())


def merged(boxes: Sequence[Box]) -> list[Box]:
    """The boxes without those that lie in another for the most part."""
    large = sorted(boxes, key=lambda b: -b.area)
    return [b for k, b in enumerate(large) if all(b.share_in(a) < 0.6 for a in large[:k])]
