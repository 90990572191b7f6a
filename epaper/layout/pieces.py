"""Pieces of a line, each a line with its own characters, box and size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from epaper.geometry import hull
from epaper.layout.cues import is_square
from epaper.model import Line, Origin, WritingMode

# Pieces of a text layer differ in size by so much, at so many characters, being no further
# from the size of the whole than that.
_OTHER_SIZE, _MEASURED, _NEARLY = 1.015, 3, 1.3


def piece_of(line: Line, start: int, end: int) -> Line:
    """The line's characters from `start` up to `end`, which are not all blanks, as a line.

    The line has a box for each of its characters.
    """
    kept = [k for k in range(start, end) if not line.text[k].isspace()]
    chars = line.chars[kept[0] : kept[-1] + 1]
    return replace(line, text=line.text[kept[0] : kept[-1] + 1], chars=chars, box=hull(chars))


def measured(parts: Sequence[Line]) -> list[Line]:
    """The pieces of a line of a text layer, each with its own size where they differ.

    Two headlines of nearly one size that were read as one line have the size of one.
    """
    squares = [_square(part) for part in parts]
    known = [s for s in squares if s is not None]
    if len(known) < 2 or max(known) < _OTHER_SIZE * min(known):
        return list(parts)
    return [
        part if square is None else replace(part, size=square)
        for part, square in zip(parts, squares, strict=True)
    ]


def _square(line: Line) -> float | None:
    """Median length of the line's Chinese characters, where it is nearly the line's size."""
    if line.origin is not Origin.LAYER or len(line.chars) != len(line.text):
        return None
    down = line.mode is WritingMode.VERTICAL
    long = [
        box.height if down else box.width
        for char, box in zip(line.text, line.chars, strict=True)
        if is_square(char)
    ]
    if len(long) < _MEASURED:
        return None
    square = float(np.median(long))
    return square if 1 / _NEARLY < square / line.size < _NEARLY else None
