"""Colons and commas of vertical lines that recognition reads as dots, told by their ink."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np

from epaper.reading.ocr_ink import Mask, runs

_COLON = "："
# What one dot or two are read as.
_DOTTED = frozenset("·・.．、，,:：;；…‥。'’\"”i!")
# A dot, in line widths: how large, how much longer one way, and how much of its box it fills.
_DOT, _ROUND, _FILLED = (0.05, 0.28), 1.5, 0.55
# Two dots of a colon: how far from each other along the line, how far aside, and how much
# larger one may be.
_APART, _ASIDE, _LIKE = (0.18, 0.65), 0.1, 1.6
# A colon stands so far from the sides of the line; from the middles of letters, so far.
_SIDES, _AWAY = 0.3, 0.45

# A point with a tail is so many times as long as wide; that of 、 slants so much.
_POINT, _TAILED, _SLANT = "·", 1.35, 0.4

_Dot = tuple[float, float, float]


def with_colons(text: str, centres: Sequence[float], ink: Mask) -> tuple[str, list[float]]:
    """Text and centres with the colons and commas that the ink shows for what was read as dots.

    `ink` (W, H) is the line transposed: it runs along x; lengths are pixels.
    """
    em = float(ink.shape[0])
    said = list(zip(centres, text, strict=True))
    for place in _colons(ink, em):
        near = [(c, char) for c, char in said if abs(c - place) <= _AWAY * em]
        if all(char in _DOTTED for _, char in near):
            said = [one for one in said if one not in near]
            said.append((place, _COLON))
    said.sort()
    said = [(c, _with_tail(ink, c, em) if char == _POINT else char) for c, char in said]
    return "".join(char for _, char in said), [place for place, _ in said]


def _colons(ink: Mask, em: float) -> list[float]:
    """Middles of two dots of one size, one below the other, with nothing beside them."""
    dots = [_dot(ink, start, end, em) for start, end in runs(np.asarray(ink.any(axis=0), np.bool_))]
    found: list[float] = []
    for a, b in pairwise(dots):
        if a is None or b is None or (found and a[0] < found[-1]):
            continue
        apart = _APART[0] * em <= b[0] - a[0] <= _APART[1] * em
        if apart and abs(a[1] - b[1]) <= _ASIDE * em and max(a[2], b[2]) <= _LIKE * min(a[2], b[2]):
            found.append((a[0] + b[0]) / 2)
    return found


def _dot(ink: Mask, start: int, end: int, em: float) -> _Dot | None:
    """Middle along and across the line and size of the dot from `start` to `end`, if it is one."""
    if not _DOT[0] * em <= end - start <= _DOT[1] * em:
        return None
    part = ink[:, start:end].astype(np.uint8)
    count, _, stats, middles = cv2.connectedComponentsWithStats(part, connectivity=8)
    if count != 2:
        return None
    wide, high, area = (int(v) for v in stats[1, 2:5])
    within = _DOT[0] * em <= high <= _DOT[1] * em and area >= _FILLED * wide * high
    amid = _SIDES * em <= float(middles[1, 1]) <= (1 - _SIDES) * em
    if not within or not amid or max(wide, high) > _ROUND * min(wide, high):
        return None
    return start + float(middles[1, 0]), float(middles[1, 1]), (wide * high) ** 0.5


def _with_tail(ink: Mask, place: float, em: float) -> str:
    """The comma that the ink of a point shows if it has a tail, else the point.

    The tail of 、 goes down to the right, that of ， straight down or to the left.
    """
    near = (max(0, round(place - _AWAY * em)), round(place + _AWAY * em) + 1)
    part = ink[:, near[0] : near[1]]
    around = [
        (a, b) for a, b in runs(np.asarray(part.any(axis=0), np.bool_)) if a and b < part.shape[1]
    ]
    if len(around) != 1:
        return _POINT
    rows, columns = np.nonzero(part[:, slice(*around[0])])
    wide, high = float(np.ptp(rows)) + 1, float(np.ptp(columns)) + 1
    if max(wide, high) > 2 * _DOT[1] * em or max(wide, high) < _TAILED * min(wide, high):
        return _POINT
    return "、" if float(np.corrcoef(rows, columns)[0, 1]) > _SLANT else "，"
