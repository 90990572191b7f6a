"""Which chunk is read after which: story assembly as one assignment over the page.

Every chunk has at most one predecessor (a heading or another chunk) and every heading
or chunk at most one successor. Each possible link is scored from geometry, type and the
text at the seam; the set of links with the greatest total score is found with the
Hungarian method (Kuhn 1955; scipy's implementation), so that a doubtful choice in one
column is settled by the clear ones around it. Scores are log-odds-like sums. All in the
reading frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from scipy.optimize import linear_sum_assignment

from epaper.geometry import Box
from epaper.layout.captions import TypeHabit
from epaper.layout.chunks import Chunk
from epaper.layout.cues import JUMP_START, NOTE, ends_sentence
from epaper.layout.headings import Heading
from epaper.model import Picture, Rule

_NEVER = -99.0


class End(Enum):
    """How the text of a chunk stops."""

    OPEN = "open"
    CLOSED = "closed"
    MAYBE = "maybe"


@dataclass(frozen=True, slots=True)
class Node:
    """A chunk with what the links need to know of it.

    `left` and `right` are its column's edges, `starts` says that its first line begins
    a paragraph, `roofs` holds the headings that may stand over its column and how well they would,
    `head` tells a chunk that looks like a subhead.
    """

    chunk: Chunk
    box: Box
    left: float
    right: float
    starts: bool
    end: End
    roofs: dict[int, float]
    head: bool

    @property
    def em(self) -> float:
        return self.chunk.size


@dataclass(frozen=True, slots=True)
class Link:
    """Node `after` is read right after node `before`, or first under `heading`."""

    after: int
    before: int | None
    heading: int | None
    score: float
    margin: float

    @property
    def confidence(self) -> float:
        return float(1 / (1 + np.exp(-self.margin)))


@dataclass(frozen=True, slots=True)
class Scene:
    """All that stands on the sheet besides the chunks' text."""

    headings: Sequence[Heading]
    pictures: Sequence[Picture]
    rules: Sequence[Rule]
    territories: Sequence[tuple[float, float]]


def text_end(chunk: Chunk, right: float, single: bool) -> End:
    """Open, closed, or maybe, from the last line's fill and last character."""
    last = chunk.items[-1]
    short = right - last.box.x1 > 1.2 * chunk.size
    if short and (not single or ends_sentence(last.text)):
        return End.CLOSED
    return End.MAYBE if ends_sentence(last.text) else End.OPEN


def make_nodes(
    chunks: Sequence[Chunk],
    edges: Sequence[tuple[float, float]],
    scene: Scene,
    obstacles: Sequence[Box],
    habit: TypeHabit,
) -> list[Node]:
    """Nodes for the chunks, with roofs found."""
    nodes = []
    for chunk, (left, right) in zip(chunks, edges, strict=True):
        box = chunk.box
        indent = chunk.items[0].box.x0 - left
        head = _looks_like_subhead(chunk, left, right, habit)
        starts = indent > 0.85 * chunk.size or head or bool(JUMP_START.match(chunk.text))
        nodes.append(
            Node(
                chunk,
                box,
                left,
                right,
                starts,
                End.CLOSED if head else text_end(chunk, right, len(chunk.items) == 1),
                _roofs(chunk, left, right, scene, obstacles),
                head,
            )
        )
    return nodes


def _looks_like_subhead(chunk: Chunk, left: float, right: float, habit: TypeHabit) -> bool:
    """One to three short lines, centred in their column, or bold, or in other type."""
    if len(chunk.items) > 3 or chunk.characters > 44 or chunk.text.endswith(("。", "；", "，")):
        return False
    box = chunk.box
    width = right - left
    lead, trail = box.x0 - left, right - box.x1
    centred = abs(lead - trail) < 1.2 * chunk.size and lead > 1.2 * chunk.size
    bold = all(i.line.bold for i in chunk.items)
    unfilled = right - chunk.items[-1].box.x1 > 1.2 * chunk.size
    if (centred and width > 6 * chunk.size) or (bold and unfilled):
        return True
    other = abs(chunk.size / habit.size - 1) > 0.06 or (
        chunk.face != habit.face and "Type3" not in (chunk.face, habit.face)
    )
    return other and chunk.characters > 1 and len(chunk.items) <= 2


def territories(
    headings: Sequence[Heading], boxes: Sequence[Box], page: Box
) -> list[tuple[float, float]]:
    """For each heading the free interval left and right of its headline.

    A headline is often narrower than its story; nothing else stands at its height
    between it and the story's edges.
    """
    spans = []
    for heading in headings:
        main = heading.main
        own = {id(i) for i in heading.items}
        inner = main.grown(0, -0.15 * main.height)
        x0, x1 = page.x0, page.x1
        for box in boxes:
            if box.overlap_y(inner) <= 0 or id(box) in own:
                continue
            if box.cx < main.x0 and box.x1 <= main.x0 + 0.3 * heading.size:
                x0 = max(x0, box.x1)
            elif box.cx > main.x1 and box.x0 >= main.x1 - 0.3 * heading.size:
                x1 = min(x1, box.x0)
        spans.append((x0, x1))
    return spans


def _roofs(
    chunk: Chunk, left: float, right: float, scene: Scene, obstacles: Sequence[Box]
) -> dict[int, float]:
    """The headings whose territory covers the column with nothing in between, 0 to 1."""
    box = chunk.box
    found = {}
    for k, heading in enumerate(scene.headings):
        if heading.across or heading.frame != chunk.frame:
            continue
        main = heading.main
        x0, x1 = scene.territories[k]
        slack = 1.0 * chunk.size
        if left < x0 - slack or right > x1 + slack or main.cy > box.y0:
            continue
        reach = 3.0 * (main.width + heading.size)
        if left > main.x1 + reach or right < main.x0 - reach:
            continue
        if _clear(Box(left, main.y1, right, box.y0), obstacles, scene):
            found[k] = _cover((left, right), heading, (x0, x1), slack)
    return found


def _cover(
    column: tuple[float, float], heading: Heading, territory: tuple[float, float], em: float
) -> float:
    """How well a heading covers a column: 1 under its ink, less beside it.

    A headline set flush left begins where its story begins, so no column to its left is
    its own. Any other is centred: a story that reaches so far to one side would reach as
    far to the other, where something else may stand.
    """
    left, right = column
    main = heading.main
    if min(right, main.x1) - max(left, main.x0) > 0.25 * (right - left):
        return 1.0
    mirrored = (2 * main.cx - right, 2 * main.cx - left)
    feasible = mirrored[0] > territory[0] - 2 * em and mirrored[1] < territory[1] + 2 * em
    if right <= main.x0 + em:
        return 0.2 if heading.flush or not feasible else 0.9
    return 0.9 if heading.flush or feasible else 0.4


def _clear(corridor: Box, obstacles: Sequence[Box], scene: Scene) -> bool:
    """No text of another story and no rule in the corridor between heading and chunk."""
    if corridor.height <= 0:
        return True
    core = Box(
        corridor.x0 + 0.1 * corridor.width,
        corridor.y0 + 2,
        corridor.x1 - 0.1 * corridor.width,
        corridor.y1 - 2,
    )
    if any(b.overlap_x(core) > 0 and b.overlap_y(core) > 0 for b in obstacles):
        return False
    return not any(
        r.horizontal and r.box.overlap_x(core) > 0.5 * core.width and r.box.overlap_y(core) > 0
        for r in scene.rules
    )


def solve(nodes: Sequence[Node], scene: Scene) -> list[Link]:
    """The best set of links; one Link a node, both ends None where a story starts bare."""
    count, heads = len(nodes), len(scene.headings)
    if not count:
        return []
    scores = np.full((count, heads + count + count), _NEVER)
    order = _columns_left_of(nodes)
    for b, node in enumerate(nodes):
        for h in range(heads):
            scores[b, h] = heading_score(node, h, nodes, scene)
        for a, other in enumerate(nodes):
            if a != b:
                scores[b, heads + a] = follow_score(other, node, a, b, nodes, scene, order)
        scores[b, heads + count + b] = bare_score(node)
    rows, columns = linear_sum_assignment(-scores)
    chosen = dict(zip(rows.tolist(), columns.tolist(), strict=True))
    _break_cycles(chosen, scores, heads, count)
    return [_link(b, chosen[b], scores, heads, count) for b in range(count)]


def _link(b: int, column: int, scores: np.ndarray, heads: int, count: int) -> Link:
    score = float(scores[b, column])
    others = np.delete(scores[b], column)
    rival = float(others.max()) if len(others) else _NEVER
    margin = min(score - rival, score + 3.0)
    if column < heads:
        return Link(b, None, column, score, margin)
    if column < heads + count:
        return Link(b, column - heads, None, score, margin)
    return Link(b, None, None, score, margin)


def _break_cycles(chosen: dict[int, int], scores: np.ndarray, heads: int, count: int) -> None:
    """Cut every ring of links at its weakest one."""
    for start in range(count):
        ring, b = [], start
        while b not in ring:
            ring.append(b)
            column = chosen[b]
            if not heads <= column < heads + count:
                break
            b = column - heads
        else:
            ring = ring[ring.index(b) :]
            weakest = min(ring, key=lambda k: scores[k, chosen[k]])
            chosen[weakest] = heads + count + weakest


def bare_score(node: Node) -> float:
    """Score of a story that starts here without heading."""
    score = -1.6 if node.starts else -3.2
    if node.head:
        score += 0.9
    if NOTE.match(node.chunk.text):
        score += 1.0
    return score


def heading_score(node: Node, h: int, nodes: Sequence[Node], scene: Scene) -> float:
    """Score of `node` being the first text under heading `h`."""
    heading = scene.headings[h]
    if heading.across:
        return _side_heading_score(node, heading, nodes)
    if h not in node.roofs:
        return _NEVER
    score = 3.5 * node.roofs[h] + (1.5 if node.starts else -2.0)
    siblings = [n for n in nodes if n.roofs.get(h, 0.0) > 0.5 and n is not node]
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
        return _NEVER
    gap = -box.overlap_x(node.box)
    between = [
        n
        for n in nodes
        if n is not node
        and n.box.overlap_y(node.box) > 0
        and min(n.box.cx, node.box.cx) < max(box.cx, min(n.box.cx, node.box.cx))
        and abs(n.box.cx - box.cx) < abs(node.box.cx - box.cx)
        and (n.box.cx - box.cx) * (node.box.cx - box.cx) > 0
    ]
    if gap > 4 * node.em or between:
        return _NEVER
    score = 1.5 + (1.5 if node.starts else -2.0)
    score += 0.5 if node.box.cx > box.cx else -1.0
    score -= 0.2 * max(0.0, gap / node.em - 1)
    score -= 0.3 * abs(node.box.y0 - box.y0) / node.em / 4
    return score


def _same_column(a: Node, b: Node) -> bool:
    return abs(a.left - b.left) < 1.5 * b.em and abs(a.right - b.right) < 1.5 * b.em


def _columns_left_of(nodes: Sequence[Node]) -> list[list[int]]:
    """For each node the nodes that stand wholly to its left."""
    return [
        [a for a, other in enumerate(nodes) if other.right <= node.left + 0.8 * node.em]
        for node in nodes
    ]


def follow_score(
    before: Node,
    after: Node,
    a: int,
    b: int,
    nodes: Sequence[Node],
    scene: Scene,
    left_of: Sequence[Sequence[int]],
) -> float:
    """Score of `after` being read right after `before`; _NEVER where it cannot be."""
    ratio = abs(np.log(before.em / after.em))
    if before.chunk.frame != after.chunk.frame or (
        ratio > 0.16 and not (before.head or after.head)
    ):
        return _NEVER
    place = _place_score(before, after, a, b, nodes, scene, left_of)
    if place <= _NEVER:
        return _NEVER
    score = place + _seam_score(before, after)
    if not (before.head or after.head):
        score -= 6.0 * max(0.0, ratio - 0.02)
        if before.chunk.face != after.chunk.face:
            score -= 0.8
        width = abs(np.log((before.right - before.left) / max(after.right - after.left, 1)))
        score += 0.7 if width < 0.04 else (-0.7 if width > 0.15 else 0.0)
    return score


def _seam_score(before: Node, after: Node) -> float:
    """How well the texts join: open ends want continuing lines, closed ones indents."""
    if before.head:
        return 0.8 if after.starts else -2.0
    if after.head:
        return -2.5 if before.end is End.OPEN else 0.6
    table = {
        (End.OPEN, False): 3.0,
        (End.OPEN, True): -3.5,
        (End.CLOSED, False): -3.5,
        (End.CLOSED, True): 0.3,
        (End.MAYBE, False): 0.9,
        (End.MAYBE, True): 0.3,
    }
    return table[(before.end, after.starts)]


def _place_score(
    before: Node,
    after: Node,
    a: int,
    b: int,
    nodes: Sequence[Node],
    scene: Scene,
    left_of: Sequence[Sequence[int]],
) -> float:
    if before.box.overlap_x(after.box) > 0.5 * min(before.box.width, after.box.width):
        if after.box.y0 > before.box.cy and after.box.cy > before.box.y1 - 0.5 * before.em:
            return _below_score(before, after, nodes, scene)
        return _NEVER
    if after.left >= before.right - 0.8 * before.em:
        return _right_score(before, after, b, nodes, scene, left_of)
    if after.box.y0 > before.box.y0 + before.em and after.right <= before.left + 0.8 * before.em:
        return _wrap_score(before, after, nodes, scene)
    return _NEVER


def _heading_between(upper: Box, lower: Box, scene: Scene) -> bool:
    return any(
        upper.cy < h.main.cy < lower.cy
        and h.main.overlap_x(lower) > 0.2 * min(lower.width, h.main.width)
        for h in scene.headings
        if not h.across
    )


def _rule_between(upper: Box, lower: Box, scene: Scene) -> bool:
    return any(
        r.horizontal
        and upper.y1 - 3 < r.box.cy < lower.y0 + 3
        and r.box.overlap_x(lower) > 0.5 * lower.width
        for r in scene.rules
    )


def _below_score(before: Node, after: Node, nodes: Sequence[Node], scene: Scene) -> float:
    """`after` under `before` in one column, perhaps beyond a picture."""
    if _heading_between(before.box, after.box, scene):
        return -9.0
    score = 1.2 if _same_column(before, after) else 0.2
    gap = max(0.0, after.box.y0 - before.box.y1)
    covered = sum(
        max(0.0, min(p.box.y1, after.box.y0) - max(p.box.y0, before.box.y1))
        for p in scene.pictures
        if p.box.overlap_x(after.box) > 0.5 * after.box.width
    )
    score -= min(3.0, 0.15 * max(0.0, (gap - covered) / after.em - 1.5))
    between = [
        n
        for n in nodes
        if n is not before
        and n is not after
        and n.box.overlap_x(after.box) > 0.3 * after.box.width
        and before.box.cy < n.box.cy < after.box.cy
    ]
    score -= 2.5 * len(between)
    if _rule_between(before.box, after.box, scene):
        score -= 2.5
    return score


def _right_score(
    before: Node,
    after: Node,
    b: int,
    nodes: Sequence[Node],
    scene: Scene,
    left_of: Sequence[Sequence[int]],
) -> float:
    """`after` in a column to the right of `before`."""
    gap = (after.left - before.right) / after.em
    if gap > 40:
        return _NEVER
    skipped = [
        k
        for k in left_of[b]
        if nodes[k] is not before
        and nodes[k].left >= before.right - 0.8 * before.em
        and nodes[k].box.overlap_y(after.box.union(before.box)) > 0
    ]
    score = 0.6 - 0.12 * max(0.0, gap - 3.5) - min(4.0, 1.6 * len(skipped))
    top = _column_top(before, nodes, scene)
    shared = _shared_roof(top, after)
    if shared > 0:
        score += 2.5 * shared
    elif after.roofs:
        score -= 4.0
    elif abs(after.box.y0 - top.box.y0) < 1.6 * after.em:
        score += 1.5
    if after.box.y1 < top.box.y0 - after.em:
        score -= 2.0
    if after.box.y0 > before.box.y1 + 2 * after.em:
        score -= 1.5
    stacked = [
        n
        for n in nodes
        if n is not after
        and _same_column(n, after)
        and n.box.y1 <= after.box.y0 + 2
        and n.box.y1 > top.box.y0
        and not _heading_between(n.box, after.box, scene)
    ]
    score -= 1.0 * min(len(stacked), 3)
    return score


def _shared_roof(a: Node, b: Node) -> float:
    return max((min(a.roofs[k], b.roofs[k]) for k in a.roofs.keys() & b.roofs.keys()), default=0.0)


def _column_top(node: Node, nodes: Sequence[Node], scene: Scene) -> Node:
    """The topmost chunk of the run of chunks `node` closes in its column."""
    top = node
    while not top.roofs:
        above = [
            n
            for n in nodes
            if n is not top
            and n.box.y1 <= top.box.y0 + 2
            and n.box.overlap_x(top.box) > 0.5 * min(n.box.width, top.box.width)
            and n.chunk.frame == top.chunk.frame
            and not _heading_between(n.box, top.box, scene)
            and not _rule_between(n.box, top.box, scene)
        ]
        if not above:
            return top
        top = max(above, key=lambda n: n.box.y1)
    roofed = [
        n
        for n in nodes
        if _shared_roof(n, top) > 0.5 and _same_column(n, top) and n.box.y0 < top.box.y0
    ]
    return min(roofed, key=lambda n: n.box.y0) if roofed else top


def _wrap_score(before: Node, after: Node, nodes: Sequence[Node], scene: Scene) -> float:
    """`after` left of and below `before`: a story set in two tiers."""
    if after.box.y0 < before.box.y0 + 2 * before.em or after.roofs:
        return _NEVER
    if _heading_between(before.box, after.box, scene):
        return _NEVER
    distance = (after.box.y0 - before.box.y1) / after.em
    return -2.2 - 0.1 * max(0.0, abs(distance) - 3)
