"""Poems and lists: text whose lines are kept as they were set.

In prose a line that ends early closes a paragraph, and the next one begins with an indent.
Lines of verse end where the poet ends them, and the next begins at the same edge. Where they
are of one length, they are told by the white behind them and by their marks, which stand at
the ends of lines. Built in the reading frame.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import networkx as nx
import numpy as np

from epaper.geometry import Box, hull
from epaper.layout.briefs import is_item
from epaper.layout.chunks import Chunk
from epaper.layout.cues import ends_sentence
from epaper.layout.frame import Item

# A line ends early by this many em; what narrows it stands nearer than this, em.
_EARLY = 1.2
_NARROWED = 2.0
# Verse begins at one edge, em.
_LEVEL = 0.6
# Centred lines of verse keep one middle, em.
_MIDDLE = 0.2
# So many lines on one middle, unlike by so much, em, are verse; or so many sentences.
_CENTRED, _UNEVEN, _SENTENCES = 3, 0.4, 3
# Lines that make a chunk verse by themselves, and the share of them that break so.
_LINES = 4
_SHARE = 0.6
# White behind every line of verse, em, less where white parts it in stanzas, and the share of
# lines with a mark inside.
_WHITE, _WHITE_OF_STANZAS = 2.0, 0.8
_MARKED = 0.26
_LONGEST = 20
# Lines of a poem in stanzas, and of one without.
_MOST_LINES, _MOST_PLAIN = 60, 16
_MARK = re.compile(r"[，。、；：！？,;]")
# No column of prose is narrower than this, em.
_NARROW = 9.5
# A stanza stands no farther from the next than this, em.
_STANZA = 3.5


def mark_verses(
    chunks: Sequence[Chunk], obstacles: Sequence[Box], walls: Sequence[Box] = ()
) -> list[Chunk]:
    """The chunks, those of verse marked as such.

    Text that runs around something of `obstacles` (pictures, headlines) has short lines
    too, and is none, nor is text that begins with the mark of an item. Short chunks are
    verse where they stand over or under such a one. `walls` are rules and sides of frames.
    """
    broken = [_broken(chunk, obstacles) for chunk in chunks]
    bounds = [*obstacles, *walls, *(chunk.box for chunk in chunks)]
    found = {
        k
        for k, chunk in enumerate(chunks)
        if len(chunk.items) >= _LINES and broken[k] >= _SHARE * (len(chunk.items) - 1)
    }
    found |= {k for k, chunk in enumerate(chunks) if _is_centred(chunk) or _is_list(chunk)}
    found |= {k for group in _groups(chunks) if _is_verse(group, chunks, bounds) for k in group}
    near = {k for k, c in enumerate(chunks) if len(c.items) <= 2 * _LINES and not c.rows} - found
    found |= _short_stanzas(chunks, sorted(near), obstacles)
    near -= found
    grown = bool(found)
    while grown:
        more = {k for k in near if any(_stanzas(chunks[k], chunks[n]) for n in found)} - found
        found |= more
        grown = bool(more)
    found = {k for k in found if not is_item(chunks[k].text)}
    return [replace(c, verse=True) if k in found else c for k, c in enumerate(chunks)]


def _short_stanzas(
    chunks: Sequence[Chunk], near: Sequence[int], obstacles: Sequence[Box]
) -> set[int]:
    """Stacks of short chunks whose lines end anywhere, as those of short stanzas do.

    Paragraphs of prose set apart by white end their lines, but the last, at one edge.
    """
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(near)
    graph.add_edges_from(
        (a, b)
        for a, b in _stacked(near, chunks)
        if b < a and _stanzas(chunks[a], chunks[b]) and _stanzas(chunks[b], chunks[a])
    )
    found: set[int] = set()
    for stack in nx.connected_components(graph):
        stanzas = [chunks[k] for k in stack]
        right, em = max(c.box.x1 for c in stanzas), stanzas[0].size
        runs = [item for c in stanzas for item in c.items[:-1]]
        early = sum(
            right - i.box.x1 > _EARLY * em and not _narrowed(i, obstacles, em) for i in runs
        )
        level = all(abs(c.box.x0 - i.box.x0) < _LEVEL * em for c in stanzas for i in c.items)
        whole = sum(i.text.endswith("。") for c in stanzas for i in c.items) < len(stanzas)
        narrow = right - min(c.box.x0 for c in stanzas) < _NARROW * em
        ends = any(i.text.endswith(("。", "，", "；")) for i in runs)
        free = early >= _SHARE * len(runs) or (narrow and not ends and len(stanzas) > 2)
        if len(stanzas) > 1 and len(runs) >= 2 and level and whole and free:
            found |= stack
    return found


def _broken(chunk: Chunk, obstacles: Sequence[Box]) -> int:
    """Lines that end early, though nothing narrows them, and whose next has no indent."""
    if chunk.rows or len(chunk.items) < 2:
        return 0
    right, em = chunk.box.x1, chunk.size
    top, foot = chunk.box.y0, chunk.box.y1
    inside = [b for b in obstacles if b.y0 < foot and b.y1 > top and b.overlap_y(chunk.box) > 0]
    return sum(
        right - upper.box.x1 > _EARLY * em
        and (abs(lower.box.x0 - upper.box.x0) < _LEVEL * em or _both_centred(upper, lower, em))
        and not _narrowed(upper, inside, em)
        for upper, lower in pairwise(chunk.items)
    )


def _both_centred(upper: Item, lower: Item, em: float) -> bool:
    """True if two lines of different length have one middle."""
    centred = abs(upper.box.cx - lower.box.cx) < _MIDDLE * em
    return centred and abs(upper.box.width - lower.box.width) > em


def _is_centred(chunk: Chunk) -> bool:
    """True for lines of unlike length on one middle; centred prose is uneven only at its end."""
    em, middle = chunk.size, chunk.box.cx
    if chunk.rows or len(chunk.items) < _CENTRED or len(chunk.items) > _MOST_PLAIN:
        return False
    wide = [item.box.width for item in chunk.items[:-1]]
    uneven = max(wide) - min(wide) > _UNEVEN * em
    return uneven and all(abs(item.box.cx - middle) < _MIDDLE * em for item in chunk.items)


def _is_list(chunk: Chunk) -> bool:
    """True for lines each of which ends a sentence, as those of prose never do one by one."""
    if chunk.rows or len(chunk.items) < _SENTENCES:
        return False
    return all(ends_sentence(item.text) for item in chunk.items)


def _groups(chunks: Sequence[Chunk]) -> list[set[int]]:
    """Chunks that follow each other as stanzas do, and each chunk that does not."""
    graph: nx.Graph[int] = nx.Graph()
    short = [k for k, c in enumerate(chunks) if not c.rows and len(c.items) <= _MOST_LINES]
    graph.add_nodes_from(short)
    graph.add_edges_from(
        (a, b) for a, b in _stacked(short, chunks) if a < b and _stanzas(chunks[a], chunks[b])
    )
    return [set(group) for group in nx.connected_components(graph)]


def _is_verse(group: set[int], chunks: Sequence[Chunk], bounds: Sequence[Box]) -> bool:
    """True for short lines at one edge, with white behind, and hardly a mark inside one."""
    items = [i for k in group for i in chunks[k].items]
    most = _MOST_LINES if len(group) > 1 else _MOST_PLAIN
    if not _LINES <= len(items) <= most or max(len(i.text) for i in items) > _LONGEST:
        return False
    box, em = hull(i.box for i in items), items[0].size
    if len(group) == 1 and _is_solid(items, em):
        return False
    level = all(abs(i.box.x0 - box.x0) < _LEVEL * em for i in items)
    inside = sum(bool(_MARK.search(i.text.strip()[:-1])) for i in items)
    white = _WHITE_OF_STANZAS if len(group) > 1 else _WHITE
    return level and inside <= _MARKED * len(items) and _white_behind(box, em, bounds) > white * em


def _is_solid(items: Sequence[Item], em: float) -> bool:
    """True for lines that all but the last run to one edge, and few of which end with a mark."""
    ends = [i.box.x1 for i in items[:-1]]
    closed = sum(bool(_MARK.search(i.text.strip()[-1:])) for i in items)
    return max(ends) - min(ends) < 0.3 * em and 2 * closed < len(items)


def _white_behind(box: Box, em: float, bounds: Sequence[Box]) -> float:
    """From the longest line to the next thing behind it, or to where any column ends."""
    last = max((b.x1 for b in bounds), default=box.x1)
    behind = (b.x0 for b in bounds if b.x0 > box.x1 - em and b.overlap_y(box) > 0)
    return min(behind, default=last) - box.x1


def _narrowed(item: Item, obstacles: Sequence[Box], em: float) -> bool:
    """True if something stands right behind the line's end."""
    end = Box(item.box.x1, item.box.y0, item.box.x1 + _NARROWED * em, item.box.y1)
    return any(b.overlap_x(end) > 0 and b.overlap_y(end) > 0 for b in obstacles)


def _stacked(some: Sequence[int], chunks: Sequence[Chunk]) -> list[tuple[int, int]]:
    """Pairs of some chunks, in their order, the first of which may be a stanza at the second.

    What is asked of them here is asked again, but of few, by `_stanzas`.
    """
    rows = [(c.items[0].box.x0, c.box.y0, c.box.y1, c.size) for c in (chunks[k] for k in some)]
    x0, y0, y1, em = np.array(rows).reshape(-1, 4).T
    gap = np.maximum(y0[:, None] - y1, y0 - y1[:, None])
    near = (gap > -0.5 * em) & (gap < _STANZA * em) & (np.abs(x0[:, None] - x0) < _LEVEL * em)
    first, second = np.nonzero(near)
    return [(some[a], some[b]) for a, b in zip(first.tolist(), second.tolist(), strict=True)]


def _stanzas(one: Chunk, other: Chunk) -> bool:
    """True if two chunks of one type stand one under the other and begin at one edge."""
    em = other.size
    gap = max(one.box.y0 - other.box.y1, other.box.y0 - one.box.y1)
    return (
        -0.5 * em < gap < _STANZA * em
        and all(abs(i.box.x0 - other.items[0].box.x0) < _LEVEL * em for i in one.items)
        and one.box.x1 < other.box.x1 + 4 * em
        and abs(one.size / em - 1) < 0.04
        and one.face == other.face
        and one.frame == other.frame
    )
