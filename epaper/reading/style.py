"""Weight of type, measured from its ink where the fonts do not tell it by name.

Browsers embed faces as nameless Type 3 fonts. The share of its em squares that a line
covers with ink hardly depends on its size, so lines compare with the page's body text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from epaper.model import Line
from epaper.reading.drawn import GreyPage
from epaper.reading.faces import is_nameless
from epaper.reading.shades import luminance

# Body text stays within 0.8 and 1.35 of its own median, bold faces start near 1.6.
_BOLD = 1.5
_FEWEST = 2  # characters from which a line's ink says something
_IDEOGRAPHS = "\u2e80"
_SHADES = np.arange(256)


def weighed(lines: Sequence[Line], grey: GreyPage, dpi: float) -> tuple[Line, ...]:
    """`lines` (pixels at `dpi`) with `bold` set by ink where a font is nameless."""
    if not any(is_nameless(line.font) for line in lines):
        return tuple(lines)
    inks = np.array([_ink(line, grey, grey.dpi / dpi) for line in lines])
    known = np.isfinite(inks)
    if not known.any():
        return tuple(lines)
    counts = np.array([len(line.text) for line in lines])
    body = _weighted_median(inks[known], counts[known])
    return tuple(
        replace(line, bold=bool(ink > _BOLD * body))
        if is_nameless(line.font) and np.isfinite(ink)
        else line
        for line, ink in zip(lines, inks, strict=True)
    )


def _ink(line: Line, grey: GreyPage, scale: float) -> float:
    """Ink of a line by the area of its ideographs' em squares; NaN where too few."""
    area = 0.0
    count = 0
    before = None
    for char, box in zip(line.text, line.chars, strict=True):
        # Characters that share a box are a ligature, or stand for text cut off.
        if char.isalnum() and box != before:
            area += (box.x1 - box.x0) * (box.y1 - box.y0)
            count += char >= _IDEOGRAPHS
        before = box
    if count < _FEWEST:
        return float("nan")
    box = line.box.scaled(scale)
    rows = slice(max(0, int(box.y0)), int(box.y1) + 1)
    pixels = grey.pixels[rows, max(0, int(box.x0)) : int(box.x1) + 1]
    if not pixels.size:
        return float("nan")
    # Ink on a tint is lighter or darker than the tint, not than white paper.
    counts = np.bincount(pixels.ravel(), minlength=256)
    ground = _level(counts, 0.05 if line.reversed else 0.95)
    reach = max(abs(ground / 255.0 - luminance(line.color)), 0.2)
    ink = int(counts @ np.abs(_SHADES - ground)) / 255.0
    return ink / reach / (area * scale * scale)


def _level(counts: NDArray[np.int64], share: float) -> int:
    """The value below which `share` of all lie; `counts` says how often each is there."""
    total = counts.cumsum()
    return int(total.searchsorted(int(share * (total[-1] - 1)), side="right"))


def _weighted_median(values: NDArray[np.float64], weights: NDArray[np.int64]) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])
