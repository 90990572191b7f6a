"""What is known of every link that could be: one row of numbers a candidate.

A candidate says that a node is read first under a heading, right after another node, or
as the bare start of a story. Lengths are ems of the node read after, in the reading frame.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.layout.affinity import (
    WordTable,
    bonds,
    closes_first,
    joins_word,
    left_open,
    shared_words,
)
from epaper.layout.nodes import Node, Scene
from epaper.layout.scoring import shared_roof
from epaper.layout.sights import BoolArray, Boxes, IntArray, Surroundings
from epaper.layout.traits import ABSENT, Columns, FloatArray, node_columns

# Candidates a node keeps among the other nodes: those of least cost before it and after
# it, and the nearest.
_MOST, _MOST_AFTER, _NEAREST = 10, 3, 6
# Prices of the eye's way from column to column: of height against width, and of going
# back to the left, em.
_CLIMB, _BACK = 0.5, 20.0
# Headlines right above a node that are candidates whatever lies between.
_OVERHEAD = 2
# A headline at the side of its text stands no farther from it, em.
_ASIDE = 4.0
# Texts that share more than this share of their words are about the same thing.
_SAME_WORDS = 0.4
# Differences in place beyond this many em say nothing more.
_FAR = 150.0


NODE = (
    "starts", "head", "lines", "characters", "indent", "width", "size", "pitch", "bold",
    "roofs", "best_roof", "lead_in", "note", "jump", "byline", "framed", "run_top", "run_foot",
    "first_mark", "subhead", "rule_above",
)  # fmt: skip
FORMER = (
    "end", "a_head", "a_lines", "a_characters", "a_unfilled", "a_width", "a_roofs", "a_mark",
    "a_run_top", "a_run_foot", "a_foot_of_run", "a_subhead", "a_rule_below",
)  # fmt: skip
PLACE = (
    "gutter", "left", "right", "top", "drop", "foot", "share_x", "share_y", "level", "run_level",
    "foot_level", "nodes_beside", "nodes_over", "heads_over", "heads_above_run", "rules_over",
    "rules_beside", "pictures", "same_frame", "distance",
)  # fmt: skip
TYPE = ("size_ratio", "same_face", "bold_change", "width_ratio", "pitch_ratio", "same_ink")
TEXT = (
    "words", "words_lead", "word_joined", "bond", "bond_lead", "end_inside", "start_inside",
    "closing",
)  # fmt: skip
HEADING = (
    "roof",
    "head_size",
    "head_chars",
    "flush",
    "across",
    "under",
    "under_left",
    "under_above",
    "shared_roof",
    "new_roof",
    "lost_roof",
)
RIVALS = (
    "cost", "cost_lead", "cost_lead_back", "rank", "rank_back", "near_rank", "near_rank_back",
    "words_rank_back",
)  # fmt: skip
NAMES = (
    "kind",
    "ocr",
    "vertical",
    "nodes",
    *NODE,
    *FORMER,
    *PLACE,
    *TYPE,
    *TEXT,
    *HEADING,
    *RIVALS,
)
_INDEX = {name: k for k, name in enumerate(NAMES)}


@dataclass(frozen=True, slots=True)
class Candidates:
    """Links that could be: node `row` with what stands in `column` of the score matrix.

    `values` has shape candidates by features, in the order of `NAMES`.
    """

    row: IntArray
    column: IntArray
    values: NDArray[np.float32]


def candidates(nodes: Sequence[Node], scene: Scene, table: WordTable) -> Candidates:
    """The candidates of every node with their features, ordered by node.

    Columns are those of `scoring.score_matrix`: headings, nodes, bare starts.
    """
    count, heads = len(nodes), len(scene.headings)
    around = Surroundings(nodes, scene)
    texts = [n.chunk.text for n in nodes]
    titles = ["".join(i.text for i in h.items) for h in scene.headings]
    words = np.minimum(shared_words([*titles, *texts])[heads:], _SAME_WORDS)
    known = node_columns(nodes, around)
    costs = _costs(around)
    follow = _follow_pairs(costs, around)
    under = _heading_pairs(nodes, scene)
    bare = np.arange(count)
    row = np.concatenate([under[0], follow[0], bare])
    column = np.concatenate([under[1], heads + follow[1], heads + count + bare])
    values = np.full((len(row), len(NAMES)), ABSENT, dtype=np.float32)
    first, second = len(under[0]), len(under[0]) + len(follow[0])
    _put(values[:first], _heading_columns(under, nodes, scene, words, around))
    _put(values[first:second], _follow_columns(follow, nodes, around, known))
    _put(values[first:second], _text_columns(follow, texts, words[:, heads:], table))
    kinds = np.repeat([1.0, 0.0, 2.0], [first, second - first, count])
    _put(values, {"kind": kinds, "nodes": np.full(len(row), float(count))})
    _put(values, {name: known[name][row] for name in (*NODE, "ocr", "vertical")})
    _put(values, _rival_columns(row, column, costs, values))
    order = np.argsort(row, kind="stable")
    return Candidates(row[order], column[order], values[order])


def _put(values: NDArray[np.float32], columns: Mapping[str, FloatArray]) -> None:
    for name, column in columns.items():
        values[:, _INDEX[name]] = column


def _costs(around: Surroundings) -> FloatArray:
    """How far the eye travels from the end of each node to the start of each, in em.

    N by N, rows the nodes read after. To the right it goes up to the top of the run of
    text, below it goes straight down; to the left only below, at a price.
    """
    cols, em = around.columns, around.em[:, None]
    after = cols.column()
    shared = after.shared_x(cols) > 0.5 * np.minimum(after.x1 - after.x0, cols.x1 - cols.x0)
    below = shared & (after.y0 > cols.cy)
    right = ~shared & (after.x0 >= cols.x1 - 0.8 * em)
    left = ~shared & ~right & (after.y0 > cols.y0 + em)
    down = np.maximum(after.y0 - cols.y1, 0.0) + np.abs(after.x0 - cols.x0)
    along = np.maximum(after.x0 - cols.x1, 0.0) + _CLIMB * np.abs(after.y0 - around.top)
    back = np.abs(after.y0 - cols.y1) + _CLIMB * np.abs(after.x0 - cols.x0)
    costs = np.full(below.shape, np.inf)
    for mask, cost in ((below, down), (right, along), (left, back + _BACK * em)):
        costs = np.where(mask, cost / em, costs)
    costs[around.frame[:, None] != around.frame] = np.inf
    np.fill_diagonal(costs, np.inf)
    return np.asarray(costs)


def _follow_pairs(costs: FloatArray, around: Surroundings) -> tuple[IntArray, IntArray]:
    """Pairs (after, before) worth a look: those of least cost, and the nearest."""
    if len(costs) < 2:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    cols = around.columns
    tall = cols.column()
    away = np.maximum(-tall.shared_x(cols), 0.0) + np.maximum(-tall.shared_y(cols), 0.0)
    near = np.where(np.isfinite(costs), -away, -np.inf)
    keep = _best(-costs, _MOST) | _best(near, _NEAREST) | _best(-costs.T, _MOST_AFTER).T
    rows, columns = np.nonzero(keep)
    return rows, columns


def _best(values: FloatArray, most: int) -> BoolArray:
    """The `most` greatest finite values of each row."""
    place = np.argsort(np.argsort(-values, axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray((place < most) & np.isfinite(values))


def _heading_pairs(nodes: Sequence[Node], scene: Scene) -> tuple[IntArray, IntArray]:
    """Pairs (node, heading): headings over the node's column, near it, or at its side."""
    if not nodes or not scene.headings:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    columns = Boxes.of(Box(n.left, n.box.y0, n.right, n.box.y1) for n in nodes).column()
    mains = Boxes.of(h.main for h in scene.headings)
    across = np.array([h.across for h in scene.headings])
    frame = np.array([h.frame for h in scene.headings])
    alike = frame == np.array([n.chunk.frame for n in nodes])[:, None]
    drop = columns.y0 - mains.cy
    over = alike & ~across & (drop > 0) & (columns.shared_x(mains) > 0)
    near = _best(np.where(over, -drop, -np.inf), _OVERHEAD)
    roofed = np.array([[h in n.roofs for h in range(len(scene.headings))] for n in nodes])
    ems = np.array([n.em for n in nodes])[:, None]
    level = columns.shared_y(mains) > ems
    gap = -columns.shared_x(mains)
    aside = alike & ~across & level & (gap > -ems) & (gap < _ASIDE * ems)
    beside = _best(np.where(aside, -gap, -np.inf), 1)
    rows, found = np.nonzero(near | roofed | beside | (alike & across))
    return rows, found


def _follow_columns(
    pairs: tuple[IntArray, IntArray], nodes: Sequence[Node], around: Surroundings, known: Columns
) -> Columns:
    b, a = pairs
    cols, em = around.columns, around.em[b]
    first, second = cols[a], cols[b]
    low = np.minimum(first.y0, second.y0)
    found = _place_columns(first, second, em)
    found |= {
        "run_level": _near((around.top[b] - around.top[a]) / em),
        "foot_level": _near((around.foot[b] - around.foot[a]) / em),
        "a_foot_of_run": _near((around.foot[a] - first.y1) / em),
        "nodes_beside": around.nodes_beside(a, b),
        "nodes_over": around.nodes_over(np.minimum(first.y1, second.y0), b),
        "heads_over": around.heads_over(first.cy, b),
        "heads_above_run": around.heads_over(np.minimum(around.top[a], low), b),
        "rules_over": around.rules_over(np.minimum(first.y1, second.y0), b),
        "rules_beside": around.rules_beside(a, b),
        "pictures": around.pictured(first.y1, b) / em,
        "same_frame": (around.frame[a] == around.frame[b]).astype(float),
    }
    pairs_of = [(nodes[i], nodes[j]) for i, j in zip(a, b, strict=True)]
    found |= {
        "shared_roof": np.array([shared_roof(i, j) for i, j in pairs_of]),
        "new_roof": np.array([_only(j, i) for i, j in pairs_of]),
        "lost_roof": np.array([_only(i, j) for i, j in pairs_of]),
    }
    names = (
        "end", "head", "lines", "characters", "unfilled", "width", "roofs", "mark", "subhead",
        "rule_below",
    )  # fmt: skip
    found |= {name if name == "end" else f"a_{name}": known[name][a] for name in names}
    found |= {f"a_{name}": known[name][a] for name in ("run_top", "run_foot")}
    return found | _type_columns(pairs, nodes, known, around.em)


def _only(node: Node, other: Node) -> float:
    """How well a heading stands over `node` that does not stand over `other`."""
    return max((r - other.roofs.get(h, 0.0) for h, r in node.roofs.items()), default=0.0)


def _place_columns(first: Boxes, second: Boxes, em: FloatArray) -> Columns:
    """How `second` stands to `first`, in em."""
    narrow = np.minimum(first.x1 - first.x0, second.x1 - second.x0)
    short = np.maximum(np.minimum(first.y1 - first.y0, second.y1 - second.y0), 1.0)
    share_x, share_y = first.shared_x(second), first.shared_y(second)
    away = np.maximum(-share_x, 0.0) + np.maximum(-share_y, 0.0)
    return {
        "gutter": _near((second.x0 - first.x1) / em),
        "left": _near((second.x0 - first.x0) / em),
        "right": _near((second.x1 - first.x1) / em),
        "top": _near((second.y0 - first.y0) / em),
        "drop": _near((second.y0 - first.y1) / em),
        "foot": _near((second.y1 - first.y1) / em),
        "share_x": np.maximum(share_x / np.maximum(narrow, 1.0), -3.0),
        "share_y": np.maximum(share_y / short, -3.0),
        "level": _near(np.abs(second.y0 - first.y0) / em),
        "distance": _near(away / em),
    }


def _near(values: FloatArray) -> FloatArray:
    return np.clip(values, -_FAR / 1.6, _FAR)


def _type_columns(
    pairs: tuple[IntArray, IntArray], nodes: Sequence[Node], known: Columns, em: FloatArray
) -> Columns:
    b, a = pairs
    fonts = {n.chunk.face: k for k, n in enumerate(nodes)}
    face = np.array([fonts[n.chunk.face] if n.chunk.face else -1 for n in nodes])
    ink = np.array([n.chunk.items[0].line.color for n in nodes])
    leading = known["pitch"]
    both = (leading[a] > 0) & (leading[b] > 0)
    ratio = np.where(both, leading[a] / np.where(both, leading[b], 1.0), 1.0)
    return {
        "size_ratio": np.log(em[b] / em[a]),
        "same_face": np.where((face[a] < 0) | (face[b] < 0), 0.5, face[a] == face[b]),
        "bold_change": known["bold"][b] - known["bold"][a],
        "width_ratio": np.log(known["width"][b] * em[b] / (known["width"][a] * em[a])),
        "pitch_ratio": np.where(both, np.log(np.maximum(ratio, 0.1)), ABSENT),
        "same_ink": (ink[a] == ink[b]).astype(float),
    }


def _text_columns(
    pairs: tuple[IntArray, IntArray], texts: Sequence[str], words: FloatArray, table: WordTable
) -> Columns:
    b, a = pairs
    ends = [t[-1:] or " " for t in texts]
    starts = [t[:1] or " " for t in texts]
    opened = np.array([left_open(t) for t in texts])
    closed = np.array([closes_first(t) for t in texts])
    joined = joins_word([ends[k] for k in a], [starts[k] for k in b], table.keys, table.weights)
    bond, end, start = bonds([ends[k] for k in a], [starts[k] for k in b], table)
    shared = words[b, a]
    return {
        "words": shared,
        "words_lead": shared - _other_best(b, shared, len(texts)),
        "word_joined": joined,
        "bond": bond,
        "bond_lead": bond - _other_best(b, bond, len(texts)),
        "end_inside": end,
        "start_inside": start,
        "closing": np.where(opened[a] > 0, 1.0, 0.0) + 2.0 * closed[b],
    }


def _heading_columns(
    pairs: tuple[IntArray, IntArray],
    nodes: Sequence[Node],
    scene: Scene,
    words: FloatArray,
    around: Surroundings,
) -> Columns:
    b, h = pairs
    mains = Boxes.of(heading.main for heading in scene.headings)[h]
    cols, em = around.columns, around.em[b]
    heads = [scene.headings[k] for k in h]
    covered = np.array(
        [[n.roofs.get(k, 0.0) > 0.5 for n in nodes] for k in range(len(scene.headings))], bool
    ).reshape(len(scene.headings), len(nodes))[h]
    own, each = cols[b].column(), cols
    slack = 1.5 * em[:, None]
    same = (np.abs(own.x0 - each.x0) < slack) & (np.abs(own.x1 - each.x1) < slack)
    shared = words[b, h]
    return _place_columns(mains, cols[b], em) | {
        "roof": np.array([nodes[i].roofs.get(int(k), 0.0) for i, k in zip(b, h, strict=True)]),
        "head_size": np.array([heading.size for heading in heads]) / em,
        "head_chars": np.array([sum(len(i.text) for i in x.items) for x in heads], float),
        "flush": np.array([x.flush for x in heads], float),
        "across": np.array([x.across for x in heads], float),
        "under": covered.sum(axis=1).astype(float),
        "under_left": (covered & (each.x1 <= own.x0 + slack)).sum(axis=1).astype(float),
        "under_above": (covered & same & (each.y1 <= own.y0 + 2)).sum(axis=1).astype(float),
        "nodes_over": around.nodes_over(mains.y1, b),
        "heads_over": around.heads_over(mains.y1, b),
        "rules_over": around.rules_over(mains.y1, b),
        "pictures": around.pictured(mains.y1, b) / em,
        "words": shared,
        "words_lead": shared - _other_best(b, shared, len(nodes)),
        "same_frame": np.array(
            [x.frame == nodes[i].chunk.frame for i, x in zip(b, heads, strict=True)], float
        ),
    }


def _rival_columns(
    row: IntArray, column: IntArray, costs: FloatArray, values: NDArray[np.float32]
) -> Columns:
    """How a candidate stands among those of its node, and of what it would follow."""
    count = len(costs)
    heads = int(column.max(initial=-1)) + 1 - 2 * count
    before = column - heads
    cost = np.full(len(row), -_FAR)
    follows = (before >= 0) & (before < count)
    cost[follows] = -np.minimum(costs[row[follows], before[follows]], _FAR)
    near = -np.where(follows, values[:, _INDEX["distance"]], _FAR).astype(float)
    words = values[:, _INDEX["words"]].astype(float)
    width = 2 * count + heads
    return {
        "cost": -cost,
        "cost_lead": cost - _other_best(row, cost, count),
        "cost_lead_back": cost - _other_best(column, cost, width),
        "rank": _rank(row, cost),
        "rank_back": _rank(column, cost),
        "near_rank": _rank(row, near),
        "near_rank_back": _rank(column, near),
        "words_rank_back": _rank(column, words),
    }


def _other_best(group: IntArray, value: FloatArray, count: int) -> FloatArray:
    """For each member the greatest value of the other members of its group."""
    best = np.full(count, -_FAR)
    np.maximum.at(best, group, value)
    second = np.full(count, -_FAR)
    below = value < best[group]
    np.maximum.at(second, group[below], value[below])
    return np.where(below, best[group], second[group])


def _rank(group: IntArray, value: FloatArray) -> FloatArray:
    """Place of each member in its group by falling value, from 0."""
    order = np.lexsort((-value, group))
    sizes = np.unique(group[order], return_counts=True)[1]
    starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    places = np.empty(len(group))
    places[order] = np.arange(len(group)) - starts
    return places
