"""Tone of the paper."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Color = tuple[int, int, int]

_WORKING = 600


def paper_color(image: Image) -> Color:
    """RGB of the paper: the median of what is lighter than half-way to the darkest parts."""
    step = max(1, max(image.shape[:2]) // _WORKING)
    pixels = image[::step, ::step].reshape(-1, 3)
    tone = pixels.sum(axis=1, dtype=np.int32)
    dark, light = np.percentile(tone, (1, 99))
    red, green, blue = (int(v) for v in np.median(pixels[tone >= (dark + light) / 2], axis=0))
    return red, green, blue
