"""Pairs of things near each other on one axis, without a table of all with all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def pairs_between(
    values: FloatArray, low: FloatArray, high: FloatArray
) -> tuple[IntArray, IntArray]:
    """Every i with every j whose value lies from ``low[i]`` to ``high[i]``; ordered by i.

    `low` and `high` have one bound each for every i, `values` one value for every j.
    """
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    first = np.searchsorted(ranked, low)
    count = np.maximum(np.searchsorted(ranked, high, side="right") - first, 0)
    i = np.repeat(np.arange(len(first)), count)
    within = np.arange(len(i)) - np.repeat(np.cumsum(count) - count, count)
    return i, order[np.repeat(first, count) + within]


def least_of_each(group: IntArray, cost: FloatArray, member: IntArray, count: int) -> IntArray:
    """For each group (numbers below `count`) the member of least cost, -1 where it has none.

    Of members that cost the same the one of least number.
    """
    found = np.full(count, -1, dtype=np.int64)
    # What is written last stays.
    order = np.lexsort((member, cost, group))[::-1]
    found[group[order]] = member[order]
    return found
