"""Boosted regression trees as plain arrays (Friedman 2001), read with numpy alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
SingleArray = NDArray[np.float32]
IntArray = NDArray[np.int64]

# Rows looked at together: what they need stays in the processor's cache.
_BLOCK = 64
_PARTS = ("feature", "threshold", "left", "right", "value", "depth")


@dataclass(frozen=True)
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
        blocks = [self._sums(values[k : k + _BLOCK]) for k in range(0, len(values), _BLOCK)]
        return np.concatenate(blocks) if blocks else np.zeros(0)

    def _sums(self, values: NDArray[np.float32]) -> FloatArray:
        first, feature, threshold, steps, leaves = self._flat
        at = np.broadcast_to(first, (len(values), len(first))).copy()
        row = (np.arange(len(values)) * values.shape[1])[:, None]
        numbers = values.ravel()
        for _ in range(self.depth):
            place = feature.take(at)
            place += row
            below = numbers.take(place) <= threshold.take(at)
            at *= 2
            at += below
            at = steps.take(at)
        return np.asarray(leaves.take(at).sum(axis=1), dtype=float)

    @cached_property
    def _flat(self) -> tuple[IntArray, IntArray, SingleArray, IntArray, SingleArray]:
        """All nodes in one row: where trees begin, feature, threshold, steps, value.

        From node k the way to the right leads to ``steps[2 * k]``, to the left to the next.
        """
        count, size = self.feature.shape
        first = np.arange(count) * size
        steps = np.stack([self.right, self.left], axis=2) + first[:, None, None]
        feature = self.feature.ravel().astype(np.int64)
        return first, feature, self.threshold.ravel(), steps.ravel(), self.value.ravel()

    def stored(self, prefix: str = "") -> dict[str, Any]:
        """The arrays by name, for `numpy.savez`."""
        return {prefix + name: np.asarray(getattr(self, name)) for name in _PARTS}


def restored(stored: Mapping[str, Any], prefix: str = "") -> Trees:
    """The trees of `Trees.stored`; KeyError where a part is missing."""
    feature, threshold, left, right, value, depth = (stored[prefix + name] for name in _PARTS)
    return Trees(feature, threshold, left, right, value, int(depth))
