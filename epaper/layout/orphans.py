"""Text without a headline under a picture that cuts the column of a story.

Built in the reading frame; lengths in em of the text.
"""

from __future__ import annotations

from collections.abc import Sequence

from epaper.geometry import Box, hull
from epaper.layout.nodes import Node
from epaper.layout.story import Story
from epaper.model import Picture, Rule

# Between picture or caption and the text, and between the sides of both columns.
_NEAR, _LEVEL = 3.0, 1.0


def join_orphans(
    stories: Sequence[Story], pictures: Sequence[Picture], rules: Sequence[Rule]
) -> list[Story]:
    """The stories, bare text read on under a picture put into the picture's story.

    The text above the picture and that below have one column, and the picture fills it or
    the upper one breaks off.
    """
    kept = list(stories)
    for bare in stories:
        if bare.heading is not None or bare.pictures or bare.captions or not bare.nodes:
            continue
        for story in stories:
            if story is bare or not story.nodes or not _interrupted(story, bare, pictures):
                continue
            if _parted(story.nodes[-1].box, bare.nodes[0].box, rules):
                continue
            story.nodes += bare.nodes
            story.links += bare.links
            kept = [s for s in kept if s is not bare]
            break
    return kept


def _interrupted(story: Story, bare: Story, pictures: Sequence[Picture]) -> bool:
    upper, lower = story.nodes[-1], bare.nodes[0]
    if not _one_column(upper, lower):
        return False
    em, measure = lower.em, upper.right - upper.left
    for number in story.pictures:
        own = pictures[number].box
        words = [c.box for w in story.captions if w.picture == number for c in w.chunks]
        foot = hull([own, *words])
        between = upper.box.y1 - 0.5 * em < foot.y0 and foot.y1 < lower.box.y0 + 0.5 * em
        near = upper.box.y1 > foot.y0 - _NEAR * em and lower.box.y0 < foot.y1 + _NEAR * em
        fills = abs(own.x0 - lower.left) < em and abs(own.width - measure) < em
        if between and near and foot.width < measure + em and (fills or upper.chunk.open_end):
            return True
    return False


def _one_column(upper: Node, lower: Node) -> bool:
    reach = _LEVEL * lower.em
    same = upper.chunk.frame == lower.chunk.frame and abs(upper.em / lower.em - 1) < 0.1
    # Few lines by themselves may not show where their column ends, but fill it.
    right = min(abs(upper.right - lower.right), abs(upper.right - lower.box.x1))
    return same and abs(upper.left - lower.left) < reach and right < reach


def _parted(upper: Box, lower: Box, rules: Sequence[Rule]) -> bool:
    """True if a rule lies across the column between two texts."""
    return any(
        r.horizontal
        and upper.y1 < r.box.cy < lower.y0
        and r.box.overlap_x(lower) > 0.5 * lower.width
        for r in rules
    )
