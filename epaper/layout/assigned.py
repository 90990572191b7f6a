"""The cheapest way to give each row of a table a column of its own.

The shortest augmenting paths of Jonker and Volgenant, as Crouse puts them ("On implementing 2D
rectangular assignment algorithms", IEEE Trans. Aerospace and Electronic Systems 52, 2016). SciPy
has the same, step by step, with the same answer where several are as cheap, but a fifth of a
second passes while that is imported.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def assigned(cost: Floats) -> list[int]:
    """The column of each row of `cost` (N, M), no fewer columns than rows, for the least sum.

    ValueError where no choice of columns has a finite cost.
    """
    table = _Table.of(np.asarray(cost, np.float64))
    for row in range(len(cost)):
        table.take_in(row)
    return table.column_of


@dataclass(slots=True)
class _Table:
    """A cost, the prices of its rows and columns, and who has whom so far; -1 is nobody."""

    cost: Floats
    rows: Floats
    columns: Floats
    column_of: list[int]
    row_of: NDArray[np.int64]

    @classmethod
    def of(cls, cost: Floats) -> _Table:
        count, wide = cost.shape
        free = np.full(wide, -1, np.int64)
        return cls(cost, np.zeros(count), np.zeros(wide), [-1] * count, free)

    def take_in(self, new: int) -> None:
        """Finds the row `new` a column, moving others along the cheapest path to a free one."""
        wide = self.cost.shape[1]
        shortest, before = np.full(wide, np.inf), np.full(wide, -1, np.int64)
        # Last first, so that equal costs give the row its own number.
        left = np.arange(wide)[::-1].copy()
        seen_rows, seen_columns = [], []
        least, row, sink = 0.0, new, -1
        while sink < 0:
            seen_rows.append(row)
            reached = least + self.cost[row, left] - self.rows[row] - self.columns[left]
            nearer = reached < shortest[left]
            before[left[nearer]] = row
            shortest[left[nearer]] = reached[nearer]
            at = self._nearest(shortest[left], left)
            least, column = float(shortest[left[at]]), int(left[at])
            if least == np.inf:
                raise ValueError("no choice of columns has a finite cost")
            seen_columns.append(column)
            row = int(self.row_of[column])
            if row < 0:
                sink = column
            left[at] = left[-1]
            left = left[:-1]
        self.rows[new] += least
        for other in seen_rows[1:]:
            self.rows[other] += least - shortest[self.column_of[other]]
        self.columns[seen_columns] -= least - shortest[seen_columns]
        self._move(new, sink, before)

    def _nearest(self, distance: Floats, left: NDArray[np.int64]) -> int:
        """Which of the columns that are left is nearest: of several, the last that is free."""
        nearest = np.flatnonzero(distance == distance.min())
        free = nearest[self.row_of[left[nearest]] < 0]
        return int(free[-1] if len(free) else nearest[0])

    def _move(self, new: int, sink: int, before: NDArray[np.int64]) -> None:
        """Gives each row along the path the column behind it."""
        column, row = sink, -1
        while row != new:
            row = int(before[column])
            self.row_of[column] = row
            self.column_of[row], column = column, self.column_of[row]
