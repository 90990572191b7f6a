"""Detected boxes made into lines: joined where detection cut, cut at column gutters.

Every function takes the page turned so that lines run along x: for vertical text the
caller transposes image and boxes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.masks import long_down
from epaper.reading.ocr_ink import Mask, runs

Image = NDArray[np.uint8]

_SAME_ROW = 0.75
_SAME_HEIGHT = 0.75
# Widest gap between two pieces of a line, in heights: that of a punctuation mark.
_JOIN_GAP = 0.45
# A gutter is at least this wide and tall, in heights of the line that crosses it.
_GUTTER_WIDTH = 0.4
_GUTTER_HEIGHT = 4.0
# White that runs on farther than this many times as tall is no surer a gutter for it.
_FAR = 1.5
_GAP = 0.5
# Gutters take up no more of a line.
_PALE = 0.6
# A rule is at least so long, in heights of a line.
_RULE = 2.5
# Two characters are narrower than this, and before a line's beginning is so much white, in heights.
_NARROW, _BEFORE = 2.3, 0.9
# Share of a box in another, and of its height in the other's, that make it a copy.
_COPY, _COPY_HIGH = 0.8, 0.6
# A box reaches into another by this share of its height, is so many times as high, along so many
# heights of it; so much of the box is its own.
_REACHES, _TALLER, _BESIDE, _LEFT = (0.15, 0.65), (1.4, 2.2), 1.5, 0.5
# The highest box, in ems, that may be a sloping line of body type, and how high that is.
_SLOPING, _TALL = 2.4, 1.25
_NEIGHBOURS = 2
# No line stands beside one that has so much white at its side, in heights, for all its length
# but for this share.
_FREE, _HARDLY = 0.75, 0.1
# A dash, in heights of its line (letters fill their squares but in part): how long, how thick,
# how near its neighbours it may be, and how much of its length what makes it thicker has.
_DASH_LENGTH = (0.7, 2.8)
_DASH_THICK = 0.2
_DASH_GAP = 0.5
_DASH_DIRT = 0.15
# A 一 before a vertical line, in its widths: how near and how thick it is, how long at least,
# how far off nothing else stands, and how much white is at its ends.
_STROKE_NEAR, _STROKE_THICK, _STROKE_LONG = (0.2, 0.9), 0.25, 0.65
_STROKE_REACH, _STROKE_BESIDE = 1.5, 0.3
# A mark in the last square of a vertical line, in its widths: how far down it may begin
# in the upper right corner, and in the lower left of fonts without vertical forms.
_MARK_HIGH, _MARK_LOW, _MARK_SIZE = 0.5, (0.5, 1.0), (0.15, 0.5)


# Ink is darker than what is around it by more than so much, of 255.
CONTRAST = 24


def dark_mask(gray: Image, em: float) -> Mask:
    """Ink of a whole page by local contrast, `em` the common letter height in pixels."""
    side = max(15, round(2.5 * em)) | 1
    deeper = cv2.subtract(cv2.blur(gray, (side, side)), gray)
    return np.asarray(deeper > CONTRAST, np.bool_)


def with_dashes(boxes: Sequence[Box], ink: Mask) -> list[Box]:
    """Tight boxes grown over dashes (——) and 一 at their ends.

    Detection takes a stroke without a character around it for a rule.
    """
    return [
        Box(box.x0 - _dashes(box, ink, -1), box.y0, box.x1 + _dashes(box, ink, 1), box.y1)
        for box in boxes
    ]


def _dashes(box: Box, ink: Mask, way: int) -> int:
    """Pixels from a box's end to the far end of the dash there.

    A dash of two ems may be printed as two strokes.
    """
    first = _dash(box, ink, way)
    if not first:
        return 0
    x0, x1 = (box.x0, box.x1 + first) if way > 0 else (box.x0 - first, box.x1)
    return first + _dash(Box(x0, box.y0, x1, box.y1), ink, way)


def _dash(box: Box, ink: Mask, way: int) -> int:
    """Pixels from a box's end, forwards or (`way` -1) backwards, to a dash's far end."""
    height = box.height
    y0, y1 = max(0, round(box.y0)), min(ink.shape[0], round(box.y1))
    reach = round((_DASH_GAP + _DASH_LENGTH[1] + 0.3) * height)
    end = min(round(box.x1), ink.shape[1]) if way > 0 else max(round(box.x0), 0)
    begun = _begun(ink[y0:y1], end, way, height)
    end -= way * begun
    strip = ink[y0:y1, end : end + reach] if way > 0 else ink[y0:y1, max(0, end - reach) : end]
    strip = strip[:, ::way]
    # The box may end a pixel or two before its last letter does.
    stub = 0.15 * height
    spans = runs(np.asarray(strip.any(axis=0), np.bool_))
    first = next((r for r in spans if r[0] > 1 or r[1] > stub), None)
    if first is None:
        return 0
    start, stop = first
    rows = np.flatnonzero(strip[:, start:stop].mean(axis=1) > _DASH_DIRT)
    if not len(rows):
        return 0
    middle = (rows[0] + rows[-1] + 1) / 2 / height
    is_dash = (
        start <= _DASH_GAP * height
        and _DASH_LENGTH[0] * height <= stop - start <= _DASH_LENGTH[1] * height
        and stop < strip.shape[1]
        and rows[-1] + 1 - rows[0] <= _DASH_THICK * height
        and 0.25 < middle < 0.75
    )
    return max(0, stop - begun) if is_dash else 0


def _begun(row: Mask, end: int, way: int, height: float) -> int:
    """Pixels of a dash inside a box that detection drew to the middle of one."""
    reach = round(_DASH_LENGTH[1] * height)
    before, behind = row[:, max(0, end - reach) : end][:, ::-1], row[:, end : end + reach]
    inside, outside = (before, behind) if way > 0 else (behind, before)
    if not outside[:, :2].any():
        return 0
    middle = slice(round(0.25 * height), round(0.75 * height))
    thin = inside.any(axis=0) & (inside.sum(axis=0) <= _DASH_THICK * height)
    amid = inside.sum(axis=0) == inside[middle].sum(axis=0)
    past = np.flatnonzero(~(thin & amid))
    return int(past[0]) if len(past) else 0


def with_last_marks(boxes: Sequence[Box], ink: Mask) -> list[Box]:
    """Tight boxes of vertical lines, transposed, grown over a comma or full stop below.

    Such a mark stands in a corner of its square, out of detection's sight.
    """
    return [Box(b.x0, b.y0, b.x1 + _last_mark(b, ink), b.y1) for b in boxes]


def _last_mark(box: Box, ink: Mask) -> int:
    width = box.height
    y0, y1 = max(0, round(box.y0)), min(ink.shape[0], round(box.y1))
    end = min(round(box.x1), ink.shape[1])
    strip = ink[y0:y1, end : end + round(1.5 * width)]
    first = next((r for r in runs(np.asarray(strip.any(axis=0), np.bool_)) if r[0] > 1), None)
    if first is None or first[1] == strip.shape[1]:
        return 0
    rows = np.flatnonzero(strip[:, first[0] : first[1]].any(axis=1))
    sides = (first[1] - first[0], int(rows[-1]) + 1 - int(rows[0]))
    small = all(_MARK_SIZE[0] * width <= side <= _MARK_SIZE[1] * width for side in sides)
    right = rows[0] + rows[-1] > 0.9 * width
    down = first[0] / width
    in_place = down <= _MARK_HIGH if right else _MARK_LOW[0] <= down <= _MARK_LOW[1]
    return first[1] if small and in_place else 0


def with_first_strokes(boxes: Sequence[Box], ink: Mask) -> list[Box]:
    """Tight boxes of vertical lines, transposed, grown over a 一 before them.

    Detection takes that stroke by itself for a rule; it is no wider than its line.
    """
    return [Box(b.x0 - _first_stroke(b, ink), b.y0, b.x1, b.y1) for b in boxes]


def _first_stroke(box: Box, ink: Mask) -> int:
    """Pixels from a line's beginning back to the far side of a 一; 0 where there is none."""
    width, start = box.height, max(0, round(box.x0))
    beside = round(_STROKE_BESIDE * width)
    y0, y1 = max(0, round(box.y0) - beside), min(ink.shape[0], round(box.y1) + beside)
    strip = ink[y0:y1, max(0, start - round(_STROKE_REACH * width)) : start][:, ::-1]
    spans = [r for r in runs(np.asarray(strip.any(axis=0), np.bool_)) if r[0] > 1]
    if len(spans) != 1:
        return 0
    near, far = spans[0]
    rows = np.flatnonzero(strip[:, near:far].any(axis=1))
    inside = rows[0] >= beside // 2 and rows[-1] < len(strip) - beside // 2
    is_stroke = (
        _STROKE_NEAR[0] * width <= near <= _STROKE_NEAR[1] * width
        and far - near <= _STROKE_THICK * width
        and rows[-1] + 1 - rows[0] >= _STROKE_LONG * width
    )
    return far if is_stroke and inside else 0


def without_copies(boxes: Sequence[Box]) -> list[Box]:
    """The boxes without those that lie within another, as a part of a line read twice does."""
    if not boxes:
        return []
    x0, y0, x1, y1 = np.array([(b.x0, b.y0, b.x1, b.y1) for b in boxes]).T
    area, high = (x1 - x0) * (y1 - y0), y1 - y0
    across = np.minimum(x1[:, None], x1) - np.maximum(x0[:, None], x0)
    down = np.minimum(y1[:, None], y1) - np.maximum(y0[:, None], y0)
    inside = np.maximum(across, 0) * np.maximum(down, 0) > _COPY * area[:, None]
    inside &= high[:, None] > _COPY_HIGH * high
    # Of two alike, the first stays.
    earlier = np.tri(len(boxes), k=-1, dtype=np.bool_)
    smaller = (area[:, None] < area) | ((area[:, None] == area) & earlier)
    gone = (inside & smaller).any(axis=1)
    return [box for box, copy in zip(boxes, gone.tolist(), strict=True) if not copy]


def apart(boxes: Sequence[Box]) -> list[Box]:
    """The boxes, those that reach into the next line's cut off at its edge.

    Such a box is higher than the other, but not so much that it could be a headline's.
    """
    if not boxes:
        return []
    left, top, right, foot = np.array([(b.x0, b.y0, b.x1, b.y1) for b in boxes]).T
    high = foot - top
    across = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    shared = (np.minimum(foot[:, None], foot) - np.maximum(top[:, None], top)) / high
    taller = high[:, None] / high
    reaches = (across > _BESIDE * high) & (_REACHES[0] < shared) & (shared < _REACHES[1])
    reaches &= (_TALLER[0] < taller) & (taller < _TALLER[1])
    result = list(boxes)
    for i, k in np.argwhere(reaches).tolist():
        box, other = result[i], boxes[k]
        before = other.cy < box.cy
        y0 = max(box.y0, other.y1) if before else box.y0
        own = Box(box.x0, y0, box.x1, box.y1 if before else min(box.y1, other.y0))
        if own.height > _LEFT * boxes[i].height:
            result[i] = own
    return result


def join(boxes: Sequence[Box]) -> list[Box]:
    """Tight boxes of one row that all but touch, made one."""
    pending = sorted(boxes, key=lambda b: b.x0)
    done: list[Box] = []
    for box in pending:
        near = box.x0 - _JOIN_GAP * box.height
        match = next(
            (
                i
                for i in reversed(range(len(done)))
                if done[i].x1 >= near and _level(done[i], box) and _one_line(done[i], box)
            ),
            None,
        )
        if match is None:
            done.append(box)
        else:
            done[match] = done[match].union(box)
    return done


def join_overlapping(boxes: Sequence[Box]) -> list[Box]:
    """Boxes of one row that share a letter, made one."""
    done: list[Box] = []
    for box in sorted(boxes, key=lambda b: b.x0):
        level = [i for i, b in enumerate(done) if _level(b, box)]
        shared = [i for i in level if done[i].overlap_x(box) > 0 and _one_line(done[i], box)]
        if shared:
            done[shared[0]] = done[shared[0]].union(box)
        else:
            done.append(box)
    return done


def _level(left: Box, right: Box) -> bool:
    """Whether boxes share a row of pixels; most are of one column, and need not be measured."""
    return left.y0 < right.y1 and right.y0 < left.y1


def _one_line(left: Box, right: Box) -> bool:
    low, high = sorted((left.height, right.height))
    gap = right.x0 - left.x1
    return (
        low >= _SAME_HEIGHT * high
        and left.overlap_y(right) >= _SAME_ROW * low
        and gap <= _JOIN_GAP * low
    )


def cut_at_gutters(
    boxes: Sequence[Box], ink: Mask, em: float, walls: Mask | None = None
) -> list[Box]:
    """Boxes that run over a gutter or a rule between columns, cut there.

    `em` is the common letter height: a long line that slopes has a box twice as high.
    `walls` are rules along the lines, dashes and all, which white does not run through.
    """
    solid = ink if walls is None else np.asarray(ink | walls, np.bool_)
    result = []
    for box in boxes:
        high = box.height if box.height > _SLOPING * em else min(box.height, _TALL * em)
        edges = [
            box.x0,
            *(x for gap in _gutters(box, ink, solid, round(high)) for x in gap),
            box.x1,
        ]
        result += [
            Box(a, box.y0, b, box.y1)
            for a, b in zip(edges[::2], edges[1::2], strict=True)
            if b - a > 0.3 * box.height
        ]
    return result


def _gutters(box: Box, ink: Mask, solid: Mask, height: int) -> list[tuple[float, float]]:
    """Gaps (x0, x1) in a line of letters so high where a rule or a gutter runs through."""
    x0, x1 = max(0, round(box.x0)), min(ink.shape[1], round(box.x1))
    y0, y1 = max(0, round(box.y0)), min(ink.shape[0], round(box.y1))
    if x1 - x0 < 3 * height:
        return []
    reach = round(_GUTTER_HEIGHT * height)
    top, bottom = max(0, y0 - reach), min(ink.shape[0], y1 + reach)
    strip, solid = ink[top:bottom, x0:x1], solid[top:bottom, x0:x1]
    y0, y1 = y0 - top, y1 - top
    found = []
    for a, b, ruled in _blanks(strip, y0, y1, height):
        if b - a < _GAP * height or a == 0 or b == x1 - x0:
            continue
        if a < _NARROW * height and _begins(ink[round(box.y0) : round(box.y1)], x0, height):
            continue
        if ruled or _between_columns(solid, (a, b), (y0, y1), height):
            found.append((float(x0 + a), float(x0 + b)))
    # Letters lighter than the picture they stand on are no ink: the line is not all gutter.
    pale = sum(b - a for a, b in found) > _PALE * (x1 - x0)
    return [] if pale else found


def _blanks(strip: Mask, y0: int, y1: int, height: int) -> Iterator[tuple[int, int, bool]]:
    """Where (x0, x1) the rows from `y0` to `y1` hold nothing but rules, and whether those do."""
    length = round(_RULE * height)
    perhaps = ~strip[y0:y1].any(axis=0)
    # A rule is longer than the line is high, and runs on beyond one of its edges.
    beyond = max(0, length - (y1 - y0)) // 2
    for top, bottom in ((max(0, y0 - beyond), y0), (y1, y1 + beyond)):
        first = max(0, top - 1)
        thick = _thick(strip[first : bottom + 1])[top - first : bottom - first]
        perhaps |= (thick > 0).all(axis=0)
    for start, end in runs(np.asarray(perhaps, np.bool_)):
        if end - start < _GAP * height:
            continue
        tall = _tall_ink(strip, start, end, length)[y0:y1]
        blank = ~(strip[y0:y1, start:end] & ~tall).any(axis=0)
        for a, b in runs(np.asarray(blank, np.bool_)):
            yield start + a, start + b, bool(tall[:, a:b].any())


def _begins(row: Mask, x: int, height: int) -> bool:
    """True if a row of ink begins at `x`: white is before it.

    No column is as narrow as its first character or two, after which, behind a comma, a
    justified line has its widest space.
    """
    return not row[:, max(0, x - round(_BEFORE * height)) : max(0, x - 2)].any()


def _between_columns(strip: Mask, gap: tuple[int, int], line: tuple[int, int], height: int) -> bool:
    """True where white runs on above or below a gap, with lines ending on both its sides."""
    (a, b), (y0, y1) = gap, line
    reach = round(_GUTTER_HEIGHT * height)
    # A row of ink beyond both ends makes every run of white end somewhere.
    stop = np.ones((1, b - a), np.bool_)
    above = np.argmax(np.vstack([strip[:y0, a:b][::-1], stop]), axis=0)
    below = np.argmax(np.vstack([strip[y1:, a:b], stop]), axis=0)
    # White at the side where a line is the last one says nothing of a gutter.
    for run, beside in ((above, strip[:y0][::-1]), (below, strip[y1:])):
        if _is_free(beside, height):
            run[:] = 0
    total = above + below
    # White beside a comma is white above it too: the gutter is where it runs furthest.
    furthest = min(float(total.max()), _FAR * reach)
    least = max(min(reach, len(strip) - (y1 - y0)), 0.9 * furthest)
    white: Mask = np.asarray(total >= least, np.bool_)
    spans = [s for s in runs(white) if s[1] - s[0] >= _GUTTER_WIDTH * height]
    if not spans:
        return False
    start, end = max(spans, key=lambda s: s[1] - s[0])
    top, bottom = y0 - int(above[start:end].min()), y1 + int(below[start:end].min())
    sides = (strip[top:bottom, max(0, a - 2 * height) : a], strip[top:bottom, b : b + 2 * height])
    return all(_rows(side, height) > _NEIGHBOURS for side in sides)


def _is_free(beside: Mask, height: int) -> bool:
    """True if hardly anything stands right beside a line; `beside` begins at its edge."""
    near = beside[: round(_FREE * height)]
    return len(near) > 0 and float(near.any(axis=0).mean()) < _HARDLY


def _rows(side: Mask, height: int) -> int:
    """How many lines of text the ink beside a gutter shows."""
    return sum(b - a > 0.4 * height for a, b in runs(np.asarray(side.any(axis=1), np.bool_)))


def _tall_ink(strip: Mask, start: int, end: int, length: int) -> Mask:
    """Ink of vertical rules, runs of at least `length` pixels down, in columns of the strip."""
    left = max(0, start - 1)
    thick = _thick(strip[:, left : end + 1])[:, start - left : end - left]
    return long_down(thick.view(np.bool_), max(length, 3))


def _thick(ink: Mask) -> Image:
    """Ink and the pixels around it: a rule slopes by one now and then, and is worn through."""
    return np.asarray(cv2.dilate(ink.astype(np.uint8), np.ones((3, 3), np.uint8)), np.uint8)
