"""Which chunks are the words of a picture.

Each chunk at a picture, or at a group of pictures, gets the chance that it is its caption
from a model learned from typeset pages; a caption is all that stands at one figure.
Built in the reading frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from epaper.layout.chunks import Chunk
from epaper.layout.cues import is_credit
from epaper.layout.figures import Figure
from epaper.layout.legends import NAMES, Pairs, Surroundings, TypeHabit, pairs, type_habit
from epaper.layout.pictured import load_model
from epaper.layout.trees import FloatArray

__all__ = ["CaptionLink", "TypeHabit", "find_captions", "type_habit"]

# A chunk is a caption from this chance on.
_LIKELY = 0.5


@dataclass(frozen=True, slots=True)
class CaptionLink:
    """Chunks `chunks` (indices, in reading order) are the caption of `figure`."""

    chunks: tuple[int, ...]
    figure: Figure
    confidence: float


def find_captions(
    chunks: Sequence[Chunk],
    figures: Sequence[Figure],
    habit: TypeHabit,
    around: Surroundings,
) -> list[CaptionLink]:
    """The captions; every chunk is in one at most, and a figure has one at most."""
    found = pairs(chunks, figures, habit, around)
    best: dict[int, tuple[float, int]] = {}
    for t, f, chance in zip(
        found.text.tolist(), found.figure.tolist(), chances(found).tolist(), strict=True
    ):
        if chance >= _LIKELY and chance > best.get(t, (0.0, -1))[0]:
            best[t] = (chance, f)
    words: dict[int, list[int]] = {}
    for t, (_, f) in best.items():
        words.setdefault(f, []).append(t)
    return [
        CaptionLink(
            _in_order([k for t in parts for k in found.texts[t]], chunks),
            figures[f],
            min(best[t][0] for t in parts),
        )
        for f, parts in sorted(words.items())
    ]


def chances(found: Pairs) -> FloatArray:
    """The chance of each pair that its chunk is the caption of its figure."""
    if not len(found.values):
        return np.zeros(0)
    scores = load_model("caption", NAMES).scores(found.values)
    return np.asarray(1 / (1 + np.exp(-scores)))


def _in_order(parts: Sequence[int], chunks: Sequence[Chunk]) -> tuple[int, ...]:
    """Parts of one caption as they are read: a line's parts from the left, credits last."""

    def key(k: int) -> tuple[bool, float, float]:
        box = chunks[k].box
        return is_credit(chunks[k].text), round(box.y0 / max(chunks[k].size, 1.0)), box.x0

    return tuple(sorted(parts, key=key))
