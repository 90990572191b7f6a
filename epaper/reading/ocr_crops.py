"""Lines on their way to recognition: where they stand, and their pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.reading.ocr_slanted import Patch

Image = NDArray[np.uint8]

PAD_ACROSS, PAD_ALONG = 0.2, 0.15
# Lines are set this much narrower than they are: time goes by width, and the models know
# narrow letters from long lines that were squeezed to fit their training. The letters of
# columns lie on their backs, and are worse to tell when they are made lower.
SQUEEZE, SQUEEZE_DOWN = 0.6, 0.7
# Strokes are sharpened so many times, over this share of the line's width.
_SHARPER, _SOFT = 2.0, 0.05
# Pixels: a crop that is higher, as a patch of a picture may be, is drawn so high before that.
_HIGH = 160
# Letters are cut apart where least ink is, so far around the middle between two, in their
# distance; ink counts beside the way from there as so much of 255. The first and last letter
# end so far from their middles.
_NEAR, _AWAY, _OUTER = 0.22, 40.0, 0.6
# The tone of paper, as a percentile of a crop's pixels.
_PAPER = 90


@dataclass(frozen=True, slots=True)
class Strip:
    """A line on its way: its direction, and its box, tight to the ink, on the page or `patch`."""

    box: Box
    vertical: bool
    patch: Patch | None = None

    @property
    def squeeze(self) -> float:
        """The width at which it is read over its own."""
        return SQUEEZE_DOWN if self.vertical else SQUEEZE


def crop_of(image: Image, strip: Strip, beside: float = PAD_ACROSS) -> Image:
    """The line, running along x, with some paper around it, `beside` its width on both sides."""
    box = strip.box
    image = strip.patch.image if strip.patch else image
    across = box.width if strip.vertical else box.height
    along, aside = PAD_ALONG * across, beside * across
    grown = box.grown(aside, along) if strip.vertical else box.grown(along, aside)
    x0, y0 = max(0, round(grown.x0)), max(0, round(grown.y0))
    crop = image[y0 : round(grown.y1), x0 : round(grown.x1)]
    return np.rot90(crop) if strip.vertical else crop


def sharpened(crop: Image) -> Image:
    """A crop of a line that runs along x with its soft strokes made crisp."""
    if crop.shape[0] > _HIGH:
        wide = max(1, round(crop.shape[1] * _HIGH / crop.shape[0]))
        crop = np.asarray(cv2.resize(crop, (wide, _HIGH), interpolation=cv2.INTER_AREA), np.uint8)
    large = cv2.resize(crop, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC).astype(np.float32)
    soft = cv2.GaussianBlur(large, (0, 0), max(1.0, 2 * _SOFT * crop.shape[0]))
    return np.clip(large + _SHARPER * (large - soft), 0, 255).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Upright:
    """The letters of a column set upright side by side, and where its letters were cut apart.

    `row_edges` and `column_edges`, one more than letters, are the cuts along the row and along
    the column's crop, 0 to 1.
    """

    row: Image
    row_edges: tuple[float, ...]
    column_edges: tuple[float, ...]

    def in_column(self, place: float) -> float:
        """A place along the row (0 to 1) as one along the column's crop."""
        return float(np.interp(place, self.row_edges, self.column_edges))


def set_upright(crop: Image, places: Sequence[float]) -> Upright | None:
    """A column's crop, letters on their backs, as a row; `places` are its letters, two at least.

    None where they leave no room for a letter.
    """
    high, wide = crop.shape[:2]
    centres = [place * wide for place in places]
    outer = _OUTER * float(np.median(np.diff(centres)))
    ink = (255.0 - crop.min(axis=2)).sum(axis=0)
    ends = max(0, int(centres[0] - outer)), min(wide, int(centres[-1] + outer) + 1)
    cuts = sorted({*ends, *(_cut(ink, a, b) for a, b in pairwise(centres))})
    cells = [np.rot90(crop[:, a:b], -1) for a, b in pairwise(cuts)]
    if not cells or not high:
        return None
    tall = max(cell.shape[0] for cell in cells)
    row = np.full((tall, high * len(cells), 3), int(np.percentile(crop, _PAPER)), np.uint8)
    for k, cell in enumerate(cells):
        top = (tall - cell.shape[0]) // 2
        row[top : top + cell.shape[0], k * high : (k + 1) * high] = cell
    edges = np.linspace(0, 1, len(cells) + 1).tolist()
    return Upright(row, tuple(edges), tuple(cut / wide for cut in cuts))


def _cut(ink: NDArray[np.float64], before: float, after: float) -> int:
    """The pixel between two letters, by their middles, where least ink is, near the middle."""
    middle, reach = (before + after) / 2, max(1.0, (after - before) * _NEAR)
    start, end = int(max(0, middle - reach)), int(min(len(ink), middle + reach + 1))
    away = _AWAY * np.abs(np.arange(start, end) - middle) / reach
    return start + int((ink[start:end] + away).argmin())
