"""Pure arithmetic on axis-parallel boxes, and the way from a page back to its scan.

Lengths are pixels of the restored page image, x to the right, y down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

_BACK_STEPS = 12


class Box(msgspec.Struct, frozen=True, gc=False):
    """A rectangle ``x0 <= x1``, ``y0 <= y1``."""

    # No dataclass: a page has thousands, and those take ten times as long to make.

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        return (self.x1 - self.x0) * (self.y1 - self.y0)

    @property
    def cx(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def cy(self) -> float:
        return (self.y0 + self.y1) / 2

    def union(self, other: Box) -> Box:
        return Box(
            min(self.x0, other.x0),
            min(self.y0, other.y0),
            max(self.x1, other.x1),
            max(self.y1, other.y1),
        )

    def overlap_x(self, other: Box) -> float:
        """Length shared on the x axis; negative is the gap between the two."""
        right = self.x1 if self.x1 < other.x1 else other.x1
        return right - (self.x0 if self.x0 > other.x0 else other.x0)

    def overlap_y(self, other: Box) -> float:
        """Length shared on the y axis; negative is the gap between the two."""
        foot = self.y1 if self.y1 < other.y1 else other.y1
        return foot - (self.y0 if self.y0 > other.y0 else other.y0)

    def intersection(self, other: Box) -> float:
        """Shared area, 0 where the boxes do not meet."""
        # Most boxes of a page do not meet; told without a call, that is twice as quick.
        if self.x0 >= other.x1 or other.x0 >= self.x1 or self.y0 >= other.y1:
            return 0.0
        across = self.overlap_x(other)
        if across <= 0:
            return 0.0
        down = self.overlap_y(other)
        return across * down if down > 0 else 0.0

    def share_in(self, other: Box) -> float:
        """Share of this box's area that lies in `other`, 0 to 1."""
        return self.intersection(other) / self.area if self.area > 0 else 0.0

    def contains(self, other: Box, slack: float = 0.0) -> bool:
        return (
            self.x0 - slack <= other.x0
            and self.y0 - slack <= other.y0
            and self.x1 + slack >= other.x1
            and self.y1 + slack >= other.y1
        )

    def grown(self, dx: float, dy: float | None = None) -> Box:
        """The box with every side moved outwards (inwards where negative)."""
        dy = dx if dy is None else dy
        return Box(self.x0 - dx, self.y0 - dy, self.x1 + dx, self.y1 + dy)

    def moved(self, dx: float, dy: float) -> Box:
        return Box(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)

    def scaled(self, factor: float) -> Box:
        return Box(self.x0 * factor, self.y0 * factor, self.x1 * factor, self.y1 * factor)

    def clipped(self, other: Box) -> Box:
        """The part inside `other`; an empty box on its edge where they do not meet."""
        x0 = min(max(self.x0, other.x0), other.x1)
        y0 = min(max(self.y0, other.y0), other.y1)
        return Box(x0, y0, max(x0, min(self.x1, other.x1)), max(y0, min(self.y1, other.y1)))

    def turned(self, page_width: float) -> Box:
        """The box in the frame where vertical-rl setting reads as horizontal-tb.

        ``(x, y) -> (y, page_width - x)``: text that ran down the page runs to the
        right, columns that went right to left go down.
        """
        return Box(self.y0, page_width - self.x1, self.y1, page_width - self.x0)

    def turned_back(self, page_width: float) -> Box:
        """Inverse of `turned` with the same `page_width`."""
        return Box(page_width - self.y1, self.x0, page_width - self.y0, self.x1)

    def transposed(self) -> Box:
        """The box with x and y exchanged; its own inverse."""
        return Box(self.y0, self.x0, self.y1, self.x1)


def hull(boxes: Iterable[Box]) -> Box:
    """The smallest box around all; ValueError where there is none."""
    found = list(boxes)
    if not found:
        raise ValueError("no boxes to enclose")
    if len(found) == 1:
        return found[0]
    return Box(
        min([b.x0 for b in found]),
        min([b.y0 for b in found]),
        max([b.x1 for b in found]),
        max([b.y1 for b in found]),
    )


@dataclass(frozen=True, slots=True)
class Mesh:
    """Offsets in pixels at the nodes of a grid over a page, row by row from the top left.

    Node (column, row) stands at ``(column * step, row * step)``; there are `columns` in a
    row. Between nodes offsets are bilinear, beyond the outer ones they stay the same.
    """

    step: float
    columns: int
    dx: tuple[float, ...]
    dy: tuple[float, ...]

    def offset(self, x: float, y: float) -> tuple[float, float]:
        """How far the point (x, y) is moved."""
        rows = len(self.dx) // self.columns
        column, right = _between(x / self.step, self.columns)
        row, down = _between(y / self.step, rows)
        weights = ((1 - right) * (1 - down), right * (1 - down), (1 - right) * down, right * down)
        corner = row * self.columns + column
        beside = 1 if column + 1 < self.columns else 0
        below = self.columns if row + 1 < rows else 0
        nodes = (corner, corner + beside, corner + below, corner + below + beside)
        return (
            sum(w * self.dx[n] for w, n in zip(weights, nodes, strict=True)),
            sum(w * self.dy[n] for w, n in zip(weights, nodes, strict=True)),
        )


@dataclass(frozen=True, slots=True)
class Transform:
    """The way from a point of the page image to the scan that the page was made from.

    The point is moved by `mesh`; then `affine` (a, b, c, d, e, f) leads to
    ``(a x + b y + c, d x + e y + f)`` in pixels of the scan. Points lie between pixels as
    corners of boxes do: the middle of the first pixel is (0.5, 0.5).
    """

    affine: tuple[float, float, float, float, float, float] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    mesh: Mesh | None = None

    def to_scan(self, x: float, y: float) -> tuple[float, float]:
        """The point of the scan that stands at (x, y) of the page."""
        if self.mesh is not None:
            dx, dy = self.mesh.offset(x, y)
            x, y = x + dx, y + dy
        a, b, c, d, e, f = self.affine
        return a * x + b * y + c, d * x + e * y + f

    def to_page(self, x: float, y: float) -> tuple[float, float]:
        """The point of the page that came from (x, y) of the scan.

        Offsets change slowly over a page, so stepping back by the offset of the last
        guess comes to rest within a hundredth of a pixel.
        """
        a, b, c, d, e, f = self.affine
        unit = a * e - b * d
        flat_x, flat_y = (e * (x - c) - b * (y - f)) / unit, (a * (y - f) - d * (x - c)) / unit
        if self.mesh is None:
            return flat_x, flat_y
        x, y = flat_x, flat_y
        for _ in range(_BACK_STEPS):
            dx, dy = self.mesh.offset(x, y)
            x, y = flat_x - dx, flat_y - dy
        return x, y

    def scaled(self, across: float, down: float) -> Transform:
        """The way to the scan when its pixels are so many times as many each way."""
        a, b, c, d, e, f = self.affine
        return Transform(
            (a * across, b * across, c * across, d * down, e * down, f * down), self.mesh
        )

    def outline(self, box: Box) -> tuple[tuple[float, float], ...]:
        """Corners on the scan of a box of the page, from the top left, clockwise as printed."""
        corners = ((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1))
        return tuple(self.to_scan(x, y) for x, y in corners)


def _between(place: float, count: int) -> tuple[int, float]:
    """The node at or before `place` in a row of `count`, and the share of the way to the next."""
    place = min(max(place, 0.0), count - 1.0)
    node = min(int(place), max(0, count - 2))
    return node, place - node
