"""Skew of a page by its projection profiles.

The profile of ink across the lines is sharpest when it is taken along them (Postl,
"Detection of linear oblique structures and skew scan in digitized documents", ICPR
1986). Rows and columns are both tried, for vertical text and for pages of rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Floats = NDArray[np.float64]

_LIMIT = 10.0
_LONG_SIDE = 2400
_POINTS = 150_000
_LEAST_POINTS = 500
# How much sharper than at a common angle the profile must be to be believed.
_EVIDENCE = 1.3


@dataclass(frozen=True, slots=True)
class Skew:
    """Slope of the lines in degrees, clockwise positive, and the peak over the median."""

    degrees: float
    sharpness: float


def find_skew(image: Image) -> Skew | None:
    """Skew of an RGB page (H, W, 3) within 10 degrees; None where nothing shows it."""
    points = _ink_points(image)
    if len(points) < _LEAST_POINTS:
        return None
    coarse = np.arange(-_LIMIT, _LIMIT + 0.01, 0.25, dtype=np.float64)
    best: Skew | None = None
    for axis in (0, 1):
        scores = _scores(points, coarse, axis)
        peak = int(scores.argmax())
        sharpness = float(scores[peak] / max(float(np.median(scores)), 1e-9))
        if sharpness >= _EVIDENCE and (best is None or sharpness > best.sharpness):
            best = Skew(_refined(points, float(coarse[peak]), axis), sharpness)
    return best


def _refined(points: Floats, around: float, axis: int) -> float:
    for reach, step in ((0.3, 0.05), (0.06, 0.01)):
        angles = np.arange(around - reach, around + reach + step / 2, step)
        scores = _scores(points, angles, axis)
        around = float(angles[int(scores.argmax())])
    return around


def _ink_points(image: Image) -> Floats:
    """Ink pixels (N, 2) as x, y from the middle of the page, at a working size."""
    scale = min(1.0, _LONG_SIDE / max(image.shape[:2]))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    gray = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    ground = cv2.blur(gray, (41, 41)).astype(np.int16)
    ys, xs = np.nonzero(gray < ground - 30)
    if len(xs) > _POINTS:
        # A fixed seed: the same page must always be turned by the same angle.
        pick = np.random.default_rng(0).choice(len(xs), _POINTS, replace=False)
        xs, ys = xs[pick], ys[pick]
    return np.stack([xs - gray.shape[1] / 2, ys - gray.shape[0] / 2], axis=1)


def _scores(points: Floats, degrees: NDArray[Any], axis: int) -> Floats:
    """Sharpness of the profile of rows (axis 0) or columns (axis 1) at each angle."""
    x, y = points.T
    result = []
    for angle in np.radians(degrees):
        if axis == 0:
            place = y * np.cos(angle) - x * np.sin(angle)
        else:
            place = x * np.cos(angle) + y * np.sin(angle)
        bins = np.round(place - place.min()).astype(np.int64)
        profile = np.bincount(bins).astype(np.float64)
        result.append(float(np.square(np.diff(profile)).sum()))
    return np.array(result)
