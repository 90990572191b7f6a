"""What lies under the lines of a page: tints, pictures, or the paper.

Lengths are points in the page's upright frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.model import Line
from epaper.reading.style import luminance
from epaper.reading.vector import Graphics

_PAPER = 0xFFFFFF
_UNDER = 0.8  # share of a line that stands on an area


class Ground:
    """The filled areas and pictures of a page, looked up line by line."""

    def __init__(self, graphics: Graphics) -> None:
        tints = [(a.box, a.fill) for a in graphics.grounds if a.fill is not None]
        self._fills = [fill for _, fill in tints]
        self._tints = _rows([box for box, _ in tints])
        self._pictures = _rows([*graphics.images, *graphics.drawings])

    def placed(self, line: Line, scale: float) -> Line | None:
        """The line (`scale` pixels a point) with `reversed` set; None where it cannot be seen."""
        box = line.box.scaled(1 / scale)
        ink = luminance(line.color)
        tints = np.flatnonzero(_shares(box, self._tints) > _UNDER)
        under = self._fills[tints[-1]] if tints.size else _PAPER
        if under == _PAPER and bool((_shares(box, self._pictures) > _UNDER).any()):
            return replace(line, reversed=ink > 0.8)
        if line.color == under and ink > 0.95:
            return None
        return replace(line, reversed=ink > luminance(under) + 0.15)


def _rows(boxes: Sequence[Box]) -> NDArray[np.float64]:
    rows = [(b.x0, b.y0, b.x1, b.y1) for b in boxes]
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


def _shares(box: Box, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of `box` that lies in each of the boxes."""
    across = np.minimum(rows[:, 2], box.x1) - np.maximum(rows[:, 0], box.x0)
    down = np.minimum(rows[:, 3], box.y1) - np.maximum(rows[:, 1], box.y0)
    shares: NDArray[np.float64] = np.maximum(across, 0) * np.maximum(down, 0)
    return shares / box.area if box.area > 0 else np.zeros_like(shares)
