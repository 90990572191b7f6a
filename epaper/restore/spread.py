"""Two facing pages on one scan, and where to part them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.restore.skew import Image

_WORKING = 1200
# A newspaper page is taller than wide, so two side by side are clearly wider than tall.
_LANDSCAPE = 1.2
_MIDDLE = (0.43, 0.57)
_CLEAR = 0.004
_NARROWEST = 0.012
_WIDER = 1.5
_PRINTED = 0.03


def find_gutter(image: Image) -> int | None:
    """Column (px) at which an RGB spread (H, W, 3) parts; None where it is one page.

    Asks for a landscape scan, print on both halves and one white band down its middle
    that is wider than the gutters between columns. In doubt the scan is left whole.
    """
    height, width = image.shape[:2]
    if width < _LANDSCAPE * height:
        return None
    scale = min(1.0, _WORKING / width)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    gray = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    ink = gray < cv2.blur(gray, (31, 31)).astype(np.int16) - 25
    share = np.asarray(ink.mean(axis=0), np.float64)
    bands = _bands(share < _CLEAR)
    printed = np.flatnonzero(share >= _CLEAR)
    if not len(printed):
        return None
    inner = [b for b in bands if b[0] > printed[0] and b[1] <= printed[-1]]
    middle = [b for b in inner if _MIDDLE[0] * len(share) < sum(b) / 2 < _MIDDLE[1] * len(share)]
    if not middle:
        return None
    gutter = max(middle, key=lambda b: b[1] - b[0])
    wide = gutter[1] - gutter[0]
    others = [b[1] - b[0] for b in inner if b != gutter]
    halves = (share[: gutter[0]].mean(), share[gutter[1] :].mean())
    if (
        wide < _NARROWEST * len(share)
        or wide < _WIDER * max(others, default=0)
        or min(halves) < _PRINTED
    ):
        return None
    return int((gutter[0] + gutter[1]) / 2 / scale)


def _bands(clear: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], clear.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
