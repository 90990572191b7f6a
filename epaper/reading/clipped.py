"""The ends of lines that a page's own clip path or edge hides.

A browser cuts the tail of an overlong headline off the box; the file holds it whole.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from epaper.reading.chars import Glyphs

# In ems of the glyph before.
_GAP = 0.5
_WORD_GAP = 0.15
_OFF_LINE = 0.1
_SAME_SIZE = 0.02


def cut_tails(glyphs: Glyphs, shown: NDArray[np.bool_]) -> dict[int, str]:
    """Text that goes on, unseen, after a glyph that is `shown`.

    Keys count among the shown glyphs and are never blanks. Only what the file draws next,
    on the same line in the same size, is taken; lines hidden from their beginning stay
    hidden.
    """
    rank = np.cumsum(shown) - 1
    hidden = glyphs.cut & ~glyphs.hidden
    tails = {}
    for first in (np.flatnonzero(hidden[1:] & shown[:-1]) + 1).tolist():
        last = first - 1
        while last > 0 and glyphs.blank[last] and shown[last - 1]:
            last -= 1
        text, k = " " * (last < first - 1), first
        while k < len(glyphs) and hidden[k] and _goes_on(glyphs, k):
            text += _space(glyphs, k) + glyphs.text[k]
            k += 1
        if text.strip() and not glyphs.blank[last]:
            tails[int(rank[last])] = " " * text[0].isspace() + " ".join(text.split())
    return tails


def _goes_on(glyphs: Glyphs, k: int) -> bool:
    """Whether glyph `k` follows the one before it on one line, across or down."""
    size = glyphs.size[k - 1]
    if abs(glyphs.size[k] - size) > _SAME_SIZE * size:
        return False
    if np.abs(glyphs.dirs[k] - glyphs.dirs[k - 1]).max() > 0.01 or glyphs.dirs[k, 0] < 0.9:
        return False
    dx, dy = glyphs.origins[k] - glyphs.origins[k - 1]
    if abs(dy) < _OFF_LINE * size:
        return bool(-_GAP * size < _gap(glyphs, k) < _GAP * size)
    return bool(abs(dx) < _OFF_LINE * size and 0.5 * size < dy < (1 + _GAP) * size)


def _gap(glyphs: Glyphs, k: int) -> float:
    return float(glyphs.boxes[k, 0] - glyphs.boxes[k - 1, 2])


def _space(glyphs: Glyphs, k: int) -> str:
    """The space between Latin words that are set apart without one."""
    blank = glyphs.blank[k] or glyphs.blank[k - 1] or glyphs.wide[k] or glyphs.wide[k - 1]
    across = abs(glyphs.origins[k, 1] - glyphs.origins[k - 1, 1]) < _OFF_LINE * glyphs.size[k]
    apart = across and not blank and _gap(glyphs, k) > _WORD_GAP * glyphs.size[k - 1]
    return " " if apart else ""
