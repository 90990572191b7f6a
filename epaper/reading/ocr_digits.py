"""Figures set as wide as ideographs, as the paper's habit is: ８月１６日, not 8月16日.

The models give all figures in half width. A paper sets those in its lines the one way or the
other, so all pairs of figures on the page say together which it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from epaper.model import Line, WritingMode

# From one figure to the next, in steps of the line's ideographs: half a step in half width, and
# up to 0.8 of one where a line is spaced out.
_WIDE = 0.85
# So many pairs of figures tell a page's habit, so many ideographs in a row a line's step.
_PAIRS, _STEPS = 8, 3
# On a page of wide figures a line has narrow ones, if so many pairs of it are all closer.
_SEVERAL, _NARROW = 2, 0.8
# A blank beside a wide figure is none, if the figure's neighbour is within so many steps.
_NEXT = 1.7

_FULL = str.maketrans("0123456789", "０１２３４５６７８９")


def with_wide_figures(lines: Sequence[Line]) -> list[Line]:
    """The lines, the figures of horizontal ones in full width where the page sets them so."""
    known = {k: step for k, line in enumerate(lines) if (step := _step(line))}
    pairs = [pair for k, step in known.items() for pair in _pairs(lines[k], step)]
    if len(pairs) < _PAIRS or median(pairs) < _WIDE:
        return list(lines)
    return [_widened(line, known.get(k, line.size)) for k, line in enumerate(lines)]


def _step(line: Line) -> float:
    """From one ideograph of a horizontal line to the next, pixels; 0 where that is not known."""
    if line.mode is not WritingMode.HORIZONTAL or len(line.chars) != len(line.text):
        return 0.0
    steps = [
        b.cx - a.cx
        for (one, a), (two, b) in pairwise(zip(line.text, line.chars, strict=True))
        if _is_ideograph(one) and _is_ideograph(two)
    ]
    return median(steps) if len(steps) >= _STEPS else 0.0


def _is_ideograph(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _pairs(line: Line, step: float) -> list[float]:
    """How far figures next to each other are apart, in steps."""
    told = [(c, b) for c, b in zip(line.text, line.chars, strict=True) if not c.isspace()]
    return [
        (b.cx - a.cx) / step
        for (one, a), (two, b) in pairwise(told)
        if one in "0123456789" and two in "0123456789"
    ]


def _widened(line: Line, step: float) -> Line:
    """The line with wide figures and without the blanks beside them, if they are not close set."""
    if line.mode is not WritingMode.HORIZONTAL or len(line.chars) != len(line.text):
        return line
    pairs = _pairs(line, step)
    if len(pairs) >= _SEVERAL and max(pairs) < _NARROW:
        return line
    kept = [k for k in range(len(line.text)) if not _is_beside_figure(line, k, step)]
    text = "".join(line.text[k] for k in kept).translate(_FULL)
    return replace(line, text=text, chars=tuple(line.chars[k] for k in kept))


def _is_beside_figure(line: Line, k: int, step: float) -> bool:
    """True for a blank between a figure and what stands right beside it."""
    if not line.text[k].isspace() or not 0 < k < len(line.text) - 1:
        return False
    near = line.chars[k + 1].cx - line.chars[k - 1].cx < _NEXT * step
    return near and bool(set(line.text[k - 1 : k + 2 : 2]) & set("0123456789"))
