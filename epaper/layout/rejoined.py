"""Pieces of one line put together again.

A justified line has wide spaces, at which reading may part it. Its neighbours above and below
tell whether there is a gutter: they print across it, or are parted there, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from epaper.geometry import Box
from epaper.layout.cues import begins_credit, ends_sentence
from epaper.layout.pairs import least_of_each, pairs_between
from epaper.layout.textrows import REACH, Rows, Wall, lines_near, rows_of
from epaper.model import Line, Origin, WritingMode

# Widest space inside a justified line, em, and before a mark that begins no line or a credit.
_WIDEST, _WIDEST_MARK = 1.5, 2.5
# The same between words of Latin letters, few of which share a justified line.
_WIDEST_WORDS = 7.0
_NEVER_FIRST = frozenset("，、。；：！？,.;:")
# Narrower than any column, em.
_NARROW = 3.0
# White between lines of one column is no wider than this, em.
_WHITE = 2.2
# So many lines must agree.
_AGREE = 3
# Pieces of a line differ so much in size at most; those of few characters so much.
_ALIKE, _FEW, _ALIKE_FEW = 0.05, 8, 0.12
# Sizes of one type differ so much at most, and lines of one column stand so far in, em.
_ONE_TYPE, _STANDS_IN = 0.12, 3.0
# Marks after which a justified line has its widest spaces, also as OCR misreads them.
_WIDE_MARKS = frozenset("，、。：；”’）°,.:;")


def join_pieces(
    lines: Sequence[Line], walls: Sequence[Wall] = (), whole: Sequence[Line] = ()
) -> tuple[Line, ...]:
    """Pieces of one line put together where the lines around print across the gap.

    Lines beyond a wall are not around. What was cut of one of the lines `whole` stays cut,
    but for lines read from ink, whose white is uncertain.
    """
    known = {id(line) for line in lines}
    cut = [x for x in whole if id(x) not in known and x.origin is Origin.LAYER]
    parent = {char: k for k, line in enumerate(cut) for char in line.chars}
    gone: set[int] = set()
    joined = dict(enumerate(lines))
    for mode in WritingMode:
        own = [k for k, line in enumerate(lines) if line.mode is mode and line.chars]
        rows = rows_of([lines[k] for k in own], mode, walls)
        following = _next_pieces(rows)
        for i in np.argsort(rows.low).tolist():
            j = following[i]
            if j is None or own[j] in gone or own[i] in gone:
                continue
            if _of_one(rows.lines[i].chars[-1], rows.lines[j].chars[0], parent):
                continue
            text = rows.lines[i].text
            marked = _ends_in_mark(text) or _goes_on(rows.lines[j].text)
            least = _AGREE - 1 if marked else _AGREE
            across = _printed_across(i, j, rows, least)
            if across or _begins_row(text) or (marked and _ends_row(i, j, rows)):
                joined[own[j]] = _together(joined[own[i]], joined[own[j]])
                gone.add(own[i])
    return tuple(joined[k] for k in range(len(lines)) if k not in gone)


def _of_one(last: Box, first: Box, parent: Mapping[Box, int]) -> bool:
    """True for characters of one line that was cut."""
    return last in parent and parent[last] == parent.get(first)


def _begins_row(text: str) -> bool:
    """A character and a mark, 号，: the beginning of a row whose first space is wide.

    No column is so narrow, and no cell of a table ends in such a mark.
    """
    text = text.strip()
    return len(text) == 2 and text[0].isalpha() and text[1] in _WIDE_MARKS


def _ends_row(i: int, j: int, rows: Rows) -> bool:
    """Whether a narrow piece ends where a row right above or below does, none beginning with it.

    No column is so narrow.
    """
    em = rows.size[i]
    if rows.high[j] - rows.low[j] > _NARROW * em:
        return False
    around, inside = lines_near(i, float(rows.high[j]), rows)
    near = around & inside
    next_to = near & (np.abs(rows.place - rows.place[i]) < _WHITE * em)
    next_to &= (rows.low < rows.high[i]) & (np.abs(rows.high - rows.high[j]) < 0.2 * em)
    begins = near & (np.abs(rows.low - rows.low[j]) < 0.5 * em)
    return bool(next_to.any()) and not begins.any()


def _goes_on(text: str) -> bool:
    """True for a piece that begins with a mark no line begins with."""
    return text.strip()[:1] in _NEVER_FIRST


def _begins_in_letters(text: str) -> bool:
    """True for text whose first characters are Latin letters or marks of their size."""
    first = text.strip()[:1]
    return bool(first) and first.isascii() and not first.isdigit()


def _ends_in_letters(text: str) -> bool:
    return _begins_in_letters(text[::-1])


def _ends_in_mark(text: str) -> bool:
    text = text.strip()
    return bool(text) and text[-1] in _WIDE_MARKS


def _printed_across(i: int, j: int, rows: Rows, least: int) -> bool:
    """Whether at least `least` rows around print across the gap from line `i` to `j`, few being
    parted there.

    Two pieces of one row count once: they are what the question is about. A row that only
    begins behind the gap, where an indent of the column would, tells nothing.
    """
    em, low, high, end = rows.size[i], rows.high[i], rows.low[j], float(rows.high[j])
    middle, indent = (low + high) / 2, rows.low[i] + 2 * em
    over = (rows.low < low) & (rows.high > high)
    over &= np.abs(rows.place - rows.place[i]) < REACH * em
    # A headline or a byline in the middle over two columns tells nothing of their lines.
    over &= np.abs(rows.size / em - 1) < _ONE_TYPE
    over &= (rows.low < rows.low[i] + _STANDS_IN * em) | (rows.high > end - _STANDS_IN * em)
    # A wall stands for one of them at most.
    if np.count_nonzero(over) < least - 1:
        return False
    around, inside = lines_near(i, end, rows)
    near, walled = around & inside, bool((around & ~inside).any())
    ends = (rows.high <= middle) & (np.abs(rows.high - low) < 0.7 * em)
    begins = (rows.low >= middle) & (np.abs(rows.low - high) < 0.7 * em)
    across = int(np.count_nonzero(near & over & ~ends & ~begins))
    if across < least - walled:
        return False
    begins &= np.abs(rows.low - indent) > 0.4 * em
    # The wide space behind a mark is the mark's.
    known = [
        float(rows.place[j])
        for j in np.flatnonzero(near & ends)
        if _ends_in_mark(rows.lines[j].text)
    ]
    parted = 0
    for place in rows.place[near & (ends | begins)].tolist():
        if all(abs(place - other) > 0.3 * em for other in known):
            known.append(place)
            parted += 1
    # Between walls there may be few rows.
    enough = across >= least or (walled and not parted)
    return enough and across >= 2 * parted


def _next_pieces(rows: Rows) -> list[int | None]:
    """For each line the nearest one that begins on its row within the widest space."""
    if not rows.lines:
        return []
    reach = 0.5 * rows.size
    left, right = pairs_between(rows.place, rows.place - reach, rows.place + reach)
    em = rows.size[left]
    gap = rows.low[right] - rows.high[left]
    far = [_goes_on(line.text) or begins_credit(line.text) for line in rows.lines]
    widest = np.where(np.array(far, np.bool_), _WIDEST_MARK, _WIDEST)
    first = np.array([_begins_in_letters(line.text) for line in rows.lines])
    last = np.array([_ends_in_letters(line.text) for line in rows.lines])
    widest_here = np.where(last[left] & first[right], _WIDEST_WORDS, widest[right])
    same = (gap > -0.1 * em) & (gap < widest_here * em)
    same &= np.abs(rows.place[right] - rows.place[left]) < 0.3 * em
    # Few characters read from ink measure badly.
    few = np.array([len(line.text) < _FEW for line in rows.lines])
    alike = np.where(few[right] | few[left], _ALIKE_FEW, _ALIKE)
    same &= np.abs(rows.size[right] / em - 1) < alike
    same &= left != right
    nearest = least_of_each(left[same], gap[same], right[same], len(rows.lines))
    return [j if j >= 0 else None for j in nearest.tolist()]


def _together(left: Line, right: Line) -> Line:
    """Both pieces as one line, with a space between words of Latin letters or before a credit."""
    one, other = left.chars[-1], right.chars[0]
    spaced = _ends_in_letters(left.text) and _begins_in_letters(right.text)
    spaced |= ends_sentence(left.text) and begins_credit(right.text)
    down = left.mode is WritingMode.VERTICAL
    between = (
        Box(one.x0, one.y1, one.x1, max(one.y1, other.y0))
        if down
        else Box(one.x1, one.y0, max(one.x1, other.x0), one.y1)
    )
    return replace(
        left,
        text=f"{left.text} {right.text}" if spaced else left.text + right.text,
        box=left.box.union(right.box),
        chars=(*left.chars, *([between] if spaced else []), *right.chars),
    )
