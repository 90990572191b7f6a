"""Skew of a page by its projection profiles.

The profile of ink across the lines is sharpest when it is taken along them (Postl,
"Detection of linear oblique structures and skew scan in digitized documents", ICPR
1986). Rows and columns are both tried, for vertical text and for pages of rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from epaper.restore.view import Floats, Mask

_COARSE = np.arange(-10.0, 10.01, 0.25)
# Few points want wide bins, or chance outweighs the lines.
_COARSE_POINTS, _COARSE_BIN = 50_000, 3.0
_POINTS = 120_000
_LEAST_POINTS = 500
# Standard deviations.
_EVIDENCE = 8.0


@dataclass(frozen=True, slots=True)
class Skew:
    """Slope of the lines in degrees, clockwise positive.

    `evidence` is how far the sharpest profile stands out, in standard deviations of those
    at other angles.
    """

    degrees: float
    evidence: float


def find_skew(ink: Mask) -> Skew | None:
    """Skew of a page within 10 degrees by its ink (H, W); None where nothing shows it."""
    points = _points(ink)
    if len(points) < _LEAST_POINTS:
        return None
    few = points[:_COARSE_POINTS]
    best: tuple[float, int, float] | None = None
    for axis in (0, 1):
        scores = _scores(few, _COARSE, axis, _COARSE_BIN)
        peak = int(scores.argmax())
        middle = float(np.median(scores))
        spread = 1.48 * float(np.median(np.abs(scores - middle)))
        evidence = (float(scores[peak]) - middle) / max(spread, 1e-9)
        if evidence >= _EVIDENCE and (best is None or evidence > best[0]):
            best = (evidence, axis, float(_COARSE[peak]))
    if best is None:
        return None
    evidence, axis, angle = best
    # Wide bins may be as sharp some tenths of a degree off.
    angle = _peak(points[: _POINTS // 2], angle, 0.45, 0.05, axis)
    angle = _peak(points, angle, 0.06, 0.02, axis)
    return Skew(round(angle, 3), evidence)


def _peak(points: Floats, around: float, reach: float, step: float, axis: int) -> float:
    """The angle of the sharpest profile near `around`, between steps by a parabola."""
    angles = np.arange(around - reach, around + reach + step / 2, step)
    scores = _scores(points, angles, axis)
    top = int(np.clip(scores.argmax(), 1, len(angles) - 2))
    left, middle, right = scores[top - 1 : top + 2]
    bend = left - 2 * middle + right
    ahead = float(0.5 * (left - right) / bend) if bend < 0 else 0.0
    return float(angles[top]) + float(np.clip(ahead, -1.0, 1.0)) * step


def _points(ink: Mask) -> Floats:
    """Ink (N, 2) as x, y from the middle of the page, in no order.

    Points lie anywhere in their pixels: at their middles, the grid itself would look like
    lines at 0 degrees.
    """
    ys, xs = np.nonzero(ink)
    # A fixed seed: the same page must always be turned by the same angle.
    random = np.random.default_rng(0)
    pick = random.choice(len(xs), min(len(xs), _POINTS), replace=False)
    points = np.stack([xs[pick], ys[pick]], axis=1) + random.random((len(pick), 2))
    return np.asarray(points - (ink.shape[1] / 2, ink.shape[0] / 2), np.float64)


def _scores(points: Floats, degrees: NDArray[Any], axis: int, wide: float = 1.0) -> Floats:
    """Sharpness of the profile of rows (axis 0) or columns (axis 1) at each angle.

    The profile's bins, `wide` pixels, start at every half of one: where thin rules fall on
    bins would else matter as much as the angle.
    """
    x, y = (points * (2.0 / wide)).T
    result = []
    for angle in np.radians(degrees):
        if axis == 0:
            place = y * np.cos(angle) - x * np.sin(angle)
        else:
            place = x * np.cos(angle) + y * np.sin(angle)
        halves = np.bincount((place - place.min()).astype(np.int64)).astype(np.float64)
        profile = halves[1:] + halves[:-1]
        result.append(float(np.square(profile[2:] - profile[:-2]).sum()))
    return np.array(result)
