"""Punctuation that recognition saw and passed over.

Where recognition cannot tell a comma from the blank between two letters, it answers the
blank. The letters stand apart all the same, and its second answer there is a mark of
punctuation: then that is what is printed. A mark that was all but ruled out is given where
there is ink between the letters. Only what recognition itself offered is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from epaper.reading.ocr_chances import Chances, Classes

Mask = NDArray[np.bool_]

# A dot in the middle is left out: it looks like any mark that is not clear.
MARKS = frozenset("，。、；：！？「」『』“”（）《》〈〉,.;:!?\"'()")
# Marks whose ink lies in a part of its square and nowhere else.
_SMALL = frozenset("，。、；：,.;:")
# Letters with a mark between them are so many times as far apart as others of the line;
# a line ends so much further from its last letter.
_APART, _AFTER_LAST = 1.2, 0.9
# Least probability of a mark in a gap, of one at the end, and of one that ink confirms.
_LEAST, _LEAST_LAST, _LEAST_INKED = 0.02, 0.05, 5e-4
# Fewest letters that tell how far apart they are in a line.
_FEW = 4
# A mark's ink between two letters, in squares of the letters' distance.
_MARK_INK = 0.008


@dataclass(frozen=True, slots=True)
class Sign:
    """One character of a reading: class, first and last step and centre, probability."""

    index: int
    start: int
    end: int
    centre: float
    score: float


@dataclass(frozen=True, slots=True)
class Offer:
    """A mark that recognition all but rules out; `place` is its centre, 0 to 1."""

    place: float
    char: str


@lru_cache(maxsize=2)
def mark_classes(characters: tuple[str, ...]) -> Classes:
    """Classes of a recogniser that are marks of punctuation."""
    return np.array([i for i, char in enumerate(characters) if char in MARKS], np.int64)


def with_passed_over(
    signs: Sequence[Sign],
    chances: Chances,
    steps: int,
    characters: tuple[str, ...],
    marks: Classes,
) -> tuple[list[Sign], list[Sign]]:
    """The signs of a line with the marks passed over, and marks that want confirming by ink.

    `chances` are the recogniser's, of which the first `steps` lie on the line, and `marks` those
    of its classes, of the `characters`, that are marks of punctuation.
    """
    if len(signs) < _FEW:
        return list(signs), []
    pitch = float(np.median(np.diff([s.centre for s in signs])))
    found: list[Sign] = []
    offers = []
    for sign, after in zip(signs, [*signs[1:], None], strict=True):
        found.append(sign)
        until = after.centre if after else float(steps)
        apart = until - sign.centre >= (_APART if after else _AFTER_LAST) * pitch
        beside = {characters[s.index] for s in (sign, after) if s}
        if not apart or beside & MARKS:
            continue
        mark = _likeliest(chances, sign.end, after.start if after else steps, marks)
        if mark and mark.score >= (_LEAST if after else _LEAST_LAST):
            found.append(mark)
        elif mark and after and mark.score >= _LEAST_INKED and characters[mark.index] in _SMALL:
            offers.append(mark)
    return found, offers


def _likeliest(chances: Chances, start: int, end: int, marks: Classes) -> Sign | None:
    """The likeliest mark of steps `start` to `end`, with the chance that it is any mark."""
    part = chances.of(start, end, marks)
    if not part.size:
        return None
    step = int(part.sum(axis=1).argmax())
    index = int(marks[part.max(axis=0).argmax()])
    at = start + step
    return Sign(index, at, at + 1, at + 0.5, min(1.0, float(part[step].sum())))


def with_inked(
    text: str, centres: Sequence[float], offers: Sequence[tuple[float, str]], ink: Mask
) -> tuple[str, list[float]]:
    """Text and centres with those of the offered marks (place, character) that show as ink.

    `ink` (H, W) is the line, along x; places are pixels along it.
    """
    added = []
    for place, char in offers:
        before = max((c for c in centres if c < place), default=None)
        after = min((c for c in centres if c >= place), default=None)
        if before is None or after is None:
            continue
        letter = min(float(ink.shape[0]), float(np.median(np.diff(centres))))
        start, end = before + letter / 2, after - letter / 2
        middle, least = (start + end) / 2, 0.06 * letter
        start, end = min(start, middle - least), max(end, middle + least)
        if ink[:, max(0, round(start)) : round(end)].sum() >= _MARK_INK * letter * letter:
            added.append((middle, char))
    both = sorted([*zip(centres, text, strict=True), *added])
    return "".join(char for _, char in both), [place for place, _ in both]
