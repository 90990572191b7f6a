"""Weight of type, measured from its ink where the fonts do not tell it by name.

Browsers embed faces as nameless Type 3 fonts. The share of its em squares that a line
covers with ink hardly depends on its size, so lines compare with the page's body text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pymupdf
from numpy.typing import NDArray

from epaper.model import Line

_DPI = 72.0
# Body text stays within 0.8 and 1.35 of its own median, bold faces start near 1.6.
_BOLD = 1.5
_FEWEST = 2  # characters from which a line's ink says something
_IDEOGRAPHS = "\u2e80"


def luminance(color: int) -> float:
    """Perceived lightness of 0xRRGGBB, 0 black to 1 white."""
    red, green, blue = color >> 16, color >> 8 & 0xFF, color & 0xFF
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def nameless(fonts: Sequence[str]) -> bool:
    """Whether any of the fonts has no name of its own."""
    return any(not font or font.startswith("Type3") for font in fonts)


def grey_page(page: Any) -> NDArray[np.float64]:
    """The page upright at 72 dpi, H×W, 0 black to 1 white."""
    grey: Any = pymupdf.csGRAY
    pixmap = page.get_pixmap(dpi=int(_DPI), colorspace=grey, alpha=False)
    rows = np.frombuffer(pixmap.samples, dtype=np.uint8).reshape(pixmap.height, pixmap.stride)
    return rows[:, : pixmap.width] / 255.0


def weighed(lines: Sequence[Line], grey: NDArray[np.float64], dpi: float) -> tuple[Line, ...]:
    """`lines` (pixels at `dpi`) with `bold` set by ink where a font is nameless."""
    inks = np.array([_ink(line, grey, _DPI / dpi) for line in lines])
    known = np.isfinite(inks)
    if not known.any():
        return tuple(lines)
    counts = np.array([len(line.text) for line in lines])
    body = _weighted_median(inks[known], counts[known])
    return tuple(
        replace(line, bold=bool(ink > _BOLD * body))
        if nameless((line.font,)) and np.isfinite(ink)
        else line
        for line, ink in zip(lines, inks, strict=True)
    )


def _ink(line: Line, grey: NDArray[np.float64], scale: float) -> float:
    """Ink of a line by the area of its ideographs' em squares; NaN where too few."""
    area = 0.0
    count = 0
    for char, box in zip(line.text, line.chars, strict=True):
        if char.isalnum():
            area += box.area * scale * scale
            count += char >= _IDEOGRAPHS
    if count < _FEWEST:
        return float("nan")
    box = line.box.scaled(scale)
    part = grey[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1]
    if not part.size:
        return float("nan")
    # Ink on a tint is lighter or darker than the tint, not than white paper.
    ground = float(np.percentile(part, 5 if line.reversed else 95))
    reach = max(abs(ground - luminance(line.color)), 0.2)
    return float(np.abs(part - ground).sum() / reach / area)


def _weighted_median(values: NDArray[np.float64], weights: NDArray[np.int64]) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])
