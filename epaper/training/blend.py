"""Two fits of one model as one: the mean of their scores, each made true by its sharpness.

A fit to new pages is added to the one before it, so that what that one knew is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

_PARTS = ("feature", "threshold", "left", "right", "value")


def blend(first: Path, second: Path, out: Path) -> None:
    """Write the mean of two stored models; ValueError where their features differ."""
    with np.load(first) as stored:
        one = dict(stored)
    with np.load(second) as stored:
        other = dict(stored)
    merged = dict(one)
    for name in (n for n in one if n.endswith("sharpness")):
        prefix = name.removesuffix("sharpness")
        if one[f"{prefix}names"].tolist() != other[f"{prefix}names"].tolist():
            raise ValueError(f"{second}: fitted to other features than {first}.")
        merged |= _mean(one, other, prefix)
    with out.open("wb") as stream:
        np.savez_compressed(stream, **merged)


def _mean(one: Mapping[str, Any], other: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """The trees of both side by side, their values halved and sharpened."""
    nodes = max(m[f"{prefix}feature"].shape[1] for m in (one, other))
    found: dict[str, Any] = {}
    for part in _PARTS:
        arrays = []
        for model in (one, other):
            array = model[prefix + part]
            if part == "value":
                array = array * np.float32(0.5 * float(model[f"{prefix}sharpness"]))
            arrays.append(np.pad(array, ((0, 0), (0, nodes - array.shape[1]))))
        found[prefix + part] = np.concatenate(arrays).astype(one[prefix + part].dtype)
    depth = max(int(model[f"{prefix}depth"]) for model in (one, other))
    return found | {f"{prefix}depth": np.array(depth), f"{prefix}sharpness": np.array(1.0)}
