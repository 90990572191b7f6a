"""Two facing pages on one scan, and where to part them.

A landscape scan alone is no spread: half a broadsheet is wider than tall, too. What tells
is a white band wider than those between columns; a fold, seen as a shadow or as a crease
through white and print alike; or that the sheet is whole, with white at its head and foot,
and nothing is printed across its middle. The pages are parted along the path from top to foot
that meets the least ink near there, found by dynamic programming as the seams of Avidan
and Shamir are ("Seam carving for content-aware image resizing", SIGGRAPH 2007), so that
an advert printed over the fold stays whole, on one of the two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.restore.tone import Image
from epaper.restore.view import Floats, Mask, View

_WORKING = 1600
# A newspaper page is taller than wide, so two side by side are clearly wider than tall.
# Twice the narrowest page's proportions and twice the widest's.
_LANDSCAPE, _BROADEST = 1.2, 1.9
# Shares of the width: where the fold may be, and how far from it the pages may be parted,
# or from the middle where no fold is seen.
_MIDDLE = (0.42, 0.58)
_ASIDE, _ASIDE_UNSEEN = 0.12, 0.05
# Share of the rows in which a white column meets ink, and those in which the path may.
_CLEAR, _CROSSED = 0.006, 0.025
_NARROWEST = 0.012
_WIDER = 1.5
# Share of a half and of a row that is ink, where there is print; margins of a sheet.
_PRINTED, _LINE, _MARGIN = 0.02, 0.05, 0.015
# Rows of which one is paper, in print; width of the darkest fold as a share of the page's;
# levels of gray below this share of the paper's over more than that are a picture.
_TALL, _DARK_FOLD, _PICTURE = 41, 0.035, 0.6
# Of the rows in which there is no print, a fold shows in this share.
_SEEN = 0.55
_LEAST_FREE = 0.05
# Levels of gray by which a crease or shadow differs from the paper beside it.
_DEPTH = 5.0
# What a pixel of the path costs: of itself, off the fold by the pixel, across, on ink.
_PIXEL, _OFF, _ACROSS, _INK = 0.02, 0.0001, 0.01, 1.0


@dataclass(frozen=True, slots=True)
class Gutter:
    """Where two pages part.

    `path` holds, for every row of the view, the first column of the right page.
    """

    path: NDArray[np.int64]
    evidence: str

    def part(self, view: View) -> tuple[View, View]:
        """The left and the right page; what lies beyond the path is no paper of theirs."""
        columns = np.arange(view.width)[None, :]
        right = columns >= self.path[:, None]
        first, last = int(self.path.min()), int(self.path.max())
        return (
            _without(view, right).part(0, 0, last, view.height),
            _without(view, ~right).part(first, 0, view.width, view.height),
        )


def find_gutter(view: View) -> Gutter | None:
    """Where a spread that stands upright parts; None where it is one page, or in doubt."""
    if not _LANDSCAPE < view.width / view.height < _BROADEST:
        return None
    scale = min(1.0, _WORKING / view.width)
    small = cv2.resize(view.gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    gray: Image = np.asarray(small, np.uint8)
    ink = _ink(gray, view.tone)
    crossed = np.asarray(np.convolve(ink.mean(axis=0), np.ones(3) / 3, "same"), np.float64)
    printed = np.flatnonzero(crossed >= _CLEAR)
    if not len(printed):
        return None
    ends = (int(printed[0]), int(printed[-1]) + 1)
    found = _white_band(crossed, ends) or _fold(gray, ink)
    x = found[0] if found else sum(ends) // 2
    path = _path(gray, ink, x, _CROSSED if found else _CLEAR)
    if path is None:
        return None
    aside = float(np.abs(path - x).max()) / len(crossed)
    if not found and (aside > _ASIDE_UNSEEN or not _whole_sheet(ink, x)):
        return None
    halves = (float(crossed[: path.min()].mean()), float(crossed[path.max() :].mean()))
    if min(halves) < _PRINTED:
        return None
    rows = (np.arange(view.height) * scale).astype(int)
    full = np.round(path[np.minimum(rows, len(path) - 1)] / scale).astype(np.int64)
    around = f", parted up to {aside:.1%} beside it" if aside > _NARROWEST else ""
    evidence = found[1] if found else "a whole sheet with nothing printed across its middle"
    return Gutter(full, f"{evidence}{around}")


def _whole_sheet(ink: Mask, x: int) -> bool:
    """Whether the print about column `x` ends before the sheet does, at its head and foot."""
    reach = round(_ASIDE * ink.shape[1])
    part = ink[:, max(0, x - reach) : x + reach].astype(np.uint8)
    # The edge of a sheet, a thin line, is no print.
    upright = cv2.erode(part, np.ones((3, 1), np.uint8))
    rows = np.flatnonzero(upright.mean(axis=1) > _LINE)
    margin = _MARGIN * len(ink)
    return bool(len(rows)) and rows[0] >= margin and rows[-1] < len(ink) - margin


def _without(view: View, beyond: NDArray[np.bool_]) -> View:
    off = beyond if view.off is None else view.off | beyond
    gray = view.gray.copy()
    gray[beyond] = view.tone
    return replace(view, gray=gray, off=off)


def _ink(gray: Image, tone: int) -> Mask:
    """What is darker than the paper above and below it, and pictures.

    Neither upright rules nor the shadow of a fold are: they go on above and below.
    """
    tall = np.ones((_TALL, 1), np.uint8)
    level = cv2.blur(cv2.dilate(gray, tall), (1, _TALL))
    wide = np.ones((1, round(_DARK_FOLD * gray.shape[1])), np.uint8)
    pictures = cv2.morphologyEx(level, cv2.MORPH_CLOSE, wide) < _PICTURE * tone
    return np.asarray((gray < level.astype(np.int16) - 25) | pictures, np.bool_)


def _white_band(crossed: Floats, uprightends: tuple[int, int]) -> tuple[int, str] | None:
    """The middle of the white band in the middle, where it is wider than all others."""
    width = len(crossed)
    bands = [b for b in _bands(crossed < _CLEAR) if uprightends[0] < b[0] and b[1] < uprightends[1]]
    middle = [b for b in bands if _MIDDLE[0] * width < sum(b) / 2 < _MIDDLE[1] * width]
    if not middle:
        return None
    gutter = max(middle, key=lambda b: b[1] - b[0])
    wide = gutter[1] - gutter[0]
    others = max((b[1] - b[0] for b in bands if b != gutter), default=0)
    if wide < _NARROWEST * width or wide < _WIDER * others:
        return None
    return sum(gutter) // 2, f"a white band of {wide / width:.1%} of the width"


def _fold(gray: Image, ink: Mask) -> tuple[int, str] | None:
    """The column of a fold."""
    seen = _fold_seen(gray, ink)
    low, high = (round(m * len(seen)) for m in _MIDDLE)
    fold = low + int(seen[low:high].argmax())
    if seen[fold] < _SEEN:
        return None
    return fold, f"a fold seen in {seen[fold]:.0%} of the unprinted rows"


def _path(gray: Image, ink: Mask, fold: int, most: float) -> NDArray[np.int64] | None:
    """For every row, where the pages part near the column `fold`.

    None where it would meet ink over more than `most` of the height.
    """
    height, width = ink.shape
    reach = round(_ASIDE * width)
    low, high = max(0, fold - reach), min(width, fold + reach)
    columns = np.arange(low, high)
    cost = _PIXEL + _OFF * np.abs(columns - fold) + _INK * ink[:, low:high]
    # The side of a frame is met only by going across.
    part = gray[:, low:high]
    sides = part < cv2.blur(part, (_TALL, 1)).astype(np.int16) - 25
    aside = cost + _ACROSS + _INK * sides
    came = np.empty(cost.shape, np.int64)
    best = np.zeros(high - low)
    for y in range(height):
        best, came[y] = _across(best + cost[y], aside[y])
    x = int(best.argmin())
    path = np.empty(height, np.int64)
    met = 0
    for y in range(height - 1, -1, -1):
        path[y] = low + x
        entered = int(came[y, x])
        met += int(ink[y, low + min(x, entered) : low + max(x, entered) + 1].sum())
        x = entered
    return path if met <= most * height else None


def _across(best: Floats, step: Floats) -> tuple[Floats, NDArray[Any]]:
    """The cost of each column when a row may be gone along, and the column it was entered at.

    `best` is the cost of each column without, `step` that of going on to the next.
    """
    right, from_left = _rightwards(best, step)
    left, from_right = _rightwards(best[::-1], step[::-1])
    left, from_right = left[::-1], len(best) - 1 - from_right[::-1]
    return np.minimum(left, right), np.where(left < right, from_right, from_left)


def _rightwards(best: Floats, step: Floats) -> tuple[Floats, NDArray[Any]]:
    sums = np.cumsum(step)
    ahead = best - sums
    least = np.minimum.accumulate(ahead)
    entered = np.maximum.accumulate(np.where(ahead <= least, np.arange(len(best)), 0))
    return least + sums, entered


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
