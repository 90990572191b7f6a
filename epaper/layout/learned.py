"""Scores of the possible links, learned from typeset pages.

Boosted regression trees (Friedman 2001) give each candidate a score; the softmax over a
node's candidates is the chance of each of them (listwise, Cao et al. 2007). The model is
trained by ``epaper.training`` and read here with numpy alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from epaper.layout.affinity import CharTable, WordTable
from epaper.layout.features import NAMES, Candidates, candidates
from epaper.layout.nodes import Node, Scene
from epaper.layout.scoring import NEVER
from epaper.layout.trees import Trees, restored

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

WEIGHTS = "weights.npz"
# Steps of the logarithm of a count, so that the greatest fits a byte.
_STEPS = 12.0
# Chances below are all the same "never so far seen".
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Model:
    """Trees, the table of words their features need, and `sharpness`, the factor on their
    scores that makes the chances true (temperature scaling, Guo et al. 2017)."""

    trees: Trees
    words: WordTable
    sharpness: float

    def chances(self, found: Candidates) -> FloatArray:
        """The chance of every candidate among those of its node."""
        return softmax(self.sharpness * self.trees.predict(found.values), found.row)


def scores(nodes: Sequence[Node], scene: Scene) -> FloatArray:
    """Log chances of every link, shape nodes by headings + nodes + nodes.

    In the form of `scoring.score_matrix`: NEVER where a link is no candidate.
    """
    count, heads = len(nodes), len(scene.headings)
    matrix = np.full((count, heads + 2 * count), NEVER)
    if count:
        model = load_model()
        found = candidates(nodes, scene, model.words)
        matrix[found.row, found.column] = np.log(np.maximum(model.chances(found), _LEAST))
    return matrix


def softmax(score: FloatArray, group: IntArray) -> FloatArray:
    """Exponentials of `score` that sum to 1 within each group (numbers from 0)."""
    count = int(group.max()) + 1 if len(group) else 0
    top = np.full(count, -np.inf)
    np.maximum.at(top, group, score)
    raised = np.exp(score - top[group])
    return np.asarray(raised / np.bincount(group, raised, count)[group])


@cache
def load_model() -> Model:
    """The model shipped with the package; ValueError where its features are others."""
    with (files("epaper.layout") / WEIGHTS).open("rb") as stream, np.load(stream) as stored:
        if tuple(stored["names"].tolist()) != NAMES:
            raise ValueError(f"{WEIGHTS} was trained on other features: train it again.")
        trees = restored(stored)
        words = _restored_words(stored)
        return Model(trees, words, float(stored["sharpness"]))


def _restored_words(stored: Mapping[str, Any]) -> WordTable:
    """The table of words, whose numbers are kept as bytes."""
    shares = {n: stored[f"char_{n}"].astype(float) / 255 for n in ("first", "last")}
    chars = CharTable(
        stored["char_keys"].astype(np.int64), _counts(stored["char_counts"]), **shares
    )
    weights = stored["word_weights"].astype(float) / 255
    return WordTable(stored["word_keys"], weights, _counts(stored["word_counts"]), chars)


def _stored_words(words: WordTable) -> dict[str, Any]:
    chars = words.chars
    return {
        "word_keys": words.keys,
        "word_weights": _bytes(words.weights * 255),
        "word_counts": _bytes(_STEPS * np.log(words.counts)),
        "char_keys": chars.keys.astype(np.int32),
        "char_counts": _bytes(_STEPS * np.log(chars.counts)),
        "char_first": _bytes(chars.first * 255),
        "char_last": _bytes(chars.last * 255),
    }


def _bytes(values: FloatArray) -> NDArray[np.uint8]:
    return np.round(values).astype(np.uint8)


def _counts(stored: NDArray[Any]) -> FloatArray:
    """Counts from bytes: their logarithms in steps."""
    return np.asarray(np.exp(stored.astype(float) / _STEPS))


def save_model(model: Model, stream: object) -> None:
    """Write a model in the form `load_model` reads; `stream` is a path or binary file."""
    np.savez_compressed(
        stream,  # type: ignore[arg-type]
        names=np.array(NAMES),
        **model.trees.stored(),
        **_stored_words(model.words),
        sharpness=np.array(model.sharpness),
    )
