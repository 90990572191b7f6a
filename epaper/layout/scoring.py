"""Scores of the possible links between chunks, written down from the trade's habits.

Scores are sums like log-odds: what speaks for a link adds, what speaks against it
takes away. Rows of the matrix are the nodes read after, columns what may stand before
them: the headings, the nodes, and for each node the bare start of a story. Computed for
one node before and all nodes after it at a time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from epaper.layout.cues import NOTE
from epaper.layout.headings import Heading
from epaper.layout.nodes import End, Node, Scene

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

NEVER = -99.0

# How well texts join: (how the first ends, whether the second begins a paragraph).
_SEAM = {
    (End.OPEN, False): 3.0,
    (End.OPEN, True): -3.5,
    (End.CLOSED, False): -3.5,
    (End.CLOSED, True): 0.3,
    (End.MAYBE, False): 0.9,
    (End.MAYBE, True): 0.3,
}


def score_matrix(nodes: Sequence[Node], scene: Scene) -> FloatArray:
    """Scores of every link, shape nodes by headings + nodes + nodes."""
    count, heads = len(nodes), len(scene.headings)
    scores = np.full((count, heads + 2 * count), NEVER)
    view = _View(nodes, scene)
    for h in range(heads):
        scores[:, h] = _heading_scores(h, nodes, scene)
    for a in range(count):
        scores[:, heads + a] = view.follow(a)
    for b, node in enumerate(nodes):
        scores[b, heads + count + b] = bare_score(node)
    return scores


def bare_score(node: Node) -> float:
    """Score of a story that starts here without heading."""
    score = -1.6 if node.starts else -3.2
    if node.head:
        score += 0.9
    if node.chunk.rows:
        score -= 1.5
    if NOTE.match(node.chunk.text):
        score += 1.0
    return score


def _heading_scores(h: int, nodes: Sequence[Node], scene: Scene) -> list[float]:
    heading = scene.headings[h]
    if heading.across:
        return [_side_heading_score(node, heading, nodes) for node in nodes]
    under = [n for n in nodes if n.roofs.get(h, 0.0) > 0.5]
    return [_over_score(node, h, heading, under) if h in node.roofs else NEVER for node in nodes]


def _over_score(node: Node, h: int, heading: Heading, under: Sequence[Node]) -> float:
    """Score of `node` being the first text under heading `h`."""
    score = 3.5 * node.roofs[h] + (1.5 if node.starts else -2.0)
    siblings = [n for n in under if n is not node]
    above = [n for n in siblings if n.box.y1 <= node.box.y0 and _same_column(n, node)]
    left = [n for n in siblings if n.right <= node.left + node.em]
    score += 1.5 if not left else -1.0 * min(len(left), 3)
    score -= 3.0 * len(above)
    score -= 0.06 * max(0.0, (node.box.y0 - heading.box.y1) / node.em - 3)
    return score


def _side_heading_score(node: Node, heading: Heading, nodes: Sequence[Node]) -> float:
    """A headline set across the text's direction, standing at the story's side."""
    box = heading.box
    if heading.frame != node.chunk.frame or box.overlap_y(node.box) < 0.3 * min(
        box.height, node.box.height
    ):
        return NEVER
    gap = -box.overlap_x(node.box)
    side = node.box.cx - box.cx
    level = [
        n
        for n in nodes
        if n is not node
        and n.chunk.frame == heading.frame
        and n.box.overlap_y(box) > 0.3 * min(box.height, n.box.height)
        and (n.box.cx - box.cx) * side > 0
    ]
    if side > 0:
        # The headline stands before its story: the first column is the nearest.
        first = not any(abs(n.box.cx - box.cx) < abs(side) for n in level)
        far = gap > 4 * node.em
    else:
        # It closes the story: the first column is the one farthest from it.
        first = not any(n.right <= node.left + node.em for n in level)
        columns = {round(n.left / node.em) for n in level} | {round(node.left / node.em)}
        far = gap > 4 * node.em + (len(columns) - 1) * 1.4 * (node.right - node.left)
    if far or not first:
        return NEVER
    score = 1.5 + (1.5 if node.starts else -2.0)
    score += 0.5 if side > 0 else (0.5 if heading.frame >= 0 else -1.0)
    score -= 0.2 * max(0.0, gap / node.em - 1) if side > 0 else 0.0
    score -= 0.3 * abs(node.box.y0 - box.y0) / node.em / 4
    return score


def _same_column(a: Node, b: Node) -> bool:
    return abs(a.left - b.left) < 1.5 * b.em and abs(a.right - b.right) < 1.5 * b.em


def shared_roof(a: Node, b: Node) -> float:
    """How well one heading stands over both columns, 0 to 1."""
    return max((min(a.roofs[k], b.roofs[k]) for k in a.roofs.keys() & b.roofs.keys()), default=0.0)


class _View:
    """The nodes as arrays, and scores of each of them following one."""

    def __init__(self, nodes: Sequence[Node], scene: Scene) -> None:
        self.nodes = nodes
        self.left = np.array([n.left for n in nodes])
        self.right = np.array([n.right for n in nodes])
        self.x0, self.y0, self.x1, self.y1 = _sides([n.box for n in nodes])
        self.cy = (self.y0 + self.y1) / 2
        self.em = np.array([n.em for n in nodes])
        self.frame = np.array([n.chunk.frame for n in nodes])
        self.head = np.array([n.head for n in nodes])
        self.starts = np.array([n.starts for n in nodes])
        self.roofed = np.array([bool(n.roofs) for n in nodes])
        faces = {n.chunk.face: k for k, n in enumerate(nodes)}
        self.face = np.array([faces[n.chunk.face] for n in nodes])
        self.mains = _sides([h.main for h in scene.headings if not h.across])
        self.rules = _sides([r.box for r in scene.rules if r.horizontal])
        self.pictures = _sides([p.box for p in scene.pictures])

    def follow(self, a: int) -> FloatArray:
        """Scores of every node being read right after node `a`."""
        ratio = np.abs(np.log(self.em[a] / self.em))
        heads = self.head | self.head[a]
        usable = (self.frame == self.frame[a]) & ((ratio < 0.16) | heads)
        usable[a] = False
        place = self._place(a, usable)
        score = place + self._seam(a)
        width = np.abs(
            np.log((self.right[a] - self.left[a]) / np.maximum(self.right - self.left, 1.0))
        )
        fit = -6.0 * np.maximum(0.0, ratio - 0.02) - 0.8 * (self.face != self.face[a])
        fit += np.where(width < 0.04, 0.7, np.where(width > 0.15, -0.7, 0.0))
        score += np.where(heads, 0.0, fit)
        return np.where(place > NEVER, score, NEVER)

    def _seam(self, a: int) -> FloatArray:
        before = self.nodes[a]
        if before.head:
            return np.where(self.starts, 0.8, -2.0)
        joins = np.where(self.starts, _SEAM[before.end, True], _SEAM[before.end, False])
        return np.where(self.head, -2.5 if before.end is End.OPEN else 0.6, joins)

    def _place(self, a: int, usable: BoolArray) -> FloatArray:
        em = self.em[a]
        width = np.minimum(self.x1 - self.x0, self.x1[a] - self.x0[a])
        same = np.minimum(self.x1, self.x1[a]) - np.maximum(self.x0, self.x0[a]) > 0.5 * width
        below = same & (self.y0 > self.cy[a]) & (self.cy > self.y1[a] - 0.5 * em)
        right = ~same & (self.left >= self.right[a] - 0.8 * em)
        wrap = ~same & ~right & (self.y0 > self.y0[a] + em)
        wrap &= self.right <= self.left[a] + 0.8 * em
        score = np.full(len(self.nodes), NEVER)
        for mask, scorer in ((below, self._below), (right, self._right), (wrap, self._wrap)):
            which = np.flatnonzero(mask & usable)
            if len(which):
                score[which] = scorer(a, which)
        return score

    def _headed(self, low: FloatArray, which: NDArray[np.intp]) -> BoolArray:
        """Whether a headline over node `which` stands between height `low` and it."""
        x0, y0, x1, y1 = self.mains
        cy = (y0 + y1) / 2
        shared = np.minimum(x1, self.x1[which, None]) - np.maximum(x0, self.x0[which, None])
        width = np.minimum(x1 - x0, (self.x1 - self.x0)[which, None])
        between = (low[:, None] < cy) & (cy < self.cy[which, None])
        return np.asarray((between & (shared > 0.2 * width)).any(axis=1))

    def _ruled(self, low: FloatArray, which: NDArray[np.intp]) -> BoolArray:
        """Whether a rule over node `which` stands between height `low` and it."""
        x0, y0, x1, y1 = self.rules
        cy = (y0 + y1) / 2
        shared = np.minimum(x1, self.x1[which, None]) - np.maximum(x0, self.x0[which, None])
        between = (low[:, None] - 3 < cy) & (cy < self.y0[which, None] + 3)
        return np.asarray((between & (shared > 0.5 * (self.x1 - self.x0)[which, None])).any(axis=1))

    def _below(self, a: int, which: NDArray[np.intp]) -> FloatArray:
        """Under `a` in its column, perhaps beyond a picture."""
        em = self.em[which]
        same = np.abs(self.left[which] - self.left[a]) < 1.5 * em
        same &= np.abs(self.right[which] - self.right[a]) < 1.5 * em
        score = np.where(same, 1.2, 0.2)
        gap = np.maximum(0.0, self.y0[which] - self.y1[a])
        gap -= self._pictured(a, which)
        score -= np.minimum(3.0, 0.15 * np.maximum(0.0, gap / em - 1.5))
        shared = np.minimum(self.x1, self.x1[which, None]) - np.maximum(
            self.x0, self.x0[which, None]
        )
        between = (shared > 0.3 * (self.x1 - self.x0)[which, None]) & (self.cy > self.cy[a])
        between &= self.cy < self.cy[which, None]
        score -= 2.5 * between.sum(axis=1)
        low = np.full(len(which), self.y1[a])
        score -= 2.5 * self._ruled(low, which)
        middle = np.full(len(which), self.cy[a])
        return np.where(self._headed(middle, which), -9.0, score)

    def _pictured(self, a: int, which: NDArray[np.intp]) -> FloatArray:
        """Height of the pictures between `a` and nodes under it."""
        x0, y0, x1, y1 = self.pictures
        shared = np.minimum(x1, self.x1[which, None]) - np.maximum(x0, self.x0[which, None])
        tall = np.minimum(y1, self.y0[which, None]) - np.maximum(y0, self.y1[a])
        over = shared > 0.5 * (self.x1 - self.x0)[which, None]
        return np.asarray((np.maximum(tall, 0.0) * over).sum(axis=1))

    def _right(self, a: int, which: NDArray[np.intp]) -> FloatArray:
        """In a column to the right of `a`."""
        em = self.em[which]
        top = self._top(a)
        gap = (self.left[which] - self.right[a]) / em
        score = 0.6 - 0.12 * np.maximum(0.0, gap - 3.5)
        score -= np.minimum(4.0, 1.6 * self._skipped(a, which))
        shared = np.array([shared_roof(self.nodes[top], self.nodes[b]) for b in which])
        level = np.abs(self.y0[which] - self.y0[top]) < 1.6 * em
        score += np.where(
            shared > 0, 2.5 * shared, np.where(self.roofed[which], -4.0, np.where(level, 1.5, 0.0))
        )
        score -= 2.0 * (self.y1[which] < self.y0[top] - em)
        score -= 1.5 * (self.y0[which] > self.y1[a] + 2 * em)
        score -= np.minimum(3.0, self._stacked(top, which))
        return np.where(gap > 40, NEVER, score)

    def _skipped(self, a: int, which: NDArray[np.intp]) -> FloatArray:
        """Nodes that stand between the column of `a` and those of `which`."""
        low = np.minimum(self.y0[which], self.y0[a])[:, None]
        high = np.maximum(self.y1[which], self.y1[a])[:, None]
        between = self.right <= (self.left + 0.8 * self.em)[which, None]
        between &= self.left >= self.right[a] - 0.8 * self.em[a]
        between &= (self.y1 > low) & (self.y0 < high)
        between[:, a] = False
        between[np.arange(len(which)), which] = False
        return np.asarray(between.sum(axis=1), dtype=float)

    def _stacked(self, top: int, which: NDArray[np.intp]) -> FloatArray:
        """Nodes over `which` in its column, below the height of `top`, unheaded."""
        em = self.em[which, None]
        over = np.abs(self.left - self.left[which, None]) < 1.5 * em
        over &= np.abs(self.right - self.right[which, None]) < 1.5 * em
        over &= (self.y1 <= self.y0[which, None] + 2) & (self.y1 > self.y0[top])
        over[np.arange(len(which)), which] = False
        found = np.zeros(len(which))
        for k, b in enumerate(which):
            above = np.flatnonzero(over[k])
            if len(above):
                headed = self._headed(self.cy[above], np.full(len(above), b))
                found[k] = (~headed).sum()
        return found

    def _top(self, a: int) -> int:
        """The topmost node of the run of nodes that `a` closes in its column."""
        top = a
        while not self.nodes[top].roofs:
            shared = np.minimum(self.x1, self.x1[top]) - np.maximum(self.x0, self.x0[top])
            width = np.minimum(self.x1 - self.x0, self.x1[top] - self.x0[top])
            above = (self.y1 <= self.y0[top] + 2) & (shared > 0.5 * width)
            above &= self.frame == self.frame[top]
            above[top] = False
            which = np.flatnonzero(above)
            at = np.full(len(which), top)
            if len(which):
                which = which[~self._headed(self.cy[which], at) & ~self._ruled(self.y1[which], at)]
            if not len(which):
                return top
            top = int(which[self.y1[which].argmax()])
        roofed = [
            k
            for k, n in enumerate(self.nodes)
            if shared_roof(n, self.nodes[top]) > 0.5 and _same_column(n, self.nodes[top])
        ]
        return min(roofed, key=lambda k: self.y0[k], default=top)

    def _wrap(self, a: int, which: NDArray[np.intp]) -> FloatArray:
        """Left of `a` and below it: a story set in two tiers."""
        em = self.em[which]
        away = np.abs((self.y0[which] - self.y1[a]) / em)
        score = -2.2 - 0.1 * np.maximum(0.0, away - 3)
        bad = (self.y0[which] < self.y0[a] + 2 * self.em[a]) | self.roofed[which]
        bad |= self._headed(np.full(len(which), self.cy[a]), which)
        return np.where(bad, NEVER, score)


def _sides(boxes: Sequence[object]) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    rows = np.array(
        [[getattr(b, side) for side in ("x0", "y0", "x1", "y1")] for b in boxes], dtype=float
    ).reshape(-1, 4)
    return rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3]
