"""Chunks: lines of one column that follow each other without a break.

A chunk is the atom of story assembly: it is small enough never to hold two stories, and
large enough that its edges say which column it stands in. Built in the reading frame.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box, hull
from epaper.layout.cues import (
    BYLINE_STRICT,
    begins_credit,
    ends_in_credit,
    ends_sentence,
    is_byline,
    is_credit,
    is_dashed,
    is_label,
    is_square,
    leads_in,
)
from epaper.layout.frame import Item
from epaper.layout.pairs import least_of_each, pairs_between
from epaper.layout.sizes import size_step, weighted_median
from epaper.model import Frame, Origin, Role, Rule

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Same type within this ratio: OCR sizes of one face scatter by some six per cent, those of
# a text layer not at all.
SAME_SIZE = 1.13
_SAME_LAYER_SIZE = 1.045
# With fewer full squares than this a line read from ink may be off by so much.
_SQUARES, _VAGUE_SIZE = 2, 1.6
_FEW, _FEW_SIZE = 5, 1.2
# With so many it is measured well.
_MANY, _SURE_SIZE = 12, 1.08
# So many lines show where a column is; another one has both its edges so far off, em, and in
# a text layer, which knows them well, so far where there are so many lines.
_SOME, _SHIFT, _LAYER_SHIFT, _LAYER_LINES = 4, 1.2, 0.8, 3
# Type over its text is so much larger.
_OVER = 1.1
# Leading that parts two lines, above the usual, em; and two lines read from ink in other type.
_JUMP, _JUMP_TYPE, _OTHER_TYPE = 0.55, 0.25, 1.04
# A line belongs under another if one of its edges is no further off than this, in em:
# the two-em indent of a paragraph and a little wear.
EDGE = 2.6
# Largest white between two lines of one chunk, in em.
LEADING = 1.15
# A deck over its text is longer than the column by so much, em.
_LONGER = 0.4
# The indent of a paragraph, em.
_INDENT = 2.0
# So few characters may be all that the last row of a kicker has.
_LAST_ROW = 2
# The bracket of a lead-in is closed within so many characters of the next line.
_OPENED, _CLOSED, _LEAD_IN = re.compile(r"[（(【〔]"), re.compile(r"[）)】〕]"), 12
# So many lines show a column's edges; a line is unfilled by so much at least, em.
_COLUMN, _UNFILLED = 4, 1.5
# A credit has no more characters; what goes on beside it is by so much nearer, em.
_LONGEST_CREDIT, _BEGUN_CREDIT, _CREDIT = 16, 8, 0.5
# A label stands over so few lines: a kicker of one or two.
_LABELLED = 3


@dataclass(frozen=True)
class Chunk:
    """Lines in reading order; `frame` is the index of the innermost frame, or -1.

    `tail` holds lines that close a story and are no part of its text: jump markers and
    signatures, with their role. A table has its items row by row, cell by cell, and in `rows`
    the number of lines of each cell. `subhead` is the chance of a subhead, 0 for any other
    chunk; lines of `verse` are kept.
    """

    items: tuple[Item, ...]
    frame: int = -1
    tail: tuple[tuple[Role, Item], ...] = ()
    rows: tuple[tuple[int, ...], ...] = ()
    subhead: float = 0.0
    verse: bool = False

    @cached_property
    def box(self) -> Box:
        return hull(item.box for item in self.items)

    @cached_property
    def size(self) -> float:
        """Median em of the lines, weighted by characters."""
        return weighted_median([(i.size, len(i.text)) for i in self.items])

    @property
    def face(self) -> str:
        return face(self.items[0])

    @cached_property
    def characters(self) -> int:
        return sum(len(i.text) for i in self.items)

    @cached_property
    def text(self) -> str:
        return "".join(i.text for i in self.items)

    def edge_at(self, k: int) -> float:
        """Where lines begin around line `k`: the page of a scan drifts along a column."""
        return min(self._starts[max(0, k - 5) : k + 6])

    @cached_property
    def _starts(self) -> list[float]:
        return [i.box.x0 for i in self.items]

    @property
    def indented(self) -> bool:
        """The first line starts a paragraph: it stands in from the column's edge."""
        return self.items[0].box.x0 - self.box.x0 > 0.9 * self.size

    @property
    def filled(self) -> bool:
        """The last line runs to the column's edge."""
        return self.box.x1 - self.items[-1].box.x1 < 0.9 * self.size

    @property
    def open_end(self) -> bool:
        """The text stops in the middle of a paragraph."""
        return not ends_sentence(self.items[-1].text)


def face(item: Item) -> str:
    """The line's typeface as far as the file tells; empty for lines read from ink."""
    return item.line.font


def innermost_frames(boxes: Sequence[Box], frames: Sequence[Frame]) -> list[int]:
    """For each box the index of the smallest frame around its centre, or -1."""
    order = sorted(range(len(frames)), key=lambda k: frames[k].box.area)
    found = []
    if not order:
        return [-1] * len(boxes)
    ranked = [(k, frames[k].box) for k in order]
    for box in boxes:
        x, y = box.cx, box.cy
        inside = (k for k, f in ranked if f.x0 <= x <= f.x1 and f.y0 <= y <= f.y1)
        found.append(next(inside, -1))
    return found


def make_chunks(
    items: Sequence[Item], rules: Sequence[Rule], frames: Sequence[Frame]
) -> list[Chunk]:
    """Chain lines of one column into chunks, in no particular order."""
    if not items:
        return []
    inside = innermost_frames([i.box for i in items], frames)
    follower = _followers(items, np.array(inside))
    chains = _chains(follower, len(items))
    across = sorted((r for r in rules if r.horizontal), key=lambda r: r.box.cy)
    levels = [r.box.cy for r in across]
    chunks = []
    for chain in chains:
        for part in _split([items[k] for k in chain], across, levels):
            chunks.append(Chunk(tuple(part), inside[chain[0]]))
    return chunks


def _followers(items: Sequence[Item], inside: NDArray[np.int_]) -> list[int]:
    """For each line the index of the line right under it in its column, or -1."""
    x0, y0, x1, y1 = (
        np.array([getattr(i.box, side) for i in items]) for side in ("x0", "y0", "x1", "y1")
    )
    size = np.array([i.size for i in items])
    # Two lines of one chunk are never so different that one is double the other's size.
    a, b = pairs_between(y0, y1 - 2 * size, y1 + 2 * LEADING * size)
    em, gap = np.maximum(size[a], size[b]), y0[b] - y1[a]
    close = (gap > -0.6 * em) & (gap < LEADING * em) & (y0[b] - y0[a] > 0.4 * em)
    close &= inside[a] == inside[b]
    a, b, em, gap = a[close], b[close], em[close], gap[close]
    shared = np.minimum(x1[a], x1[b]) - np.maximum(x0[a], x0[b])
    narrow = np.minimum((x1 - x0)[a], (x1 - x0)[b])
    left, right = np.abs(x0[a] - x0[b]), np.abs(x1[a] - x1[b])
    centre = np.abs((x0 + x1)[a] - (x0 + x1)[b]) / 2
    bold = np.array([i.line.bold for i in items])
    other = _unusual(items)
    centred = (bold[a] & bold[b] & (centre < 1.2 * em)) | (
        other[a] & other[b] & (centre < 0.3 * em)
    )
    # The last row of a kicker, 时|强调; the last line of a text begins with its column.
    last_row = np.array([_from_ink(i) and len(i.text.strip()) <= _LAST_ROW for i in items])
    centred |= last_row[b] & ~last_row[a] & (centre < 0.3 * em)
    near = em / np.minimum(size[a], size[b]) < _alike(items, a, b)
    near &= (shared > 0.5 * narrow) | (left < EDGE * em)
    near &= (np.minimum(left, right) < EDGE * em) | centred
    # Where a caption's last row has its credit at the right, the caption goes on at the left.
    signs = np.array([_signs(i) for i in items])
    last = np.where(signs[b] & ~signs[a], _CREDIT * em, 0.0)
    cost = (gap + 0.2 * np.minimum(left, right) + last)[near]
    down = least_of_each(a[near], cost, b[near], len(items)).tolist()
    up = least_of_each(b[near], cost, a[near], len(items)).tolist()
    return [j if j >= 0 and up[j] == i else -1 for i, j in enumerate(down)]


def _alike(items: Sequence[Item], a: IntArray, b: IntArray) -> FloatArray:
    """How many times as large as the other one of each pair of lines, a and b, may be."""
    layer = np.array([i.line.origin is Origin.LAYER for i in items])
    alike = np.where(layer[a] & layer[b], _SAME_LAYER_SIZE, SAME_SIZE)
    if layer.all():
        return alike
    # Figures and marks alone tell little of the em they were set in.
    sure = np.array([not layer[k] and _squares(i) >= _MANY for k, i in enumerate(items)])
    alike = np.where(sure[a] & sure[b], _SURE_SIZE, alike)
    few = np.array([_has_few(i) for i in items])
    alike = np.where(few[a] | few[b], np.maximum(alike, _FEW_SIZE), alike)
    vague = np.array([_is_vague(i) for i in items])
    return np.where(vague[a] | vague[b], _VAGUE_SIZE, alike)


def _signs(item: Item) -> bool:
    """A picture's credit by itself, or the beginning of one, read from ink."""
    if not _from_ink(item):
        return False
    text = item.text.strip()
    begun = len(text) <= _BEGUN_CREDIT and begins_credit(text)
    return begun or (len(text) <= _LONGEST_CREDIT and is_credit(text))


def _from_ink(item: Item) -> bool:
    return item.line.origin is Origin.OCR


def _is_vague(item: Item) -> bool:
    """A line read from ink with hardly a character set on a full square."""
    return _from_ink(item) and _squares(item) < _SQUARES


def _has_few(item: Item) -> bool:
    """A line read from ink whose few characters tell its size and weight but roughly."""
    return _from_ink(item) and _squares(item) < _FEW


def _squares(item: Item) -> int:
    """Characters set on a full square."""
    return sum(map(is_square, item.text))


def _unusual(items: Sequence[Item]) -> NDArray[np.bool_]:
    """Lines of a text layer whose face or size is not that most text is set in."""
    kinds = [(face(i), size_step(i.size)) for i in items]
    said: dict[tuple[str, int], int] = {}
    for item, kind in zip(items, kinds, strict=True):
        said[kind] = said.get(kind, 0) + len(item.text)
    usual = max(said, key=lambda kind: said[kind])
    return np.array(
        [i.line.origin is Origin.LAYER and k != usual for i, k in zip(items, kinds, strict=True)]
    )


def _chains(follower: Sequence[int], count: int) -> list[list[int]]:
    heads = set(range(count)) - {j for j in follower if j >= 0}
    chains = []
    for head in sorted(heads):
        chain = [head]
        while follower[chain[-1]] >= 0:
            chain.append(follower[chain[-1]])
        chains.append(chain)
    return chains


def _split(chain: list[Item], rules: Sequence[Rule], levels: Sequence[float]) -> list[list[Item]]:
    """Cut a chain at rules, which stand at `levels`, and where the leading jumps."""
    gaps = [b.box.y0 - a.box.y1 for a, b in pairwise(chain)]
    usual = median(gaps) if gaps else 0.0
    heights = [i.box.cy for i in chain]
    rules = rules[bisect_right(levels, min(heights)) : bisect_left(levels, max(heights))]
    parts = [[chain[0]]]
    own, deck = chain, _rows_of_deck(chain)
    for k, ((above, below), gap) in enumerate(zip(pairwise(chain), gaps, strict=True), 1):
        other = max(above.size, below.size) > _OTHER_TYPE * min(above.size, below.size)
        wide = _JUMP_TYPE if other and _from_ink(above) and not _is_vague(below) else _JUMP
        jumps = gap > usual + wide * above.size
        jumps = jumps or _is_shifted(parts[-1][-_SOME:], chain[k : k + _SOME])
        jumps = jumps or _is_weighed_otherwise(parts[-1], below)
        jumps = jumps or (face(above) != face(below) and _apart(above, below, chain, gap - usual))
        jumps = jumps or (above is own[0] and _byline_over(above, below, own))
        jumps = jumps or _closes_caption(above, below, chain)
        jumps = jumps or (_signs(below) and ends_sentence(above.text) and not _signs(above))
        jumps = jumps or (above is chain[0] and not deck and _stands_alone(above, below, chain))
        jumps = jumps or (above is chain[0] and len(chain) <= _LABELLED and is_label(above.text))
        # A deck of few characters may pass for the text's type, but news begins under it.
        jumps = jumps or (k <= _LABELLED and _is_over(above, below) and leads_in(below.text))
        if k == deck:
            jumps, own = True, chain[deck:]
        if jumps or any(_between(rule, above.box, below.box) for rule in rules):
            parts.append([])
        parts[-1].append(below)
    return parts


def _is_shifted(before: Sequence[Item], after: Sequence[Item]) -> bool:
    """True where lines neither begin nor end where the ones over them do.

    They are of another column, close beside; beside a picture only one edge moves.
    """
    em, last, first = before[-1].size, before[-1].box, after[0].box
    count = min(len(before), len(after))
    if count < 2 or max(first.x0 - last.x0, last.x0 - first.x0) < em:
        return False
    start = min(i.box.x0 for i in after) - min(i.box.x0 for i in before)
    end = max(i.box.x1 for i in after) - max(i.box.x1 for i in before)
    exact = count >= _LAYER_LINES and not any(map(_from_ink, (*before, *after)))
    least = _LAYER_SHIFT if exact else _SHIFT
    return min(abs(start), abs(end)) > least * em


def _is_weighed_otherwise(part: Sequence[Item], below: Item) -> bool:
    """True for a line bolder or lighter than the lines above it in its part.

    Few characters are taken to have the weight of the line before them. A line read from ink
    in the middle of a sentence of light type is as light, however black it looks.
    """
    last = next((i for i in reversed(part) if not _has_few(i)), part[-1])
    if _has_few(last) or _has_few(below) or last.line.bold == below.line.bold:
        return False
    if not _from_ink(below) or ends_sentence(part[-1].text):
        return True
    sure = [i for i in part if not _has_few(i)]
    return len(sure) == 1 or sure[0].line.bold


def _is_over(above: Item, below: Item) -> bool:
    """True for a line in larger type than the one below."""
    return above.size > _OVER * below.size


def _apart(above: Item, below: Item, chain: Sequence[Item], extra: float) -> bool:
    """True if a change of face parts two lines: set off, or one of them centred."""
    if extra > 0.2 * above.size:
        return True
    left, right = min(i.box.x0 for i in chain), max(i.box.x1 for i in chain)
    return any(
        i.box.x0 - left > 2.4 * i.size and right - i.box.x1 > 1.2 * i.size for i in (above, below)
    )


def _rows_of_deck(chain: Sequence[Item]) -> int:
    """How many lines read from ink at the head of a column are a deck, which a dash begins.

    It is longer than the column at both ends, or has a paragraph's beginning under it, before
    which text would end a sentence.
    """
    first, column = chain[0], chain[1:]
    if not _from_ink(first) or not is_dashed(first.text) or len(column) < _COLUMN:
        return 0
    em = first.size
    left, right = min(i.box.x0 for i in column), max(i.box.x1 for i in column)
    longer = min(left - first.box.x0, first.box.x1 - right) > _LONGER * em
    two = min(column[0].box.x0 - left, right - column[0].box.x1) > em
    rows = 2 if two and not longer else 1
    begun = abs(chain[rows].box.x0 - left - _INDENT * em) < _LONGER * em
    inside = abs(first.box.x0 - left - _INDENT * em) > _LONGER * em
    ended = ends_sentence(chain[rows - 1].text)
    return rows if (longer or (begun and inside)) and not ended else 0


def _byline_over(first: Item, second: Item, chain: Sequence[Item]) -> bool:
    """A byline over its column: off the column's edges, or whole and followed by an indent.

    A line of running text may read like a byline too (新华社记者王黎、本报记者邵); it stands
    at the column's edge or its indent, and the next line runs on at the edge.
    """
    if not is_byline(first.text) or len(first.text) > 30:
        return False
    if _closes(second.text[:_LEAD_IN]):
        return False
    left = min(i.box.x0 for i in chain[1:])
    indent = (first.box.x0 - left) / first.size
    if abs(indent) > 0.5 and abs(indent - 2) > 0.5:
        return True
    starts = second.box.x0 - left > 0.85 * first.size or face(first) != face(second)
    return starts and bool(BYLINE_STRICT.match(first.text.strip()))


def _closes_caption(above: Item, below: Item, chain: Sequence[Item]) -> bool:
    """A picture's credit read from ink closes its caption.

    It stands at the end of an unfilled line, or of one that is longer than all of the column
    under it.
    """
    if above.line.origin is not Origin.OCR or not ends_in_credit(above.text):
        return False
    right = max(i.box.x1 for i in chain if i is not above)
    other = abs(right - above.box.x1) > _UNFILLED * above.size
    return other and not is_credit(below.text) and (above is chain[0] or right > above.box.x1)


def _stands_alone(first: Item, second: Item, chain: Sequence[Item]) -> bool:
    """A deck over its text, read from ink: it neither fills its line nor ends a sentence,
    though a paragraph begins under it."""
    if first.line.origin is not Origin.OCR or len(chain) < _COLUMN:
        return False
    left, right = min(i.box.x0 for i in chain[1:]), max(i.box.x1 for i in chain[1:])
    em = first.size
    return (
        second.box.x0 - left > 0.85 * em
        and right - first.box.x1 > _UNFILLED * em
        and first.box.x0 - left > -em
        and not ends_sentence(first.text)
        and not first.text.endswith(("，", "、", ","))
    )


def _closes(text: str) -> bool:
    """True for the rest of a lead-in, whose first bracket may have been lost in reading."""
    closed = _CLOSED.search(text)
    return closed is not None and not _OPENED.search(text[: closed.start()])


def _between(rule: Rule, above: Box, below: Box) -> bool:
    """True if the rule runs through the white between two lines of a column."""
    return above.cy < rule.box.cy < below.cy and rule.box.overlap_x(above.union(below)) > 0.5 * min(
        above.width, below.width
    )
