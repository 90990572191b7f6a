"""Punctuation of vertical lines that recognition passes over.

Vertical setting puts a comma in the upper right corner of its square. A line turned
on its side for recognition shows it in the upper left, where the models have not
learnt to look; and it shows brackets, which are set turned, upright among letters that
lie. Their ink is found here and told by its shape.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import cv2
import numpy as np

from epaper.reading.ocr_ink import Mask, runs

# Sizes of a mark in line widths.
_LARGEST, _SMALLEST = 0.55, 0.1
_RING, _COMMA = "。", "、"
# On its side, a comma in the upper corner looks like one of these.
_APOSTROPHE = re.compile("(?<![A-Za-z])['`´](?![A-Za-z])")
# Least distance from the middle of a character that was read, in line widths: letters
# come apart into pieces, too, and some of those bend like a bracket.
_MARK_AWAY, _BRACKET_AWAY = 0.42, 0.6
# Brackets: across and along the line, how far they bend, and a gap inside one.
_WIDE, _LONGEST, _BEND, _INSIDE = 0.6, 0.6, 0.07, 0.12
_BRACKETS = {(1, True): "（", (1, False): "）", (2, True): "《", (2, False): "》"}


def with_marks(text: str, centres: Sequence[float], ink: Mask) -> tuple[str, list[float]]:
    """Text and centres with the marks that the ink shows and the text lacks.

    `ink` (W, H) is the line transposed: it runs along x, and the top of the mask is the
    line's left side; lengths are pixels.
    """
    em = float(ink.shape[0])
    added = [
        (place, mark)
        for found, away in ((_marks(ink, em), _MARK_AWAY), (_brackets(ink, em), _BRACKET_AWAY))
        for place, mark in found
        if all(abs(place - c) > away * em for c in centres)
    ]
    text = _APOSTROPHE.sub("，", text)
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


def _brackets(ink: Mask, em: float) -> list[tuple[float, str]]:
    found = []
    joined: list[tuple[int, int]] = []
    for start, end in _isolated(ink):
        if joined and start - joined[-1][1] <= _INSIDE * em and end - joined[-1][0] < em / 2:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    for start, end in joined:
        if _SMALLEST * em <= end - start <= _LONGEST * em:
            bracket = _bracket(ink[:, start:end], em)
            if bracket:
                found.append(((start + end) / 2, bracket))
    return found


def _bracket(ink: Mask, em: float) -> str:
    """The bracket that a piece of ink shows; empty where it shows none.

    Followed across the line, a bracket's stroke bends one way and back, the same on
    both sides: to the line's start in the middle where it opens.
    """
    rows = np.flatnonzero(ink.any(axis=1))
    if rows[-1] + 1 - rows[0] < _WIDE * em or len(rows) < 0.8 * (rows[-1] + 1 - rows[0]):
        return ""
    stroke = ink[rows]
    edge = stroke.argmax(axis=1)
    fifth = max(1, len(rows) // 5)
    middle = float(np.median(edge[2 * fifth : 3 * fifth + 1]))
    ends = [float(np.median(part)) - middle for part in (edge[:fifth], edge[-fifth:])]
    bend = sum(ends) / 2
    if abs(bend) < _BEND * em or min(ends) * max(ends) <= 0 or abs(ends[0] - ends[1]) > abs(bend):
        return ""
    strokes = round(float(np.median([len(list(runs(row))) for row in stroke])))
    return _BRACKETS.get((strokes, bend > 0), "")


def _isolated(ink: Mask) -> list[tuple[int, int]]:
    return list(runs(np.asarray(ink.any(axis=0), np.bool_)))


def _ring(mark: Mask) -> bool:
    """True where the mark encloses white."""
    padded = np.pad(mark.astype(np.uint8), 1)
    _, tree = cv2.findContours(padded, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    return tree is not None and bool((tree[0][:, 3] >= 0).any())
