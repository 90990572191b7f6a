"""Which way each character of a PDF page is set: across, down, or up the margin.

Lengths are points in the page's upright frame, y down.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from epaper.reading.chars import ASCENT, DESCENT, Glyphs

HORIZONTAL, VERTICAL, UPWARD, LEFTWARD = 0, 1, 2, 3

# All in ems of the smaller neighbour.
WORD_REACH = 0.9  # a wider gap is a gutter unless the line is letter-spaced
SPACED_LIMIT = 3.0  # letter-spacing of nameplates and headlines goes so far
_CORNER_MARKS = frozenset("。，、．；：！？")
_SUNK_MARKS = _CORNER_MARKS | frozenset(",.;:!?")
_VERTICAL_PAGE = 0.5  # share of glyphs in columns from which a page is set vertically
_FIGURE_MARKS = frozenset(".,%:-/·°℃")
_LONGEST_FIGURE = 12  # characters set upright down a column
ON_LINE = 0.2  # offset of characters of one line from its axis


def em_boxes(glyphs: Glyphs) -> NDArray[np.float64]:
    """N×4 boxes: advance by em for upright glyphs, as declared for turned ones."""
    boxes = glyphs.boxes.copy()
    upright = (glyphs.dirs[:, 0] > 0.9) | glyphs.tall
    # MuPDF reports glyphs of vertical fonts one em further on than it draws them.
    base = glyphs.origins[:, 1] - np.where(glyphs.tall, glyphs.size, 0.0)
    boxes[upright, 1] = (base - ASCENT * glyphs.size)[upright]
    boxes[upright, 3] = (base + DESCENT * glyphs.size)[upright]
    return boxes


def settle_marks(glyphs: Glyphs, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """`boxes` with the full stops and commas of vertical columns in their own cells.

    Fonts without vertical forms are set vertically by moving 。，、 up and to the right,
    half out of their column; file order and the neighbours tell whose they are.
    """
    boxes = _pulled_back(glyphs, boxes)
    marks = [i for i, char in enumerate(glyphs.text) if char in _CORNER_MARKS and i > 0]
    if not marks:
        return boxes
    where = np.array(marks)
    offset = (boxes[where, 0] + boxes[where, 2] - boxes[where - 1, 0] - boxes[where - 1, 2]) / 2
    # A mark after a mark is looked at again: the first may have been moved meanwhile.
    likely = (offset > 0.2 * glyphs.size[where]) | np.isin(where - 1, where)
    if not likely.any():
        return boxes
    settled = boxes.copy()
    alone = []
    for i in where[likely].tolist():
        size, before = glyphs.size[i], settled[i - 1]
        across = (settled[i, 0] + settled[i, 2] - before[0] - before[2]) / 2 / size
        down = (settled[i, 3] - before[3]) / size
        if glyphs.dirs[i - 1, 1] > 0.5:
            down += 0.5  # a turned bracket or digit ends where its advance ends
        if not (0.25 < across < 0.8 and 0.3 < down < 1.1 and glyphs.dirs[i, 0] > 0.9):
            continue
        if any(_stacks(settled, i - 1, k, size) for k in (i - 2, i + 1)):
            settled[i] = _cell_below(before, size)
        else:
            alone.append(i)
    if 4 * len(alone) < len(marks):
        # The rest of the page shows how marks are moved; these follow a lone character.
        for i in alone:
            settled[i] = _cell_below(settled[i - 1], glyphs.size[i])
    return settled


def _pulled_back(glyphs: Glyphs, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """`boxes` with the marks that stand on their column's axis, but too far down, one em up.

    Set upright without vertical metrics a mark is drawn up to an em on; at the end of a
    column that is in the gutter, where it would join two columns.
    """
    marks = [i for i, char in enumerate(glyphs.text) if char in _SUNK_MARKS and i > 1]
    if not marks:
        return boxes
    where = np.array(marks)
    size = glyphs.size[where]
    centre = boxes[:, 0] + boxes[:, 2]
    level = np.abs(centre[where] - centre[where - 1]) < 2 * ON_LINE * size
    level &= np.abs(centre[where - 1] - centre[where - 2]) < 2 * ON_LINE * size
    pitch = (boxes[where - 1, 3] - boxes[where - 2, 3]) / size
    down = (boxes[where, 3] - boxes[where - 1, 3]) / size
    far = level & (pitch > 0.7) & (pitch < 1.2) & (down > 1.3) & (down < 1.95)
    far &= (glyphs.dirs[where, 0] > 0.9) & (np.abs(glyphs.size[where - 1] - size) < 0.05 * size)
    if not far.any():
        return boxes
    settled = boxes.copy()
    for i in where[far].tolist():
        settled[i] = _cell_below(boxes[i - 1], glyphs.size[i])
    return settled


def _cell_below(before: NDArray[np.float64], size: float) -> NDArray[np.float64]:
    """The cell of one em that follows the box `before` in its column."""
    middle = (before[0] + before[2]) / 2
    return np.array([middle - size / 2, before[3], middle + size / 2, before[3] + size])


def _stacks(boxes: NDArray[np.float64], i: int, k: int, size: float) -> bool:
    """Whether glyph `k` stands above or below glyph `i`, at most a cell in between."""
    if not 0 <= k < len(boxes):
        return False
    across = abs(boxes[i, 0] + boxes[i, 2] - boxes[k, 0] - boxes[k, 2]) / 2
    down = abs(boxes[i, 3] - boxes[k, 3])
    return bool(across < ON_LINE * size and 0.7 * size < down < 2.6 * size)


def orientations(glyphs: Glyphs, boxes: NDArray[np.float64]) -> NDArray[np.int64]:
    """HORIZONTAL, VERTICAL, UPWARD or LEFTWARD for every glyph.

    Upright glyphs may be set either way. Each pair that the file draws one after the
    other votes: side by side on one baseline, or stacked on one centre at about an em.
    """
    count = len(glyphs)
    upright = (glyphs.dirs[:, 0] > 0.9) & ~glyphs.tall
    result = np.zeros(count, dtype=np.int64)
    result[glyphs.tall | (~upright & (glyphs.dirs[:, 1] > 0.5))] = VERTICAL
    result[~upright & (glyphs.dirs[:, 1] < -0.5)] = UPWARD
    if count < 2:
        return result
    votes = _votes(glyphs, boxes, upright | glyphs.tall)
    result[upright & (votes > 0)] = VERTICAL
    mostly = float((result == VERTICAL).mean())
    leftward = _leftward(glyphs, boxes, upright & (votes <= 0), mostly)
    result[leftward] = LEFTWARD
    unsure = upright & (votes == 0) & ~glyphs.blank & ~leftward
    for i, mode in _lonely_modes(glyphs, boxes, np.where(unsure, -1, result)):
        result[i] = mode
    blank = np.flatnonzero(upright & glyphs.blank)
    for i in blank[blank > 0]:
        result[i] = result[i - 1]
    return result


def _leftward(
    glyphs: Glyphs, boxes: NDArray[np.float64], free: NDArray[np.bool_], mostly: float
) -> NDArray[np.bool_]:
    """Ideographs of lines that the file draws from right to left, as old papers set them.

    Each stands left of the one before it on one baseline, at even distances. Two make a
    line only among vertical columns (`mostly` is their share of the page). `free` are
    the glyphs that stand in no column.
    """
    size = glyphs.size[1:]
    even = np.abs(glyphs.size[:-1] - size) < 0.05 * size
    level = np.abs(np.diff(glyphs.origins[:, 1])) < 0.05 * size
    gap = (boxes[:-1, 0] - boxes[1:, 2]) / size
    step = even & level & (gap > -0.2) & (gap < SPACED_LIMIT)
    for side in (slice(1, None), slice(None, -1)):
        step &= (free & glyphs.wide & ~glyphs.blank)[side]
    found = np.zeros(len(glyphs), dtype=np.bool_)
    least = 1 if mostly > _VERTICAL_PAGE else 2
    ends = np.flatnonzero(np.diff(step.astype(np.int64), prepend=0, append=0))
    for first, stop in ends.reshape(-1, 2).tolist():
        if stop - first >= least and np.ptp(gap[first:stop]) < 0.3:
            found[first : stop + 1] = True
    return found


def _votes(
    glyphs: Glyphs, boxes: NDArray[np.float64], upright: NDArray[np.bool_]
) -> NDArray[np.float64]:
    centre = (boxes[:, 0] + boxes[:, 2]) / 2
    size = np.minimum(glyphs.size[1:], glyphs.size[:-1])
    across = np.abs(np.diff(centre)) / size
    down = np.diff(boxes[:, 3]) / size
    gap = (boxes[1:, 0] - boxes[:-1, 2]) / size
    pair = upright[1:] & upright[:-1]
    ratio = np.maximum(glyphs.size[1:], glyphs.size[:-1]) / size
    wide = glyphs.wide[1:].astype(np.int64) + glyphs.wide[:-1]
    # Short justified lines are spread widely, but then between ideographs of one size.
    tight = (wide > 0) & (ratio < 1.6) & (down < 1.45)
    spread = (wide > 1) & (ratio < 1.05) & (down < 2.2)
    beside = pair & (np.abs(down) < 0.25) & (gap > -0.5) & (gap < WORD_REACH)
    lined = np.zeros(len(glyphs), dtype=np.bool_)
    lined[1:] |= beside
    lined[:-1] |= beside
    # … and neither of them begins or ends a horizontal line.
    spread &= ~lined[1:] & ~lined[:-1]
    stacked = pair & (tight | spread) & (across < 0.2) & (down > 0.35)
    votes = np.zeros(len(glyphs))
    for side in (slice(1, None), slice(None, -1)):
        votes[side] += 1.0 * stacked
        votes[side] -= 1.01 * beside
    # Points and signs among upright figures are drawn up to half an em further on.
    mark = np.array([char in _FIGURE_MARKS for char in glyphs.text], dtype=np.bool_)
    low, high = np.where(mark[:-1], 0.15, 0.6), np.where(mark[1:], 1.8, 1.25)
    _carry_on(votes, pair & (across < 0.2) & (down > low) & (down < high))
    return votes


def _carry_on(votes: NDArray[np.float64], close: NDArray[np.bool_]) -> None:
    """Let upright figures and letters of a column, which say nothing by themselves, go with it.

    `close` tells the pairs that stand one under the other at an em. Changes `votes`.
    """
    for _ in range(_LONGEST_FIGURE):
        ahead = close & (votes[:-1] > 0) & (votes[1:] == 0)
        back = close & (votes[1:] > 0) & (votes[:-1] == 0)
        if not (ahead.any() or back.any()):
            return
        votes[1:][ahead] = 1.0
        votes[:-1][back] = 1.0


def _lonely_modes(
    glyphs: Glyphs, boxes: NDArray[np.float64], known: NDArray[np.int64]
) -> list[tuple[int, int]]:
    """(glyph, mode) of every glyph that `known` has as -1, by the glyphs around it."""
    lonely = np.flatnonzero(known == -1)
    inked = np.flatnonzero(~glyphs.blank)
    if not lonely.size:
        return []
    corners = boxes[:, [0, 3]]
    around = cKDTree(corners[inked]).query_ball_point(
        corners[lonely], SPACED_LIMIT * glyphs.size[lonely], p=np.inf, return_sorted=True
    )
    return [
        (int(i), _lonely_mode(int(i), inked[near], glyphs, boxes, known))
        for i, near in zip(lonely, around, strict=True)
    ]


def _lonely_mode(
    i: int,
    near: NDArray[np.int64],
    glyphs: Glyphs,
    boxes: NDArray[np.float64],
    known: NDArray[np.int64],
) -> int:
    """How a glyph drawn on its own is set: as its nearest neighbour on either axis.

    `near` are the glyphs around it, `known` holds the modes already decided, -1
    elsewhere. A neighbour counts for an axis that it may itself lie along; two lonely
    ones stack only at about an em, or the last words of two paragraphs would.
    """
    size = glyphs.size[i]
    alike = np.abs(glyphs.size[near] - size) < ON_LINE * size
    near = near[alike & (near != i)]
    delta = boxes[near] - boxes[i]
    modes = known[near]
    along = np.abs(delta[:, 0] + delta[:, 2]) / 2
    down = np.abs(delta[:, 3])
    tolerance = ON_LINE * size
    beside = along[(down < tolerance) & (modes != VERTICAL)]
    stacked = down[
        (along < tolerance) & ((modes == VERTICAL) | ((modes == -1) & (down < 1.45 * size)))
    ]
    set_beside = along[(down < tolerance) & (modes == HORIZONTAL)]
    if not glyphs.wide[i] or not stacked.size or set_beside.size:
        return HORIZONTAL
    if (modes[along < tolerance] == VERTICAL).any():
        return VERTICAL
    return VERTICAL if not beside.size or stacked.min() < beside.min() else HORIZONTAL
