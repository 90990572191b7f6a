"""Subheads and titles of old vertical papers that stand in the run of a tier's text.

Such a paper sets its subheads in display type, with the text of one tier right before and
right after them; what begins a story there stands behind a rule, or has a deck. The oldest
papers have but one type, and set a title in it, well below the head of the tier. Built in
the reading frame.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from epaper.layout.chunks import Chunk
from epaper.layout.cues import ends_sentence
from epaper.layout.frame import Item
from epaper.layout.grid import column_edges
from epaper.model import Origin, Rule, WritingMode

# Characters of a subhead.
_LEAST, _MOST = 2, 10
# Its type, in ems of the body, and beside the page's largest.
_LARGEST, _SHARE = 1.7, 0.72
# Text stands no further before and after it, em of the body; a deck in its own em.
_NEAR, _DECK = 1.6, 1.2
# News that begins with where and when it was sent is another story.
_DATED = re.compile(r"[（(《〔]?\w{0,8}日[^。，、]{0,8}[電电]")
# The text's own type is no larger, em of the body.
_PLAIN = 1.1
# So much of its length is covered by the text before it, and by that after.
_COVER = 0.8
# A title in the type of the text stands so far below the head of its tier, em, and leaves so
# much of the tier white; the text after it has so many lines.
_INDENT, _WHITE, _LINES = 2.6, 0.5, 3


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
    # A line in larger type is a kicker.
    texts = [c for c in texts if len(c.items) > 1 or c.size < _PLAIN * body]
    before = [c for c in texts if -0.5 * body < box.y0 - c.box.y1 < near]
    after = [c for c in texts if -0.5 * body < c.box.y0 - box.y1 < near]
    if not all(_covers(item, side) for side in (before, after)):
        return False
    if all(_opens_frame(c, texts) for c in before):
        return False
    first = min(after, key=lambda c: c.box.y0)
    if _DATED.match(first.text):
        return False
    across = [r.box for r in rules if r.horizontal and r.box.overlap_x(box) > 0.5 * box.width]
    ruled = any(box.y0 - near < r.cy < box.y0 + 0.3 * item.size for r in across)
    closed = any(box.y1 - 0.3 * item.size < r.cy < box.y1 + near for r in across)
    return closed or not (ruled or item.size > _LARGEST * body)


def _opens_frame(line: Chunk, texts: Sequence[Chunk]) -> bool:
    """True for a line by itself with which a frame begins: a kicker or a standing title."""
    own = [c for c in texts if c.frame == line.frame and len(c.items) > 1]
    first = not any(c.box.x1 < line.box.x0 or c.box.y1 < line.box.y0 for c in own)
    return line.frame >= 0 and len(line.items) == 1 and first


def _covers(item: Item, texts: Sequence[Chunk]) -> bool:
    return any(c.box.overlap_x(item.box) > _COVER * item.box.width for c in texts)


def set_off_titles(display: Sequence[Item], texts: Sequence[Chunk], body: float) -> list[Chunk]:
    """The chunks that are titles on a scan that has no headlines in larger type."""
    if any(not i.across and len(i.text.strip()) >= _LEAST for i in display):
        return []
    edges = column_edges(texts)
    return [
        chunk
        for chunk, (left, right) in zip(texts, edges, strict=True)
        if _is_set_off(chunk, left, right, body)
        and any(_opens_under(chunk, c, left, body) for c in texts)
    ]


def _is_set_off(chunk: Chunk, left: float, right: float, body: float) -> bool:
    line, box = chunk.items[0].line, chunk.box
    old = line.origin is Origin.OCR and line.mode is WritingMode.VERTICAL
    alone = len(chunk.items) == 1 and _LEAST <= chunk.characters <= _MOST
    white = right - box.x1 > _WHITE * (right - left) and box.x0 - left > _INDENT * body
    return old and alone and white and not ends_sentence(chunk.text)


def _opens_under(title: Chunk, text: Chunk, left: float, body: float) -> bool:
    """True for several lines of text right after a title, from the head of the tier."""
    gap = text.box.y0 - title.box.y1
    flush = abs(text.box.x0 - left) < 1.5 * body
    return -0.5 * body < gap < _NEAR * body and flush and len(text.items) >= _LINES
