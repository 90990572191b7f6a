"""What is known of a figure and each story it could belong to: features for its place.

Built in the reading frame; lengths are ems of the page's body type.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box, hull
from epaper.layout.figures import Figure
from epaper.layout.nodes import Node
from epaper.layout.story import Story
from epaper.model import Rule, WritingMode

_FAR = 25.0
NAMES = (
    "alone", "same_frame", "in_frame", "in_hull", "in_text", "headed", "texts", "under_head",
    "over_head", "head_share", "head_left", "head_right", "head_top", "head_across",
    "span_left", "span_right", "above_gap", "above_left", "above_right", "above_open",
    "below_gap", "below_left", "below_right", "below_open", "side_gap", "side_level",
    "side_top", "side_foot", "interrupts", "ruled_above", "ruled_below", "ruled_side",
    "ruled_head", "said", "words", "pictures", "width", "height", "stories_near", "vertical",
    "columns", "column_fit", "nearer", "text_above_head", "page_ruled",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure with its captions: its own box, the hull of both, and the words' length."""

    figure: Figure
    foot: Box
    said: int
    words: int


@dataclass(frozen=True)
class Ground:
    """What the places are judged by besides the stories: rules, em, and the page's setting."""

    rules: Sequence[Rule]
    em: float
    mode: WritingMode

    @cached_property
    def across(self) -> list[Box]:
        """The rules that lie."""
        return [r.box for r in self.rules if r.horizontal]

    @cached_property
    def down(self) -> list[Box]:
        """The rules that stand."""
        return [r.box for r in self.rules if not r.horizontal]


class Told:
    """The page's stories as every figure sees them."""

    def __init__(self, stories: Sequence[Story], ground: Ground) -> None:
        self.stories = stories
        self.ground = ground

    @cached_property
    def sides(self) -> list[_Side]:
        return [_Side(story, self.ground.em) for story in self.stories]

    @cached_property
    def ruled(self) -> float:
        """How many of the headlines stand under a rule: whether stories are parted by rules."""
        em, across = self.ground.em, self.ground.across
        heads = [side.heading for side in self.sides if side.heading is not None]
        ruled = sum(
            any(
                -em < head.y0 - rule.y1 < 4 * em and rule.overlap_x(head) > 0.5 * head.width
                for rule in across
            )
            for head in heads
        )
        return ruled / len(heads) if heads else 0.0


def rows(shown: Shown, told: Told) -> NDArray[np.float32]:
    """Features of the figure with each story, then by itself; rows by NAMES."""
    ground = told.ground
    views = [_View(shown, side, ground) for side in told.sides]
    near = sum(v.gap < 2 * ground.em for v in views)
    gaps = [v.gap for v in views]
    found = []
    for k, view in enumerate(views):
        others = min((g for n, g in enumerate(gaps) if n != k), default=_FAR * ground.em)
        found.append(view.features() | {"stories_near": near, "nearer": others - gaps[k]})
    alone = {
        "alone": 1.0,
        "said": shown.said,
        "words": shown.words,
        "pictures": len(shown.figure.pictures),
        "width": shown.foot.width / ground.em,
        "height": shown.foot.height / ground.em,
        "stories_near": near,
        "in_frame": shown.figure.frame >= 0,
        "nearer": min(gaps, default=_FAR * ground.em),
        "vertical": ground.mode is WritingMode.VERTICAL,
    }
    every = (row | {"page_ruled": told.ruled} for row in (*found, alone))
    table = [[float(row.get(name, -_FAR)) for name in NAMES] for row in every]
    return np.array(table, dtype=np.float32)


def _whole(node: Node) -> Box:
    """A node's box with its signature or marker."""
    return hull([node.box, *(item.box for _, item in node.chunk.tail)])


class _Side:
    """What of one story is the same for every figure."""

    def __init__(self, story: Story, em: float) -> None:
        self.story = story
        self.nodes = [(n, _whole(n)) for n in story.nodes]
        self.texts = [box for _, box in self.nodes]
        self.text = hull(self.texts) if self.texts else None
        self.head = story.heading.main if story.heading else None
        self.heading = story.heading.box if story.heading else None
        self.boxes = story.boxes
        self.around = hull(self.boxes) if self.boxes else None
        self.columns = len({round(n.left / em) for n in story.nodes})


class _View:
    """One figure seen with one story."""

    def __init__(self, shown: Shown, side: _Side, ground: Ground) -> None:
        self.shown = shown
        self.side = side
        self.ground = ground
        self.em = ground.em
        self.gap = min((_gap(shown.foot, b) for b in side.boxes), default=_FAR * ground.em)

    def features(self) -> dict[str, float]:
        """The row of the pair, by NAMES; what does not apply is left out."""
        shown, side, em = self.shown, self.side, self.em
        foot = shown.foot
        around = side.around or foot
        found: dict[str, float] = {
            "alone": 0.0,
            "same_frame": side.story.frame == shown.figure.frame,
            "in_frame": shown.figure.frame >= 0,
            "in_hull": foot.share_in(around),
            "in_text": foot.share_in(side.text) if side.text else -1.0,
            "headed": side.head is not None,
            "texts": len(side.texts),
            "said": shown.said,
            "words": shown.words,
            "pictures": len(shown.figure.pictures),
            "width": foot.width / em,
            "height": foot.height / em,
            "vertical": self.ground.mode is WritingMode.VERTICAL,
            "interrupts": self._interrupts(),
            "columns": side.columns,
            "column_fit": self._column_fit(),
            "span_left": self._clip(foot.x0 - around.x0),
            "span_right": self._clip(around.x1 - foot.x1),
        }
        return found | self._of_head() | self._of_texts()

    def _clip(self, length: float) -> float:
        return max(-_FAR, min(_FAR, length / self.em))

    def _of_head(self) -> dict[str, float]:
        head, whole, heading = self.side.head, self.side.heading, self.side.story.heading
        if head is None or whole is None or heading is None:
            return {}
        foot = self.shown.foot
        upper, lower = (head, foot) if head.cy < foot.cy else (foot, head)
        return {
            "under_head": self._clip(foot.y0 - whole.y1),
            "over_head": self._clip(whole.y0 - foot.y1),
            "head_share": head.overlap_x(foot) / min(head.width, foot.width),
            "head_left": self._clip(foot.x0 - whole.x0),
            "head_right": self._clip(whole.x1 - foot.x1),
            "head_top": self._clip(foot.y0 - whole.y0),
            "head_across": heading.across,
            "ruled_head": self._ruled(upper, lower),
            "text_above_head": any(t.cy < head.y0 for t in self.side.texts),
        }

    def _of_texts(self) -> dict[str, float]:
        """The nearest text above, below and beside the figure."""
        foot, em = self.shown.foot, self.em
        found: dict[str, float] = {}
        over = [(n, b) for n, b in self.side.nodes if b.cy < foot.y0 and _share(b, foot) > 0.2]
        under = [(n, b) for n, b in self.side.nodes if b.cy > foot.y1 and _share(b, foot) > 0.2]
        if over:
            node, box = max(over, key=lambda nb: nb[1].y1)
            found |= {
                "above_gap": self._clip(foot.y0 - box.y1),
                "above_left": self._clip(foot.x0 - node.left),
                "above_right": self._clip(node.right - foot.x1),
                "above_open": node.chunk.open_end,
                "ruled_above": self._ruled(box, foot),
            }
        if under:
            node, box = min(under, key=lambda nb: nb[1].y0)
            found |= {
                "below_gap": self._clip(box.y0 - foot.y1),
                "below_left": self._clip(foot.x0 - node.left),
                "below_right": self._clip(node.right - foot.x1),
                "below_open": not node.starts,
                "ruled_below": self._ruled(foot, box),
            }
        beside = [b for b in self.side.texts if b.overlap_y(foot) > em and b.overlap_x(foot) < em]
        if beside:
            near = min(beside, key=lambda b: -b.overlap_x(foot))
            column = hull(b for b in beside if abs(b.cx - near.cx) < 2 * em)
            found |= {
                "side_gap": self._clip(-near.overlap_x(foot)),
                "side_level": column.overlap_y(foot) / foot.height,
                "side_top": self._clip(foot.y0 - column.y0),
                "side_foot": self._clip(column.y1 - foot.y1),
                "ruled_side": self._ruled_side(near, foot),
            }
        return found

    def _interrupts(self) -> bool:
        """True if text above the figure is read on below it."""
        box, em = self.shown.figure.box, self.em
        return any(
            a.box.cy < box.cy < b.box.cy
            and min(a.box.overlap_x(box), b.box.overlap_x(box)) > 2 * em
            for a, b in pairwise(self.side.story.nodes)
        )

    def _column_fit(self) -> float:
        """How far the figure's sides are from the edges of the story's columns, em."""
        foot = self.shown.foot
        left = min((abs(foot.x0 - n.left) for n in self.side.story.nodes), default=_FAR * self.em)
        right = min((abs(foot.x1 - n.right) for n in self.side.story.nodes), default=_FAR * self.em)
        return self._clip(left + right)

    def _ruled(self, upper: Box, lower: Box) -> bool:
        high, low = upper.cy, lower.cy
        return any(
            high < rule.cy < low and rule.overlap_x(lower) > 0.5 * min(lower.width, upper.width)
            for rule in self.ground.across
        )

    def _ruled_side(self, a: Box, b: Box) -> bool:
        low, high = min(a.cx, b.cx), max(a.cx, b.cx)
        return any(
            low < rule.cx < high and rule.overlap_y(b) > 0.3 * b.height for rule in self.ground.down
        )


def _share(a: Box, b: Box) -> float:
    return a.overlap_x(b) / max(1.0, min(a.width, b.width))


def _gap(a: Box, b: Box) -> float:
    """Distance between two boxes along the axis where they are farther apart."""
    return max(-a.overlap_x(b), -a.overlap_y(b), 0.0)
