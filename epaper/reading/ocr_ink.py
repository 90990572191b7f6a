"""Ink inside a detected box: where it is, how heavy, what colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]

# Least difference between ink and ground, of 255, for a box to hold anything.
_CONTRAST = 30
_EDGE = 0.14
# Of a line longer than so many heights, what stands at the edge and is thinner than this
# share of the rest is part of the next line.
_NEXT = ((4.0, 0.7), (1.5, 0.45))
_THIN = 0.12
# Rows at the edge of which ink fills this share are the side of a picture.
_SOLID = 0.85
# A box holds several lines if it is this wide and its rows of ink are so high, in ems.
_TWO_LINES = (4.0, 0.62, 1.5)
# Rows of one headline differ less than this in height, and are so many times as long.
_ALIKE, _LETTERS_LONG = 1.3, 3.0
# Around them so much is theirs, em.
_SPARE = 0.5
_RULE_FILL = 0.8
# A line is long from so many heights on; a dashed rule beside it fills so much. Letters take
# so much of the height of a box with rules.
_LONG, _DASHED_FILL, _LETTERS = 3.0, 0.45, 0.4
# How near a line's end, in its heights, a rule across it is looked for,
# and how much of their height it fills.
_END, _ACROSS = 0.6, 0.95
# The side of a frame ends at its corner, which may lie within the box.
_PARTLY = 0.6
# The ground of a long line is uneven, as in a photograph, where its tones at the line's edge
# differ by this, of 255, and change by no more than this share of it in a piece as long as high.
_UNEVEN, _STEP, _MIDDLE = 40, 0.6, 128
# So many pixels tell a colour.
_SAMPLE = 2000


@dataclass(frozen=True, slots=True)
class Ink:
    """Ink of one gray crop: its mask, and whether it is lighter than its ground."""

    mask: Mask
    reversed: bool


def ink_of(gray: Image) -> Ink:
    """Splits a crop of one line into ink and ground; the ground is what its edge shows."""
    plain = _levelled(np.ascontiguousarray(gray))
    level, _ = cv2.threshold(plain, 0, 255, cv2.THRESH_OTSU)
    dark = plain <= np.uint8(level)
    count = int(np.count_nonzero(dark))
    if _contrast(plain, dark, count) < _CONTRAST:
        return Ink(np.zeros(gray.shape, np.bool_), False)
    edge = np.concatenate([dark[0], dark[-1], dark[:, 0], dark[:, -1]])
    # Ink covers less than half of a line but for the heaviest type.
    light_ink = bool(edge.mean() > 0.5 and 2 * count > dark.size)
    return Ink(~dark if light_ink else dark, light_ink)


def _levelled(gray: Image) -> Image:
    """The crop of a line, what its ground is lighter or darker in places taken away.

    A caption set into a photograph has a ground of every tone between black and white, to
    which its pale letters may be nearer than the letters of other crops to their ink.
    """
    height, width = gray.shape
    if not height or width < _LONG * height:
        return gray
    pieces = round(width / height)
    edges = gray[[0, -1]]
    rough = cv2.resize(edges, (pieces, 2), interpolation=cv2.INTER_AREA).astype(np.int16)
    if np.ptp(rough, axis=1).min() < _UNEVEN:
        return gray
    bounds = np.linspace(0, width, pieces + 1).round().astype(np.intp)
    tones = np.array([np.median(edges[:, a:b]) for a, b in pairwise(bounds.tolist())])
    span = float(np.ptp(tones))
    if span < _UNEVEN or float(np.abs(np.diff(tones)).max()) > _STEP * span:
        return gray
    ground = np.interp(np.arange(width), (bounds[:-1] + bounds[1:] - 1) / 2, tones)
    return np.asarray(np.clip(gray - ground + _MIDDLE, 0, 255), np.uint8)


def _contrast(gray: Image, dark: Mask, count: int) -> float:
    """Between the mean tones of the rest and of the `count` dark pixels; 0 where all are alike."""
    if not 0 < count < dark.size:
        return 0.0
    # Sums of products: to pick the pixels takes ten times as long.
    below = cv2.sumElems(gray * dark.view(np.uint8))[0]
    above = cv2.sumElems(gray)[0] - below
    return float(above / (dark.size - count) - below / count)


def cut_out(gray: Image, box: Box) -> tuple[Image, int, int]:
    """The crop of a box, with its left and top in whole pixels."""
    x0, y0 = max(0, int(box.x0)), max(0, int(box.y0))
    x1, y1 = min(gray.shape[1], round(box.x1)), min(gray.shape[0], round(box.y1))
    return gray[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)], x0, y0


def runs(on: Mask) -> Iterator[tuple[int, int]]:
    """Spans (start, end) of the true values."""
    padded = np.zeros(len(on) + 2, np.bool_)
    padded[1:-1] = on
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def tighten(gray: Image, box: Box) -> Box | None:
    """The box drawn tight around its line's own ink; None where it holds none.

    What looks in over the edge from the next line, and rules along the line, are left
    out. `gray` (H, W) is turned so that the line runs along x.
    """
    crop, left, top = cut_out(gray, box)
    if not crop.size:
        return None
    mask = _without_end_rules(ink_of(crop).mask, _ACROSS)
    height = mask.shape[0]
    filled = _filled(mask)
    spans = list(runs(filled > min(0.01, 1.5 / mask.shape[1])))
    main = max((end - start for start, end in spans), default=0)
    # The more letters, the surer is white between two rows of ink to part two lines.
    share = next((share for long, share in _NEXT if mask.shape[1] > long * height), 0.0)
    edge = max(share * main, _EDGE * height)
    kept = [s for s in spans if not _foreign(s, filled, mask.shape, edge)]
    kept = _without_side_rules(kept, filled, mask.shape)
    if not kept:
        return None
    y0, y1 = kept[0][0], kept[-1][1]
    columns = np.flatnonzero(mask[y0:y1].any(axis=0))
    return Box(left + int(columns[0]), top + y0, left + int(columns[-1]) + 1, top + y1)


def parted(gray: Image, box: Box, em: float) -> list[Box]:
    """The box, or one for each of the lines it holds; `em` is the common letter height."""
    crop, _, top = cut_out(gray, box)
    if crop.shape[1] < _TWO_LINES[0] * em or crop.shape[0] < 2 * _TWO_LINES[1] * em:
        return [box]
    mask = _without_end_rules(_without_sides(ink_of(crop).mask, em), _PARTLY)
    filled = _filled(mask) > min(0.01, 1.5 / mask.shape[1])
    rows = [s for s in runs(np.asarray(filled, np.bool_)) if s[1] - s[0] >= _TWO_LINES[1] * em]
    if len(rows) < 2 or not _are_lines([e - s for s, e in rows], crop.shape[1], em):
        return [box]
    cuts = [top + (a[1] + b[0]) / 2 for a, b in pairwise(rows)]
    # A frame may stand beyond the first and the last.
    first, last = top + rows[0][0] - _SPARE * em, top + rows[-1][1] + _SPARE * em
    edges = [max(box.y0, first), *cuts, min(box.y1, last)]
    return [Box(box.x0, y0, box.x1, y1) for y0, y1 in pairwise(edges)]


def _are_lines(heights: Sequence[int], length: int, em: float) -> bool:
    """True for rows of ink as high as lines of text, or as those of one headline are."""
    large = [height for height in heights if height > _TWO_LINES[2] * em]
    alike = not large or max(large) < _ALIKE * min(large)
    return alike and (not large or length > _LETTERS_LONG * max(large))


def _filled(mask: Mask) -> NDArray[np.float64]:
    """The share of each row that is ink; NumPy's mean takes three times as long."""
    return np.asarray(np.count_nonzero(mask, axis=1) / mask.shape[1], np.float64)


def _without_sides(mask: Mask, em: float) -> Mask:
    """The mask without the side of a frame, which runs past all lines and may lean."""
    # White above and below the letters leaves no room for one.
    inked = runs(np.asarray(mask.any(axis=1), np.bool_))
    if all(end - start <= _RULE_FILL * mask.shape[0] for start, end in inked):
        return mask
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8), connectivity=8)
    high = stats[:, cv2.CC_STAT_HEIGHT] > _RULE_FILL * mask.shape[0]
    sides = high & (stats[:, cv2.CC_STAT_WIDTH] < em / 2)
    sides[0] = False
    return np.asarray(mask & ~sides[labels], np.bool_) if sides.any() else mask


def _without_end_rules(mask: Mask, least: float) -> Mask:
    """The mask without a rule across `least` of the line's beginning or end, as at the foot of a
    column."""
    height, width = mask.shape
    reach = round(_END * height)
    if width < 2 * reach or height < 3:
        return mask
    # A rule slopes a little.
    thick = cv2.dilate(mask.view(np.uint8), np.ones((1, 3), np.uint8))
    full = np.asarray(np.count_nonzero(thick, axis=0) / height > least, np.bool_)
    cut = np.zeros(width, np.bool_)
    for start, end in runs(full):
        slim = end - start <= _THIN * height + 3
        if slim and (end <= reach or start >= width - reach):
            cut[start:end] = True
    return np.asarray(mask & ~cut, np.bool_) if cut.any() else mask


def _foreign(
    span: tuple[int, int], filled: NDArray[np.float64], shape: tuple[int, ...], edge: float
) -> bool:
    start, end = span
    height = shape[0]
    at_edge = start == 0 or end == height
    near_edge = end <= _EDGE * height or start >= (1 - _EDGE) * height
    if at_edge and end - start < height and float(filled[start:end].mean()) > _SOLID:
        return True
    return (at_edge and end - start <= edge) or (near_edge and _is_rule(span, filled, shape))


def _is_rule(span: tuple[int, int], filled: NDArray[np.float64], shape: tuple[int, ...]) -> bool:
    """True for a thin row of ink along a line; beside a long one it may be dashed."""
    start, end = span
    dashed = shape[1] > _LONG * shape[0]
    least = _DASHED_FILL if dashed else _RULE_FILL
    return end - start <= _THIN * shape[0] and float(filled[start:end].max()) > least


def _without_side_rules(
    spans: list[tuple[int, int]], filled: NDArray[np.float64], shape: tuple[int, ...]
) -> list[tuple[int, int]]:
    """The rows of ink without rules beside the letters, off the edge of the box as they may be.

    The letters are the highest of them by far.
    """
    main = max(spans, key=lambda s: s[1] - s[0], default=(0, 0))
    if main[1] - main[0] < _LETTERS * shape[0]:
        return spans
    return [s for s in spans if s == main or not _is_rule(s, filled, shape)]


def stroke(mask: Mask) -> float:
    """Mean stroke width in pixels: twice the area over the outline."""
    area = int(np.count_nonzero(mask))
    if area == 0:
        return 0.0
    inner = cv2.erode(mask.view(np.uint8), np.ones((3, 3), np.uint8), borderValue=(0,))
    outline = area - cv2.countNonZero(inner)
    return 2.0 * area / max(outline, 1)


def color_of(crop: NDArray[np.uint8], ink: Ink) -> int:
    """Ink colour of an RGB crop (H, W, 3) as 0xRRGGBB: the median of the purer half."""
    places = np.flatnonzero(ink.mask)
    if not len(places):
        return 0
    rows, columns = np.divmod(places[:: max(1, len(places) // _SAMPLE)], crop.shape[1])
    pixels = crop[rows, columns]
    # NumPy sums three numbers of each of many pixels in seven times as long.
    tone = sum(channel.astype(np.int32) for channel in pixels.T)
    half = np.median(tone)
    pure = pixels[tone >= half] if ink.reversed else pixels[tone <= half]
    red, green, blue = (int(v) for v in np.median(pure, axis=0))
    return red << 16 | green << 8 | blue
