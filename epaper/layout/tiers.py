"""Old vertical papers: many short tiers, stories poured from one into the next.

The learned scores know little of such pages, and scans of them leave much of their evidence
out: indents, full lines, words at seams. What is left is habit: text right after text in one
tier is one story unless a headline or a rule parts them; a headline that stands over
several tiers has them all; and what begins without a headline goes on from the end of the
tier before. Built in the reading frame, where tiers are columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from epaper.geometry import Box
from epaper.layout.nodes import Node, Scene
from epaper.layout.scoring import FloatArray
from epaper.model import Origin, WritingMode

# Added to log chances: text right after text, a tier under the same headline, the tier before.
_NEXT, _SAME_HEAD, _POURED = 3.0, 3.0, 3.0
# White between texts of one run, and between tiers, em.
_RUN, _GUTTER = 2.5, 3.5
# Ends that differ less than this are level, em.
_LEVEL = 1.2
_SCRAP = 2
# A rule so many times as long as a story's run in a tier is no rule of its own.
_FOREIGN = 1.5
_ROOF = 0.5
# Text stands no further under a title in its tier, em.
_TITLE = 2.0
# The learned scores are unsure of a page where half of its links have no more than this.
_UNSURE = 0.9


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
    headed, bare = _starts(nodes, after, scene)
    taken = set(after)
    for h, under in headed.items():
        tiers = sorted(under, key=lambda k: nodes[k].left)
        gain[tiers[0], h] += _SAME_HEAD
        for one, other in pairwise(tiers):
            last = _end(one, after)
            if _ruled_off(nodes[one].box, nodes[last].box, nodes[other].box, scene):
                bare.append(other)
                continue
            gain[other, heads + last] += _SAME_HEAD
            taken.add(last)
    for b in sorted(bare, key=lambda k: nodes[k].box.y0):
        ends = [k for k, n in enumerate(nodes) if k not in taken and not _is_scrap(n)]
        before = _last_before(nodes[b], ends, nodes, scene)
        if before is not None:
            gain[b, heads + before] += _POURED
            taken.add(before)
    return gain


def _starts(
    nodes: Sequence[Node], after: dict[int, int], scene: Scene
) -> tuple[dict[int, list[int]], list[int]]:
    """Where runs start: by the heading over them, tier by tier, and those under none."""
    headed: dict[int, list[int]] = {}
    bare = []
    followers = set(after.values())
    first = [k for k in range(len(nodes)) if k not in followers]
    for k in sorted(first, key=lambda k: nodes[k].box.y0):
        if _is_scrap(nodes[k]):
            continue
        roof = _roof(nodes[k], scene)
        if roof is None:
            bare.append(k)
        else:
            headed.setdefault(roof, []).append(k)
    return headed, bare


def _runs(nodes: Sequence[Node], scene: Scene) -> dict[int, int]:
    """For each node the one read next in its tier, where nothing parts them.

    Under one node several may stand side by side, as a subhead and the text under it.
    """
    solid = [h.main for h in scene.headings] + [p.box for p in scene.pictures]
    rules = [r.box for r in scene.rules if r.horizontal]
    upright = [r.box for r in scene.rules if not r.horizontal]
    below: dict[int, list[int]] = {}
    for b, node in enumerate(nodes):
        over = [a for a in range(len(nodes)) if a != b and _is_over(nodes[a], node)]
        if not over or _is_scrap(node):
            continue
        foot = max(nodes[a].box.y1 for a in over)
        level = [a for a in over if foot - nodes[a].box.y1 < _LEVEL * node.em]
        last = max(level, key=lambda a: nodes[a].box.x0)
        # The rules at a subhead are its frame.
        framed = node.chunk.subhead or nodes[last].chunk.subhead
        if not _parted(nodes[last].box, node.box, solid if framed else solid + rules):
            below.setdefault(last, []).append(b)
    first = {a: min(bs, key=lambda k: nodes[k].box.x0) for a, bs in below.items()}
    after = dict(first)
    for bs in below.values():
        beside = sorted(bs, key=lambda k: nodes[k].box.x0)
        for one, other in pairwise(beside):
            left, right = nodes[one].box, nodes[other].box
            apart = left.overlap_x(right) <= _LEVEL * nodes[one].em
            if apart and not any(_between(left, right, rule) for rule in upright):
                after[_end(one, first)] = other
    return after


def _is_over(upper: Node, lower: Node) -> bool:
    return (
        upper.chunk.frame == lower.chunk.frame
        and not _is_scrap(upper)
        and upper.box.cy < lower.box.cy
        and -0.8 * lower.em < lower.box.y0 - upper.box.y1 < _RUN * lower.em
        and _shared(upper.box, lower.box) > 0.6
    )


def _is_scrap(node: Node) -> bool:
    """True for a character or two, which may be dirt between two lines."""
    return node.chunk.characters <= _SCRAP and not node.chunk.subhead


def _between(left: Box, right: Box, rule: Box) -> bool:
    """True for an upright rule between two boxes side by side."""
    over = rule.overlap_y(left) > 0.5 * left.height or rule.overlap_y(right) > 0.5 * right.height
    return over and left.cx < rule.cx < right.cx


def _shared(a: Box, b: Box) -> float:
    return a.overlap_x(b) / max(1.0, min(a.width, b.width))


def _parted(upper: Box, lower: Box, walls: Sequence[Box]) -> bool:
    return any(
        upper.cy < wall.cy < lower.cy
        and wall.cy > upper.y1 - 0.3 * (lower.y0 - upper.y0)
        and wall.overlap_x(lower) > 0.5 * min(upper.width, lower.width)
        for wall in walls
    )


def _roof(node: Node, scene: Scene) -> int | None:
    """The heading that surely stands over the node's tier, or right over the node."""
    sure = [(cover, h) for h, cover in node.roofs.items() if cover > _ROOF]
    if sure:
        return max(sure)[1]
    near = [
        (node.box.y0 - heading.main.y1, h)
        for h, heading in enumerate(scene.headings)
        if not heading.across
        and heading.frame == node.chunk.frame
        and -0.5 * node.em < node.box.y0 - heading.box.y1 < _TITLE * node.em
        and heading.main.overlap_x(node.box) > 0.9 * heading.main.width
    ]
    return min(near)[1] if near else None


def _ruled_off(first: Box, last: Box, other: Box, scene: Scene) -> bool:
    """True if a rule that parts more than one story parts a run from what is beside it."""
    extent = last.y1 - first.y0
    return any(
        not r.horizontal
        and first.cx < r.box.cx < other.cx
        and r.box.overlap_y(other) > 0.5 * other.height
        and r.box.height > _FOREIGN * extent
        for r in scene.rules
    )


def _last_before(
    node: Node, ends: Sequence[int], nodes: Sequence[Node], scene: Scene
) -> int | None:
    """The end of the last run in the tier before a node's, on its side of rules over both."""
    walls = [r.box for r in scene.rules if r.horizontal]
    before = [
        a
        for a in ends
        if nodes[a].chunk.frame == node.chunk.frame
        and -0.5 * node.em < node.box.x0 - nodes[a].box.x1 < _GUTTER * node.em
        and not any(_walled(nodes[a].box, node.box, wall) for wall in walls)
    ]
    return max(before, key=lambda a: nodes[a].box.y1, default=None)


def _walled(a: Box, b: Box, wall: Box) -> bool:
    upper, lower = (a, b) if a.cy < b.cy else (b, a)
    over = min(wall.overlap_x(a) / a.width, wall.overlap_x(b) / b.width)
    return over > 0.5 and upper.cy < wall.cy < lower.cy


def _end(start: int, after: dict[int, int]) -> int:
    """The last node of a run; a run goes down its tier, so it has an end."""
    while start in after:
        start = after[start]
    return start
