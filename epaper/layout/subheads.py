"""Subheads: short lines inside the text of a story that name what follows.

Each line that might be one gets a chance from a model learned from typeset pages. Built in
the reading frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.layout.chunks import LEADING, Chunk
from epaper.layout.cues import LEAD_IN, ends_sentence, is_byline, is_credit, is_jump
from epaper.layout.frame import Item
from epaper.layout.grid import column_edges
from epaper.layout.legends import TypeHabit
from epaper.layout.pictured import load_model
from epaper.layout.sublines import NAMES, Candidates, Kind, candidates, kind_of
from epaper.layout.trees import FloatArray

# A line is a subhead from this chance on.
_LIKELY = 0.5
# So many lines of one type, this share of them surer than this, say that it is the subheads';
# the others of them are then so likely.
_KNOWN, _MOST_SURE, _SURE, _ALIKE = 4, 0.75, 0.9, 0.6
_MOST_LINES = 3
# A line in type so much larger than the text, and the white over it, em.
_TIGHT_SIZES, _TIGHT = (1.1, 1.6), 0.5
_TIGHT_COLUMNS = ("ocr", "size", "above", "gap_above", "ends_above")
# A last row has no more characters.
_FEW = 4
# Rows of a headline are of one size but for this share, stand no farther apart, em, and
# share so much of the shorter one's length.
_ONE_TYPE, _ROWS, _SHARED = 0.06, 0.75, 0.5
# A deck is larger than the text by this factor, its headline than it; how near it stands, em.
_LARGER, _DECK = 1.08, 1.0
# The second line of a subhead whose first fills the column is no longer than this share.
_SHORT = 0.6


def part_subheads(chunks: Sequence[Chunk], habit: TypeHabit, heads: Sequence[Box]) -> list[Chunk]:
    """The chunks with subheads cut out as chunks of their own, whose `subhead` says so.

    `heads` are the boxes of headlines.
    """
    found = candidates(chunks, habit, heads)
    likely: dict[int, dict[int, float]] = {}
    sure = _raised(found, chunks, chances(found))
    for k, n, chance in zip(found.chunk.tolist(), found.line.tolist(), sure.tolist(), strict=True):
        if chance >= _LIKELY:
            likely.setdefault(k, {})[n] = chance
    for k, lines in likely.items():
        _add_last_rows(lines, chunks[k])
    parts = [part for k, chunk in enumerate(chunks) for part in _cut(chunk, likely.get(k, {}))]
    return _rejoined(_with_first_lines(parts))


def _add_last_rows(lines: dict[int, float], chunk: Chunk) -> None:
    """Add to the subheads' lines the few characters that stand under one in its type.

    By themselves they look like the end of a paragraph: “节能减排”有了新答|案.
    """
    for n in sorted(lines):
        below = chunk.items[n + 1] if n + 1 < len(chunk.items) else None
        if below is None or n + 1 in lines:
            continue
        few = len(below.text.strip()) <= _FEW and below.box.width < chunk.items[n].box.width / 2
        if few and kind_of(below) == kind_of(chunk.items[n]):
            lines[n + 1] = lines[n]


def _raised(found: Candidates, chunks: Sequence[Chunk], raw: FloatArray) -> FloatArray:
    """The chances, those of lines in the type of the page's sure subheads no less than likely.

    At the head or the foot of a column a subhead has no text before or after it.
    """
    of_kind: dict[Kind, list[int]] = {}
    for row, (k, n) in enumerate(zip(found.chunk.tolist(), found.line.tolist(), strict=True)):
        item = chunks[k].items[n]
        text = item.text.strip()
        named = is_byline(text) or is_credit(text) or is_jump(text)
        if not (named or ends_sentence(text) or LEAD_IN.match(text)):
            of_kind.setdefault(kind_of(item), []).append(row)
    result = raw.copy()
    tight = _tight(found.values)
    for rows in of_kind.values():
        own = raw[rows]
        known = len(rows) >= _KNOWN and (own > _SURE).mean() >= _MOST_SURE
        result[rows] = np.where(known | tight[rows], np.maximum(own, _ALIKE), own)
    return result


def _tight(values: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which lines, in larger type and read from ink, text of their column ends close above.

    So close no headline stands under another story.
    """
    low, high = _TIGHT_SIZES
    column = {name: values[:, NAMES.index(name)] for name in _TIGHT_COLUMNS}
    close = (column["above"] > 0) & (column["gap_above"] < _TIGHT) & (column["ends_above"] > 0)
    large = (low < column["size"]) & (column["size"] < high)
    return np.asarray((column["ocr"] > 0) & close & large, np.bool_)


def without_torn(chunks: Sequence[Chunk], display: Sequence[Item], habit: TypeHabit) -> list[Chunk]:
    """The chunks, none a subhead that is part of a headline of which another part is none.

    That is another row of it, or the deck under it.
    """
    own = [{id(i) for i in c.items} for c in chunks if c.subhead]
    free = [i for i in display if not any(id(i) in items for items in own)]
    decks = [c for c in chunks if not c.subhead and _is_deck(c, habit)]
    return [
        replace(c, subhead=0.0)
        if c.subhead
        and (any(_next_row(c, i) for i in free) or any(_stands_over(c, d) for d in decks))
        else c
        for c in chunks
    ]


def _is_deck(chunk: Chunk, habit: TypeHabit) -> bool:
    """True for a line or two in larger type than the text's that name nobody."""
    text = chunk.text.strip()
    other = chunk.size > _LARGER * habit.size
    named = is_byline(text) or is_credit(text) or is_jump(text) or ends_sentence(text)
    return other and not named and len(chunk.items) <= 2 and not chunk.rows


def _stands_over(head: Chunk, deck: Chunk) -> bool:
    """True for a line right over a deck in smaller type."""
    a, b = head.box, deck.box
    share = a.overlap_x(b) / min(a.width, b.width)
    near = -0.4 * head.size < b.y0 - a.y1 < _DECK * head.size
    return near and share > _SHARED and head.frame == deck.frame and head.size > _LARGER * deck.size


def _next_row(chunk: Chunk, item: Item) -> bool:
    """True for a line of the chunk's own type right over or under it."""
    box, em = chunk.box, chunk.size
    gap = max(item.box.y0 - box.y1, box.y0 - item.box.y1)
    share = item.box.overlap_x(box) / min(item.box.width, box.width)
    same = not item.across and abs(item.size / em - 1) < _ONE_TYPE
    return same and -0.4 * em < gap < _ROWS * em and share > _SHARED


def is_plain(chunk: Chunk, left: float, right: float) -> bool:
    """True for one to three short lines centred in their column, or bold and unfilled."""
    text, em, last = chunk.text, chunk.size, chunk.items[-1].box
    short = len(chunk.items) <= 3 and chunk.characters <= 44
    if not short or text.endswith(("。", "；", "，")) or LEAD_IN.match(text):
        return False
    lead, trail = last.x0 - left, right - last.x1
    centred = abs(lead - trail) < 1.2 * em and lead > 1.2 * em
    bold = all(i.line.bold for i in chunk.items) and trail > 1.2 * em
    return bold or (centred and right - left > 6 * em)


def stands_out(chunk: Chunk, left: float, right: float, habit: TypeHabit) -> bool:
    """True for a plain subhead, and for one or two lines in other type than the text's."""
    if is_plain(chunk, left, right):
        return True
    text, unfilled = chunk.text, right - chunk.items[-1].box.x1 > 1.2 * chunk.size
    if text.endswith(("。", "；", "，")) or LEAD_IN.match(text) or len(chunk.items) > 2:
        return False
    other = abs(chunk.size / habit.size - 1) > 0.06 or (unfilled and chunk.face != habit.face)
    return other and 1 < chunk.characters <= 44


def chances(found: Candidates) -> FloatArray:
    """The chance of each line that it is a subhead, or part of one."""
    if not len(found.values):
        return np.zeros(0)
    scores = load_model("subhead", NAMES).scores(found.values)
    return np.asarray(1 / (1 + np.exp(-scores)))


def _cut(chunk: Chunk, likely: dict[int, float]) -> list[Chunk]:
    """The chunk in parts: runs of likely lines, and what is between them."""
    if not likely:
        return [chunk]
    parts: list[Chunk] = []
    run: list[Item] = []
    sure = 0.0
    for n, item in enumerate(chunk.items):
        chance = likely.get(n, 0.0)
        if run and (bool(chance) != bool(sure) or (sure and len(run) == _MOST_LINES)):
            parts.append(replace(chunk, items=tuple(run), tail=(), subhead=sure))
            run, sure = [], 0.0
        sure = min(sure, chance) if run else chance
        run.append(item)
    parts.append(replace(chunk, items=tuple(run), tail=chunk.tail, subhead=sure))
    return parts


def _with_first_lines(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks, first lines of subheads that fill their column moved to the second ones.

    Where the line above a centred one begins a new paragraph without an indent and does
    not end a sentence, the two are one subhead.
    """
    edges = column_edges(chunks)
    result = list(chunks)
    for k, (chunk, (left, right)) in enumerate(zip(chunks, edges, strict=True)):
        if not chunk.subhead or not _centred(chunk, left, right):
            continue
        above = _above(k, result)
        if above is None or not _opens_subhead(result[above], left, right):
            continue
        upper = result[above]
        result[k] = replace(chunk, items=(upper.items[-1], *chunk.items))
        result[above] = replace(upper, items=upper.items[:-1])
    return [chunk for chunk in result if chunk.items]


def _rejoined(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Subheads of two lines that came as two chunks, put together."""
    result = list(chunks)
    for k in range(len(result)):
        lower = result[k]
        if not lower.items or not (lower.subhead or lower.characters <= _FEW):
            continue
        for n, upper in enumerate(result):
            if n != k and upper.subhead and upper.items and _continues(upper, lower):
                sure = min(upper.subhead, lower.subhead or upper.subhead)
                result[k] = replace(lower, items=upper.items + lower.items, subhead=sure)
                result[n] = replace(upper, items=())
                break
    return [chunk for chunk in result if chunk.items]


def _continues(upper: Chunk, lower: Chunk) -> bool:
    last, first = upper.items[-1], lower.items[0]
    em = last.size
    return (
        -0.5 * em < first.box.y0 - last.box.y1 < 0.9 * em
        and first.box.overlap_x(last.box) > 0.5 * min(first.box.width, last.box.width)
        and abs(first.size / last.size - 1) < (0.05 if lower.subhead else _ONE_TYPE)
        and len(upper.items) + len(lower.items) <= _MOST_LINES
    )


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
