"""Subheads of old vertical papers: short display lines in the run of a tier's text.

Such a paper sets its subheads in display type, with the text of one tier right before and
right after them; what begins a story there stands behind a rule, or has a deck. Built in
the reading frame.
"""

from __future__ import annotations

from collections.abc import Sequence

from epaper.layout.chunks import Chunk
from epaper.layout.frame import Item
from epaper.model import Origin, Rule, WritingMode

# Characters of a subhead.
_LEAST, _MOST = 2, 10
# Its type, in ems of the body, and beside the page's largest.
_LARGEST, _SHARE = 1.7, 0.72
# Text stands no further before and after it, em of the body; a deck in its own em.
_NEAR, _DECK = 1.6, 1.2
# So much of its length is covered by the text before it, and by that after.
_COVER = 0.8


def inset_subheads(
    display: Sequence[Item], texts: Sequence[Chunk], rules: Sequence[Rule], body: float
) -> list[Item]:
    """The display lines of a scan that name the next part of a story; `body` is its em."""
    lines = [i for i in display if not i.across and i.line.mode is WritingMode.VERTICAL]
    largest = max((i.size for i in lines if len(i.text) > _LEAST), default=0.0)
    return [
        item
        for item in lines
        if item.line.origin is Origin.OCR
        and _LEAST <= len(item.text.strip()) <= _MOST
        and item.size < _SHARE * largest
        and not _stacked(item, lines)
        and _in_run(item, texts, rules, body)
    ]


def _stacked(item: Item, others: Sequence[Item]) -> bool:
    """True if another display line stands beside the item, as in a heading of several rows."""
    box = item.box
    return any(
        o is not item
        and o.box.overlap_x(box) > 0.3 * min(o.box.width, box.width)
        and max(o.box.y0 - box.y1, box.y0 - o.box.y1) < _DECK * max(o.size, item.size)
        for o in others
    )


def _in_run(item: Item, texts: Sequence[Chunk], rules: Sequence[Rule], body: float) -> bool:
    """True if one tier's text stands right before and after, with no rule before it only.

    Large type is in the run of the text only where a rule closes its box.
    """
    box, near = item.box, _NEAR * body
    before = [c for c in texts if -0.5 * body < box.y0 - c.box.y1 < near]
    after = [c for c in texts if -0.5 * body < c.box.y0 - box.y1 < near]
    if not all(_covers(item, side) for side in (before, after)):
        return False
    across = [r.box for r in rules if r.horizontal and r.box.overlap_x(box) > 0.5 * box.width]
    ruled = any(box.y0 - near < r.cy < box.y0 + 0.3 * item.size for r in across)
    closed = any(box.y1 - 0.3 * item.size < r.cy < box.y1 + near for r in across)
    return closed or not (ruled or item.size > _LARGEST * body)


def _covers(item: Item, texts: Sequence[Chunk]) -> bool:
    return any(c.box.overlap_x(item.box) > _COVER * item.box.width for c in texts)
