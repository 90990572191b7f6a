"""Lone characters that belong to a line beside them.

A single character has no direction of its own; a quotation mark that its line's
justification pushed away may be read as a line, and in the wrong mode, as may the last
character of a headline, which fills a row alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from epaper.geometry import Box
from epaper.layout.cues import is_credit
from epaper.model import Line, Origin, WritingMode

# Farthest a stray may stand from its line, em, and where it stands at the column's beginning,
# a mark between the two unread.
_GAP, _MARK_GAP = 0.6, 1.6
# Farthest it may reach into the line, em; a closing mark has a corner of its square alone.
_INTO, _MARK_INTO = 0.3, 0.6
_CLOSING = frozenset("。，、；：！？”’」』）》〉】")
# How a credit begins of which the line breaks the first word, and how far behind the words, em.
_CREDIT, _CREDIT_GAP = re.compile(r"[□■●◆◎▲][^。！？]{0,3}$"), 1.9
# Characters of one run keep this near the middle of their column, em.
_IN_LINE = 0.3
# Farthest from the row before its own, em.
_ROW = 0.8
# Lines on both sides that show where the column begins: how near, and to within what, em.
_BESIDE, _LEVEL = 3.5, 0.3
# One character read from ink is measured no better than this.
_SIZE = 0.15
# With an unread full stop under it, it is so many times as high as wide.
_TALL = (1.4, 2.4)
# A character that fills its square.
_FULL = re.compile(r"[一-鿿]")


def join_strays(lines: Sequence[Line], mode: WritingMode) -> tuple[Line, ...]:
    """The lines with every lone character put on the line of `mode` it continues."""
    lines = _with_credits(lines)
    lines = [_set_down(line, lines) for line in lines]
    whole = [line for line in lines if len(line.text.strip()) > 1]
    lone = [line for line in lines if len(line.text.strip()) <= 1]
    strays = [line for line in lone if line.mode is mode]
    runs = _runs([line for line in lone if line.mode is not mode], mode)
    hosts = list(whole)
    for stray in (*strays, *runs):
        reach = _MARK_GAP if _begins_column(stray, whole, mode) else _GAP
        found = _host(stray, hosts, mode, reach)
        # A headline's last row may stand at the row of one in another face.
        if found is not None and (
            hosts[found].font == stray.font or not _is_row(stray, whole, mode)
        ):
            hosts[found] = _joined(stray, hosts[found], mode)
            continue
        turned = _is_row(stray, whole, mode) or any(
            _distance(stray, line, mode, _MARK_GAP, _MARK_GAP) is not None
            for _, line in _around(stray, whole, mode)
        )
        other = other_mode(mode)
        # A headline set the other way may have its last sign so, as ℃ from another face.
        led = None if turned else _host(stray, hosts, other, 0.0)
        if led is not None and not stray.text.strip().isalnum():
            hosts[led] = _joined(stray, hosts[led], other)
            continue
        if _is_row(stray, whole, other):
            hosts.append(replace(stray, mode=other))
            continue
        hosts.append(replace(stray, mode=mode) if turned else stray)
    return tuple(hosts)


def _with_credits(lines: Sequence[Line]) -> list[Line]:
    """The lines, those that break off in a credit's first words with them: …参观　□本|报记者."""
    result = list(lines)
    for credit in [line for line in lines if _CREDIT.match(line.text.strip())]:
        mode, own = credit.mode, next(k for k, line in enumerate(result) if line is credit)
        near = [
            (gap, k)
            for k, line in _around(credit, result, mode)
            if k != own and (gap := _distance(credit, line, mode, _CREDIT_GAP, 0.0)) is not None
        ]
        if near and min(near)[0] > 0:
            _, k = min(near)
            blank = _between(result[k].box, credit.box, mode)
            space = replace(credit, text="\u3000", box=blank, chars=(blank,))
            result[k] = _joined(credit, _joined(space, result[k], mode), mode)
            del result[own]
    return result


def _set_down(line: Line, lines: Sequence[Line]) -> Line:
    """A character read from ink with a full stop under it, as the column beside it is set.

    Of such a box nothing tells which way it runs, and its height is no size.
    """
    box, (low, high) = line.box, _TALL
    single = line.origin is Origin.OCR and _FULL.fullmatch(line.text.strip())
    if not single or not low * box.width < box.height < high * box.width:
        return line
    down = replace(line, mode=WritingMode.VERTICAL)
    for column in lines:
        level = abs(box.y0 - column.box.y0) < _LEVEL * column.size
        if level and column.origin is Origin.OCR and abs(box.width / column.size - 1) < _SIZE:
            own = replace(down, size=column.size)
            if _is_row_after(own, column, WritingMode.VERTICAL):
                return own
    return line


def _between(before: Box, after: Box, mode: WritingMode) -> Box:
    """The white between a piece of a line and the next one."""
    if mode is WritingMode.VERTICAL:
        return Box(after.x0, before.y1, after.x1, after.y0)
    return Box(before.x1, after.y0, after.x0, after.y1)


def other_mode(mode: WritingMode) -> WritingMode:
    """The mode that is not `mode`."""
    return WritingMode.HORIZONTAL if mode is WritingMode.VERTICAL else WritingMode.VERTICAL


def _runs(lone: Sequence[Line], mode: WritingMode) -> list[Line]:
    """Characters read the other way, as upright figures are, together where they follow."""
    runs: list[Line] = []
    for stray in sorted(lone, key=lambda line: span(line.box, mode)[0]):
        start, _, low, high = span(stray.box, mode)
        for k, run in enumerate(runs):
            _, end, run_low, run_high = span(run.box, mode)
            aside = abs(low + high - run_low - run_high) / 2
            gap = (start - end) / stray.size
            alike = abs(run.size / stray.size - 1) < _SIZE
            if alike and aside < _IN_LINE * stray.size and -_MARK_INTO < gap < _GAP:
                runs[k] = _joined(stray, run, mode)
                break
        else:
            runs.append(stray)
    return runs


def _host(stray: Line, hosts: Sequence[Line], mode: WritingMode, reach: float) -> int | None:
    """The line a stray goes on or begins: the one before a closing mark, else the nearest.

    `reach` is how far off the line it begins may stand, em.
    """
    near = [
        (gap, k)
        for k, line in _around(stray, hosts, mode)
        if (gap := _distance(stray, line, mode, _GAP, reach)) is not None
    ]
    if stray.text.strip() in _CLOSING:
        start = span(stray.box, mode)[0]
        near = [(g, k) for g, k in near if span(hosts[k].box, mode)[0] < start] or near
    return min(near)[1] if near else None


def span(box: Box, mode: WritingMode) -> tuple[float, float, float, float]:
    """Extent along the line, then across it."""
    if mode is WritingMode.VERTICAL:
        return box.y0, box.y1, box.x0, box.x1
    return box.x0, box.x1, box.y0, box.y1


def _begins_column(stray: Line, lines: Sequence[Line], mode: WritingMode) -> bool:
    """True if the lines on both sides of a stray begin where it does."""
    start, _, low, high = span(stray.box, mode)
    em = stray.size
    sides = set()
    for line in lines:
        begin, _, line_low, line_high = span(line.box, mode)
        if line.mode is mode and abs(begin - start) < _LEVEL * em:
            away = (line_low + line_high - low - high) / 2
            if 0.5 * em < abs(away) < _BESIDE * em:
                sides.add(away > 0)
    return len(sides) == 2


def _around(
    stray: Line, lines: Sequence[Line], mode: WritingMode, *, along: bool = False
) -> list[tuple[int, Line]]:
    """Lines of a mode, with their index, whose breadth a stray's middle is in, but for an em.

    Where `along` is set, those whose length it is in. They are few, and quickly told.
    """
    if (mode is WritingMode.VERTICAL) != along:
        middle = stray.box.cx
        return [
            (k, x)
            for k, x in enumerate(lines)
            if x.box.x0 - x.size < middle < x.box.x1 + x.size and x.mode is mode
        ]
    middle = stray.box.cy
    return [
        (k, x)
        for k, x in enumerate(lines)
        if x.box.y0 - x.size < middle < x.box.y1 + x.size and x.mode is mode
    ]


def _is_row(stray: Line, lines: Sequence[Line], mode: WritingMode) -> bool:
    """True if a lone character stands where the row after any of the lines would be."""
    near = _around(stray, lines, mode, along=True)
    return any(_is_row_after(stray, line, mode) for _, line in near)


def _distance(
    stray: Line, line: Line, mode: WritingMode, after: float, before: float
) -> float | None:
    """White between a stray and the line it stands in, em; None if it is none of its own.

    It may stand `after` em behind the line, or `before` em ahead of it.
    """
    if line.mode is not mode or abs(stray.size / line.size - 1) > _SIZE or len(line.text) < 2:
        return None
    a0, a1, c0, c1 = span(stray.box, mode)
    b0, b1, d0, d1 = span(line.box, mode)
    behind = a0 + a1 > b0 + b1
    gap = (a0 - b1 if behind else b0 - a1) / line.size
    closing = behind and stray.text.strip() in _CLOSING
    into = _MARK_INTO if closing else _INTO
    aside = 0.2 * line.size if closing else 0.0
    inside = d0 - aside < (c0 + c1) / 2 < d1 + aside
    return gap if inside and -into < gap < (after if behind else before) else None


def _is_row_after(stray: Line, line: Line, mode: WritingMode) -> bool:
    """True if a lone character stands where the row after a line of its type would begin or be."""
    # A face that lacks a character takes it from another.
    lacking = not stray.text.strip().isalnum()
    alike = line.font == stray.font or lacking
    if line.mode is not mode or abs(stray.size / line.size - 1) > 0.02 or not alike:
        return False
    a0, a1, c0, c1 = span(stray.box, mode)
    b0, b1, d0, d1 = span(line.box, mode)
    gap = d0 - c1 if mode is WritingMode.VERTICAL else c0 - d1
    return b0 - 0.1 * line.size < (a0 + a1) / 2 < b1 and -0.4 < gap / line.size < _ROW


def _joined(stray: Line, line: Line, mode: WritingMode) -> Line:
    before = span(stray.box, mode)[0] < span(line.box, mode)[0]
    text = stray.text + line.text if before else line.text + stray.text
    if before and is_credit(line.text):
        return replace(
            line, text=f"{stray.text} {line.text}", box=line.box.union(stray.box), chars=()
        )
    chars: tuple[Box, ...] = ()
    if line.chars and stray.chars:
        chars = stray.chars + line.chars if before else line.chars + stray.chars
    return replace(line, text=text, box=line.box.union(stray.box), chars=chars)
