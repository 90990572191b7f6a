"""Subheads of two lines whose first line fills the column like body text.

A short line centred in its column is never body text. Where the line above it begins a
new paragraph without an indent and does not end a sentence, the two are one subhead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from epaper.layout.chunks import LEADING, Chunk
from epaper.layout.cues import ends_sentence
from epaper.layout.frame import Item
from epaper.layout.grid import column_edges

# A second line is no longer than this share of its column.
_SHORT = 0.6


def rejoin_subheads(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks, first lines of subheads moved to their second lines."""
    edges = column_edges(chunks)
    result = list(chunks)
    for k, (chunk, (left, right)) in enumerate(zip(chunks, edges, strict=True)):
        if not _centred(chunk, left, right):
            continue
        above = _above(k, result)
        if above is None or not _opens_subhead(result[above], left, right):
            continue
        upper = result[above]
        result[k] = replace(chunk, items=(upper.items[-1], *chunk.items))
        result[above] = replace(upper, items=upper.items[:-1])
    return [chunk for chunk in result if chunk.items]


def _centred(chunk: Chunk, left: float, right: float) -> bool:
    box = chunk.box
    lead, trail = box.x0 - left, right - box.x1
    short = box.width < _SHORT * (right - left)
    level = abs(lead - trail) < 1.2 * chunk.size and lead > 1.5 * chunk.size
    return len(chunk.items) == 1 and not chunk.tail and short and level


def _above(k: int, chunks: Sequence[Chunk]) -> int | None:
    """The chunk whose last line stands right over chunk `k`, at the usual leading."""
    box, em = chunks[k].box, chunks[k].size
    for n, other in enumerate(chunks):
        if n == k or not other.items or other.tail or other.frame != chunks[k].frame:
            continue
        last = other.items[-1].box
        near = -0.5 * em < box.y0 - last.y1 < LEADING * em
        if near and last.x0 < box.x0 and last.x1 > box.x1:
            return n
    return None


def _opens_subhead(upper: Chunk, left: float, right: float) -> bool:
    last = upper.items[-1]
    em = upper.size
    if ends_sentence(last.text) and not last.text.endswith(("”", "》", "」")):
        return False
    # Scans drift: the column's edge is where the lines just above begin.
    near = min([i.box.x0 for i in upper.items[-6:-1]] or [left])
    filled = abs(last.box.x0 - near) < 0.8 * em and right - last.box.x1 < 2.5 * em
    return filled and (len(upper.items) == 1 or _closes(upper.items[-2], right, em))


def _closes(item: Item, right: float, em: float) -> bool:
    return right - item.box.x1 > 1.2 * em or item.text.endswith(("。", "！", "？", "。”", "”"))
