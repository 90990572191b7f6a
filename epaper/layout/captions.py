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
    likely: dict[int, dict[int, float]] = {}
    for t, f, chance in zip(
        found.text.tolist(), found.figure.tolist(), chances(found).tolist(), strict=True
    ):
        # A surer subhead is no caption.
        if chance > max(chunks[k].subhead for k in found.texts[t]):
            likely.setdefault(t, {})[f] = chance
    best: dict[int, tuple[float, int]] = {}
    for t, of_figure in likely.items():
        f = max(of_figure, key=lambda f: of_figure[f])
        if of_figure[f] >= _LIKELY:
            best[t] = (of_figure[f], f)
    words: dict[int, list[int]] = {}
    for t, (_, f) in best.items():
        words.setdefault(f, []).append(t)
    for f in [f for f, parts in words.items() if len(parts) > 1]:
        own = _own_figures(figures[f], {t: likely[t] for t in words[f]}, figures)
        if own:
            del words[f]
            words.update({single: [t] for t, single in own.items()})
    return [
        CaptionLink(
            _in_order([k for t in parts for k in found.texts[t]], chunks),
            figures[f],
            min(best[t][0] for t in parts),
        )
        for f, parts in sorted(words.items())
    ]


def _own_figures(
    group: Figure, likely: dict[int, dict[int, float]], figures: Sequence[Figure]
) -> dict[int, int]:
    """The picture of each text at a group where there is one to one; empty where there is not.

    Each text by itself may speak of the whole group. As many texts as pictures, each likeliest
    at a picture of its own, are those pictures' captions.
    """
    singles = [
        f for f, x in enumerate(figures) if len(x.pictures) == 1 and x.pictures[0] in group.pictures
    ]
    own = {t: max(singles, key=lambda f: at.get(f, 0.0)) for t, at in likely.items()}
    return own if sorted(own.values()) == singles else {}


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
