"""Lines of one mode seen along their text, and what parts them from others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import sub

import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.model import Line, Origin, Page, WritingMode

# Lines this far above and below have a say, em, and no farther beside: they may begin before
# a line by 2.5 of their own em, which is 1.3 of the line's at most.
REACH, _BESIDE = 9.0, 3.3
# A row of a few characters is set wide where all stand so far apart, em, and hardly unevenly.
_SET_WIDE, _UNEVEN, _SHORT = 0.2, 1.6, 8

FloatArray = NDArray[np.float64]
# From and to along the text, from and to across it.
Extent = tuple[float, float, float, float]
# Index of a line, its extent (low, high), its place and its size.
Neighbour = tuple[int, float, float, float, float]
# Where characters start and end.
Places = tuple[list[float], list[float]]


@dataclass(frozen=True, slots=True)
class Wall:
    """What parts lines of one mode: a rule along them, the head or foot of a frame, a picture."""

    box: Box
    mode: WritingMode


def walls_of(page: Page) -> list[Wall]:
    """The page's walls; a picture is one to lines of both modes."""
    across, down = WritingMode
    walls = [Wall(rule.box, across if rule.horizontal else down) for rule in page.rules]
    for box in (frame.box for frame in page.frames):
        x0, y0, x1, y1 = box.x0, box.y0, box.x1, box.y1
        walls += [Wall(Box(x0, y, x1, y), across) for y in (y0, y1)]
        walls += [Wall(Box(x, y0, x, y1), down) for x in (x0, x1)]
    return walls + [Wall(picture.box, mode) for picture in page.pictures for mode in WritingMode]


@dataclass(frozen=True, slots=True)
class Rows:
    """Lines of one mode seen along their text: extent `low` to `high` at `place`."""

    lines: Sequence[Line]
    low: FloatArray
    high: FloatArray
    place: FloatArray
    size: FloatArray
    down: bool
    walls: FloatArray
    """From and to along the text, from and to across it: (W, 4)."""

    _every: Sequence[Neighbour]
    _places: dict[int, Places] = field(default_factory=dict)
    _printed: dict[int, Places] = field(default_factory=dict)
    _beside: dict[int, list[Neighbour]] = field(default_factory=dict)

    def chars(self, i: int) -> Places:
        """Where the characters of line `i` start and end."""
        known = self._places.get(i)
        if known is None:
            boxes = self.lines[i].chars
            if self.down:
                known = [c.y0 for c in boxes], [c.y1 for c in boxes]
            else:
                known = [c.x0 for c in boxes], [c.x1 for c in boxes]
            self._places[i] = known
        return known

    def printed(self, i: int) -> Places:
        """The same of its characters but the blanks."""
        known = self._printed.get(i)
        if known is None:
            starts, ends = known = self.chars(i)
            text = self.lines[i].text
            if len(text) == len(starts) and text.split() != [text]:
                kept = [k for k, char in enumerate(text) if not char.isspace()]
                known = [starts[k] for k in kept], [ends[k] for k in kept]
            self._printed[i] = known
        return known

    def near(self, i: int) -> list[Neighbour]:
        """The lines above and below line `i`, of about its size, up to a wall.

        Of other columns only what is in reach of it.
        """
        known = self._beside.get(i)
        if known is None:
            reach = _BESIDE * self.size[i]
            around, inside = lines_near(i, float(self.high[i]), self)
            near = around & inside
            near &= (self.high > self.low[i] - reach) & (self.low < self.high[i] + reach)
            known = [self._every[j] for j in np.flatnonzero(near).tolist()]
            self._beside[i] = known
        return known

    def walls_over(self, middle: float) -> list[Extent]:
        """The walls above or below a place along the text."""
        over = (self.walls[:, 0] < middle) & (middle < self.walls[:, 1])
        return [(w[0], w[1], w[2], w[3]) for w in self.walls[over].tolist()]


def rows_of(lines: Sequence[Line], mode: WritingMode, walls: Sequence[Wall]) -> Rows:
    """Lines that are all of one mode, and the walls of that mode, along their text."""
    down = mode is WritingMode.VERTICAL

    def along(box: Box) -> tuple[float, float]:
        return (box.y0, box.y1) if down else (box.x0, box.x1)

    extents = np.array([along(line.box) for line in lines]).reshape(-1, 2)
    places = [line.box.cx if down else line.box.cy for line in lines]
    sizes = [line.size for line in lines]
    own = [wall.box for wall in walls if wall.mode is mode]
    flat = [box.transposed() if down else box for box in own]
    return Rows(
        lines,
        extents[:, 0],
        extents[:, 1],
        np.array(places),
        np.array(sizes),
        down,
        np.array([(b.x0, b.x1, b.y0, b.y1) for b in flat], np.float64).reshape(-1, 4),
        list(zip(range(len(lines)), *extents.T.tolist(), places, sizes, strict=True)),
    )


def lines_near(i: int, end: float, rows: Rows) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Lines above and below line `i`, of about its size; lines this side of the next walls.

    The wall runs along all that there is of the line, up to `end`: text runs round a picture.
    """
    em, place = rows.size[i], rows.place[i]
    away = np.abs(rows.place - place)
    around = (away < REACH * em) & (away > 0.3 * em)
    around &= np.abs(rows.size / em - 1) < 0.3
    along = (rows.walls[:, 0] < rows.low[i] + em) & (rows.walls[:, 1] > end - em)
    passed = rows.walls[along]
    # A caption inside a picture has its head above it and its foot below.
    edges = passed[:, 2:].ravel()
    low = max(edges[edges < place].tolist(), default=-np.inf)
    high = min(edges[edges > place].tolist(), default=np.inf)
    return around, (low < rows.place) & (rows.place < high)


def is_set_wide(i: int, rows: Rows) -> bool:
    """Whether a short row is read from ink and its characters stand apart evenly.

    Rows of one narrow caption have all their spaces one over another.
    """
    line = rows.lines[i]
    if line.origin is Origin.LAYER or not 2 < len(line.chars) <= _SHORT or " " in line.text:
        return False
    starts, ends = rows.chars(i)
    gaps = list(map(sub, starts[1:], ends))
    return bool(min(gaps) > _SET_WIDE * rows.size[i]) and max(gaps) < _UNEVEN * min(gaps)
