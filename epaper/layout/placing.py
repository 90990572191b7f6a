"""Which story a figure belongs to, or whether it is news of its own.

A figure is looked at with every story; a model learned from typeset pages gives each of
them, and the figure by itself, a chance. Built in the reading frame; lengths of features
are ems of the page's body type (`places`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box, hull
from epaper.layout.alone import are_one, by_one
from epaper.layout.captions import CaptionLink
from epaper.layout.chunks import Chunk
from epaper.layout.figures import Figure, units
from epaper.layout.pictured import load_model
from epaper.layout.places import NAMES, Ground, Shown, Told, rows
from epaper.layout.story import Story, Words
from epaper.layout.trees import FloatArray
from epaper.model import WritingMode

# A figure stands under a headline that shares so much of its width; by itself it must then
# be so many times likelier. It must be so many times likelier, too, than in another story of
# its frame from which no rule parts it.
_UNDER, _SURER, _LIKELIER = 0.15, 12.0, 3.0
# ... and so many times likelier than in the only story of its field.
_IN_DOUBT = 3.0
# Figures of one height so near each other, em, are a row.
_SIDE = 1.5
# The least chance that is told from none.
_TINY = 1e-6


def place_pictures(
    stories: list[Story],
    figures: Sequence[Figure],
    captions: Sequence[CaptionLink],
    chunks: Sequence[Chunk],
    ground: Ground,
) -> None:
    """Give every figure with its captions to its story, or make it a story of its own.

    A picture that stands alone and without words is left in no story.
    """
    settled = list(stories)
    alone: list[tuple[_Placed, Story]] = []
    told = Told(settled, ground)
    placed = [_placed(unit, captions, chunks, told) for unit in units(figures)]
    for at in _in_rows(placed, chunks, ground):
        if not at.alone:
            story = settled[at.best]
        elif at.own:
            near = (s for other, s in alone if _is_shared(at, other, chunks, ground))
            shared = next(near, None)
            story = shared or Story(None)
            if shared is None:
                stories.append(story)
            alone.append((at, story))
        else:
            continue
        story.pictures += at.shown.figure.pictures
        story.captions += [
            Words(
                tuple(chunks[k] for k in c.chunks),
                c.figure.pictures[0],
                c.confidence * float(at.likely[at.best]),
            )
            for c in at.own
        ]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A figure with its captions, the chance of each row, and the row gone by; the last is
    the figure by itself. `bound` says that it stands amid a story's text."""

    shown: Shown
    own: Sequence[CaptionLink]
    likely: FloatArray
    best: int
    bound: bool = False

    @property
    def alone(self) -> bool:
        return self.best == len(self.likely) - 1


def _placed(
    unit: Figure,
    captions: Sequence[CaptionLink],
    chunks: Sequence[Chunk],
    told: Told,
) -> _Placed:
    own = [c for c in captions if set(c.figure.pictures) <= set(unit.pictures)]
    worded = [chunks[k] for c in own for k in c.chunks]
    foot = hull([unit.box, *(chunk.box for chunk in worded)])
    shown = Shown(unit, foot, sum(chunk.characters for chunk in worded), len(own))
    table = rows(shown, told)
    likely = chances(table)
    # What a figure alone is in one field with matters only where it may be a story itself.
    doubted = int(likely.argmax()) == len(told.stories)
    only = only_seen(foot, told.stories, told.ground) if doubted else None
    return _Placed(shown, own, likely, chosen(likely, table, only), bool(_amid(table)))


def _is_shared(at: _Placed, other: _Placed, chunks: Sequence[Chunk], ground: Ground) -> bool:
    """True for figures by themselves that tell one story."""
    return are_one(at.shown, other.shown, ground.rules, ground.em) or _are_by_one(
        at, other, chunks, ground
    )


def _are_by_one(at: _Placed, other: _Placed, chunks: Sequence[Chunk], ground: Ground) -> bool:
    said, told = ("".join(chunks[k].text for c in x.own for k in c.chunks) for x in (at, other))
    return by_one(at.shown, other.shown, (said, told), ground.rules, ground.em)


def _in_rows(placed: Sequence[_Placed], chunks: Sequence[Chunk], ground: Ground) -> list[_Placed]:
    """The figures, like ones in a row all with one story or all by themselves; so are those
    near each other that one photographer took, of which one has no story.

    Some of a row may stand outside the headline of all. Of the places that theirs are, the
    likeliest for all of them together is taken.
    """
    graph: nx.Graph[int] = nx.Graph()
    graph.add_edges_from(
        (k, n)
        for n, other in enumerate(placed)
        for k, at in enumerate(placed[:n])
        if _in_row_of(at, other, ground)
        or ((at.alone or other.alone) and _are_by_one(at, other, chunks, ground))
    )
    given = list(placed)
    for row in nx.connected_components(graph):
        members = [placed[k] for k in row]
        together = sum(np.log(at.likely + _TINY) for at in members)
        places = {at.best for at in members}
        alone = len(together) - 1
        free = alone > 0 and not any(at.bound for at in members)
        if free and together[alone] - together[:-1].max() > np.log(_SURER):
            places.add(alone)
        best = max(sorted(places), key=lambda p: together[p])
        for k in row:
            given[k] = replace(placed[k], best=best)
    return given


def _in_row_of(at: _Placed, other: _Placed, ground: Ground) -> bool:
    """True if a figure stands beside another, both of one size, in a row of like pictures.

    On a vertical page a row stands in the reading frame.
    """
    one, two = at.shown.figure, other.shown.figure
    turned = ground.mode is WritingMode.VERTICAL
    a, b = (one.box.transposed(), two.box.transposed()) if turned else (one.box, two.box)
    high = abs(a.height - b.height) < ground.em / 2
    # Two of a row may have been seen as a figure.
    alike = high and (abs(a.width - b.width) < ground.em / 2 or -a.overlap_x(b) < _SIDE * ground.em)
    beside = a.overlap_y(b) > 0.9 * a.height
    own_frame = one.frame == two.frame
    return (
        own_frame and alike and beside and are_one(at.shown, other.shown, ground.rules, ground.em)
    )


def chosen(likely: FloatArray, table: NDArray[np.float32], only: int | None = None) -> int:
    """The row to go by; a figure is hardly ever news of its own in a story's place.

    By itself it must be much likelier than under a headline or in a frame from which no rule
    parts it, or than in the `only` story that it stands in one field with, and stand amid
    no story's text.
    """
    best = int(likely.argmax())
    if best < len(likely) - 1 or not best:
        return best
    in_doubt = only is not None and likely[best] < _IN_DOUBT * likely[only]
    if only is not None and in_doubt and not _is_parted(_named(table[only])):
        return only
    amid = _amid(table)
    if len(amid) == 1:
        return amid[0]
    second = int(likely[:-1].argmax())
    row = _named(table[second])
    under = row["under_head"] > 0 and row["head_share"] > _UNDER and row["same_frame"] > 0
    beside = _LIKELIER if row["same_frame"] > 0 else 1.0
    surer = 1.0 if _is_parted(row) else _SURER if under else beside
    return second if likely[best] < surer * likely[second] else best


def _named(values: NDArray[np.float32]) -> dict[str, float]:
    """A row of features by their names."""
    return dict(zip(NAMES, values.tolist(), strict=True))


def _is_parted(row: Mapping[str, float]) -> bool:
    """True where a rule parts a figure from a story's headline, or from its text above."""
    return max(row["ruled_above"], row["ruled_head"]) > 0


def _amid(table: NDArray[np.float32]) -> list[int]:
    """The stories amid whose text a figure stands."""
    return [k for k, values in enumerate(table[:-1]) if _is_amid(_named(values))]


def _is_amid(row: Mapping[str, float]) -> bool:
    """True for a figure over which a story's text is read on, no rules parting it off."""
    parted = row["ruled_above"] > 0 and row["ruled_below"] > 0
    return row["interrupts"] > 0 and row["same_frame"] > 0 and not parted


def only_seen(foot: Box, stories: Sequence[Story], ground: Ground) -> int | None:
    """The story that alone is level with, over or under a figure with nothing between them.

    Rules part the figure from all others, as where each story has a field of the page.
    """
    boxes = [(k, box) for k, story in enumerate(stories) for box in _boxes(story)]
    walls = [r.box for r in ground.rules]
    seen: set[int] = set()
    parted = False
    for k, box in boxes:
        if _hides(foot, box, walls):
            parted = True
        elif _in_line(foot, box) and not _hides(foot, box, [b for _, b in boxes if b is not box]):
            seen.add(k)
    return seen.pop() if len(seen) == 1 and parted else None


def _boxes(story: Story) -> list[Box]:
    heads = [story.heading.box] if story.heading else []
    return [*heads, *(node.chunk.box for node in story.nodes)]


def _in_line(a: Box, b: Box) -> bool:
    return a.overlap_x(b) > 0 or a.overlap_y(b) > 0


def _hides(a: Box, b: Box, others: Sequence[Box]) -> bool:
    """True if one of the others stands between two boxes along most of what they share."""
    if not _in_line(a, b):
        return False
    if a.overlap_y(b) <= 0:
        # The same with x for y: of the others only a few are near.
        near, far = min(a.y1, b.y1), max(a.y0, b.y0)
        low, high = max(a.x0, b.x0), min(a.x1, b.x1)
        return any(
            near <= o.cy <= far and min(o.x1, high) - max(o.x0, low) > 0.5 * (high - low)
            for o in others
        )
    low, high = max(a.y0, b.y0), min(a.y1, b.y1)
    return any(
        min(a.x1, b.x1) <= o.cx <= max(a.x0, b.x0)
        and min(o.y1, high) - max(o.y0, low) > 0.5 * (high - low)
        for o in others
    )


def chances(table: NDArray[np.float32]) -> FloatArray:
    """The chance of each of a figure's rows; they sum to 1."""
    scores = load_model("place", NAMES).scores(table)
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum())
