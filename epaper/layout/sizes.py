"""Sizes of type: the page's common one, and sizes in steps."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from epaper.layout.frame import Item


@lru_cache(maxsize=4096)
def size_step(size: float) -> int:
    """A size, in pixels, in steps of three per cent."""
    return round(float(np.log(max(size, 1.0)) / np.log(1.03)))


def weighted_median(pairs: Sequence[tuple[float, int]]) -> float:
    """The value at half the weight; pairs are (value, weight)."""
    ordered = sorted(pairs)
    half = sum(weight for _, weight in ordered) / 2
    total = 0.0
    for value, weight in ordered:
        total += weight
        if total >= half:
            return value
    return ordered[-1][0]


def body_size(items: Sequence[Item]) -> float:
    """The em most characters of the page are set in, in pixels.

    The mode of a histogram with bins of 6 %, then the median inside the fullest bin
    and its neighbours: robust against display type and small print.
    """
    sizes = np.array([i.size for i in items])
    weights = np.array([len(i.text) for i in items], dtype=float)
    if not len(sizes):
        return 30.0
    bins = np.round(np.log(np.maximum(sizes, 1.0)) / np.log(1.06)).astype(int)
    keys = np.unique(bins)
    counts = np.array([weights[np.abs(bins - k) <= 1].sum() for k in keys])
    best = keys[int(counts.argmax())]
    near = np.abs(bins - best) <= 1
    pairs = zip(sizes[near].tolist(), weights[near].astype(int).tolist(), strict=True)
    return weighted_median(list(pairs))
