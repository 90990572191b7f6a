"""The models of captions and of pictures' stories: boosted trees over pairs.

Both are trained by ``epaper.training pictures`` on typeset pages and stored in one file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from epaper.layout.trees import FloatArray, Trees, restored

WEIGHTS = "pictures.npz"


@dataclass(frozen=True, slots=True)
class PairModel:
    """Trees over the features `names`, and `sharpness`, the factor on their sum that makes
    the chances true (temperature scaling, Guo et al. 2017)."""

    names: tuple[str, ...]
    trees: Trees
    sharpness: float = 1.0

    def scores(self, values: NDArray[np.float32]) -> FloatArray:
        """Log-odds of every row of features."""
        return self.sharpness * self.trees.predict(values)


@cache
def load_model(kind: str, names: tuple[str, ...]) -> PairModel:
    """The model `kind` shipped with the package; ValueError where its features are others."""
    with (files("epaper.layout") / WEIGHTS).open("rb") as stream, np.load(stream) as stored:
        if tuple(stored[f"{kind}.names"].tolist()) != names:
            raise ValueError(f"{WEIGHTS} was trained on other features: train it again.")
        trees = restored(stored, f"{kind}.")
        return PairModel(names, trees, float(stored[f"{kind}.sharpness"]))


def save_models(models: Mapping[str, PairModel], stream: object) -> None:
    """Write models in the form `load_model` reads; `stream` is a path or binary file."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for kind, model in models.items():
        arrays |= model.trees.stored(f"{kind}.")
        arrays[f"{kind}.names"] = np.array(model.names)
        arrays[f"{kind}.sharpness"] = np.array(model.sharpness)
    np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]
