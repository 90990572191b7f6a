"""Lines that were read across other lines: each of their characters is one of those, too."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from epaper.geometry import Box
from epaper.model import Line

# So much of a character's box lies in that of the same character of the other line; so many of a
# line's characters are copies.
_SAME, _NEARLY_ALL = 0.5, 0.8
# A column of so many characters is surer than one character read across.
_MANY = 4


def without_read_across(lines: Sequence[Line]) -> list[Line]:
    """The lines without those whose characters stand in longer lines of the other direction.

    At the head of columns whose letters stand as near to each other across as down, detection
    may see a row as well. `lines` are read from ink, with a box for each character.
    """
    return [line for line in lines if not _is_read_across(line, lines)]


def _is_read_across(line: Line, lines: Sequence[Line]) -> bool:
    if len(line.chars) != len(line.text):
        return False
    signs = [(c, box) for c, box in zip(line.text, line.chars, strict=True) if c.isalnum()]
    crossing = [x for x in lines if x.mode is not line.mode and x.box.intersection(line.box) > 0]
    if len(line.text) == len(signs) == 1:
        # The side of a column that reached into the box of rows beside it.
        crossing = [x for x in crossing if len(x.text) >= _MANY]
        owner = _owner(*signs[0], crossing)
        return owner is not None and line.box.share_in(owner.box) > _NEARLY_ALL
    owners = [o for c, box in signs if (o := _owner(c, box, crossing)) is not None]
    several = len({id(o) for o in owners}) > 1
    return (
        several
        and len(owners) >= _NEARLY_ALL * len(signs)
        and median(len(o.text) for o in owners) > len(line.text)
    )


def _owner(char: str, box: Box, lines: Sequence[Line]) -> Line | None:
    """The line that has the same character at the same place."""
    for line in lines:
        if char in line.text and len(line.chars) == len(line.text):
            for other, own in zip(line.text, line.chars, strict=True):
                if other == char and box.intersection(own) > _SAME * min(box.area, own.area):
                    return line
    return None
