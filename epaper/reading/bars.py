"""Straight strokes put together: dashes to dotted rules, pairs to double ones, fours to frames.

Lengths are points in the page's upright frame, y down.
"""

from __future__ import annotations

from dataclasses import dataclass

from epaper.geometry import Box, hull

POINTS_PER_MM = 72 / 25.4
THIN = 2.0 * POINTS_PER_MM  # a filled bar thicker than this is an area
TOUCH = 1.5  # points between ends that are meant to meet
DOT = 1.2 * POINTS_PER_MM  # the largest of a row of dots
_DOTS = 8  # dots in a row at least
_APART = 3.0  # white between two of them at most, in their length
_DOUBLE = 1.5 * POINTS_PER_MM  # between the strokes of a double rule
_MOST_BARS = 500


@dataclass(frozen=True)
class Bar:
    """A straight stroke. `box` is its ink; `style` solid, double or dotted."""

    box: Box
    style: str = "solid"

    @property
    def horizontal(self) -> bool:
        return self.box.width >= self.box.height


@dataclass(frozen=True)
class Area:
    """A rectangle, filled with `fill` (0xRRGGBB) and/or stroked; `order` of drawing."""

    box: Box
    stroked: bool
    fill: int | None
    order: int


def styled(bars: list[Bar]) -> list[Bar]:
    """Bars with dashes joined into dotted rules and close pairs into double ones."""
    flat = [b for b in bars if b.horizontal]
    steep = [b for b in bars if not b.horizontal]
    result: list[Bar] = []
    for kind, flip in ((flat, False), (steep, True)):
        joined = _joined([_flipped(b) if flip else b for b in kind])
        paired = _paired(joined)
        result.extend(_flipped(b) if flip else b for b in paired)
    return result


def _flipped(bar: Bar) -> Bar:
    return Bar(bar.box.transposed(), bar.style)


def _joined(bars: list[Bar]) -> list[Bar]:
    """Horizontal pieces that follow each other on one level, as one bar."""
    result: list[Bar] = []
    pieces = 0
    for bar in sorted(bars, key=lambda b: (round(b.box.cy), b.box.x0)):
        last = result[-1] if result else None
        same = last is not None and abs(last.box.cy - bar.box.cy) < 0.6
        gap = bar.box.x0 - last.box.x1 if last is not None else 0.0
        dash = max(TOUCH, 2 * bar.box.width if bar.box.width < 3 * POINTS_PER_MM else 0.0)
        if last is not None and same and gap <= dash:
            pieces += gap > 0.3
            style = "dotted" if pieces >= 3 else last.style
            result[-1] = Bar(last.box.union(bar.box), style)
        else:
            pieces = 0
            result.append(bar)
    return result


def rows_of_dots(dots: list[Box]) -> tuple[list[Bar], list[int]]:
    """Dotted rules made of dots drawn one by one, and the indices of dots in no row."""
    rows: list[Bar] = []
    used: set[int] = set()
    for down in (False, True):
        boxes = [box.transposed() if down else box for box in dots]
        for row in _in_rows(boxes, used):
            box = hull(dots[k] for k in row)
            rows.append(Bar(box, "dotted"))
            used.update(row)
    return rows, [k for k in range(len(dots)) if k not in used]


def _in_rows(boxes: list[Box], used: set[int]) -> list[list[int]]:
    """Dots of one size that follow each other on one level, closely enough."""
    order = sorted(
        (k for k in range(len(boxes)) if k not in used),
        key=lambda k: (round(boxes[k].cy), round(boxes[k].height, 1), boxes[k].x0),
    )
    rows: list[list[int]] = []
    for k in order:
        last = boxes[rows[-1][-1]] if rows else None
        box = boxes[k]
        follows = (
            last is not None
            and abs(last.cy - box.cy) < 0.3
            and abs(last.height - box.height) < 0.3
            and -0.5 < box.x0 - last.x1 <= _APART * max(box.width, last.width)
        )
        if follows:
            rows[-1].append(k)
        else:
            rows.append([k])
    return [row for row in rows if len(row) >= _DOTS]


def _paired(bars: list[Bar]) -> list[Bar]:
    """Parallel horizontal bars of one extent, close together, as one double rule."""
    result: list[Bar] = []
    for bar in sorted(bars, key=lambda b: (b.box.y0, b.box.x0)):
        partner = None
        for k in range(len(result) - 1, -1, -1):
            if bar.box.y0 - result[k].box.y0 > _DOUBLE + 2 * THIN:
                break
            if _pair(result[k].box, bar.box):
                partner = k
        if partner is None:
            result.append(bar)
        else:
            result[partner] = Bar(result[partner].box.union(bar.box), "double")
    return result


def _pair(upper: Box, lower: Box) -> bool:
    """Whether two horizontal bars are the strokes of one double rule."""
    return 0 < lower.y0 - upper.y1 <= _DOUBLE and _same_span(upper, lower)


def frames_of_bars(bars: list[Bar]) -> tuple[list[Bar], tuple[Area, ...]]:
    """Frames whose four sides were drawn one by one (CSS borders), and the bars left.

    A page ruled through and through is a table or a chart, not one of frames.
    """
    if len(bars) > _MOST_BARS:
        return bars, ()
    flat = sorted((b for b in bars if b.horizontal), key=lambda b: b.box.y0)
    steep = sorted((b for b in bars if not b.horizontal), key=lambda b: b.box.x0)
    used: set[int] = set()
    frames = []
    for i, top in enumerate(flat):
        for bottom in flat[i + 1 :]:
            if id(top) in used or id(bottom) in used or not _same_span(top.box, bottom.box):
                continue
            whole = top.box.union(bottom.box)
            left = _side(steep, whole, whole.x0, used)
            right = _side(steep, whole, whole.x1, used)
            if left is not None and right is not None and left is not right:
                used.update(map(id, (top, bottom, left, right)))
                frames.append(Area(whole.union(left.box).union(right.box), True, None, -1))
    return [b for b in bars if id(b) not in used], tuple(frames)


def _same_span(one: Box, other: Box) -> bool:
    reach = 2 * TOUCH
    return abs(one.x0 - other.x0) <= reach and abs(one.x1 - other.x1) <= reach


def _side(steep: list[Bar], whole: Box, x: float, used: set[int]) -> Bar | None:
    reach = 2 * TOUCH
    for bar in steep:
        box = bar.box
        if (
            id(bar) not in used
            and abs(box.cx - x) <= reach
            and abs(box.y0 - whole.y0) <= reach
            and abs(box.y1 - whole.y1) <= reach
        ):
            return bar
    return None
