"""Dividing a page among stories: guillotine cuts, then L, U and staircase shapes.

Boxes are millimetres of the logical frame: x is u (along the lines), y is v.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from epaper.geometry import Box, hull


@dataclass
class Region:
    """The text columns of one story, in reading order.

    `heads` is the number of columns under its head, 0 to tell it by their tops; `poured` says
    that the story runs through columns that it shares with others.
    """

    columns: list[Box]
    heads: int = 0
    poured: bool = False

    @property
    def box(self) -> Box:
        return hull(self.columns)

    @property
    def rectangular(self) -> bool:
        first = self.columns[0]
        return all(c.y0 == first.y0 and c.y1 == first.y1 for c in self.columns)

    @property
    def head_columns(self) -> int:
        """How many columns, from the first, begin at the story's top."""
        if self.heads:
            return self.heads
        count = 0
        for column in self.columns:
            if column.y0 > self.columns[0].y0 + 0.01:
                break
            count += 1
        return count

    @property
    def area(self) -> float:
        return sum(c.area for c in self.columns)


@dataclass(frozen=True)
class Plan:
    """What the division has to respect; `story_area` in square millimetres."""

    columns: int
    gutter: float
    gap: float
    story_area: float
    odd_shapes: float
    least_height: float = 40.0
    least_width: float = 42.0


class Divider:
    """Divides `area` into regions, top left first."""

    def __init__(self, area: Box, plan: Plan, rng: random.Random) -> None:
        self.area = area
        self.plan = plan
        self.rng = rng
        self.pitch = (area.width + plan.gutter) / plan.columns

    def divide(self) -> list[Region]:
        return self._split(0, self.plan.columns, self.area.y0, self.area.y1)

    def columns(self, first: int, last: int, v0: float, v1: float) -> list[Box]:
        width = self.pitch - self.plan.gutter
        starts = [self.area.x0 + i * self.pitch for i in range(first, last)]
        return [Box(u, v0, u + width, v1) for u in starts]

    def _least_columns(self) -> int:
        return max(1, round(self.plan.least_width / self.pitch + 0.3))

    def _split(self, first: int, last: int, v0: float, v1: float) -> list[Region]:
        plan, rng = self.plan, self.rng
        width, height = (last - first) * self.pitch, v1 - v0
        least = self._least_columns() + (1 if rng.random() < 0.45 else 0)
        sides = last - first >= 2 * least
        stack = height >= 2 * plan.least_height + plan.gap
        enough = plan.story_area * rng.uniform(0.5, 1.9)
        if width * height <= enough or not (sides or stack):
            return [Region(self.columns(first, last, v0, v1))]
        across = width / (width + height * rng.uniform(1.0, 2.6))
        if sides and (not stack or rng.random() < across):
            cut = rng.randint(first + least, last - least)
            return self._split(first, cut, v0, v1) + self._split(cut, last, v0, v1)
        at = v0 + rng.uniform(plan.least_height, height - plan.least_height - plan.gap)
        upper = self._split(first, last, v0, at)
        lower = self._split(first, last, at + plan.gap, v1)
        if len(upper) == len(lower) == 1 and rng.random() < plan.odd_shapes:
            self._interlock(upper[0], lower[0], least)
        return upper + lower

    def _interlock(self, upper: Region, lower: Region, least: int) -> None:
        """Let the upper story reach down beside, or around, the lower one."""
        count = len(upper.columns)
        if count < least + 1:
            return
        shape = self.rng.choice(("right", "left", "arch", "stairs"))
        if shape == "arch" and count >= least + 2:
            self._reach(upper, lower, [0, count - 1], [lower.columns[0].y1] * 2)
            return
        legs = self.rng.randint(1, count - least)
        if shape == "left":
            self._reach(upper, lower, list(range(legs)), [lower.columns[0].y1] * legs)
            return
        indices = list(range(count - legs, count))
        top, bottom = lower.columns[0].y0, lower.columns[0].y1
        if self.rng.random() < 0.35:
            depths = [bottom] * legs
        else:
            span = bottom - top - 25.0
            depths = sorted(top + self.rng.uniform(0.25, 0.85) * span for _ in indices)
            if shape != "stairs" or span < 20.0:
                depths = [depths[-1]] * legs
        self._reach(upper, lower, indices, depths)

    def _reach(self, upper: Region, lower: Region, indices: list[int], depths: list[float]) -> None:
        shortened: list[Box | None] = list(lower.columns)
        for index, depth in zip(indices, depths, strict=True):
            above, below = upper.columns[index], lower.columns[index]
            upper.columns[index] = Box(above.x0, above.y0, above.x1, min(depth, below.y1))
            top = depth + self.plan.gap
            shortened[index] = (
                Box(below.x0, top, below.x1, below.y1) if top < below.y1 - 10.0 else None
            )
            if shortened[index] is None:
                upper.columns[index] = Box(above.x0, above.y0, above.x1, below.y1)
        lower.columns[:] = [c for c in shortened if c is not None]


def redivided(region: Region, count: int, gutter: float) -> Region:
    """A rectangular region cut into `count` columns of its own."""
    box = region.box
    width = (box.width - (count - 1) * gutter) / count
    starts = [box.x0 + i * (width + gutter) for i in range(count)]
    return Region([Box(u, box.y0, u + width, box.y1) for u in starts])


def contours(region: Region) -> list[tuple[float, float, float]]:
    """The runs (u0, u1, v) along the region's top where a rule may stand."""
    runs: list[tuple[float, float, float]] = []
    for column in region.columns:
        if runs and abs(runs[-1][2] - column.y0) < 0.01:
            runs[-1] = (runs[-1][0], column.x1, column.y0)
        else:
            runs.append((column.x0, column.x1, column.y0))
    return runs
