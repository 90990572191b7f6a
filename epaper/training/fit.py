"""Fitting the trees with LightGBM, and turning them into plain arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from epaper.layout.affinity import WordTable
from epaper.layout.features import NAMES, candidates
from epaper.layout.learned import Model, softmax
from epaper.layout.trees import Trees
from epaper.training.examples import UNKNOWN, Sample

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

PARAMETERS = {
    "learning_rate": 0.08,
    "num_leaves": 24,
    "max_depth": 7,
    "min_data_in_leaf": 30,
    "min_sum_hessian_in_leaf": 1.0,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "num_threads": 2,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
_ROUNDS = 300
# Share of the nodes trained without what words tell.
_WORDLESS = 0.35
_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Table:
    """Candidates of many sheets: features, the node each belongs to, whether it is right."""

    values: NDArray[np.float32]
    group: IntArray
    right: NDArray[np.bool_]


def table_of(samples: Sequence[Sample], words: WordTable) -> Table:
    """All candidates of nodes whose right predecessor is known and among them."""
    parts = [Table(np.zeros((0, len(NAMES)), np.float32), _NONE, _NONE.astype(bool))]
    for sample in samples:
        found = candidates(sample.nodes, sample.scene, words)
        right = sample.right[found.row] == found.column
        has = np.zeros(len(sample.nodes), dtype=bool)
        has[found.row[right]] = True
        keep = has[found.row] & (sample.right[found.row] != UNKNOWN)
        number = np.cumsum(has) - 1
        parts.append(Table(found.values[keep], number[found.row[keep]], right[keep]))
    return joined(parts)


def joined(tables: Sequence[Table]) -> Table:
    """One table of several, groups numbered on."""
    bases = np.cumsum([0, *(int(t.group.max(initial=-1)) + 1 for t in tables)])
    return Table(
        np.concatenate([t.values for t in tables]),
        np.concatenate([t.group + base for t, base in zip(tables, bases[:-1], strict=True)]),
        np.concatenate([t.right for t in tables]),
    )


def fit(table: Table, words: WordTable, seed: int, rounds: int = _ROUNDS) -> Model:
    """A model with the softmax over each node's candidates as its likelihood."""
    import lightgbm

    right = table.right.astype(float)
    values = _wordless(table, seed)

    def objective(score: FloatArray, _: object) -> tuple[FloatArray, FloatArray]:
        chance = softmax(score, table.group)
        return chance - right, np.maximum(chance * (1 - chance), 1e-4)

    data = lightgbm.Dataset(values, label=right, feature_name=list(NAMES))
    parameters = {**PARAMETERS, "objective": objective, "seed": seed}
    booster = lightgbm.train(parameters, data, num_boost_round=rounds)
    return Model(arrays(booster.dump_model()["tree_info"]), words, 1.0)


def _wordless(table: Table, seed: int) -> NDArray[np.float32]:
    """The features, with what words tell taken from some nodes.

    Typeset stories differ more in their words than printed ones may: the model has to do
    without them too.
    """
    rng = np.random.default_rng(seed)
    count = int(table.group.max(initial=-1)) + 1
    without = (rng.random(count) < _WORDLESS)[table.group]
    level = rng.choice([0.0, 0.0, 0.4], count)[table.group]
    values = table.values.copy()
    for name, fill in (("words", level), ("words_lead", 0 * level), ("words_rank_back", 0 * level)):
        values[without, NAMES.index(name)] = fill[without]
    return values


def sharpened(model: Model, held: Table) -> Model:
    """The model with the factor under which the held-back pages are likeliest."""
    raw = model.trees.predict(held.values)
    tried = np.geomspace(0.3, 2.0, 60)
    losses = [-np.log(softmax(f * raw, held.group)[held.right]).mean() for f in tried]
    return Model(model.trees, model.words, float(tried[int(np.argmin(losses))]))


def arrays(trees: Sequence[dict[str, Any]]) -> Trees:
    """The trees of a LightGBM model's dump."""
    flat = [_flattened(tree["tree_structure"]) for tree in trees]
    size = max(len(nodes) for nodes in flat)
    depth = max(_depth(tree["tree_structure"]) for tree in trees)
    columns = np.zeros((5, len(flat), size))
    for t, nodes in enumerate(flat):
        columns[:, t, : len(nodes)] = np.array(nodes).T
    feature, threshold, left, right, value = columns
    # float32 may round a threshold up past the next value: keep it below or at the exact one.
    low = threshold.astype(np.float32)
    low = np.where(low > threshold, np.nextafter(low, np.float32(-np.inf)), low)
    return Trees(
        feature.astype(np.int16),
        low.astype(np.float32),
        left.astype(np.int16),
        right.astype(np.int16),
        value.astype(np.float32),
        depth,
    )


def _flattened(root: dict[str, Any]) -> list[tuple[float, float, float, float, float]]:
    """Nodes as (feature, threshold, left, right, value), the root first."""
    nodes: list[tuple[float, float, float, float, float]] = []

    def add(node: dict[str, Any]) -> int:
        k = len(nodes)
        if "leaf_value" in node:
            nodes.append((0.0, 0.0, k, k, node["leaf_value"]))
            return k
        nodes.append((0.0, 0.0, 0.0, 0.0, 0.0))
        left, right = add(node["left_child"]), add(node["right_child"])
        nodes[k] = (node["split_feature"], node["threshold"], left, right, 0.0)
        return k

    add(root)
    return nodes


def _depth(node: dict[str, Any]) -> int:
    if "leaf_value" in node:
        return 0
    return 1 + max(_depth(node["left_child"]), _depth(node["right_child"]))
