"""Frames that are none: stains and shadows of scans that cut through running text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from epaper.geometry import Box, hull
from epaper.layout.frame import Item
from epaper.model import Frame, Origin, WritingMode

# Type of heads, ems of the body. Running text in a box is of so many lines at least; a head
# set across it stands so near its edge. Text before the first headline is so much, in ems
# and in characters, that the box does not begin with that.
_HEAD, _LINES, _TOP, _BARE, _SAID = 1.25, 4, 4.0, 4.0, 30
# Lines in so many columns that run on over a frame's edge, begun with an indent or without.
_INDENTED_ROWS = 2
# The strokes of a tint's edge hold so much of it.
_EDGE = 0.8
# A banner takes up no more of its story's frame.
_PART = 0.7
# On a photograph over a story stand its headline and titles of so few characters; columns begin
# so near under it, em, and have so much of its width.
_TITLE, _RIGHT_UNDER, _WIDE = 6, 1.5, 0.8
# Short lines over the edge of a tint begin at one edge to within this, and are so long, em.
_ONE_EDGE, _SHORTEST = 0.3, 3.0
# A headline in a frame of its own: the least size, ems of the body, its characters, how much
# of the frame they fill; so many lines begin so near under it, and a full one so near beside.
_SMALL, _WORDS, _FILLED, _UNDER, _SHORT_LINES = 0.9, (4, 20), 0.35, 2.2, 2
_BESIDE, _FLUSH = 5.0, 1.5


def sound_frames(
    frames: Sequence[Frame], items: Sequence[Item], body: float
) -> list[tuple[int, ...]]:
    """The frames no edge of which runs between, or through, the lines of one column: of each
    the indices of the boxes it is made of.

    Nor do rules between tiers and stories make one where text goes on from without: on an
    old scan a box that is one begins with its headline. `body` is the em of the text.
    """
    lines = np.array([(*_sides(i.box), i.size, i.across) for i in items]).reshape(-1, 6)
    sound: list[int] = []
    bare: list[int] = []
    for k, frame in enumerate(frames):
        inside = _inside(frame.box, items, lines)
        cut = _cuts_text(frame, items, lines) or _is_inset(frame, inside, items, body)
        if (
            cut
            or _is_edge_of_tint(frame, frames, body)
            or _is_banner(frame, inside, frames, items, body)
        ):
            continue
        (bare if _begins_bare(frame, inside, body) else sound).append(k)
    boxes = [f.box for f in frames]
    return [(k, *_rest(k, bare, boxes, body)) for k in sound]


def _is_edge_of_tint(frame: Frame, frames: Sequence[Frame], body: float) -> bool:
    """True for a box that is but the edge of a tint, seen as strokes on a worn scan."""
    box = frame.box
    return frame.stroked and any(
        not f.stroked and f.box.contains(box, body / 2) and box.area > _EDGE * f.box.area
        for f in frames
    )


def _is_banner(
    frame: Frame,
    inside: Sequence[Item],
    frames: Sequence[Frame],
    items: Sequence[Item],
    body: float,
) -> bool:
    """True for the tint behind a headline in reverse, in the frame of the whole story.

    So is what was seen of a photograph over its story, with the headline on it.
    """
    box = frame.box
    if frame.stroked or not any(_is_head(i, body) for i in inside):
        return False
    if all(_is_head(i, body) for i in inside) and any(
        f.stroked and f.box.contains(box, body / 2) and box.area < _PART * f.box.area
        for f in frames
    ):
        return True
    titled = all(_is_head(i, body) or len(i.text.strip()) <= _TITLE for i in inside)
    return titled and _is_over_columns(box, items, body)


def _is_head(item: Item, body: float) -> bool:
    return item.line.reversed and item.size >= _HEAD * body


def _is_over_columns(box: Box, items: Sequence[Item], body: float) -> bool:
    """True if right under a box columns of text begin that are about as wide together."""
    first = [
        i.box
        for i in items
        if i.size < _HEAD * body
        and 0 <= i.box.y0 - box.y1 < _RIGHT_UNDER * body
        and box.x0 - body < i.box.x0
        and i.box.x1 < box.x1 + body
    ]
    return len(first) > 1 and hull(first).width > _WIDE * box.width


def put_together(frames: Sequence[Frame], parts: Sequence[tuple[int, ...]]) -> tuple[Frame, ...]:
    """Of each part one frame round the boxes it lists."""
    return tuple(replace(frames[part[0]], box=hull(frames[k].box for k in part)) for part in parts)


def _rest(k: int, bare: Sequence[int], boxes: Sequence[Box], body: float) -> list[int]:
    """The box behind box `k` that begins bare, where the two touch each other and no others.

    A rule between the tiers of a story in a frame makes two boxes of it.
    """
    touching = [n for n, other in enumerate(boxes) if n != k and _touch(boxes[k], other, body)]
    if len(touching) != 1 or touching[0] not in bare:
        return []
    box, rest = boxes[k], boxes[touching[0]]
    level = max(abs(box.y0 - rest.y0), abs(box.y1 - rest.y1)) < body
    others = sum(_touch(rest, other, body) for n, other in enumerate(boxes) if n != touching[0])
    return touching if level and abs(rest.x0 - box.x1) < body and others == 1 else []


def _touch(box: Box, other: Box, em: float) -> bool:
    return box.grown(em / 2).intersection(other) > 0


def with_inset(frames: Sequence[Frame], items: Sequence[Item], body: float) -> tuple[Item, ...]:
    """The items, those marked that are headlines in frames of their own within a tier."""
    lines = np.array([(*_sides(i.box), i.size, i.across) for i in items]).reshape(-1, 6)
    boxes = [f.box for f in frames if _is_inset(f, _inside(f.box, items, lines), items, body)]
    return tuple(
        structs.replace(i, inset=True) if any(_holds(box, i.box) for box in boxes) else i
        for i in items
    )


def _inside(box: Box, items: Sequence[Item], lines: NDArray[np.float64]) -> list[Item]:
    """The items in a frame; `lines` are all as rows, as in `_cuts_text`."""
    x, y = lines[:, :2].T + lines[:, 2:4].T
    held = (box.x0 <= x / 2) & (x / 2 <= box.x1) & (box.y0 <= y / 2) & (y / 2 <= box.y1)
    return [items[k] for k in np.flatnonzero(held).tolist()]


def _is_inset(frame: Frame, inside: Sequence[Item], items: Sequence[Item], body: float) -> bool:
    """True for the frame of a headline set across a tier, with short lines of text under it.

    `inside` are those of the items that stand in it.
    """
    box = frame.box
    lying = all(i.across and i.line.mode is WritingMode.HORIZONTAL for i in inside)
    if not inside or not lying or min(i.size for i in inside) < _SMALL * body:
        return False
    said = sum(len(i.text.strip()) for i in inside)
    filled = sum(i.box.area for i in inside) > _FILLED * box.area
    under = [
        i
        for i in items
        if not i.across
        and i.size < _HEAD * body
        and box.y0 - 0.5 * body < i.box.cy < box.y1 + 0.5 * body
        and -0.5 * body < i.box.x0 - box.x1 < _UNDER * body
    ]
    beside = any(
        not i.across
        and i.size < _HEAD * body
        and 0 < i.box.cy - box.y1 < _BESIDE * body
        and abs(i.box.x0 - box.x0) < _FLUSH * body
        and max(u.box.x1 for u in under) - _FLUSH * body < i.box.x1
        for i in items
        if under
    )
    return _WORDS[0] <= said <= _WORDS[1] and filled and beside and len(under) >= _SHORT_LINES


def _begins_bare(frame: Frame, inside: Sequence[Item], body: float) -> bool:
    """True if running text read down from ink stands at a frame's beginning, and no head."""
    box = frame.box
    text = [i for i in inside if not i.across and i.size < _HEAD * body]
    down = [i for i in text if i.line.origin is Origin.OCR and i.line.mode is WritingMode.VERTICAL]
    if len(down) < _LINES or 2 * len(down) < len(inside):
        return False
    start = min(i.box.y0 for i in down)
    heads = [i for i in inside if i.size >= _HEAD * body or i.line.reversed]
    beside = [
        i
        for i in heads
        if i.across and i.box.x0 - box.x0 < _TOP * body and not _is_after(i.box, down)
    ]
    first = min((i.box.y0 for i in heads if not i.across), default=box.y1)
    before = sum(len(i.text) for i in down if i.box.y1 <= first)
    return not beside and first - start > _BARE * body and before > _SAID


def _is_after(head: Box, down: Sequence[Item]) -> bool:
    """True for a headline set across with running text before it, which it does not stand over."""
    before = [i for i in down if i.box.y1 <= head.y0 and i.box.x0 < head.x1]
    return sum(len(i.text) for i in before) > _SAID


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.x0, box.y0, box.x1, box.y1


def _cuts_text(frame: Frame, items: Sequence[Item], lines: NDArray[np.float64]) -> bool:
    """`lines` are the items as rows: the four sides, the em, 1 for one set across.

    Over the edge of a tint, which may be one that shines through, short lines run on, too.
    """
    box = frame.box
    if _crossed(box, lines).sum() >= 2:
        return True
    beside = [items[k] for k in np.flatnonzero(_at_border(box, lines)).tolist()]
    inside = [i for i in beside if _holds(box, i.box)]
    outside = [i for i in beside if not _holds(box, i.box)]
    if not frame.stroked and any(_stacked(a, b) for a in inside for b in outside):
        return True
    joins = sum(any(_one_column(a, b) for b in outside) for a in inside)
    return joins >= 1 or sum(any(_next(a, b) for b in outside) for a in inside) >= _INDENTED_ROWS


def _at_border(box: Box, lines: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Lines that stand so near the frame's head or foot that text might run over it."""
    x0, y0, x1, y1, em, _ = lines.T
    cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
    off = np.minimum(np.abs(cy - box.y0), np.abs(cy - box.y1))
    near = (off < 2 * np.maximum(em, y1 - y0)) & (box.x0 - em < cx) & (cx < box.x1 + em)
    return np.asarray(near, np.bool_)


def _holds(box: Box, other: Box) -> bool:
    return box.x0 <= other.cx <= box.x1 and box.y0 <= other.cy <= box.y1


def _crossed(box: Box, lines: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Lines through which a side of the frame runs, an em from their ends at least."""
    x0, y0, x1, y1, em, across = lines.T
    cy = (y0 + y1) / 2
    left, right = ((x0 + em < x) & (x < x1 - em) for x in (box.x0, box.x1))
    crossed = (box.y0 < cy) & (cy < box.y1) & (across == 0) & (left | right)
    return np.asarray(crossed, np.bool_)


def _one_column(a: Item, b: Item) -> bool:
    """True if two full lines follow each other at body leading."""
    flush = abs(a.box.x0 - b.box.x0) < 0.6 * a.size and abs(a.box.x1 - b.box.x1) < 0.6 * a.size
    return flush and _close(a, b)


def _next(a: Item, b: Item) -> bool:
    """True if two lines of text follow each other, one of them perhaps a paragraph's first."""
    em, step = a.size, abs(a.box.x0 - b.box.x0)
    begun = step < 0.6 * em or abs(step - 2 * em) < 0.5 * em
    return begun and abs(a.box.x1 - b.box.x1) < 1.2 * em and _close(a, b)


def _stacked(a: Item, b: Item) -> bool:
    """True if two lines of text begin at one edge, the second right under the first."""
    return abs(a.box.x0 - b.box.x0) < _ONE_EDGE * a.size and _close(a, b, _SHORTEST)


def _close(a: Item, b: Item, least: float = 8.0) -> bool:
    """True for lines of body leading, no shorter than `least` em."""
    em = a.size
    gap = max(b.box.y0 - a.box.y1, a.box.y0 - b.box.y1)
    long = min(a.box.width, b.box.width) > least * em
    return -0.3 * em < gap < 0.6 * em and long and abs(a.size / b.size - 1) < 0.1
