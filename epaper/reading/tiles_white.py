"""Rows told from columns by the white between them, where detection cannot tell."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.masks import without_small
from epaper.reading.ocr_ink import Mask, runs
from epaper.reading.ocr_lines import dark_mask

Image = NDArray[np.uint8]

# In ems: how high a line is, at least and at most, the least white between two, dirt, and how
# much larger than its ink a line is drawn.
_LEAST, _MOST, _WHITE, _SPECK, _GROWN = 0.3, 1.35, 0.12, 0.15, 0.1
# White may hold so much of the ink that full rows of pixels have, by the percentile of a region's.
_TRACE, _FULL = 0.04, 90
# So many lines at least show that they are lines, of so many letters on average; the tone of a
# dark ground, of 255.
_FEWEST, _LETTERS, _DARK = 2, 4.0, 110


def lines_by_white(image: Image, region: Box, em: float) -> list[Box]:
    """The rows of letters in a region of an RGB page (H, W, 3), or its columns.

    In letter-spaced lines letters stand as near to those of other lines as to each other, but
    only along the lines there is white from side to side. Empty where there is in both
    directions, or in neither. `em` is the common letter height in pixels.
    """
    x0, y0 = max(0, round(region.x0)), max(0, round(region.y0))
    part = image[y0 : round(region.y1), x0 : round(region.x1)]
    gray: Image = np.asarray(cv2.cvtColor(part, cv2.COLOR_RGB2GRAY), np.uint8)
    # White letters on a dark ground are ink as well.
    if np.median(gray) < _DARK:
        gray = np.asarray(cv2.bitwise_not(gray), np.uint8)
    ink = without_small(dark_mask(gray, em), _SPECK * em)
    rows, columns = _lines(ink, em), _lines(ink.T, em)
    if bool(rows) is bool(columns):
        return []
    boxes = rows or [box.transposed() for box in columns]
    whole = Box(0, 0, *gray.shape[::-1])
    return [box.grown(_GROWN * em).clipped(whole).moved(x0, y0) for box in boxes]


def _lines(ink: Mask, em: float) -> list[Box]:
    """Runs of rows of pixels with ink, if they are lines of letters with white between.

    What a picture or a line beside reaches in at the edge is none of them.
    """
    counts = np.count_nonzero(ink, axis=1)
    least = _TRACE * float(np.percentile(counts, _FULL))
    found = list(runs(np.asarray(counts > least, np.bool_)))
    edges = (0, len(ink))
    found = [
        (start, end)
        for start, end in found
        if _LEAST * em < end - start < _MOST * em or not (start in edges or end in edges)
    ]
    heights = [end - start for start, end in found]
    gaps = [b - a for (_, a), (b, _) in pairwise(found)]
    if len(found) < _FEWEST or max(heights) > _MOST * em or min(gaps) < _WHITE * em:
        return []
    boxes = []
    for start, end in found:
        across = np.flatnonzero(ink[start:end].any(axis=0))
        if end - start > _LEAST * em:
            boxes.append(Box(float(across[0]), float(start), float(across[-1] + 1), float(end)))
    long = sum(box.width for box in boxes) > _LETTERS * em * len(boxes)
    return boxes if long else []
