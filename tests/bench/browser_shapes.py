"""Shapes of stories on a page: areas cut into stories, and stories into regions of text.

Lengths are CSS pixels of the page.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Grid:
    """Columns of one page: `x` of the first, their `width` and the `gap` between them."""

    x: float
    width: float
    gap: float
    count: int

    def left(self, column: int) -> float:
        return self.x + column * (self.width + self.gap)

    def over(self, columns: int) -> float:
        """The width of so many columns side by side."""
        return columns * self.width + (columns - 1) * self.gap


@dataclass
class Column:
    """One column of a story; `under` says that it begins below the headline."""

    x: float
    y: float
    w: float
    h: float
    under: bool = True
    floats: list[str] = field(default_factory=list)

    def region(self) -> dict[str, Any]:
        shape = {"x": self.x, "y": self.y, "w": self.w, "h": self.h}
        return {**shape, "u": self.under, "floats": self.floats}


@dataclass
class Area:
    """Room for one story: its columns, and the room of its headline above them."""

    columns: list[Column]
    head_x: float
    head_y: float
    head_w: float
    kind: str = "plain"

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, foot."""
        return (
            min(self.head_x, *(c.x for c in self.columns)),
            min(self.head_y, *(c.y for c in self.columns)),
            max(self.head_x + self.head_w, *(c.x + c.w for c in self.columns)),
            max(c.y + c.h for c in self.columns),
        )


def plain(x: float, y: float, w: float, h: float, count: int, gap: float) -> Area:
    """A rectangle in `count` columns under a headline over all of them."""
    width = (w - (count - 1) * gap) / count
    columns = [Column(x + k * (width + gap), y, width, h) for k in range(count)]
    return Area(columns, x, y, w)


def cut(grid: Grid, first: int, span: int, y: float, h: float, rng: random.Random) -> list[Area]:
    """An area of `span` columns from `first` on as one story or several that interlock."""
    air = grid.gap + 4
    if span >= 3 and h > 330 and rng.random() < 0.4:
        make = rng.choice((_stair, _corner, _bay, _top_corner))
        return make(grid, first, span, y, h, air, rng)
    if h > 380 and rng.random() < 0.35:
        upper = h * rng.uniform(0.4, 0.6)
        low = y + upper + air
        return [
            *cut(grid, first, span, y, upper, rng),
            *cut(grid, first, span, low, h - upper - air, rng),
        ]
    return [_rectangle(grid, first, span, y, h, rng)]


def _rectangle(grid: Grid, first: int, span: int, y: float, h: float, rng: random.Random) -> Area:
    """One story in the grid's columns or in its own; its head may leave columns beside it."""
    width = grid.over(span)
    count = span
    if span > 1 and rng.random() < 0.35:
        count = max(1, span + rng.choice((-1, 1)))
        narrow = (width - (count - 1) * grid.gap) / count
        count = count if narrow > 105 else span
    area = plain(grid.left(first), y, width, h, count, grid.gap)
    if count >= 3 and rng.random() < 0.22:
        over = rng.randint(1, count - 1)
        area.head_w = area.columns[over - 1].x + area.columns[0].w - area.head_x
        for column in area.columns[over:]:
            column.under = False
        area.kind = "beside"
    return area


def _heights(grid: Grid, first: int, heights: list[float], y: float, air: float) -> list[Area]:
    """A story whose columns have these heights, and stories under its shorter ones."""
    columns = [Column(grid.left(first + k), y, grid.width, h) for k, h in enumerate(heights)]
    areas = [Area(columns, grid.left(first), y, grid.over(len(heights)), "shaped")]
    foot = y + max(heights)
    k = 0
    while k < len(heights):
        n = k
        while n < len(heights) and heights[n] == heights[k]:
            n += 1
        low = y + heights[k] + air
        if foot - low > 90:
            areas.append(
                plain(grid.left(first + k), low, grid.over(n - k), foot - low, n - k, grid.gap)
            )
        k = n
    return areas


def _stair(
    grid: Grid, first: int, span: int, y: float, h: float, air: float, rng: random.Random
) -> list[Area]:
    """Columns that end higher and higher, to one side."""
    steps = [h, h * 0.72, h * 0.46]
    heights = sorted((steps[k * 3 // span] for k in range(span)), reverse=rng.random() < 0.6)
    return _heights(grid, first, heights, y, air)


def _corner(
    grid: Grid, first: int, span: int, y: float, h: float, air: float, rng: random.Random
) -> list[Area]:
    """A lower corner left to another story: an L."""
    nested = rng.randint(1, span - 1)
    short = h * rng.uniform(0.45, 0.65)
    heights = [h] * (span - nested) + [short] * nested
    return _heights(grid, first, heights if rng.random() < 0.7 else heights[::-1], y, air)


def _bay(
    grid: Grid, first: int, span: int, y: float, h: float, air: float, rng: random.Random
) -> list[Area]:
    """Columns at both sides that go down past another story: a U upside down."""
    short = h * rng.uniform(0.4, 0.6)
    return _heights(grid, first, [h] + [short] * (span - 2) + [h], y, air)


def _top_corner(
    grid: Grid, first: int, span: int, y: float, h: float, air: float, rng: random.Random
) -> list[Area]:
    """An upper corner left to another story; the headline stands beside it."""
    nested = rng.randint(1, span - 2)
    tall = h * rng.uniform(0.35, 0.55)
    free = span - nested
    columns = [Column(grid.left(first + k), y, grid.width, h) for k in range(free)]
    low = y + tall + air
    columns += [
        Column(grid.left(first + k), low, grid.width, h - tall - air, under=False)
        for k in range(free, span)
    ]
    host = Area(columns, grid.left(first), y, grid.over(free), "shaped")
    corner = plain(grid.left(first + free), y, grid.over(nested), tall, nested, grid.gap)
    return [host, corner]


def spans(count: int, rng: random.Random) -> list[int]:
    """The columns of a page as spans of stories side by side."""
    found: list[int] = []
    while (left := count - sum(found)) > 0:
        found.append(min(left, rng.choice((1, 2, 2, 3, 3, 4, count))))
    return found
