"""Wide white inside a line, which the network's places of characters show but roughly."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from epaper.reading.ocr_ink import Mask, runs
from epaper.reading.ocr_measure import ideograph

# White so wide between two ideographs is no part of their squares, and belongs between those whose
# place is no farther off; in heights of the line.
_WIDE, _NEAR = 0.42, 0.6
# A column of pixels with so many of ink is white with dirt.
_DIRT = 1

Spans = list[tuple[float, float]]


def with_gaps(text: str, spans: Sequence[tuple[float, float]], ink: Mask) -> Spans:
    """The `spans` of a line's characters, which meet half-way, without wide white between them.

    `ink` (H, W) is the line, which runs across; spans are pixels along it. What part of a full
    square a mark leaves white is the mark's. (Read down, strokes of 二 have as much between them.)
    """
    height = ink.shape[0]
    found = list(spans)
    white = np.count_nonzero(ink, axis=0) <= _DIRT
    for start, end in runs(np.asarray(white, np.bool_)):
        inside = start > 0 and end < len(white)
        if not inside or end - start < _WIDE * height:
            continue
        k = _behind((start + end) / 2, found, _NEAR * height)
        if k and ideograph(text[k - 1]) and ideograph(text[k]):
            before, after = found[k - 1], found[k]
            if before[0] < start and end < after[1]:
                found[k - 1], found[k] = (before[0], float(start)), (float(end), after[1])
    return found


def _behind(place: float, spans: Sequence[tuple[float, float]], reach: float) -> int:
    """The character that begins nearest to a place, and no farther than `reach`; 0 for none."""
    edges = [(a[1] + b[0]) / 2 for a, b in itertools.pairwise(spans)]
    if not edges:
        return 0
    near = min(range(len(edges)), key=lambda k: abs(edges[k] - place))
    return near + 1 if abs(edges[near] - place) < reach else 0
