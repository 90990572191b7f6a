"""Characters of short rows that were read the other way than their row runs.

Under the pictures of a page that is read from above down captions are set across, and beside
those of a horizontal page down. Where such a caption is spaced as wide as its rows are apart,
one or two of its characters may be read as a line of the page's own way: the first of two
rows, or the last, or each of a short row by itself. Here they come back to their rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from epaper.geometry import Box, hull
from epaper.layout.strays import other_mode, span
from epaper.model import Line, Origin, WritingMode

# A row is known by so many characters; what was read the other way has so many at most.
_ROW, _MOST = 3, 3
# A row was read more surely than this, or it may be one of characters of many columns.
_SURE = 0.85
# In ems of the row: how far from its middle a character of it stands, and how far off its end
# or off the next character; the share of a character that is a copy of one the row has.
_LEVEL, _GAP, _COPY = 0.35, 1.1, 0.5
# The next row stands no farther off than this, and reaches out of the row by no more.
_NEXT, _OUT = 0.9, 0.6
# Ink of a character of the row's type is so large, a full stop at its side with it, ems.
_SMALL, _LARGE = 0.4, 1.6
# A mark that no row goes on with is a speck.
_STOPS = frozenset("，、,.")
# Marks that no row begins with: they end a column.
_ENDS = frozenset("。！？；：”」』）")
# White that parts words, ems.
_SPACE = 0.45
# What goes on in a column stands so near the next line of it; a column beside another begins
# level with it to within so much, and is so near, ems.
_ON, _BEGINS, _BESIDE = 0.8, 0.5, 2.4


@dataclass(slots=True)
class _Run:
    """Characters side by side as a line, and the row it belongs to or stands under."""

    line: Line
    owners: set[int]
    row: int = -1
    goes_on: bool = False


def put_right(lines: Sequence[Line], mode: WritingMode) -> tuple[Line, ...]:
    """The lines; characters read in the page's `mode` are put into the rows of the other one.

    Only lines read from ink, with a box for each character, are looked at. A row that got its
    second character back may get its first one, too.
    """
    found = _put_right(lines, mode)
    return found if len(found) == len(lines) else put_right(found, mode)


def _put_right(lines: Sequence[Line], mode: WritingMode) -> tuple[Line, ...]:
    other = other_mode(mode)
    rows = [k for k, x in enumerate(lines) if x.mode is other and _is_row(x)]
    odd = [k for k, x in enumerate(lines) if _may_be(x, mode)]
    odd = [k for k in odd if any(_near(lines[k].box, lines[r]) for r in rows)]
    free: dict[int, list[Line]] = {}
    for k in odd:
        parts = [_one(lines[k], n, other) for n in range(len(lines[k].text))]
        own = [p for p in parts if not any(_is_copy(p, lines[r]) for r in rows)]
        if len(own) < len(parts) or not _in_column(k, lines, mode):
            free[k] = own
    while True:
        runs = _runs(free, lines, rows)
        lost = {k for run in runs if run.row < 0 for k in run.owners}
        if not lost:
            break
        free = {k: parts for k, parts in free.items() if k not in lost}
    return _rewritten(lines, set(free), runs)


def _rewritten(lines: Sequence[Line], gone: set[int], runs: Sequence[_Run]) -> tuple[Line, ...]:
    result = {k: line for k, line in enumerate(lines) if k not in gone}
    new = []
    for run in runs:
        if run.goes_on:
            result[run.row] = _joined(result[run.row], run.line)
        else:
            new.append(replace(run.line, size=lines[run.row].size))
    return (*result.values(), *new)


def _is_row(line: Line) -> bool:
    return len(line.text.strip()) >= _ROW and line.confidence > _SURE


def _may_be(line: Line, mode: WritingMode) -> bool:
    """One to three characters read from ink, one alone in either mode."""
    said = len(line.text)
    few = said == 1 or (line.mode is mode and said <= _MOST)
    return few and line.origin is Origin.OCR and len(line.chars) == said and " " not in line.text


def _near(box: Box, row: Line) -> bool:
    """True if a box could be of the row's type and stands at it."""
    reach = row.box.grown(_GAP * row.size)
    return min(box.width, box.height) < _LARGE * row.size and box.intersection(reach) > 0


def _in_column(k: int, lines: Sequence[Line], mode: WritingMode) -> bool:
    """True if a line goes on above or below in the page's mode, or stands beside a column.

    Text under a headline is in smaller type.
    """
    start, end, low, high = span(lines[k].box, mode)
    for n, line in enumerate(lines):
        if n == k or line.mode is not mode or len(line.text) <= _MOST:
            continue
        if min(lines[k].box.width, lines[k].box.height) > _LARGE * line.size:
            continue
        begin, stop, line_low, line_high = span(line.box, mode)
        em, away = line.size, abs(line_low + line_high - low - high) / 2
        if away < _LEVEL * em and max(begin - end, start - stop) < _ON * em:
            return True
        if len(lines[k].text) > 1 and abs(begin - start) < _BEGINS * em and away < _BESIDE * em:
            return True
    return False


def _one(line: Line, n: int, mode: WritingMode) -> Line:
    return replace(line, text=line.text[n], box=line.chars[n], chars=(line.chars[n],), mode=mode)


def _is_copy(char: Line, row: Line) -> bool:
    """True for a character that a row has, too; its box may cut the first or the last in two."""
    if not char.text.isalnum():
        return False
    ends = ((row.text[0], row.chars[:1]), (row.text[-1], row.chars[-1:]))
    cut = any(c == char.text and box and char.box.intersection(box[0]) > 0 for c, box in ends)
    return cut or char.box.share_in(row.box) > _COPY


def _runs(free: dict[int, list[Line]], lines: Sequence[Line], rows: Sequence[int]) -> list[_Run]:
    """The free characters in runs along the rows, each with its row where it has one."""
    runs: list[_Run] = []
    parts = [(k, part) for k, own in free.items() for part in own]
    for k, part in sorted(parts, key=lambda p: span(p[1].box, p[1].mode)[0]):
        # The row after has the same em.
        em = min((lines[r].size for r in rows if _near(part.box, lines[r])), default=part.size)
        run = next((r for r in runs if _follows(part.box, r.line, em)), None)
        if run is None:
            runs.append(_Run(part, {k}))
        else:
            run.line, run.owners = _joined(run.line, replace(part, size=em)), {*run.owners, k}
    for run in runs:
        run.row = _row_beside(run.line, lines, rows)
        run.goes_on = run.row >= 0
    runs = [run for run in runs if run.goes_on or not _is_speck(run, lines)]
    boxes = _whole(rows, lines, runs)
    for run in runs:
        if not run.goes_on and run.line.text[0] not in _ENDS:
            run.row = _row_over(run.line, lines, boxes)
    return runs


def _is_speck(run: _Run, lines: Sequence[Line]) -> bool:
    """True for marks of a column that has letters, too."""
    own = all(len(lines[k].text) > len(run.line.text) for k in run.owners)
    return own and _STOPS.issuperset(run.line.text)


def _whole(rows: Sequence[int], lines: Sequence[Line], runs: Sequence[_Run]) -> dict[int, Box]:
    """The boxes of the rows with the runs that go on in them."""
    boxes = {k: lines[k].box for k in rows}
    for run in runs:
        if run.goes_on:
            boxes[run.row] = boxes[run.row].union(run.line.box)
    return boxes


def _row_beside(own: Line, lines: Sequence[Line], rows: Sequence[int]) -> int:
    """The first row, by its index, that a run goes on in or begins, -1 for none."""
    for k in rows:
        em = lines[k].size
        beside = _follows(own.box, lines[k], em) or _follows(lines[k].box, own, em)
        if beside and _is_of_type(own, em):
            return k
    return -1


def _row_over(own: Line, lines: Sequence[Line], rows: Mapping[int, Box]) -> int:
    """The last row, by its index, that a run stands right under, -1 for none.

    `rows` are their boxes, with the runs that go on in them.
    """
    start, end, low, high = span(own.box, own.mode)
    found = -1
    for k, box in rows.items():
        em = lines[k].size
        begin, stop, row_low, row_high = span(box, own.mode)
        down = own.mode is WritingMode.HORIZONTAL
        gap = low - row_high if down else row_low - high
        inside = begin - _OUT * em < start and end < stop + _OUT * em
        if inside and -_LEVEL * em < gap < _NEXT * em and _is_of_type(own, em):
            found = k
    return found


def _is_of_type(run: Line, em: float) -> bool:
    _, _, low, high = span(run.box, run.mode)
    return _SMALL * em < high - low < _LARGE * em


def _follows(box: Box, line: Line, em: float) -> bool:
    """True if a box stands level with a line, right behind its end."""
    start, _, low, high = span(box, line.mode)
    _, stop, line_low, line_high = span(line.box, line.mode)
    level = abs(low + high - line_low - line_high) / 2 < _LEVEL * em
    return level and -_LEVEL * em < start - stop < _GAP * em


def _joined(line: Line, part: Line) -> Line:
    """A line and a part of it before or behind, with a space where there is a word's white."""
    first, second = sorted((line, part), key=lambda x: span(x.box, line.mode)[0])
    end, start = span(first.box, line.mode)[1], span(second.box, line.mode)[0]
    wide = start - end > _SPACE * line.size
    chars: tuple[Box, ...] = ()
    if first.chars and second.chars:
        blank = (hull((first.chars[-1], second.chars[0])),) if wide else ()
        chars = (*first.chars, *blank, *second.chars)
    text = first.text + (" " if wide else "") + second.text
    return replace(line, text=text, box=line.box.union(part.box), chars=chars)
