"""Punctuation of vertical lines that recognition passes over.

Vertical setting puts a comma in the upper right corner of its square. A line turned
on its side for recognition shows it in the upper left, where the models have not
learnt to look, so its ink is found here and told by its shape.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from epaper.reading.ocr_ink import Mask, runs

# Sizes of a mark in line widths.
_LARGEST, _SMALLEST = 0.55, 0.1
_RING, _COMMA = "。", "、"


def with_marks(text: str, centres: Sequence[float], ink: Mask) -> tuple[str, list[float]]:
    """Text and centres with the marks that the ink shows and the text lacks.

    `ink` (W, H) is the line transposed: it runs along x, and the top of the mask is the
    line's left side; lengths are pixels.
    """
    em = float(ink.shape[0])
    added = [
        (place, mark)
        for place, mark in _marks(ink, em)
        if all(abs(place - c) > 0.42 * em for c in centres)
    ]
    both = sorted([*zip(centres, text, strict=True), *added])
    return "".join(char for _, char in both), [place for place, _ in both]


def _marks(ink: Mask, em: float) -> list[tuple[float, str]]:
    found = []
    for start, end in _isolated(ink):
        if end - start > _LARGEST * em or end - start < _SMALLEST * em:
            continue
        across = np.flatnonzero(ink[:, start:end].any(axis=1))
        depth = int(across[-1] - across[0]) + 1
        middle = (across[0] + across[-1]) / 2
        # A stroke of 一 or a dash is wide, dirt is tiny, a mark is not left of the middle.
        if _SMALLEST * em <= depth <= _LARGEST * em and middle > 0.3 * em:
            mark = ink[across[0] : across[-1] + 1, start:end]
            found.append(((start + end) / 2, _RING if _ring(mark) else _COMMA))
    return found


def _isolated(ink: Mask) -> list[tuple[int, int]]:
    return list(runs(np.asarray(ink.any(axis=0), np.bool_)))


def _ring(mark: Mask) -> bool:
    """True where the mark encloses white."""
    padded = np.pad(mark.astype(np.uint8), 1)
    _, tree = cv2.findContours(padded, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    return tree is not None and bool((tree[0][:, 3] >= 0).any())
