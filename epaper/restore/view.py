"""The small gray view of a scan on which every step is decided.

Steps move the view about, which costs little; the scan itself is resampled once, at the
end, along the way that the view has kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.restore.tone import Color, Image

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

_LONG_SIDE = 2800
# Ink is darker than its surroundings by this share of the way to the darkest tenth of it.
_INK = 0.3
_LEAST_INK = 12.0


@dataclass(frozen=True, slots=True)
class View:
    """A page in small.

    `gray` is (H, W), `matrix` the 3x3 affine map from its pixels (corners, as of boxes) to
    the scan's. `off` is true where there is no paper, None where there is paper all over;
    `gray` has the paper's tone there. `paper` is the paper's RGB.
    """

    gray: Image
    matrix: Floats
    paper: Color
    off: Mask | None = None

    @property
    def width(self) -> int:
        return int(self.gray.shape[1])

    @property
    def height(self) -> int:
        return int(self.gray.shape[0])

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of the scan."""
        (a, b), (c, d) = self.matrix[:2, :2]
        return round(float(np.hypot(a, c)) * self.width), round(float(np.hypot(b, d)) * self.height)

    @property
    def tone(self) -> int:
        """The paper as a level of gray."""
        red, green, blue = self.paper
        return round(0.299 * red + 0.587 * green + 0.114 * blue)

    def ink(self) -> Mask:
        """Where the view is darker than its surroundings."""
        ground = cv2.blur(self.gray, (41, 41))
        depth = cv2.subtract(ground, self.gray)
        strong = depth[depth > _LEAST_INK]
        most = float(np.percentile(strong[::7], 90)) if len(strong) > 7 else 0.0
        return np.asarray(depth > max(_LEAST_INK, _INK * most), np.bool_)

    def moved(self, back: Floats, width: int, height: int) -> View:
        """The view of `width` by `height` whose pixels `back` (3x3, corners) leads to this."""
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        centres = centred(back)[:2]
        gray = cv2.warpAffine(
            self.gray, centres, (width, height), flags=flags, borderValue=(self.tone,)
        )
        off = self.off
        if off is not None:
            # What lies beyond a scan with borders is none of the paper either.
            near = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
            moved = cv2.warpAffine(
                off.astype(np.uint8), centres, (width, height), flags=near, borderValue=(1,)
            )
            off = np.asarray(moved > 0, np.bool_)
        return View(np.asarray(gray, np.uint8), self.matrix @ back, self.paper, off)

    def part(self, x0: int, y0: int, x1: int, y1: int) -> View:
        """The part of the view inside these corners."""
        off = self.off
        if off is not None:
            off = off[y0:y1, x0:x1]
            off = off if off.any() else None
        matrix = self.matrix @ shift(x0, y0)
        return View(np.ascontiguousarray(self.gray[y0:y1, x0:x1]), matrix, self.paper, off)


def view_of(scan: Image, paper: Color) -> View:
    """The view of an RGB scan (H, W, 3) on `paper`, reduced by a whole number."""
    high, wide = scan.shape[:2]
    factor = max(1, round(max(high, wide) / _LONG_SIDE))
    gray = cv2.cvtColor(scan, cv2.COLOR_RGB2GRAY)
    if factor > 1:
        # Whole factors are ten times quicker than others.
        width, height = max(1, wide // factor), max(1, high // factor)
        whole = gray[: height * factor, : width * factor]
        gray = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
    matrix = np.diag([wide / gray.shape[1], high / gray.shape[0], 1.0])
    return View(np.asarray(gray, np.uint8), matrix, paper)


def shift(x: float, y: float) -> Floats:
    """The 3x3 map that adds (x, y)."""
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def centred(corners: Floats) -> Floats:
    """A 3x3 map between corners of pixels as the map between their middles."""
    return shift(-0.5, -0.5) @ corners @ shift(0.5, 0.5)
