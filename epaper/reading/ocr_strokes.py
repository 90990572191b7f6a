"""Dashes that recognition passed over: long strokes of ink where a line has no character.

Recognition knows the dash of horizontal lines; one of two or three ems, or one that runs down
a vertical line, it often skips. Its ink is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from epaper.reading.ocr_ink import Mask

# A dash, in ems: how long, how thick, how far off the line's middle, and how much of its
# place its ink fills along the line.
_LENGTH = (1.3, 3.6)
_THICK, _OFF, _FILLED = 0.2, 0.2, 0.8
_TWO = "——"


def with_strokes(
    text: str, centres: Sequence[float], em: float, mask: Mask
) -> tuple[str, list[float]]:
    """The text and the characters' centres along a horizontal line, dashes put in.

    `mask` is the line's ink, `em` its letters' height; all in its pixels.
    """
    if not any(map(str.isalpha, text)):
        return text, list(centres)
    half = em / 2
    ends = [-half, *centres, float(mask.shape[1]) + half]
    said: list[str] = []
    places: list[float] = []
    for k, (before, after) in enumerate(pairwise(ends)):
        if k:
            said.append(text[k - 1])
            places.append(before)
        start, stop = before + half, after - half
        if _LENGTH[0] * em <= stop - start and _is_stroke(mask, start, stop, em):
            said += _TWO
            third = (stop - start) / 4
            places += [start + third, stop - third]
    return "".join(said), places


def _is_stroke(mask: Mask, start: float, stop: float, em: float) -> bool:
    """Whether the ink from `start` to `stop` is one long thin stroke in the line's middle."""
    part = mask[:, max(0, round(start + 0.1 * em)) : round(stop - 0.1 * em)]
    columns: Mask = np.asarray(part.any(axis=0), np.bool_)
    if not columns.any():
        return False
    rows = np.flatnonzero(part.mean(axis=1) > 0.1)
    if not len(rows):
        return False
    thick, middle = rows[-1] + 1 - rows[0], (rows[0] + rows[-1] + 1) / 2
    reach = np.flatnonzero(columns)
    length = reach[-1] + 1 - reach[0]
    return bool(
        _LENGTH[0] * em - 0.3 * em <= length <= _LENGTH[1] * em
        and columns[reach[0] : reach[-1] + 1].mean() >= _FILLED
        and thick <= _THICK * em
        and abs(middle - mask.shape[0] / 2) <= _OFF * em
    )
