"""Lone characters that belong to a line beside them.

A single character has no direction of its own; a quotation mark that its line's
justification pushed away may be read as a line, and in the wrong mode, as may the last
character of a headline, which fills a row alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from epaper.geometry import Box
from epaper.layout.cues import is_credit
from epaper.model import Line, WritingMode

# Farthest a stray may stand from its line, em, and where it stands at the column's beginning,
# a mark between the two unread.
_GAP, _MARK_GAP = 0.6, 1.6
# Farthest from the row before its own, em.
_ROW = 0.8
# Lines on both sides that show where the column begins: how near, and to within what, em.
_BESIDE, _LEVEL = 3.5, 0.3
# One character read from ink is measured no better than this.
_SIZE = 0.15


def join_strays(lines: Sequence[Line], mode: WritingMode) -> tuple[Line, ...]:
    """The lines with every lone character put on the line of `mode` it continues."""
    whole = [line for line in lines if len(line.text.strip()) > 1]
    strays = [line for line in lines if len(line.text.strip()) <= 1]
    hosts = list(whole)
    for stray in strays:
        reach = _MARK_GAP if _begins_column(stray, whole, mode) else _GAP
        found = next(
            (k for k, line in enumerate(hosts) if _continues(stray, line, mode, reach)), None
        )
        if found is None:
            rowed = any(_is_row_after(stray, line, mode) for line in whole)
            hosts.append(replace(stray, mode=mode) if rowed else stray)
        else:
            hosts[found] = _joined(stray, hosts[found], mode)
    return tuple(hosts)


def _span(box: Box, mode: WritingMode) -> tuple[float, float, float, float]:
    """Extent along the line, then across it."""
    if mode is WritingMode.VERTICAL:
        return box.y0, box.y1, box.x0, box.x1
    return box.x0, box.x1, box.y0, box.y1


def _begins_column(stray: Line, lines: Sequence[Line], mode: WritingMode) -> bool:
    """True if the lines on both sides of a stray begin where it does."""
    start, _, low, high = _span(stray.box, mode)
    em = stray.size
    sides = set()
    for line in lines:
        begin, _, line_low, line_high = _span(line.box, mode)
        if line.mode is mode and abs(begin - start) < _LEVEL * em:
            away = (line_low + line_high - low - high) / 2
            if 0.5 * em < abs(away) < _BESIDE * em:
                sides.add(away > 0)
    return len(sides) == 2


def _continues(stray: Line, line: Line, mode: WritingMode, reach: float) -> bool:
    if line.mode is not mode or abs(stray.size / line.size - 1) > _SIZE or len(line.text) < 2:
        return False
    a0, a1, c0, c1 = _span(stray.box, mode)
    b0, b1, d0, d1 = _span(line.box, mode)
    gap = max(b0 - a1, a0 - b1)
    middle = (c0 + c1) / 2
    return d0 < middle < d1 and -0.3 * line.size < gap < reach * line.size


def _is_row_after(stray: Line, line: Line, mode: WritingMode) -> bool:
    """True if a lone character stands where the row after a line of its type would begin or be."""
    if line.mode is not mode or abs(stray.size / line.size - 1) > 0.02 or line.font != stray.font:
        return False
    a0, a1, c0, c1 = _span(stray.box, mode)
    b0, b1, d0, d1 = _span(line.box, mode)
    gap = d0 - c1 if mode is WritingMode.VERTICAL else c0 - d1
    return b0 - 0.1 * line.size < (a0 + a1) / 2 < b1 and -0.4 < gap / line.size < _ROW


def _joined(stray: Line, line: Line, mode: WritingMode) -> Line:
    before = _span(stray.box, mode)[0] < _span(line.box, mode)[0]
    text = stray.text + line.text if before else line.text + stray.text
    if before and is_credit(line.text):
        return replace(
            line, text=f"{stray.text} {line.text}", box=line.box.union(stray.box), chars=()
        )
    chars: tuple[Box, ...] = ()
    if line.chars and stray.chars:
        chars = stray.chars + line.chars if before else line.chars + stray.chars
    return replace(line, text=text, box=line.box.union(stray.box), chars=chars)
