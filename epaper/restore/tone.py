"""Tone of the paper: its colour, and a gray image in which it is white everywhere."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Color = tuple[int, int, int]
Floats = NDArray[np.float32]

_WORKING = 600
_WHITE = 245.0
# Levels, of 255, that the paper must vary or lie below white to be evened.
_UNEVEN = 6.0
# Show-through reaches this share of the way from paper to ink at most.
_FAINT = 0.12
# Rows worked on at a time, to bound the memory.
_BAND = 512


def paper_color(image: Image) -> Color:
    """RGB of the paper: the median of what is lighter than half-way to the darkest parts."""
    step = max(1, max(image.shape[:2]) // _WORKING)
    pixels = image[::step, ::step].reshape(-1, 3)
    tone = pixels.sum(axis=1, dtype=np.int32)
    dark, light = np.percentile(tone, (1, 99))
    red, green, blue = (int(v) for v in np.median(pixels[tone >= (dark + light) / 2], axis=0))
    return red, green, blue


def even_tone(image: Image) -> Image:
    """Gray (H, W) of an RGB page with even white paper.

    The paper is what a wide closing leaves of the page; show-through, fainter than any
    ink, goes to white with it. A page that is even and white stays as it is.
    """
    gray: Image = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    paper = _paper(gray)
    low, high = (float(v) for v in np.percentile(paper, (5, 95)))
    if high - low < _UNEVEN and low >= _WHITE - _UNEVEN:
        return gray
    full = cv2.resize(paper, gray.shape[::-1], interpolation=cv2.INTER_LINEAR)
    level = np.empty_like(gray)
    for top in range(0, len(gray), _BAND):
        rows = slice(top, top + _BAND)
        white = np.maximum(full[rows], 1.0) * (1.0 - _FAINT)
        level[rows] = np.minimum(gray[rows] * (255.0 / white), 255.0).astype(np.uint8)
    return level


def _paper(gray: Image) -> Floats:
    """Tone of the paper at a small size, ink and pictures bridged."""
    scale = min(1.0, _WORKING / max(gray.shape))
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    return np.asarray(cv2.GaussianBlur(closed.astype(np.float32), (0, 0), 6.0), np.float32)
