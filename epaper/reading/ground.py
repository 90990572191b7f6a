"""What lies under the lines of a page: tints, pictures, or the paper.

Lengths are points in the page's upright frame.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from epaper.reading.rows import rows_of
from epaper.reading.shades import luminance
from epaper.reading.vector import Graphics

_PAPER = 0xFFFFFF
_MOST_PAIRS = 200_000  # of boxes and areas looked at together
_UNDER = 0.8  # share of a line that stands on an area
_LIGHT = 0.8  # luminance from which type on a picture is taken to be reversed
_WHITE = 0.95  # … and type on its own colour not to be seen


class Ground:
    """The filled areas and pictures of a page, looked up for all lines at once."""

    def __init__(self, graphics: Graphics) -> None:
        tints = [(a.box, a.fill) for a in graphics.grounds if a.fill is not None]
        self._fills = [fill for _, fill in tints]
        self._tints = rows_of([box for box, _ in tints])
        self._pictures = rows_of([*graphics.images, *graphics.drawings])

    def under(self, boxes: NDArray[np.float64]) -> list[int | None]:
        """What lies under each of N×4 boxes: a colour, or None for a picture."""
        step = max(1, _MOST_PAIRS // (len(self._tints) + len(self._pictures) + 1))
        parts = (boxes[k : k + step] for k in range(0, len(boxes), step))
        return [ground for part in parts for ground in self._under(part)]

    def _under(self, boxes: NDArray[np.float64]) -> Iterator[int | None]:
        tinted, pictured = _shares(boxes, self._tints), _shares(boxes, self._pictures)
        # Most lines stand on nothing, and need no closer look.
        on_tint, on_picture = (np.any(shares, axis=1) for shares in (tinted, pictured))
        for k in range(len(boxes)):
            fill = self._fill(tinted[k]) if on_tint[k] else _PAPER
            # A caption may run over pictures side by side.
            hidden = fill == _PAPER and bool(on_picture[k]) and pictured[k].sum() > _UNDER
            yield None if hidden else fill

    def _fill(self, shares: NDArray[np.float64]) -> int:
        """The colour under a line, by the share of it on each tint in order of drawing.

        A band of colour may be drawn in strips, none of which holds the whole line.
        """
        whole = max(np.flatnonzero(shares > _UNDER).tolist(), default=-1)
        strips = shares[whole + 1 :]
        if strips.sum() > _UNDER:
            return self._fills[whole + 1 + int(strips.argmax())]
        return self._fills[whole] if whole >= 0 else _PAPER


def is_reversed(color: int, ground: int | None) -> bool | None:
    """Whether type of `color` is light on dark; None where it cannot be seen at all."""
    ink = luminance(color)
    if ground is None:
        return ink > _LIGHT
    if color == ground and ink > _WHITE:
        return None
    return ink > luminance(ground) + 0.15


def _shares(boxes: NDArray[np.float64], rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of each box that lies in each row, N×M; 0 for a box without area."""
    low = np.maximum(boxes[:, None, :2], rows[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], rows[None, :, 2:])
    common = np.maximum(high - low, 0).prod(axis=2)
    area = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)[:, None]
    shares = np.zeros(common.shape)
    np.divide(common, area, out=shares, where=area > 0)
    return shares
