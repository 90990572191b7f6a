"""The models of captions and of pictures' stories: examples from truth, fitting, measuring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.layout import captions, lay_out, legends, places, placing, room, subheads, sublines
from epaper.layout.chunks import Chunk
from epaper.layout.figures import Figure, find_figures
from epaper.layout.learned import softmax
from epaper.layout.pictured import PairModel
from epaper.layout.story import Story
from epaper.layout.sublines import candidates
from epaper.layout.trees import FloatArray, Trees
from epaper.model import Frame, Page, Picture
from epaper.quality.truth import Truth
from epaper.training.examples import MM, PICTURES, TruthBoxes
from epaper.training.fit import PARAMETERS, arrays

# A picture is the truth's where the two share this much of what either covers. One that was
# found with others, or in part, shares so much of itself, and no less than so much of all.
_SAME = 0.5
_WITHIN, _PART = 0.8, 0.25
_ROUNDS = 160
_SMALL = {"num_leaves": 12, "max_depth": 5, "min_data_in_leaf": 12}


@dataclass
class Examples:
    """Rows of features with what is right; `group` numbers the figures of places."""

    caption_rows: list[NDArray[np.float32]] = field(default_factory=list)
    caption_right: list[NDArray[np.bool_]] = field(default_factory=list)
    subhead_rows: list[NDArray[np.float32]] = field(default_factory=list)
    subhead_right: list[NDArray[np.bool_]] = field(default_factory=list)
    place_rows: list[NDArray[np.float32]] = field(default_factory=list)
    place_right: list[int] = field(default_factory=list)

    def add(self, other: Examples) -> None:
        self.caption_rows += other.caption_rows
        self.caption_right += other.caption_right
        self.subhead_rows += other.subhead_rows
        self.subhead_right += other.subhead_right
        self.place_rows += other.place_rows
        self.place_right += other.place_right


def examples(page: Page, truth: Truth) -> Examples:
    """What layout has to decide on the page, laid out as if it decided rightly.

    Nothing where the truth drew no boxes: no text would be a caption then.
    """
    if not truth.boxes:
        return Examples()
    watcher = _Watcher(page, truth)
    with watcher.watching():
        lay_out(page)
    return watcher.found


class _Watcher:
    """Stands in for the models while a page is laid out, and answers with the truth."""

    def __init__(self, page: Page, truth: Truth) -> None:
        self.found = Examples()
        self.boxes = TruthBoxes(truth)
        self.truth = truth
        self.of_picture = _matched(page.pictures, truth)
        self.shown: Sequence[Picture] = ()
        self.answer: FloatArray = np.zeros(0)

    @contextmanager
    def watching(self) -> Iterator[None]:
        with ExitStack() as stack:
            for module, name, stand_in in (
                (room, "find_figures", self.figures),
                (room, "find_captions", self.captions),
                (placing, "rows", self.places),
                (room, "part_subheads", self.subheads),
                (captions, "chances", lambda _: self.answer),
                (subheads, "chances", lambda _: self.answer),
                (placing, "chances", lambda _: self.answer),
            ):
                stack.enter_context(patch.object(module, name, stand_in))
            yield

    def figures(
        self, pictures: Sequence[Picture], texts: Sequence[Box], frames: Sequence[Frame], em: float
    ) -> list[Figure]:
        self.shown = pictures
        return find_figures(pictures, texts, frames, em)

    def captions(
        self,
        chunks: Sequence[Chunk],
        figures: Sequence[Figure],
        habit: legends.TypeHabit,
        around: legends.Surroundings,
    ) -> list[captions.CaptionLink]:
        pairs = legends.pairs(chunks, figures, habit, around)
        groups = {self._truths(f) for f in figures}
        told = [
            self._is_caption(chunks[pairs.texts[t][0]], self._truths(figures[f]), groups)
            for t, f in zip(pairs.text.tolist(), pairs.figure.tolist(), strict=True)
        ]
        known = np.array([t is not None for t in told], dtype=bool)
        right = np.array([bool(t) for t in told], dtype=bool)
        self.found.caption_rows.append(pairs.values[known])
        self.found.caption_right.append(right[known])
        self.answer = right.astype(float)
        return captions.find_captions(chunks, figures, habit, around)

    def subheads(
        self, chunks: Sequence[Chunk], habit: legends.TypeHabit, heads: Sequence[Box]
    ) -> list[Chunk]:
        lines = candidates(chunks, habit, heads)
        places = [
            self.boxes.place([chunks[k].items[n]])
            for k, n in zip(lines.chunk.tolist(), lines.line.tolist(), strict=True)
        ]
        right = np.array(
            [p is not None and self.truth.boxes[p].role == "subhead" for p in places], dtype=bool
        )
        known = np.array([p is not None for p in places], dtype=bool)
        self.found.subhead_rows.append(lines.values[known])
        self.found.subhead_right.append(right[known])
        self.answer = right.astype(float)
        return subheads.part_subheads(chunks, habit, heads)

    def places(self, shown: places.Shown, told: places.Told) -> NDArray[np.float32]:
        table = _ROWS(shown, told)
        owner = self._owner(shown.figure)
        votes = [self._votes(story)[owner] if owner else 0 for story in told.stories]
        right = int(np.argmax(votes)) if any(votes) else len(told.stories)
        self.answer = np.eye(len(table))[right]
        if owner is not None:
            self.found.place_rows.append(table)
            self.found.place_right.append(right)
        return table

    def _truths(self, figure: Figure) -> frozenset[int]:
        """Indices of the truth's boxes of a figure's pictures."""
        ids = [self.shown[p].id for p in figure.pictures]
        return frozenset(k for i in ids for k in self.of_picture.get(i, ()))

    def _is_caption(
        self, chunk: Chunk, shown: frozenset[int], groups: set[frozenset[int]]
    ) -> bool | None:
        """Whether the chunk speaks of the figure; None for one of what the truth does not show."""
        place = self.boxes.place(chunk.items)
        if place is None or self.truth.boxes[place].role != "caption":
            return False
        if not shown:
            return None
        told = _pictures_of(place, self.truth)
        return shown == told or (told not in groups and shown < told)

    def _owner(self, figure: Figure) -> str | None:
        """The article, or the advert, that a figure is part of."""
        known = min(self._truths(figure), default=None)
        if known is None:
            return None
        box = self.truth.boxes[known]
        return box.article if box.role in PICTURES else f"advert {known}"

    def _votes(self, story: Story) -> Counter[str]:
        """Characters of the story in each article or advert."""
        votes: Counter[str] = Counter()
        items = [i for n in story.nodes for i in n.chunk.items]
        items += story.heading.items if story.heading else []
        for item in items:
            place = self.boxes.place([item])
            if place is not None:
                box = self.truth.boxes[place]
                votes[box.article or f"advert {place}"] += len(item.text)
        return votes


_ROWS = places.rows


def _matched(pictures: Sequence[Picture], truth: Truth) -> dict[str, frozenset[int]]:
    """What each picture shows: the truth's, or several found as one, or the advert about it."""
    return {picture.id: _shown_by(picture.box, truth) for picture in pictures}


def _shown_by(seen: Box, truth: Truth) -> frozenset[int]:
    best, share = None, _SAME
    within, about = set(), set()
    for k, known in enumerate(truth.boxes):
        box = known.box.scaled(MM)
        common = box.intersection(seen)
        if known.role in PICTURES:
            overlap = common / (box.area + seen.area - common)
            if common > _WITHIN * box.area:
                within.add(k)
            elif common > _WITHIN * seen.area and common > _PART * box.area:
                about.add(k)
        elif known.role == "ad":
            overlap = common / seen.area
        else:
            continue
        if overlap > share:
            best, share = k, overlap
    return frozenset((best,) if best is not None else within or about)


def _pictures_of(caption: int, truth: Truth) -> frozenset[int]:
    """The truth's pictures that stand before a caption: those it speaks of."""
    found = []
    for k in range(caption - 1, -1, -1):
        box = truth.boxes[k]
        if box.role != "photo" or box.article != truth.boxes[caption].article:
            break
        found.append(k)
    return frozenset(found)


def fit_pictures(kept: Examples, held: Examples, seed: int) -> dict[str, PairModel]:
    """The models, their sharpness settled on the examples held back."""
    place = PairModel(places.NAMES, _fit_places(kept, seed))
    return {
        "caption": _yes_or_no(
            legends.NAMES,
            (kept.caption_rows, kept.caption_right),
            (held.caption_rows, held.caption_right),
            seed,
        ),
        "subhead": _yes_or_no(
            sublines.NAMES,
            (kept.subhead_rows, kept.subhead_right),
            (held.subhead_rows, held.subhead_right),
            seed,
        ),
        "place": _sharp_places(place, held),
    }


Labelled = tuple[list[NDArray[np.float32]], list[NDArray[np.bool_]]]


def _yes_or_no(names: tuple[str, ...], kept: Labelled, held: Labelled, seed: int) -> PairModel:
    """A model of what is either right or wrong, row by row."""
    import lightgbm

    parameters = {**PARAMETERS, **_SMALL, "objective": "binary", "seed": seed}
    parameters["boost_from_average"] = False
    data = lightgbm.Dataset(
        np.concatenate(kept[0]), label=np.concatenate(kept[1]), feature_name=list(names)
    )
    model = PairModel(names, _trees(lightgbm.train(parameters, data, num_boost_round=_ROUNDS)))
    raw, right = model.trees.predict(np.concatenate(held[0])), np.concatenate(held[1])
    return _sharpest(model, lambda f: np.logaddexp(0, np.where(right, -f * raw, f * raw)).mean())


def _fit_places(found: Examples, seed: int) -> Trees:
    import lightgbm

    values, group, right = _places(found)

    def objective(score: FloatArray, _: object) -> tuple[FloatArray, FloatArray]:
        chance = softmax(score, group)
        return chance - right, np.maximum(chance * (1 - chance), 1e-4)

    parameters = {**PARAMETERS, **_SMALL, "objective": objective, "seed": seed}
    data = lightgbm.Dataset(values, label=right, feature_name=list(places.NAMES))
    return _trees(lightgbm.train(parameters, data, num_boost_round=_ROUNDS))


def _trees(booster: Any) -> Trees:
    return arrays(booster.dump_model()["tree_info"])


def _places(found: Examples) -> tuple[NDArray[np.float32], NDArray[np.int64], FloatArray]:
    sizes = [len(rows) for rows in found.place_rows]
    group = np.repeat(np.arange(len(sizes)), sizes)
    starts = np.cumsum([0, *sizes])[:-1]
    right = np.zeros(sum(sizes))
    right[starts + np.array(found.place_right, dtype=np.int64)] = 1.0
    return np.concatenate(found.place_rows), group, right


def _sharp_places(model: PairModel, held: Examples) -> PairModel:
    values, group, right = _places(held)
    raw = model.trees.predict(values)
    return _sharpest(model, lambda f: -np.log(softmax(f * raw, group)[right > 0]).mean())


def _sharpest(model: PairModel, loss: Any) -> PairModel:
    tried = np.geomspace(0.3, 2.0, 60)
    best = float(tried[int(np.argmin([loss(f) for f in tried]))])
    return PairModel(model.names, model.trees, best)
