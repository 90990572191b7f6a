"""Lone characters that belong to a line beside them.

A single character has no direction of its own; a quotation mark that its line's
justification pushed away may be read as a line, and in the wrong mode, as may the last
character of a headline, which fills a row alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from epaper.geometry import Box
from epaper.model import Line, WritingMode

# Farthest a stray may stand from its line, em, and from the row before its own.
_GAP = 0.6
_ROW = 0.8


def join_strays(lines: Sequence[Line], mode: WritingMode) -> tuple[Line, ...]:
    """The lines with every lone character put on the line of `mode` it continues."""
    whole = [line for line in lines if len(line.text.strip()) > 1]
    strays = [line for line in lines if len(line.text.strip()) <= 1]
    hosts = list(whole)
    for stray in strays:
        found = next((k for k, line in enumerate(hosts) if _continues(stray, line, mode)), None)
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


def _continues(stray: Line, line: Line, mode: WritingMode) -> bool:
    if line.mode is not mode or abs(stray.size / line.size - 1) > 0.1 or len(line.text) < 2:
        return False
    a0, a1, c0, c1 = _span(stray.box, mode)
    b0, b1, d0, d1 = _span(line.box, mode)
    gap = max(b0 - a1, a0 - b1)
    middle = (c0 + c1) / 2
    return d0 < middle < d1 and -0.3 * line.size < gap < _GAP * line.size


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
    chars: tuple[Box, ...] = ()
    if line.chars and stray.chars:
        chars = stray.chars + line.chars if before else line.chars + stray.chars
    return replace(line, text=text, box=line.box.union(stray.box), chars=chars)
