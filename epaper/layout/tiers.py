"""Old vertical papers: many short tiers, stories poured from one into the next.

The learned scores know little of such pages, and scans of them leave much of their evidence
out: indents, full lines, words at seams. What is left is habit: text right after text in one
tier is one story unless a headline or a rule parts them; a headline that stands over
several tiers has them all; and what begins without a headline goes on from the end of the
tier before. Built in the reading frame, where tiers are columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from epaper.geometry import Box
from epaper.layout.nodes import End, Node, Scene
from epaper.layout.scoring import FloatArray
from epaper.model import Origin, WritingMode

# Added to log chances: text right after text, a tier under the same headline, the tier before.
_NEXT, _SAME_HEAD, _POURED = 3.0, 3.0, 3.0
# Text after text beyond a rule in its tier.
_APART = -9.0
# White between texts of one run, and between tiers, em; boxes of uneven lines reach into
# each other by so much of the flatter one.
_RUN, _GUTTER, _REACH = 2.5, 3.5, 0.7
# A worn rule parts texts with so much of their measure. One at the words of a headline, whose
# measure is so much of the text's, is its ornament unless it has so much of the text's.
# One that comes in from the tier beside it would go on to the tier's end.
_WORN, _NARROW, _WHOLE, _COMES_IN = 0.4, 0.75, 0.6, 0.25
# Text set over two tiers and their gutter goes on in one, that over more does not.
_MEASURE = 2.3
# The words that end a story in old papers: "so it is said".
_SAID = re.compile(r"云[、。，．,.\s]*$")
# Ends that differ less than this are level, em.
_LEVEL = 1.2
_SCRAP = 2
# An ornament is read as one character over and over: so many, so much of them.
_ORNAMENT, _ALIKE = 4, 0.6
# A rule so many times as long as a story's run in a tier is no rule of its own.
_FOREIGN = 1.5
# No rule between two tiers parts them under a headline that stands over so much of both.
_OVER_BOTH = 0.7
_ROOF = 0.5
# A headline set across stands over text that has so much of its length.
_TITLED = 0.3
# Text stands no further under a title in its tier, em.
_TITLE = 2.0
# And shares so much of the lesser length with it: text may be set around another story.
_UNDER = 0.6
# The learned scores are unsure of a page where half of its links have no more than this; of
# typeset pages half have .98 at least.
_UNSURE = 0.95


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
    for b, a in _apart(nodes, scene):
        gain[b, heads + a] += _APART
    across = _across(nodes, scene)
    for h, b in across.items():
        gain[b, h] += _SAME_HEAD
    headed, bare = _starts(nodes, {*after.values(), *across.values()}, scene)
    taken = set(after)
    for h, under in headed.items():
        tiers = sorted(under, key=lambda k: nodes[k].left)
        gain[tiers[0], h] += _SAME_HEAD
        for one, other in pairwise(tiers):
            last = _end(one, after)
            tier = not _is_over_both(scene.headings[h].main, nodes[one].box, nodes[other].box)
            if tier and _ruled_off(nodes[one].box, nodes[last].box, nodes[other].box, scene):
                bare.append(other)
                continue
            gain[other, heads + last] += _SAME_HEAD
            taken.add(last)
    for b in sorted(bare, key=lambda k: nodes[k].box.y0):
        ends = [k for k, n in enumerate(nodes) if k not in taken and not is_scrap(n)]
        before = _last_before(nodes[b], ends, nodes, scene)
        if before is not None:
            gain[b, heads + before] += _POURED
            taken.add(before)
    return gain


def _apart(nodes: Sequence[Node], scene: Scene) -> Iterator[tuple[int, int]]:
    """Pairs (after, before) of texts of one tier that a rule parts."""
    rules = [_read_on(r.box, nodes) for r in scene.rules if r.horizontal]
    for a, upper in enumerate(nodes):
        for b, lower in enumerate(nodes):
            framed = upper.chunk.subhead or lower.chunk.subhead
            tier = a != b and not framed and _is_over(upper, lower)
            if tier and _ruled(upper.box, lower.box, rules):
                yield b, a


def _starts(
    nodes: Sequence[Node], followers: set[int], scene: Scene
) -> tuple[dict[int, list[int]], list[int]]:
    """Where runs start: by the heading over them, tier by tier, and those under none."""
    headed: dict[int, list[int]] = {}
    bare = []
    first = [k for k in range(len(nodes)) if k not in followers]
    for k in sorted(first, key=lambda k: nodes[k].box.y0):
        if is_scrap(nodes[k]):
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
    solid = [h.main for h in scene.headings if not h.across] + [p.box for p in scene.pictures]
    rules = [_read_on(r.box, nodes) for r in scene.rules if r.horizontal]
    upright = [r.box for r in scene.rules if not r.horizontal]
    titled = set(_across(nodes, scene).values())
    below: dict[int, list[int]] = {}
    for b, node in enumerate(nodes):
        last = None if is_scrap(node) or b in titled else _over(b, nodes)
        if last is None:
            continue
        # The rules at a subhead are its frame.
        framed = node.chunk.subhead or nodes[last].chunk.subhead
        parted = _parted(nodes[last].box, node.box, solid)
        if not parted and (framed or not _ruled(nodes[last].box, node.box, rules)):
            below.setdefault(last, []).append(b)
    first = {a: min(bs, key=lambda k: nodes[k].box.x0) for a, bs in below.items()}
    after = dict(first)
    for a, bs in below.items():
        beside = sorted(bs, key=lambda k: nodes[k].box.x0)
        for one, other in pairwise(beside):
            left, right = nodes[one].box, nodes[other].box
            if left.overlap_x(right) <= _LEVEL * nodes[one].em:
                if not any(_between(left, right, rule) for rule in upright):
                    after[_end(one, first)] = other
            elif one == first[a] and left.overlap_y(right) > 0.5 * min(left.height, right.height):
                # The title that the text is set around is read before it.
                title, text = sorted((one, other), key=lambda k: nodes[k].chunk.characters)
                after |= {a: title, title: text}
    return after


def _read_on(rule: Box, nodes: Sequence[Node]) -> Box:
    """A rule with what of it was read as letters at its end."""
    for node in sorted(nodes, key=lambda n: n.box.x0):
        box = node.box
        thin = box.height < 2 * rule.height + 2 and rule.y0 <= box.cy <= rule.y1
        if thin and is_scrap(node) and abs(box.overlap_x(rule)) < 2 * node.em:
            rule = rule.union(box)
    return rule


def _across(nodes: Sequence[Node], scene: Scene) -> dict[int, int]:
    """By headline set across within a tier, the node in which the text around it begins."""
    found = {}
    for h, heading in enumerate(scene.headings):
        box = heading.main
        level = [
            k
            for k, n in enumerate(nodes)
            if heading.across
            and n.chunk.frame == heading.frame
            and not is_scrap(n)
            and n.box.x0 - n.em < box.x0
            and box.x1 < n.box.x1
            and n.box.overlap_y(box) > _TITLED * box.height
        ]
        if level:
            found[h] = min(level, key=lambda k: nodes[k].box.y0)
    return found


def _over(b: int, nodes: Sequence[Node]) -> int | None:
    """The node that a node stands under in its tier."""
    em = nodes[b].em
    over = [a for a in range(len(nodes)) if a != b and _is_over(nodes[a], nodes[b])]
    foot = max((nodes[a].box.y1 for a in over), default=0.0)
    level = [a for a in over if foot - nodes[a].box.y1 < _LEVEL * em]
    lowest = [a for a in level if not any(_is_over(nodes[a], nodes[k]) for k in level if k != a)]
    return max(lowest or level, key=lambda a: nodes[a].box.x0, default=None)


def _is_over(upper: Node, lower: Node) -> bool:
    # A single line as long as several tiers are deep is a headline's or an advert's.
    single = len(upper.chunk.items) == 1 < len(lower.chunk.items)
    if single and upper.box.width > _MEASURE * lower.box.width:
        return False
    return (
        upper.chunk.frame == lower.chunk.frame
        and not is_scrap(upper)
        and upper.box.cy < lower.box.cy
        and lower.box.y0 - upper.box.y1 < _RUN * lower.em
        and upper.box.overlap_y(lower.box) < _reach(upper, lower)
        and _shared(upper.box, lower.box) > 0.6
    )


def _reach(upper: Node, lower: Node) -> float:
    """How far the boxes of two texts may reach into each other, pixels."""
    return max(0.8 * lower.em, _REACH * min(upper.box.height, lower.box.height))


def is_scrap(node: Node) -> bool:
    """True for a character or two, which may be dirt between two lines, and for an ornament."""
    text = node.chunk.text
    common = max((text.count(char) for char in set(text)), default=0)
    ornament = len(text) >= _ORNAMENT and common >= _ALIKE * len(text)
    return ornament or (node.chunk.characters <= _SCRAP and not node.chunk.subhead)


def scraps_in(nodes: Sequence[Node]) -> Iterator[tuple[int, int]]:
    """Pairs (scrap, text) of dirt within a text, the smallest that holds it."""
    for b, node in enumerate(nodes):
        box = node.box
        around = [
            a
            for a, n in enumerate(nodes)
            if not is_scrap(n)
            and n.chunk.frame == node.chunk.frame
            and n.box.contains(box, node.em)
        ]
        if is_scrap(node) and around:
            yield b, min(around, key=lambda a: nodes[a].box.area)


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


def _ruled(upper: Box, lower: Box, rules: Sequence[Box]) -> bool:
    """True if a rule, or what wear has left of it, parts two texts of one tier."""
    small = upper.width < _NARROW * lower.width
    least = _WHOLE * lower.width if small else _WORN * min(upper.width, lower.width)
    x0, x1 = max(upper.x0, lower.x0), min(upper.x1, lower.x1)
    return any(
        upper.cy < rule.cy < lower.cy
        and rule.cy > upper.y1 - 0.3 * (lower.y0 - upper.y0)
        and (
            rule.overlap_x(lower) > least
            or (not small and _comes_in(rule, x0, x1) > _COMES_IN * (x1 - x0))
        )
        for rule in rules
    )


def _comes_in(rule: Box, x0: float, x1: float) -> float:
    """How far a rule comes into a tier from beside it."""
    beyond = max(x0 - rule.x0, rule.x1 - x1)
    return min(rule.x1, x1) - max(rule.x0, x0) if beyond > 0.1 * (x1 - x0) else 0.0


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
        and _shared(heading.main, node.box) > _UNDER
    ]
    return min(near)[1] if near else None


def _is_over_both(main: Box, first: Box, other: Box) -> bool:
    """True if a headline stands over two tiers of one measure: the rule between is no wall."""
    one, two = sorted((first.width, other.width))
    return two < _MEASURE * one and min(_shared(main, first), _shared(main, other)) > _OVER_BOTH


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
    """The end of the last run in the tier before a node's, on its side of rules over both.

    Text is poured back to where the next tier begins, never onward.
    """
    walls = [r.box for r in scene.rules if r.horizontal]
    before = [
        a
        for a in ends
        if nodes[a].chunk.frame == node.chunk.frame
        and -0.5 * node.em < node.box.x0 - _foot(nodes[a]) < _GUTTER * node.em
        and nodes[a].box.y1 > node.box.y0
        and not any(_walled(nodes[a].box, node.box, wall) for wall in walls)
    ]
    upright = [r.box for r in scene.rules if not r.horizontal]
    return max(
        before, key=lambda a: (_fits(nodes[a], node, upright), nodes[a].box.y1), default=None
    )


def _foot(node: Node) -> float:
    """Where the lines of a text end; a single one may reach into the next tier."""
    return float(
        np.median([i.box.x1 for i in node.chunk.items if len(i.text) > 1] or [node.box.x1])
    )


def _fits(before: Node, after: Node, upright: Sequence[Box]) -> int:
    """How well a text may be poured from one tier into the next.

    Best where no rule stands between it and the head of the next tier right beside it; else
    its measure tells, and whether it has ended.
    """
    one, other = sorted((before.right - before.left, after.right - after.left))
    over = before.end is End.CLOSED or _SAID.search(before.chunk.text)
    shared = before.box.overlap_y(after.box)
    beside = shared > 0.5 * min(before.box.height, after.box.height)
    ruled = any(_between(before.box, after.box, rule) for rule in upright)
    return 4 * (beside and not ruled) + 2 * (other < _MEASURE * one) + (not over)


def _walled(a: Box, b: Box, wall: Box) -> bool:
    upper, lower = (a, b) if a.cy < b.cy else (b, a)
    over = min(wall.overlap_x(a) / a.width, wall.overlap_x(b) / b.width)
    return over > 0.5 and upper.cy < wall.cy < lower.cy


def _end(start: int, after: dict[int, int]) -> int:
    """The last node of a run; a run goes down its tier, so it has an end."""
    while start in after:
        start = after[start]
    return start
