"""Captions in rows that were read as columns, or in part.

On a vertical page a caption as wide as a narrow picture may be set across in rows of four or five
characters that stand no nearer to each other than the rows do. Nothing but the words tells then
which way to read it. Of other captions set across most is read in rows, and a few characters of two
rows are taken for a column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median

from epaper.geometry import Box, hull
from epaper.layout.affinity import WordTable
from epaper.layout.leftward import known_pairs
from epaper.model import Line, Origin, Picture, WritingMode

# A caption begins so near its picture and is so deep at most, em; columns of so many
# characters are text.
_NEAR, _DEEPEST, _TEXT = 1.6, 16.0, 12
# How far it may reach beyond the picture's sides, em.
_OUT = 0.4
# Characters so near across the rows are of one row, em. Boxes so near each other are of one
# character, and such that were read alike so near along the row.
_ROW, _SAME, _ALIKE = 0.5, 0.5, 0.85
# So many more pairs of characters are found in words in the rows, and so many times as many.
_MORE, _TIMES = 3, 1.5
# Rows have so many characters at least. Of a caption read in part down so much is in rows, and so
# few are in a column.
_LONG, _MOSTLY, _FEW = 2, 0.55, 4
# So much of a line lies in the picture it is printed on; white that parts words, em.
_WITHIN, _SPACE = 0.7, 0.45


@dataclass(frozen=True, slots=True)
class _Sign:
    char: str
    box: Box
    sure: float
    line: int


def rows_at_pictures(
    lines: Sequence[Line], pictures: Sequence[Picture], words: WordTable
) -> tuple[Line, ...]:
    """The lines of a vertical page; captions that are set across as rows."""
    kept = list(lines)
    own = {
        pair
        for line in lines
        if line.mode is WritingMode.VERTICAL and len(line.text) > _TEXT
        for pair in pairwise(line.text)
    }
    for picture in pictures:
        under, over = (_beside(picture.box, kept, side) for side in (False, True))
        for blocks in (under, over, _on(picture.box, kept)):
            for block in blocks:
                rows = _rows(block)
                if _are_told(rows, block, own, words):
                    gone = {id(line) for line in block}
                    kept = [line for line in kept if id(line) not in gone] + rows
                    break
    return tuple(kept)


def _are_told(
    rows: Sequence[Line], block: Sequence[Line], own: set[tuple[str, str]], words: WordTable
) -> bool:
    """True where the words, or most of the lines, say that a block is to be read in rows."""
    if not any(line.mode is WritingMode.VERTICAL for line in block):
        return False
    across = sum(known_pairs(row.text, own, words) for row in rows)
    down = sum(known_pairs(line.text, own, words) for line in block)
    told = across >= down + _MORE and across >= _TIMES * down
    return told or (across >= down and _in_rows(block))


def _in_rows(block: Sequence[Line]) -> bool:
    """True where most was read in rows, and no column is longer than rows are many."""
    rows = [x for x in block if x.mode is WritingMode.HORIZONTAL and len(x.text) >= _LONG]
    said, whole = (sum(len(x.text) for x in part) for part in (rows, block))
    down = [x for x in block if x.mode is WritingMode.VERTICAL]
    return said >= _MOSTLY * whole and all(len(x.text) <= _FEW for x in down)


def _beside(picture: Box, lines: Sequence[Line], over: bool) -> list[list[Line]]:
    """What was read right under a picture, or right over it, within its sides, to the first white.

    Text may begin so near a caption that only a part is one; the largest part first.
    """

    def away(box: Box) -> tuple[float, float]:
        """How far its near and its far side are from the picture."""
        if over:
            return picture.y0 - box.y1, picture.y0 - box.y0
        return box.y0 - picture.y1, box.y1 - picture.y1

    inside = [(*away(line.box), line) for line in lines if _is_between_sides(line, picture)]
    near = [x for x in inside if x[0] + x[1] > 0 and x[1] < _DEEPEST * x[2].size]
    blocks: list[list[Line]] = []
    block: list[Line] = []
    reach = 0.0
    for start, end, line in sorted(near, key=lambda x: x[0]):
        if start > reach + _NEAR * line.size:
            break
        if block and start > reach:
            blocks.append(list(block))
        block.append(line)
        reach = max(reach, end)
    return [block, *reversed(blocks)] if block else []


def _on(picture: Box, lines: Sequence[Line]) -> list[list[Line]]:
    """What was read on a picture."""
    found = [x for x in lines if _has_signs(x) and x.box.share_in(picture) > _WITHIN]
    return [found] if found else []


def _is_between_sides(line: Line, picture: Box) -> bool:
    inside = line.box.x0 > picture.x0 - _OUT * line.size
    return inside and line.box.x1 < picture.x1 + _OUT * line.size and _has_signs(line)


def _has_signs(line: Line) -> bool:
    return line.origin is Origin.OCR and len(line.chars) == len(line.text)


def _rows(block: Sequence[Line]) -> list[Line]:
    """The characters of lines as rows from the left, each read twice kept once."""
    signs: list[_Sign] = []
    every = [
        _Sign(char, box, line.confidence, k)
        for k, line in enumerate(block)
        for char, box in zip(line.text, line.chars, strict=True)
        if not char.isspace()
    ]
    # The size of few characters is measured badly.
    em = median(line.size for line in block for _ in line.text)
    for sign in sorted(every, key=lambda s: -s.sure):
        if not any(_is_same(sign, other, em) for other in signs):
            signs.append(sign)
    rows: list[list[_Sign]] = []
    for sign in sorted(signs, key=lambda s: s.box.cy):
        if rows and sign.box.cy - fmean(s.box.cy for s in rows[-1]) < _ROW * em:
            rows[-1].append(sign)
        else:
            rows.append([sign])
    return [_row(sorted(row, key=lambda s: s.box.cx), em) for row in rows]


def _is_same(sign: _Sign, other: _Sign, em: float) -> bool:
    """True for one character that two lines have; boxes of columns are broad."""
    if sign.line == other.line:
        return False
    near = _ALIKE if sign.char == other.char else _SAME
    level = abs(sign.box.cy - other.box.cy) < _SAME * em
    return level and abs(sign.box.cx - other.box.cx) < near * em


def _row(signs: Sequence[_Sign], em: float) -> Line:
    """A line of characters, with a space where there is a word's white."""
    text, boxes = signs[0].char, [signs[0].box]
    # Where characters stand wide apart all along a row, that white parts no words.
    usual = median(b.box.x0 - a.box.x1 for a, b in pairwise(signs)) if len(signs) > 1 else 0.0
    for before, sign in pairwise(signs):
        if sign.box.x0 - before.box.x1 > max(0.0, usual) + _SPACE * em:
            text += " "
            boxes.append(hull((before.box, sign.box)))
        text += sign.char
        boxes.append(sign.box)
    return Line(
        text,
        hull(boxes),
        em,
        WritingMode.HORIZONTAL,
        confidence=fmean(s.sure for s in signs),
        origin=Origin.OCR,
        chars=tuple(boxes),
    )
