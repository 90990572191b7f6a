"""Boosted regression trees as plain arrays (Friedman 2001), read with numpy alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_PARTS = ("feature", "threshold", "left", "right", "value", "depth")


@dataclass(frozen=True, slots=True)
class Trees:
    """Binary trees as arrays of one shape, trees by nodes; unused places stay 0.

    A node sends a candidate to `left` where ``values[feature] <= threshold``, else to
    `right`; a leaf sends it to itself and holds its `value`. `depth` steps reach every leaf.
    """

    feature: NDArray[np.int16]
    threshold: NDArray[np.float32]
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    value: NDArray[np.float32]
    depth: int

    def predict(self, values: NDArray[np.float32]) -> FloatArray:
        """Sum over the trees for each row of `values` (rows by features)."""
        count, size = self.feature.shape
        base = np.arange(count, dtype=np.int32) * size
        feature, threshold = self.feature.ravel().astype(np.int32), self.threshold.ravel()
        step = np.stack(
            [self.right.ravel() + np.repeat(base, size), self.left.ravel() + np.repeat(base, size)]
        )
        at = np.broadcast_to(base, (len(values), count)).copy()
        row = np.arange(len(values), dtype=np.int32)[:, None] * values.shape[1]
        flat = values.ravel()
        for _ in range(self.depth):
            below = flat[row + feature[at]] <= threshold[at]
            at = step[below.astype(np.int8), at]
        return np.asarray(self.value.ravel()[at].sum(axis=1), dtype=float)

    def stored(self, prefix: str = "") -> dict[str, Any]:
        """The arrays by name, for `numpy.savez`."""
        return {prefix + name: np.asarray(getattr(self, name)) for name in _PARTS}


def restored(stored: Mapping[str, Any], prefix: str = "") -> Trees:
    """The trees of `Trees.stored`; KeyError where a part is missing."""
    feature, threshold, left, right, value, depth = (stored[prefix + name] for name in _PARTS)
    return Trees(feature, threshold, left, right, value, int(depth))
