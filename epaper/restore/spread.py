"""Two facing pages on one scan, and where to part them.

A landscape scan alone is no spread: half a broadsheet is wider than tall, too. What tells
is a fold, seen as a shadow or as a crease through white and print alike, or a white band
wider than those between columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.restore.tone import Image
from epaper.restore.view import Floats, Mask, View

_WORKING = 1600
# A newspaper page is taller than wide, so two side by side are clearly wider than tall.
_LANDSCAPE = 1.2
# Shares of the width: where the fold may be, and how far from it the pages may be parted.
_MIDDLE = (0.42, 0.58)
_ASIDE = 0.08
# Shares of the height in which a cut meets ink: none to speak of, thin lines, print.
_CLEAR, _CROSSED = 0.006, 0.035
_NARROWEST = 0.012
_WIDER = 1.5
_PRINTED = 0.02
# Of the rows in which there is no print, a fold shows in this share.
_SEEN = 0.55
_LEAST_FREE = 0.05
# Levels of gray by which a crease or shadow differs from the paper beside it.
_DEPTH = 5.0


@dataclass(frozen=True, slots=True)
class Gutter:
    """Where two pages part: `x` in pixels of the view, and what showed it."""

    x: int
    evidence: str


def find_gutter(view: View) -> Gutter | None:
    """Where a spread that stands upright parts; None where it is one page, or in doubt."""
    if view.width < _LANDSCAPE * view.height:
        return None
    scale = min(1.0, _WORKING / view.width)
    small = cv2.resize(view.gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    gray: Image = np.asarray(small, np.uint8)
    ink = gray < cv2.blur(gray, (31, 31)).astype(np.int16) - 25
    crossed = _crossed(np.asarray(ink, np.bool_))
    printed = np.flatnonzero(crossed >= _CLEAR)
    if not len(printed):
        return None
    found = _white_band(crossed, (int(printed[0]), int(printed[-1]) + 1))
    found = found or _fold(gray, np.asarray(ink, np.bool_), crossed)
    if found is None:
        return None
    x, evidence = found
    halves = (float(crossed[:x].mean()), float(crossed[x:].mean()))
    return Gutter(round(x / scale), evidence) if min(halves) >= _PRINTED else None


def _crossed(ink: Mask) -> Floats:
    """For every column, the share of rows in which ink crosses it; upright rules do not."""
    source = ink.astype(np.uint8)
    tall = max(9, ink.shape[0] // 12)
    rules = cv2.morphologyEx(source, cv2.MORPH_OPEN, np.ones((tall, 1), np.uint8))
    rules = cv2.dilate(rules, np.ones((1, 3), np.uint8))
    share = ((source > 0) & (rules == 0)).mean(axis=0)
    return np.asarray(np.convolve(share, np.ones(3) / 3, "same"), np.float64)


def _white_band(crossed: Floats, print_ends: tuple[int, int]) -> tuple[int, str] | None:
    """The middle of the white band in the middle, where it is wider than all others."""
    width = len(crossed)
    bands = [b for b in _bands(crossed < _CLEAR) if print_ends[0] < b[0] and b[1] < print_ends[1]]
    middle = [b for b in bands if _MIDDLE[0] * width < sum(b) / 2 < _MIDDLE[1] * width]
    if not middle:
        return None
    gutter = max(middle, key=lambda b: b[1] - b[0])
    wide = gutter[1] - gutter[0]
    others = max((b[1] - b[0] for b in bands if b != gutter), default=0)
    if wide < _NARROWEST * width or wide < _WIDER * others:
        return None
    return sum(gutter) // 2, f"a white band of {wide / width:.1%} of the width"


def _fold(gray: Image, ink: Mask, crossed: Floats) -> tuple[int, str] | None:
    """Where to part at a fold: at it, or beside what is printed across it."""
    seen = _fold_seen(gray, ink)
    width = len(crossed)
    low, high = (round(m * width) for m in _MIDDLE)
    fold = low + int(seen[low:high].argmax())
    if seen[fold] < _SEEN:
        return None
    reach = round(_ASIDE * width)
    near = np.arange(max(0, fold - reach), min(width, fold + reach + 1))
    limit = _CLEAR if crossed[near].min() < _CLEAR else _CROSSED
    fit = near[crossed[near] < limit]
    if not len(fit):
        return None
    x = int(fit[np.abs(fit - fold).argmin()])
    where = "" if abs(x - fold) < 3 else f", parted {abs(x - fold) / width:.1%} beside it"
    return x, f"a fold seen in {seen[fold]:.0%} of the unprinted rows{where}"


def _fold_seen(gray: Image, ink: Mask) -> Floats:
    """For every column, the share of unprinted rows in which a fold shows there.

    A row counts as unprinted at a column where there is no ink a little aside on either
    hand; a fold shows where the paper is darker or lighter than it is there. Columns with
    few such rows, or none near the top or the foot of the page, show nothing.
    """
    wide = max(4, gray.shape[1] // 160)
    level = cv2.blur(gray, (1, 9)).astype(np.int16)
    beside = np.minimum(np.roll(level, wide, axis=1), np.roll(level, -wide, axis=1))
    grown = cv2.dilate(ink.astype(np.uint8), np.ones((1, wide), np.uint8)) > 0
    free = ~(np.roll(grown, wide, axis=1) | np.roll(grown, -wide, axis=1))
    shows = free & (beside - level > _DEPTH)
    # A fold wanders by a pixel or two.
    shows = cv2.dilate(shows.astype(np.uint8), np.ones((1, 3), np.uint8)) > 0
    shows &= free
    count = free.sum(axis=0)
    share = shows.sum(axis=0) / np.maximum(count, 1)
    edge = max(3, len(gray) // 30)
    for rows in (slice(0, edge), slice(-edge, None)):
        share[shows[rows].mean(axis=0) < _SEEN * free[rows].mean(axis=0)] = 0.0
        share[~free[rows].any(axis=0)] = 0.0
    share[count < _LEAST_FREE * len(gray)] = 0.0
    return np.asarray(share, np.float64)


def _bands(clear: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], clear.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
