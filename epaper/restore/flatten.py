"""Curl, folds and film warp, flattened from the courses of lines and rules.

A smooth field of offsets is sought under which every traced line is straight and level,
in the manner of Schneider, Block and Rojas ("Robust document warping with interpolated
vector fields", ICDAR 2007): here a tensor product of cubic B-splines, fitted by least
squares with a penalty on bending (Eilers and Marx, "Flexible smoothing with B-splines and
penalties", Statistical Science 11, 1996) and reweighted so that strays count for nothing.
Lines across the page tell how far its points lie too high or low, those down the page how
far aside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.restore.traces import Trace
from epaper.restore.view import Floats, Mask

# Pieces of the splines over the shorter side; nodes of the mesh over it.
_PIECES, _NODES = 8, 32
_DEGREE = 3
# How far the middles of a line's letters lie off its course, in ems; of a rule's ink.
_SIGMA, _SIGMA_RULE = 0.05, 0.03
_BENDING, _LENGTH = 0.12, 1e-3
_ROUNDS = 4
_STRAY = 2.5
_LEAST_TRACES = 12
# Ems of offset from where it is worth it, and the share of the unevenness that must go.
_NEEDED, _BETTER = 0.2, 0.75
_BACK_STEPS = 8


@dataclass(frozen=True, slots=True)
class Warp:
    """Offsets (rows, columns) every `step` pixels: flat point p stands at p + (dx, dy).

    `bent` is how far points were off, `before` and `after` the root mean square of the
    traces about straight lines: pixels all.
    """

    step: float
    dx: Floats
    dy: Floats
    bent: float
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class _Fit:
    """A field of offsets one way, and what it does."""

    coefficients: Floats
    bent: float
    before: float
    after: float
    samples: int


def find_warp(traces: Sequence[Trace], width: int, height: int) -> Warp | None:
    """The warp of a view of `width` by `height`; None where it is flat enough."""
    splines = _Splines(width, height)
    across = _fitted([t for t in traces if not t.upright], splines, axis=1)
    down = _fitted([t for t in traces if t.upright], splines, axis=0)
    fits = [fit for fit in (across, down) if fit is not None]
    if not fits:
        return None
    step = min(width, height) / _NODES
    xs = np.arange(0, width + step, step)
    ys = np.arange(0, height + step, step)
    dx, dy = (np.zeros((len(ys), len(xs))) for _ in range(2))
    for _ in range(_BACK_STEPS):
        x = np.clip(xs[None, :] + dx, 0, width)
        y = np.clip(ys[:, None] + dy, 0, height)
        dx, dy = (
            -splines.at(fit.coefficients, x, y) if fit else np.zeros(dx.shape)
            for fit in (down, across)
        )
    count = sum(fit.samples for fit in fits)
    before, after = (
        float(np.sqrt(sum(getattr(f, name) ** 2 * f.samples for f in fits) / count))
        for name in ("before", "after")
    )
    return Warp(step, dx, dy, max(f.bent for f in fits), before, after)


def laid_flat(mask: Mask, warp: Warp) -> Mask:
    """A mask of the view as it looks flat."""
    height, width = mask.shape
    x, y = np.meshgrid(*(np.arange(n, dtype=np.float32) for n in (width, height)))
    across, down = ((v + np.float32(0.5)) / np.float32(warp.step) for v in (x, y))
    dx, dy = (
        cv2.remap(field.astype(np.float32), across, down, cv2.INTER_LINEAR)
        for field in (warp.dx, warp.dy)
    )
    flat = cv2.remap(mask.astype(np.uint8), x + dx, y + dy, cv2.INTER_NEAREST)
    return np.asarray(flat > 0, np.bool_)


class _Splines:
    """Tensor products of B-splines over a view."""

    def __init__(self, width: int, height: int) -> None:
        pieces = _PIECES * np.array([width, height]) / min(width, height)
        self._knots = [
            _knots(length, int(count))
            for length, count in zip((width, height), pieces.round(), strict=True)
        ]
        self._ends = (width, height)
        self.shape = tuple(len(knots) - _DEGREE - 1 for knots in self._knots)

    def rows(self, x: Floats, y: Floats) -> Floats:
        """The value of every product at points (N,): (N, products)."""
        bx, by = (
            _values(np.clip(v, 0, end - 1e-6), knots)
            for v, end, knots in zip((x, y), self._ends, self._knots, strict=True)
        )
        return np.asarray((bx[:, :, None] * by[:, None, :]).reshape(len(x), -1), np.float64)

    def at(self, coefficients: Floats, x: Floats, y: Floats) -> Floats:
        """The field at points of any shape."""
        return np.asarray((self.rows(x.ravel(), y.ravel()) @ coefficients).reshape(x.shape))

    def penalty(self) -> Floats:
        """The quadratic form that grows as the field bends."""
        n, m = self.shape
        bends = [np.diff(np.eye(size), 2, axis=0) for size in (n, m)]
        form = np.kron(bends[0].T @ bends[0], np.eye(m)) + np.kron(np.eye(n), bends[1].T @ bends[1])
        return np.asarray(_BENDING * form + _LENGTH * np.eye(n * m), np.float64)


def _knots(length: int, pieces: int) -> Floats:
    inner = np.linspace(0, length, pieces + 1)
    ends = np.ones(_DEGREE)
    return np.concatenate([0 * ends, inner, length * ends])


def _values(places: Floats, knots: Floats) -> Floats:
    """Every B-spline over `knots` at places (N,): (N, splines), by de Boor's recurrence.

    SciPy has it, too, but half a second passes while that is imported.
    """
    last = len(knots) - _DEGREE - 2
    piece = np.clip(np.searchsorted(knots, places, side="right") - 1, _DEGREE, last)
    found = np.zeros((len(places), len(knots) - 1))
    found[np.arange(len(places)), piece] = 1.0
    for degree in range(1, _DEGREE + 1):
        wide = knots[degree:] - knots[:-degree]
        share = (places[:, None] - knots[None, :-degree]) / np.where(wide > 0, wide, 1.0)
        found = share[:, :-1] * found[:, :-1] + (1.0 - share[:, 1:]) * found[:, 1:]
    return found


def _fitted(traces: list[Trace], splines: _Splines, axis: int) -> _Fit | None:
    """The offsets along `axis` (0: x, 1: y) that level these traces; None where flat."""
    if len(traces) < _LEAST_TRACES:
        return None
    owner = np.repeat(np.arange(len(traces)), [len(t.points) for t in traces])
    points = np.concatenate([t.points for t in traces])
    sigma = np.concatenate(
        [
            np.full(len(t.points), max(0.4, t.em * _SIGMA if t.kind != "rule" else 0.5))
            for t in traces
        ]
    )
    rows = splines.rows(points[:, 0], points[:, 1])
    place = points[:, axis]
    penalty = splines.penalty()
    em = float(np.median([t.em for t in traces if t.kind == "line"] or [t.em for t in traces]))
    weight = 1 / sigma**2
    for _ in range(_ROUNDS):
        flat_rows, flat_place = (_about_lines(v, owner, weight) for v in (rows, place))
        normal = flat_rows.T @ (flat_rows * weight[:, None]) + penalty
        found = np.linalg.solve(normal, -flat_rows.T @ (flat_place * weight))
        rest = (flat_place + flat_rows @ found) / sigma
        scale = max(1.0, 1.48 * float(np.median(np.abs(rest))))
        weight = np.clip(1 - (rest / (_STRAY * scale)) ** 2, 0, None) ** 2 / sigma**2
    kept = weight > 0
    offsets = rows @ found
    plane = np.column_stack([points, np.ones(len(points))])[kept]
    level = np.linalg.lstsq(plane, offsets[kept], rcond=None)[0]
    bent = float(np.percentile(np.abs(offsets[kept] - plane @ level), 95))
    before, after = (
        float(np.sqrt(np.mean(np.square(v[kept]))))
        for v in (flat_place, flat_place + flat_rows @ found)
    )
    if bent < _NEEDED * em or after > _BETTER * before:
        return None
    return _Fit(found, bent, before, after, int(kept.sum()))


def _about_lines(values: Floats, owner: NDArray[np.int64], weight: Floats) -> Floats:
    """Values (N, …) less the weighted mean of those of the same line."""
    total = np.maximum(np.bincount(owner, weight), 1e-12)
    if values.ndim == 1:
        return np.asarray(values - (np.bincount(owner, values * weight) / total)[owner])
    # The rows of a line stand together.
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    sums = np.add.reduceat(values * weight[:, None], starts)
    return np.asarray(values - (sums / total[:, None])[owner])
