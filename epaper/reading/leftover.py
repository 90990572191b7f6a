"""Ink on a page that nothing read so far accounts for.

A text layer may leave out what is drawn as outlines, and OCR what it could not read.
Either way the ink is there, and is found by what remains when lines, pictures, rules
and frames are taken off. Lengths inside are pixels of the page scaled to `DPI`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.model import Frame, Line, Picture, Rule
from epaper.reading.ocr_lines import CONTRAST, dark_mask
from epaper.reading.rows import rows_of
from epaper.reading.shades import luminance

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Halos = NDArray[np.float64]

DPI = 100
_FEWEST_DPI = 60  # below that, small type is not to be seen
# Type of 9 points, the measure of gaps and of what is too small to matter.
_EM = 9 / 72 * DPI
_AROUND = 50
_GAP = 1.0
_LEAST_SIDE = 0.8
_LEAST_LENGTH = 1.6
_LEAST_INK = 0.06
# A frame's outline reaches this far to both sides of its box.
_STROKE = 0.4
# Luminance of a fill below which what stands on it is lighter.
_DARK = 0.4
# … and above which it is as good as paper.
_PALE = 0.9


def leftover_ink(
    image: Image,
    dpi: float,
    lines: Iterable[Line],
    rules: Iterable[Rule] = (),
    frames: Iterable[Frame] = (),
    pictures: Iterable[Picture] = (),
    drawn_at: float | None = None,
) -> tuple[Box, ...]:
    """Areas of an RGB (H, W, 3) or grey image (H, W) with ink that nothing given covers.

    `dpi` is that of the boxes, given and answered, and `drawn_at` that of the image
    where it is another; an image too coarse for small type has no areas. Largest first.
    """
    scale = DPI / dpi
    resize = DPI / (drawn_at or dpi)
    if resize > DPI / _FEWEST_DPI:
        return ()
    size = (max(1, round(image.shape[1] * resize)), max(1, round(image.shape[0] * resize)))
    small = image if resize == 1 else cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    gray = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY) if small.ndim == 3 else small
    frames = tuple(frames)
    light = _on_light(np.asarray(gray, np.uint8), frames, scale)
    # Only what is so dark can be ink, and where a layer has all text hardly anything is.
    dark = light < 255 - CONTRAST
    lines = tuple(lines)
    halos = [max(2.0, 0.2 * line.size * scale) for line in lines]
    _wipe(dark, [line.box for line in lines], scale, np.array(halos).reshape(-1, 1))
    thin = [*(r.box for r in rules), *(p.box for p in pictures)]
    thin += [side for frame in frames for side in _sides(frame.box)]
    _wipe(dark, thin, scale, _STROKE * _EM)
    x, y, wide, high = cv2.boundingRect(dark.view(np.uint8))
    if not wide:
        return ()
    # Contrast is local: what stands farther off than this has no say in it.
    top, left = max(0, y - _AROUND), max(0, x - _AROUND)
    part = np.s_[top : y + high + _AROUND, left : x + wide + _AROUND]
    ink = np.zeros_like(dark)
    ink[part] = dark_mask(light[part], _EM) & dark[part]
    found = [b for b in _areas(ink) if _is_content(b, ink)]
    found.sort(key=lambda b: -b.area)
    return tuple(box.scaled(1 / scale) for box in found)


def _on_light(gray: Image, frames: Iterable[Frame], scale: float) -> Image:
    """The image with what stands on fills as dark as it is beside them, on white.

    Dark grounds are turned into light ones. Where a ground stayed darker than the paper,
    its edges would be taken for ink.
    """
    fills = [(f.box.scaled(scale), luminance(f.fill)) for f in frames if f.fill is not None]
    if all(light > _PALE for _, light in fills):
        return gray
    levelled = gray.copy()
    for box, light in fills:
        part = gray[_inside(box)]
        is_dark = light < _DARK
        lift = round(255 * (light if is_dark else 1 - light))
        raised = np.minimum(~part if is_dark else part, 255 - lift) + np.uint8(lift)
        levelled[_inside(box)] = raised
    return levelled


def _inside(box: Box) -> tuple[slice, slice]:
    """The rows and columns of an image that a box covers."""
    x0, y0, x1, y1 = (max(0, round(side)) for side in (box.x0, box.y0, box.x1, box.y1))
    return slice(y0, y1), slice(x0, x1)


def _wipe(mask: Mask, boxes: Sequence[Box], scale: float, reach: float | Halos) -> None:
    """Clears the boxes, in pixels of the page, and `reach` pixels of the mask around them."""
    rows = rows_of(boxes) * scale
    rows[:, :2] -= reach
    rows[:, 2:] += reach
    rows = rows[(rows[:, 2] > rows[:, 0]) & (rows[:, 3] > rows[:, 1])]
    for x0, y0, x1, y1 in np.maximum(np.rint(rows), 0).astype(np.int64).tolist():
        mask[y0:y1, x0:x1] = False


def _sides(box: Box) -> tuple[Box, Box, Box, Box]:
    return (
        Box(box.x0, box.y0, box.x1, box.y0),
        Box(box.x0, box.y1, box.x1, box.y1),
        Box(box.x0, box.y0, box.x0, box.y1),
        Box(box.x1, box.y0, box.x1, box.y1),
    )


def _areas(ink: Mask) -> list[Box]:
    """Boxes of ink joined over gaps of about a letter."""
    side = max(3, round(_GAP * _EM)) | 1
    x, y, width, height = cv2.boundingRect(ink.view(np.uint8))
    if not width:
        return []
    # Hardly any ink is left as a rule: white around all of it need not be searched.
    top, left = max(0, y - 2 * side), max(0, x - 2 * side)
    part = ink[top : y + height + 2 * side, left : x + width + 2 * side].astype(np.uint8)
    joined = cv2.morphologyEx(part, cv2.MORPH_CLOSE, np.ones((side, side)))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined.astype(np.uint8), connectivity=8)
    rows = (stats[1:count, :4] + [left, top, 0, 0]).tolist()
    return [Box(x, y, x + w, y + h) for x, y, w, h in rows]


def _is_content(box: Box, ink: Mask) -> bool:
    """Whether an area may be text or a drawing: no speck, no line, not all but empty."""
    short, long = sorted((box.width, box.height))
    if short < _LEAST_SIDE * _EM or long < _LEAST_LENGTH * _EM:
        return False
    part = ink[round(box.y0) : round(box.y1), round(box.x0) : round(box.x1)]
    return float(part.mean()) >= _LEAST_INK
