"""Old vertical papers: many short tiers, stories poured from one into the next.

The learned scores know little of such pages, and scans of them leave much of their evidence
out: indents, full lines, words at seams. What is left is habit: text right after text in one
tier is one story unless a headline or a rule parts them; a headline that stands over
several tiers has them all; and what begins without a headline goes on from the end of the
tier before. Built in the reading frame, where tiers are columns.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from epaper.geometry import Box
from epaper.layout.nodes import Node, Scene
from epaper.layout.scoring import FloatArray
from epaper.model import Origin, WritingMode

# Added to log chances: text right after text, a tier under the same headline, the tier before.
_NEXT, _SAME_HEAD, _POURED = 3.0, 3.0, 2.0
# White between texts of one run, and between tiers, em.
_RUN, _GUTTER = 2.5, 3.5
_ROOF = 0.5
# The learned scores are unsure of a page where half of its links have no more than this.
_UNSURE = 0.8


def is_unsure(chances: Sequence[float], nodes: Sequence[Node]) -> bool:
    """True for a scan in vertical lines whose links the learned scores can hardly tell."""
    line = nodes[0].chunk.items[0].line
    old = line.origin is Origin.OCR and line.mode is WritingMode.VERTICAL
    return old and float(np.median(np.asarray(chances))) < _UNSURE


def tier_gain(nodes: Sequence[Node], scene: Scene) -> FloatArray:
    """What habit adds to the log chance of links, shape nodes by headings + nodes + nodes."""
    heads = len(scene.headings)
    gain = np.zeros((len(nodes), heads + 2 * len(nodes)))
    after = _runs(nodes, scene)
    for a, b in after.items():
        gain[b, heads + a] += _NEXT
    starts = [k for k in range(len(nodes)) if k not in after.values()]
    headed: dict[int, list[int]] = {}
    for b in starts:
        roof = _roof(nodes[b])
        if roof is not None:
            headed.setdefault(roof, []).append(b)
            continue
        last = _last_before(b, [k for k in range(len(nodes)) if k not in after], nodes)
        if last is not None:
            gain[b, heads + last] += _POURED
    for h, under in headed.items():
        under.sort(key=lambda k: (nodes[k].left, nodes[k].box.y0))
        gain[under[0], h] += _SAME_HEAD
        for one, other in zip(under, under[1:], strict=False):
            gain[other, heads + _end(one, after)] += _SAME_HEAD
    return gain


def _runs(nodes: Sequence[Node], scene: Scene) -> dict[int, int]:
    """For each node the one right under it in its tier, where nothing parts them."""
    found: dict[int, tuple[float, int]] = {}
    walls = [h.main for h in scene.headings] + [p.box for p in scene.pictures]
    walls += [r.box for r in scene.rules if r.horizontal]
    for b, node in enumerate(nodes):
        over = [
            (node.box.y0 - other.box.y1, a)
            for a, other in enumerate(nodes)
            if a != b
            and other.chunk.frame == node.chunk.frame
            and other.box.cy < node.box.cy
            and -0.8 * node.em < node.box.y0 - other.box.y1 < _RUN * node.em
            and _shared(other.box, node.box) > 0.6
        ]
        over.sort()
        if over and not _parted(nodes[over[0][1]].box, node.box, walls):
            gap, a = over[0]
            found[a] = min(found.get(a, (gap, b)), (gap, b))
    return {a: b for a, (_, b) in found.items()}


def _shared(a: Box, b: Box) -> float:
    return a.overlap_x(b) / max(1.0, min(a.width, b.width))


def _parted(upper: Box, lower: Box, walls: Sequence[Box]) -> bool:
    return any(
        upper.cy < wall.cy < lower.cy
        and wall.cy > upper.y1 - 0.3 * (lower.y0 - upper.y0)
        and wall.overlap_x(lower) > 0.5 * min(upper.width, lower.width)
        for wall in walls
    )


def _roof(node: Node) -> int | None:
    """The heading that surely stands over the node's tier."""
    sure = [(cover, h) for h, cover in node.roofs.items() if cover > _ROOF]
    return max(sure)[1] if sure else None


def _last_before(b: int, ends: Sequence[int], nodes: Sequence[Node]) -> int | None:
    """The end of the last run in the tier before a node's."""
    node = nodes[b]
    before = [
        a
        for a in ends
        if nodes[a].chunk.frame == node.chunk.frame
        and -0.5 * node.em < node.left - nodes[a].right < _GUTTER * node.em
    ]
    return max(before, key=lambda a: nodes[a].box.y1, default=None)


def _end(start: int, after: dict[int, int]) -> int:
    while start in after:
        start = after[start]
    return start
