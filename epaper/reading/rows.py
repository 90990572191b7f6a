"""Boxes as arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box


def rows_of(boxes: Sequence[Box]) -> NDArray[np.float64]:
    """Boxes as an N×4 array."""
    rows = [(b.x0, b.y0, b.x1, b.y1) for b in boxes]
    return np.array(rows, dtype=np.float64).reshape(-1, 4)
