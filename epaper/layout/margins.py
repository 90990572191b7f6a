"""Slogans down the margins of a vertical page, which belong to no story.

Old tabloids set a sentence in large letters, far apart, down the outer side of the page.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from epaper.geometry import hull
from epaper.model import Line, WritingMode

# A slogan is larger than the text, as long as this share of all text is high, of so many
# letters at least, and they stand so many times their size apart.
_LARGER, _LONG, _LETTERS, _APART = 1.15, 0.6, 10, 1.3
# Letters of one slogan stand in one line, and are of one size, in ems of it.
_ASIDE, _ALIKE = 0.7, 1.5
# The least share of its letters that were read with white around. Fewer characters beyond a
# slogan are dirt.
_MOSTLY, _DIRT = 0.5, 12


def slogans(lines: Sequence[Line], mode: WritingMode) -> list[Line]:
    """The lines of the slogans at the sides of a page set in `mode`."""
    if mode is not WritingMode.VERTICAL or not lines:
        return []
    said = np.array([len(line.text.strip()) for line in lines])
    body = float(np.median(np.repeat([line.size for line in lines], np.maximum(said, 1))))
    whole = hull(line.box for line in lines)
    found: list[Line] = []
    large = [line for line in lines if line.size >= _LARGER * body]
    middle, wide, size = (
        np.array(values)
        for values in zip(*((x.box.cx, x.box.width, x.size) for x in lines), strict=True)
    )
    for first in sorted(large, key=lambda line: -line.size):
        # The lines over and under it, of its size.
        aside = np.abs(middle - first.box.cx) < _ASIDE * first.size
        alike = np.maximum(size, first.size) < _ALIKE * np.minimum(size, first.size)
        near = aside & alike & (wide < 2 * first.size)
        strip = [lines[k] for k in np.flatnonzero(near).tolist()]
        if not strip or any(first is line for line in found):
            continue
        letters = sum(len(line.text.strip()) for line in strip)
        long = hull(line.box for line in strip).height
        apart = sum(len(line.text.strip()) for line in strip if _is_spaced(line))
        spaced = apart > _MOSTLY * letters and _APART * first.size * letters < long
        if letters >= _LETTERS and spaced and long > _LONG * whole.height and _last(strip, lines):
            found += strip
    return found


def _is_spaced(line: Line) -> bool:
    """True for a letter by itself, and for letters with white between them."""
    more = len(line.text.strip()) - 1
    return more < 1 or line.box.height - line.size > _APART * line.size * more


def _last(strip: Sequence[Line], lines: Sequence[Line]) -> bool:
    """True if hardly anything stands beyond the strip on one of its sides, or in it."""
    box = hull(line.box for line in strip)
    beside = [x for x in lines if not any(x is y for y in strip)]
    among = [x for x in beside if box.x0 < x.box.cx < box.x1 and x.box.overlap_y(box) > 0]
    within = sum(len(x.text) for x in among)
    left = sum(len(x.text) for x in beside if x.box.cx < box.x0)
    right = sum(len(x.text) for x in beside if x.box.cx > box.x1)
    return within < _DIRT and min(left, right) < _DIRT
