"""Characters of one orientation seen along their lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from epaper.reading.chars import Glyphs
from epaper.reading.modes import HORIZONTAL, LEFTWARD, UPWARD


@dataclass(frozen=True)
class Track:
    """Glyphs of one orientation seen along their lines; `index` points into the page's.

    `usual` is the median em of the whole page, `color` N×3 red, green and blue.
    """

    index: NDArray[np.int64]
    text: tuple[str, ...]
    start: NDArray[np.float64]
    end: NDArray[np.float64]
    axis: NDArray[np.float64]
    size: NDArray[np.float64]
    blank: NDArray[np.bool_]
    wide: NDArray[np.bool_]
    letter: NDArray[np.bool_]
    usual: float
    color: NDArray[np.int64]


def track(glyphs: Glyphs, boxes: NDArray[np.float64], modes: NDArray[np.int64], mode: int) -> Track:
    """The glyphs of one orientation along their lines, in the file's order."""
    index = np.flatnonzero(modes == mode)
    picked = boxes[index]
    size = glyphs.size[index]
    if mode in (HORIZONTAL, LEFTWARD):
        start, end = picked[:, 0], picked[:, 2]
        axis = glyphs.origins[index, 1]
    else:
        axis = (picked[:, 0] + picked[:, 2]) / 2
        start, end = picked[:, 1], picked[:, 3]
    if mode in (UPWARD, LEFTWARD):
        start, end = -end, -start
    text = tuple([glyphs.text[i] for i in index.tolist()])
    letter = np.array([char.isalnum() for char in text], dtype=np.bool_)
    blank, wide = glyphs.blank[index], glyphs.wide[index]
    usual = float(np.median(glyphs.size))
    inks = np.array(glyphs.colors, dtype=np.int64)[:, None] >> np.array([16, 8, 0]) & 255
    color = inks[glyphs.span[index]]
    return Track(index, text, start, end, axis, size, blank, wide, letter, usual, color)


def middle(values: Sequence[float]) -> float:
    """The median, 0 of nothing; quicker than NumPy's on the few values of a line."""
    ranked = sorted(values)
    half = len(ranked) // 2
    return (ranked[half] + ranked[-half - 1]) / 2 if ranked else 0.0
