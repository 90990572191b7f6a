"""The pale ground that a drawing or a chart is printed on: all of it is the picture.

On the page as `raster` scales it; masks have shape H by W, lengths are pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.reading.raster_areas import core, slices

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]

# Ems of body type: how far beyond its strokes a drawing's ground reaches, and what is blurred.
_REACH, _BLUR = 20.0, 0.4
# Tones, of 255, by which a ground is darker than the paper at least, and at most: what is darker
# is seen as a tint. Share of its rectangle that it fills, with what is printed on it and without.
_PALEST, _DARKEST, _FULL, _BARE = 3.5, 45.0, 0.85, 0.7
# A ground is so high and so wide at least, ems; share of it with text beside the drawing at most.
_LOWEST, _WORDED = 3.0, 0.1


@dataclass(frozen=True, slots=True)
class Ground:
    """What drawings stand on: the page's `gray`, its bare `paper`'s tone, its `ink` and `text`."""

    gray: Image
    paper: Image
    ink: Mask
    text: Mask
    em: float

    def around(self, box: Box) -> Box:
        """The box of a drawing widened to the rectangle of even tone around its strokes."""
        page = Box(0, 0, self.gray.shape[1], self.gray.shape[0])
        rows, columns = slices(box.grown(_REACH * self.em).clipped(page))
        text = self.text[rows, columns]
        free = ~(self.ink[rows, columns] | text)
        side = max(3, round(_BLUR * self.em)) | 1
        tone = _blurred(self.gray[rows, columns], free, side)
        inside = np.zeros(free.shape, np.bool_)
        inside[slices(box.moved(-columns.start, -rows.start))] = True
        if not (inside & free).any():
            return box
        ground = float(np.median(tone[inside & free]))
        depth = float(np.median(self.paper[rows, columns][inside & free])) - ground
        if not _PALEST < depth < _DARKEST:
            return box
        alike = (free & (np.abs(tone - ground) < depth / 2)).astype(np.uint8)
        found = _rectangle(alike, inside, ~free, side)
        if found is None or not _lies_within(found, free.shape):
            return box
        # The tint of a whole story may be so even.
        if (text & ~inside)[slices(found)].mean() > _WORDED:
            return box
        return found.moved(columns.start, rows.start).union(box)

    def under(self, pieces: Sequence[Box]) -> list[Box]:
        """The grounds of strokes that are no drawing by themselves."""
        grounds = ((piece, self.around(piece)) for piece in pieces)
        least = _LOWEST * self.em
        return [b for p, b in grounds if b != p and min(b.width, b.height) >= least]


def _blurred(gray: Image, free: Mask, side: int) -> NDArray[np.float32]:
    """The mean tone of what is not printed around each place."""
    weight = cv2.blur(free.astype(np.float32), (side, side))
    tone = cv2.blur(gray.astype(np.float32) * free, (side, side))
    return np.asarray(tone / np.maximum(weight, 1e-3), np.float32)


def _rectangle(alike: NDArray[np.uint8], inside: Mask, printed: Mask, side: int) -> Box | None:
    """The box of the area of one tone that most of the drawing stands on, if it fills that."""
    opened = cv2.morphologyEx(alike, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=4)
    shares = np.bincount(labels[inside], minlength=len(stats))
    shares[0] = 0
    best = int(shares.argmax())
    if not shares[best]:
        return None
    x, y, wide, high, _ = stats[best].tolist()
    left, top, right, bottom = core(np.asarray(labels[y : y + high, x : x + wide] == best))
    box = Box(x + left, y + top, x + right, y + bottom)
    part = (labels[slices(box)] == best) | inside[slices(box)]
    whole = part | printed[slices(box)]
    return box if part.mean() > _BARE and whole.mean() > _FULL else None


def _lies_within(box: Box, shape: tuple[int, ...]) -> bool:
    """True for a box that ends before the window does."""
    return box.x0 > 0 and box.y0 > 0 and box.x1 < shape[1] and box.y1 < shape[0]
