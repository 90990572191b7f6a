"""What stands where around chunks: counts between two of them, runs within a column.

All vectorised over pairs; reading frame, pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.layout.nodes import Node, Scene

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

# Share of a column that something must cover to stand over it.
_OVER = 0.4


@dataclass(frozen=True, slots=True)
class Boxes:
    """Boxes as four arrays of one length."""

    x0: FloatArray
    y0: FloatArray
    x1: FloatArray
    y1: FloatArray

    @classmethod
    def of(cls, boxes: Iterable[Box]) -> Boxes:
        rows = np.array([[b.x0, b.y0, b.x1, b.y1] for b in boxes], dtype=float).reshape(-1, 4)
        return cls(*rows.T)

    def __getitem__(self, which: IntArray) -> Boxes:
        return Boxes(self.x0[which], self.y0[which], self.x1[which], self.y1[which])

    @property
    def cx(self) -> FloatArray:
        return (self.x0 + self.x1) / 2

    @property
    def cy(self) -> FloatArray:
        return (self.y0 + self.y1) / 2

    def column(self) -> Boxes:
        """The boxes with a second axis, to be met with every box of another list."""
        return Boxes(self.x0[:, None], self.y0[:, None], self.x1[:, None], self.y1[:, None])

    def shared_x(self, other: Boxes) -> FloatArray:
        """Length shared on the x axis; negative is the gap."""
        return np.asarray(np.minimum(self.x1, other.x1) - np.maximum(self.x0, other.x0))

    def shared_y(self, other: Boxes) -> FloatArray:
        """Length shared on the y axis; negative is the gap."""
        return np.asarray(np.minimum(self.y1, other.y1) - np.maximum(self.y0, other.y0))


class Surroundings:
    """Nodes, headings, rules and pictures of a scene, asked about pairs of boxes."""

    def __init__(self, nodes: Sequence[Node], scene: Scene) -> None:
        self.columns = Boxes.of(
            Box(n.left, n.box.y0, max(n.right, n.left + 1), n.box.y1) for n in nodes
        )
        self.em = np.array([n.em for n in nodes])
        self.mains = Boxes.of(h.main for h in scene.headings if not h.across)
        self.across = Boxes.of(r.box for r in scene.rules if r.horizontal)
        self.upright = Boxes.of(r.box for r in scene.rules if not r.horizontal)
        self.pictures = Boxes.of(p.box for p in scene.pictures)
        self.frame = np.array([n.chunk.frame for n in nodes])
        self.top, self.foot = self._runs()

    def _runs(self) -> tuple[FloatArray, FloatArray]:
        """Top and foot of the run of text each node stands in: no headline or rule in it."""
        cols = self.columns
        count = len(self.em)
        shared = cols.column().shared_x(cols)
        width = np.minimum((cols.x1 - cols.x0)[:, None], cols.x1 - cols.x0)
        gap = cols.y0[:, None] - cols.y1[None, :]
        over = (shared > 0.7 * width) & (gap > -0.5 * self.em[:, None])
        over &= self.frame[:, None] == self.frame[None, :]
        np.fill_diagonal(over, False)
        gap = np.where(over, gap, np.inf)
        above = gap.argmin(axis=1) if count else np.zeros(0, dtype=int)
        linked = np.isfinite(gap[np.arange(count), above]) if count else np.zeros(0, dtype=bool)
        every = np.arange(count)
        corridor = self._corridor(cols.y1[above], every)
        linked &= (self._over(self.mains, corridor) + self._over(self.across, corridor)) == 0
        top, foot = cols.y0.copy(), cols.y1.copy()
        for b in np.argsort(cols.y0):
            if linked[b]:
                top[b] = min(top[b], top[above[b]])
        for b in np.argsort(-cols.y0):
            if linked[b]:
                foot[above[b]] = max(foot[above[b]], foot[b])
        return top, foot

    def _corridor(self, low: FloatArray, which: IntArray) -> Boxes:
        cols = self.columns[which]
        return Boxes(cols.x0, np.minimum(low, cols.y0) - 3, cols.x1, cols.y0 + 3)

    def _over(self, things: Boxes, corridor: Boxes) -> FloatArray:
        """How many things stand in each corridor over a good part of its width."""
        tall = corridor.column()
        inside = (things.cy > tall.y0) & (things.cy < tall.y1)
        narrow = np.minimum(things.x1 - things.x0, tall.x1 - tall.x0)
        return np.asarray((inside & (tall.shared_x(things) > _OVER * narrow)).sum(axis=1), float)

    def heads_over(self, low: FloatArray, which: IntArray) -> FloatArray:
        """Headlines over each node's column between height `low` and its top."""
        return self._over(self.mains, self._corridor(low, which))

    def rules_over(self, low: FloatArray, which: IntArray) -> FloatArray:
        """Rules across each node's column between height `low` and its top."""
        corridor = self._corridor(low, which).column()
        inside = (self.across.cy > corridor.y0) & (self.across.cy < corridor.y1)
        covers = corridor.shared_x(self.across) > 0.5 * (corridor.x1 - corridor.x0)
        return np.asarray((inside & covers).sum(axis=1), float)

    def nodes_over(self, low: FloatArray, which: IntArray) -> FloatArray:
        """Nodes in each node's column between height `low` and its top."""
        return self._over(self.columns, self._corridor(low, which))

    def pictured(self, low: FloatArray, which: IntArray) -> FloatArray:
        """Height of pictures over each node between height `low` and its top."""
        corridor = self._corridor(low, which).column()
        covers = corridor.shared_x(self.pictures) > 0.5 * (corridor.x1 - corridor.x0)
        tall = np.maximum(corridor.shared_y(self.pictures), 0.0)
        return np.asarray((tall * covers).sum(axis=1))

    def under_picture(self) -> FloatArray:
        """White between each node and the lowest picture over it; inf where there is none."""
        return self._under(self.pictures)

    def under_head(self) -> FloatArray:
        """White between each node and the lowest headline over it; inf where there is none."""
        return self._under(self.mains)

    def under_rule(self) -> FloatArray:
        """White between each node and the lowest rule across its column over it."""
        return self._ruled(self.columns.cy[:, None] > self.across.cy)

    def over_rule(self) -> FloatArray:
        """White between each node and the highest rule across its column under it."""
        return self._ruled(self.columns.cy[:, None] < self.across.cy)

    def _ruled(self, beyond: BoolArray) -> FloatArray:
        cols = self.columns.column()
        covers = cols.shared_x(self.across) > 0.5 * (cols.x1 - cols.x0)
        gap = np.maximum(-cols.shared_y(self.across), 0.0)
        return np.asarray(np.where(beyond & covers, gap, np.inf).min(axis=1, initial=np.inf))

    def _under(self, things: Boxes) -> FloatArray:
        cols = self.columns.column()
        gap = cols.y0 - things.y1
        narrow = np.minimum(cols.x1 - cols.x0, things.x1 - things.x0)
        over = (cols.shared_x(things) > _OVER * narrow) & (gap > -self.em[:, None])
        return np.asarray(np.where(over, gap, np.inf).min(axis=1, initial=np.inf))

    def nodes_beside(self, a: IntArray, b: IntArray) -> FloatArray:
        """Nodes between the column of `a` and that of `b` at the height of both."""
        first, second = self.columns[a].column(), self.columns[b].column()
        slack = 0.8 * self.em[b][:, None]
        between = (self.columns.x0 >= first.x1 - slack) & (self.columns.x1 <= second.x0 + slack)
        low, high = np.minimum(first.y0, second.y0), np.maximum(first.y1, second.y1)
        between &= (self.columns.y1 > low) & (self.columns.y0 < high)
        rows = np.arange(len(a))
        between[rows, a] = False
        between[rows, b] = False
        return np.asarray(between.sum(axis=1), float)

    def rules_beside(self, a: IntArray, b: IntArray) -> FloatArray:
        """Upright rules in the gutter between two nodes, at the height of the shorter."""
        first, second = self.columns[a].column(), self.columns[b].column()
        rules = self.upright
        between = (rules.cx > first.cx) & (rules.cx < second.cx)
        low = np.minimum(first.y1 - first.y0, second.y1 - second.y0)
        touching = np.minimum(first.shared_y(rules), second.shared_y(rules)) > 0.5 * low
        return np.asarray((between & touching).sum(axis=1), float)
