"""Text that runs on from the foot of one column to the head of the next over the whole page.

Where stories are poured into the columns one after another, as in dense old broadsheets
tier by tier, a story goes on at the head of a column with no headline over it. On pages
made of blocks such a head belongs to a headline over several columns. Which of the two a
page is, its headlines tell: where text is poured each keeps to one column. Built in the
reading frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from epaper.geometry import Box
from epaper.layout.nodes import End, Node, Scene

# The columns stand no further apart than this, em. A page is poured if so many of its columns
# begin without a headline, most of them fit what ends the one before, and nearly all
# headlines are hardly wider than a column.
_GUTTER = 5.0
_COLUMNS = 2
_FIT, _NARROW, _WIDTH = 0.7, 0.85, 1.15
_ROOF = 0.5


@dataclass(frozen=True, slots=True)
class Turn:
    """Node `after` heads the column that follows the one node `before` closes."""

    after: int
    before: int


def poured_turns(nodes: Sequence[Node], scene: Scene) -> list[Turn]:
    """The turns of a page whose text is poured from column to column; else nothing."""
    heads = [h.box for h in scene.headings]
    boxes = [n.box for n in nodes]
    first = [k for k in range(len(nodes)) if not _any_over(boxes[k], [*boxes, *heads])]
    last = [k for k in range(len(nodes)) if not _any_under(boxes[k], [*boxes, *heads])]
    bare = [k for k in first if max(nodes[k].roofs.values(), default=0.0) < _ROOF]
    found = [Turn(b, a) for b in bare if (a := _closing(nodes[b], last, nodes)) is not None]
    turns = [t for t in found if _fits(nodes[t.before], nodes[t.after])]
    # A page of two columns has one turn.
    columns = len(first) + sum(not _any_over(h, [*boxes, *heads]) for h in heads)
    enough = max(min(_COLUMNS, columns - 1), 1, _FIT * len(found))
    poured = len(turns) >= enough and _is_narrow(nodes, scene)
    return turns if poured else []


def _is_narrow(nodes: Sequence[Node], scene: Scene) -> bool:
    """True if the page's headlines keep to one column each."""
    width = float(np.median([n.right - n.left for n in nodes if len(n.chunk.items) > 2] or [0.0]))
    mains = [h.main.width for h in scene.headings if not h.across]
    return sum(main < _WIDTH * width for main in mains) >= _NARROW * len(scene.headings)


def _any_over(box: Box, others: Sequence[Box]) -> bool:
    return any(o.cy < box.y0 and _over_each_other(o, box) for o in others)


def _any_under(box: Box, others: Sequence[Box]) -> bool:
    return any(o.cy > box.y1 and _over_each_other(o, box) for o in others)


def _over_each_other(a: Box, b: Box) -> bool:
    if a.x0 >= b.x1 or b.x0 >= a.x1:
        return False
    return a.overlap_x(b) > 0.3 * min(a.width, b.width)


def _closing(node: Node, closing: Sequence[int], nodes: Sequence[Node]) -> int | None:
    """The node that closes the column right before a node's."""
    before = [
        k
        for k in closing
        if nodes[k].chunk.frame == node.chunk.frame
        and -0.5 * node.em < node.left - nodes[k].right < _GUTTER * node.em
    ]
    return min(before, key=lambda k: node.left - nodes[k].right, default=None)


def _fits(before: Node, after: Node) -> bool:
    """Whether the one text may go on in the other."""
    if after.starts:
        return before.end is not End.OPEN
    return before.end is not End.CLOSED
