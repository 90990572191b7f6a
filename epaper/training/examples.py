"""Typeset pages with truth as examples: candidates of links, and which of them are right."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.layout import lay_out, learned
from epaper.layout.frame import Item
from epaper.layout.nodes import Node, Scene
from epaper.layout.scoring import score_matrix
from epaper.layout.sights import Boxes
from epaper.model import Page, SourceInfo
from epaper.quality.truth import Truth, read_truth
from epaper.reading.layer import read_layer

DPI = 300.0
# Pixels of a millimetre.
MM = DPI / 25.4
# Share of a line that must lie in a truth box.
_INSIDE = 0.5
_HEADLINE = frozenset({"headline"})
_HEADS = frozenset({"headline", "kicker", "deck", "label"})
# Roles of truth boxes that hold no words.
PICTURES = frozenset({"photo", "illustration"})
# Text in boxes of these roles may stand in a story's flow.
_FLOW = frozenset({"body", "subhead", "byline", "lead", "jump", "table"})

FloatArray = NDArray[np.float64]
Scorer = Callable[[Sequence[Node], Scene], FloatArray]
IntArray = NDArray[np.int64]
# Column of a node whose right predecessor is not known.
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Sample:
    """The nodes of one sheet and, a node, the right column of the score matrix."""

    nodes: Sequence[Node]
    scene: Scene
    right: IntArray


def page_from(path: Path) -> Page:
    """A typeset page's PDF through the text layer, at 300 dpi."""
    reading = read_layer(path, 0, DPI)
    return Page(
        id=path.stem,
        issue="",
        source=SourceInfo(path.name, kind="pdf"),
        width=reading.width,
        height=reading.height,
        dpi=DPI,
        lines=reading.lines,
        rules=reading.rules,
        frames=reading.frames,
        pictures=reading.pictures,
    )


@contextmanager
def scoring_with(scorer: Scorer) -> Iterator[None]:
    """Layout with another scorer of links in the place of its own."""
    with patch.object(learned, "scores", scorer):
        yield


def samples(page: Page, truth: Truth) -> list[Sample]:
    """Every sheet laid out on the page, with the right links."""
    found: list[Sample] = []

    def record(nodes: Sequence[Node], scene: Scene) -> FloatArray:
        found.append(Sample(nodes, scene, right_columns(nodes, scene, truth)))
        return score_matrix(nodes, scene)

    with scoring_with(record):
        lay_out(page)
    return [s for s in found if len(s.nodes) > 1]


def load(path: Path) -> tuple[Page, Truth]:
    """Page and truth of a typeset PDF."""
    return page_from(path), read_truth(path.with_suffix(".json"))


def right_columns(nodes: Sequence[Node], scene: Scene, truth: Truth) -> IntArray:
    """The column of the score matrix that is right for each node, or UNKNOWN.

    Nodes are given to truth boxes by place; an article's boxes are listed as they are
    read, and nodes of one box follow each other down the box. A truth that drew no boxes
    tells nothing.
    """
    heads, count = len(scene.headings), len(nodes)
    right = np.full(count, UNKNOWN, dtype=np.int64)
    if not truth.boxes:
        return right
    boxes = TruthBoxes(truth)
    places = [boxes.place(n.chunk.items) for n in nodes]
    stories: dict[str, list[tuple[int, float, int]]] = {}
    for b, place in enumerate(places):
        if place is not None and truth.boxes[place].role in _FLOW:
            article = truth.boxes[place].article
            if article is not None:
                stories.setdefault(article, []).append((place, nodes[b].box.cy, b))
                continue
        if place is None or truth.boxes[place].role != "ad":
            right[b] = heads + count + b
    titles = boxes.titles([h.items for h in scene.headings])
    named = boxes.titles([n.chunk.items for n in nodes], (_HEADLINE,))
    for article, members in stories.items():
        ordered = [b for _, _, b in sorted(members)]
        first = ordered[0]
        # A headline that was not seen as one is read before its text all the same.
        bare = heads + named[article] if article in named else heads + count + first
        right[first] = titles.get(article, bare)
        for before, after in pairwise(ordered):
            right[after] = heads + before
    return right


class TruthBoxes:
    """Truth boxes in pixels."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.boxes = Boxes.of(b.box.scaled(MM) for b in truth.boxes)
        self.worded = np.array([b.role not in PICTURES for b in truth.boxes], dtype=bool)

    def _shares(self, box: Box) -> FloatArray:
        """Share of the line's box in each truth box that holds words."""
        one = Boxes.of([box])
        wide = np.maximum(one.shared_x(self.boxes), 0.0)
        tall = np.maximum(one.shared_y(self.boxes), 0.0)
        return np.asarray(wide * tall / max(box.area, 1.0) * self.worded)

    def place(self, items: Sequence[Item], roles: frozenset[str] | None = None) -> int | None:
        """The truth box that holds most characters of the lines, None where none does."""
        votes: Counter[int] = Counter()
        for item in items:
            inside = self._shares(item.line.box) > _INSIDE
            for k in np.flatnonzero(inside).tolist():
                if roles is None or self.truth.boxes[k].role in roles:
                    votes[k] += len(item.line.text)
        best = votes.most_common(1)
        return best[0][0] if best else None

    def titles(
        self,
        headings: Sequence[Sequence[Item]],
        kinds: Sequence[frozenset[str]] = (_HEADLINE, _HEADS),
    ) -> dict[str, int]:
        """The heading that holds each article's headline, or else another part of it."""
        found: dict[str, int] = {}
        for roles in kinds:
            for h, items in enumerate(headings):
                place = self.place(items, roles)
                article = None if place is None else self.truth.boxes[place].article
                if article is not None and h not in found.values():
                    found.setdefault(article, h)
        return found


def seeded(path: Path, seed: int) -> random.Random:
    """Random numbers of one page, the same on every run."""
    return random.Random(f"{path.stem} {seed}")
