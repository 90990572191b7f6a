"""Line drawings and charts on bare paper: strokes that are neither text nor rules.

All on the page as `raster` scales it; masks have shape H by W, lengths are pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.abreast import abreast
from epaper.geometry import Box
from epaper.masks import areas_of, long_across, long_down, without_small
from epaper.model import Line, Origin
from epaper.reading.raster_areas import slices

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]

# Lengths in ems of body type. Strokes so low may be part of a drawing.
# A drawing amid letters that were not read is larger.
_SMALLEST, _LOW, _AMID = 4.0, 1.5, 8.0
# Straight lines from this length on are rules, if no thicker than `_SLIM`.
_STRAIGHT, _SLIM, _BRIDGE = 4.0, 0.45, 0.5
# Strokes nearer than this are one drawing, or than that where there would be text in it; one of
# them at least is this long. Where straight lines are part of a stroke, it is so broad, and
# reaches no farther out of the drawing; an axis goes on so far.
_NEAR, _CLOSER, _STROKE, _BROAD, _OUT, _AXIS = 2.6, 1.2, 4.5, 1.5, 0.5, 4.0
_SPECK = 0.4
_LEAST_INK = 0.015
_MOST_TEXT = 0.15
_MOST_PAGE = 0.5
# Strokes read as so few characters at most, so many ems high, are no letters where so much of
# their ink lies beyond what was read; of what is read less surely so much, or so many pieces.
_FEW_READ, _HIGH, _BEYOND, _MARGIN = 2, 3.0, 0.4, 0.1
_SURE, _DOUBTED, _PIECES = 0.95, 0.15, 20
# What is hardly read at all may be more characters, and lower.
_GUESSED, _FEW_GUESSED, _HIGH_GUESSED = 0.7, 6, 1.5


def lettered(lines: Sequence[Line], scale: float, ink: Mask, em: float) -> list[Line]:
    """The lines without strokes of drawings that were read as a large letter or two.

    `ink` is the page's, `scale` what its pixels are of the lines'.
    """
    large = [k for k, line in enumerate(lines) if _may_be_strokes(line, scale, em)]
    if not large:
        return list(lines)
    labels, stats = areas_of(ink)
    areas = np.asarray(stats[:, cv2.CC_STAT_AREA], np.int32)
    pieces = _Ink(labels, areas, np.max(stats[:, 2:4], axis=1) >= _SPECK * em)
    strokes = {k for k in large if _are_strokes(lines[k], scale, pieces)}
    return [line for k, line in enumerate(lines) if k not in strokes]


def _may_be_strokes(line: Line, scale: float, em: float) -> bool:
    if line.origin is not Origin.OCR:
        return False
    guessed = line.confidence < _GUESSED
    few, high = (_FEW_GUESSED, _HIGH_GUESSED) if guessed else (_FEW_READ, _HIGH)
    said = len(line.text.strip())
    return said <= few and min(line.box.width, line.box.height) * scale > high * em


@dataclass(frozen=True, slots=True)
class _Ink:
    """A page's ink: the number of each pixel's piece (H, W), their areas, which are no specks."""

    labels: NDArray[Any]
    areas: NDArray[np.int32]
    large: Mask


def _are_strokes(line: Line, scale: float, ink: _Ink) -> bool:
    """True where much of the ink that crosses the sides of a line's box lies beyond it.

    Of the grain of a photograph that was read with doubt there are many pieces.
    """
    box = line.box.scaled(scale)
    around = ink.labels[slices(box.grown(_MARGIN * min(box.width, box.height)))]
    if not around.size:
        return False
    doubted = line.confidence < _SURE
    if doubted and int(ink.large[np.unique(around)].sum()) > _PIECES:
        return True
    sides = (around[0], around[-1], around[:, 0], around[:, -1])
    crossing = np.unique(np.concatenate(sides))
    crossing = crossing[crossing > 0]
    whole, own = int(ink.areas[crossing].sum()), int(np.isin(around, crossing).sum())
    beyond = _DOUBTED if doubted else _BEYOND
    return own > _LEAST_INK * around.size and whole - own > beyond * whole


@dataclass(frozen=True, slots=True)
class Drawings:
    """Boxes of drawings, and of strokes that are a drawing only where a ground says so."""

    whole: tuple[Box, ...]
    pieces: tuple[Box, ...]


def find_drawings(ink: Mask, text: Mask, em: float) -> Drawings:
    """Drawings in page ink that is no text and in no picture found so far."""
    strokes = without_small(np.asarray(ink & ~_straight(ink, em), np.bool_), _SPECK * em)
    boxes = []
    for box in _groups(strokes, text, _NEAR * em):
        part = slices(box)
        if text[part].mean() > _MOST_TEXT and _is_large(box, em):
            # Letters that were not read lead from the drawing to others. What is small may be
            # theirs, or of the frame around them.
            closer = _groups(strokes[part], text[part], _CLOSER * em)
            large = [b for b in closer if min(b.width, b.height) > _AMID * em]
            boxes += [b.moved(box.x0, box.y0) for b in large]
        else:
            boxes.append(box)
    boxes = [box for box in boxes if _is_drawn(box, strokes, text, em)]
    if not boxes:
        return Drawings((), ())
    pieces = _pieces(ink)
    whole = [box for box in boxes if _is_whole(box, strokes, pieces, em)]
    grown = tuple(_with_straight(box, strokes, pieces, em) for box in whole)
    return Drawings(grown, tuple(box for box in boxes if box not in whole))


def _groups(strokes: Mask, text: Mask, reach: float) -> list[Box]:
    """The boxes of strokes that are nearer to each other than `reach`, with no text between."""
    side = max(3, round(reach)) | 1
    near = cv2.dilate(strokes.astype(np.uint8), np.ones((side, side), np.uint8)) > 0
    count, labels = cv2.connectedComponents((near & ~text).astype(np.uint8), connectivity=4)
    return _hulls(labels, strokes, count)


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
    opened = long_down if down else long_across
    # A line may slope by a pixel now and then.
    broad = cv2.dilate(ink, np.ones(shape(3)[::-1], np.uint8))
    closed = cv2.morphologyEx(broad, cv2.MORPH_CLOSE, np.ones(shape(bridge), np.uint8))
    return opened(closed.view(np.bool_), long)


def _hulls(labels: NDArray[Any], strokes: Mask, count: int) -> list[Box]:
    """The box of each label from 1 to `count` - 1 that strokes have."""
    rows, columns = np.nonzero(strokes)
    which = labels[rows, columns]
    low = np.full((count, 2), np.iinfo(np.int64).max)
    high = np.full((count, 2), -1)
    for at, sides in ((columns, 0), (rows, 1)):
        np.minimum.at(low[:, sides], which, at)
        np.maximum.at(high[:, sides], which, at + 1)
    return [
        Box(*map(float, (*low[k], *high[k]))) for k in range(1, count) if high[k, 0] > low[k, 0]
    ]


def _is_drawn(box: Box, strokes: Mask, text: Mask, em: float) -> bool:
    """Strokes, more than a letter's, with hardly any text among them."""
    short, long = sorted((box.width, box.height))
    if short < _LOW * em or long < _SMALLEST * em or box.area > _MOST_PAGE * text.size:
        return False
    rows, columns = slices(box)
    inked, worded = strokes[rows, columns].mean(), text[rows, columns].mean()
    return bool(inked >= _LEAST_INK and worded <= _MOST_TEXT)


def _is_large(box: Box, em: float) -> bool:
    return min(box.width, box.height) >= _SMALLEST * em


def _is_whole(box: Box, strokes: Mask, ink: _Pieces, em: float) -> bool:
    """True for strokes longer than letters have, straight lines that are part of them included.

    The axis of a chart joins its bars. A rule or a frame runs on beyond the drawing.
    """
    if not _is_large(box, em):
        return False
    _, _, stats, _ = cv2.connectedComponentsWithStats(strokes[slices(box)].astype(np.uint8))
    if (np.max(stats[1:, 2:4], axis=1) >= _STROKE * em).any():
        return True
    within = box.grown(_OUT * em)
    return any(
        max(piece.width, piece.height) >= _STROKE * em
        and min(piece.width, piece.height) >= _BROAD * em
        and within.contains(piece)
        for piece in ink.under(box, strokes)
    )


def _with_straight(box: Box, strokes: Mask, ink: _Pieces, em: float) -> Box:
    """The box of a drawing with straight lines that go on from its strokes, as axes do."""
    reach = box.grown(_AXIS * em)
    whole = box
    for piece in ink.under(box, strokes):
        if reach.contains(piece):
            whole = whole.union(piece)
    return whole


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Connected pieces of ink: the number of each pixel's piece (H, W), and their boxes."""

    labels: NDArray[Any]
    boxes: NDArray[np.int32]

    def under(self, box: Box, strokes: Mask) -> list[Box]:
        """The boxes of the pieces that the strokes in a box are of."""
        part = slices(box)
        numbers = np.unique(self.labels[part][strokes[part]])
        rows = self.boxes[numbers[numbers > 0]].tolist()
        return [Box(x, y, x + wide, y + high) for x, y, wide, high in rows]


def _pieces(ink: Mask) -> _Pieces:
    labels, stats = areas_of(ink)
    return _Pieces(labels, np.asarray(stats[:, :4], np.int32))


def merged(boxes: Sequence[Box]) -> list[Box]:
    """The boxes without those that lie in another for the most part."""
    large = sorted(boxes, key=lambda b: -b.area)
    return [b for k, b in enumerate(large) if all(b.share_in(a) < 0.6 for a in large[:k])]
