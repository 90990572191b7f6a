"""Captions in rows of a few characters that were read as columns.

On a vertical page a caption as wide as a narrow picture may be set across in rows of four or five
characters that stand no nearer to each other than the rows do. Nothing but the words tells then
which way to read it.
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

# A caption begins so near under its picture and is so deep at most, em.
_NEAR, _DEEPEST = 1.6, 12.0
# How far it may reach beyond the picture's sides, em.
_OUT = 0.4
# Characters so near across the rows are of one row, em; two boxes of one character share so much.
_ROW, _SAME = 0.5, 0.4
# So many more pairs of characters are found in words in the rows, and so many times as many.
_MORE, _TIMES = 3, 1.5


@dataclass(frozen=True, slots=True)
class _Sign:
    char: str
    box: Box
    sure: float


def rows_under_pictures(
    lines: Sequence[Line], pictures: Sequence[Picture], words: WordTable
) -> tuple[Line, ...]:
    """The lines of a vertical page; captions that make words across their columns as rows."""
    kept = list(lines)
    own = {
        pair
        for line in lines
        if line.mode is WritingMode.VERTICAL and len(line.text) > _DEEPEST
        for pair in pairwise(line.text)
    }
    for picture in pictures:
        block = _block(picture.box, kept)
        if not any(line.mode is WritingMode.VERTICAL for line in block):
            continue
        rows = _rows(block)
        across = sum(known_pairs(row.text, own, words) for row in rows)
        down = sum(known_pairs(line.text, own, words) for line in block)
        if across >= down + _MORE and across >= _TIMES * down:
            gone = {id(line) for line in block}
            kept = [line for line in kept if id(line) not in gone] + rows
    return tuple(kept)


def _block(picture: Box, lines: Sequence[Line]) -> list[Line]:
    """What was read right under a picture within its sides, down to the first white."""
    near = [
        line
        for line in lines
        if line.origin is Origin.OCR
        and len(line.chars) == len(line.text)
        and line.box.x0 > picture.x0 - _OUT * line.size
        and line.box.x1 < picture.x1 + _OUT * line.size
        and line.box.cy > picture.y1
        and line.box.y1 < picture.y1 + _DEEPEST * line.size
    ]
    block: list[Line] = []
    foot = picture.y1
    for line in sorted(near, key=lambda x: x.box.y0):
        if line.box.y0 > foot + _NEAR * line.size:
            break
        block.append(line)
        foot = max(foot, line.box.y1)
    return block


def _rows(block: Sequence[Line]) -> list[Line]:
    """The characters of lines as rows from the left, each read twice kept once."""
    signs: list[_Sign] = []
    every = [
        _Sign(char, box, line.confidence)
        for line in block
        for char, box in zip(line.text, line.chars, strict=True)
        if not char.isspace()
    ]
    em = median(line.size for line in block)
    for sign in sorted(every, key=lambda s: -s.sure):
        if all(sign.box.share_in(other.box) < _SAME for other in signs):
            signs.append(sign)
    rows: list[list[_Sign]] = []
    for sign in sorted(signs, key=lambda s: s.box.cy):
        if rows and sign.box.cy - fmean(s.box.cy for s in rows[-1]) < _ROW * em:
            rows[-1].append(sign)
        else:
            rows.append([sign])
    return [_row(sorted(row, key=lambda s: s.box.x0), em) for row in rows]


def _row(signs: Sequence[_Sign], em: float) -> Line:
    return Line(
        "".join(s.char for s in signs),
        hull(s.box for s in signs),
        em,
        WritingMode.HORIZONTAL,
        confidence=fmean(s.sure for s in signs),
        origin=Origin.OCR,
        chars=tuple(s.box for s in signs),
    )
