"""Text without a headline that goes on a story: under a picture, or alone with it in a field.

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
            _add(story, bare)
            kept = [s for s in kept if s is not bare]
            break
    return kept


def join_enclosed(stories: Sequence[Story], rules: Sequence[Rule]) -> list[Story]:
    """The stories, bare text that fills the rest of a headed story's field put into that story.

    Between text and story runs no rule, and nothing of any other stands in the field of both;
    a picture that cuts all columns of a story may part them so that no line shows the way on.
    """
    kept = list(stories)
    for bare in stories:
        if bare.heading is not None or not bare.nodes:
            continue
        hosts = [s for s in kept if s.heading and s.nodes and _encloses(s, bare, kept, rules)]
        if len(hosts) == 1:
            _add(hosts[0], bare)
            kept = [s for s in kept if s is not bare]
    return kept


def _add(story: Story, bare: Story) -> None:
    story.nodes += bare.nodes
    story.links += bare.links
    story.pictures += bare.pictures
    story.captions += bare.captions


def _encloses(story: Story, bare: Story, stories: Sequence[Story], rules: Sequence[Rule]) -> bool:
    """True if a headed story and text without a headline have a field for themselves."""
    first, last = bare.nodes[0], story.nodes[-1]
    same = last.chunk.frame == first.chunk.frame and abs(last.em / first.em - 1) < 0.1
    if not same or story.heading is None or last.chunk.rows or first.chunk.rows:
        return False
    head, own = story.heading.box, hull(node.box for node in bare.nodes)
    em, field = first.em, hull([*story.boxes, own])
    if own.y1 < head.y1 or own.x1 < head.x0 or not any(_near(b, own, em) for b in story.boxes):
        return False
    inner = field.grown(-em / 2)
    others = [x for x in stories if x is not story and x is not bare]
    words = [c.box for x in others for w in x.captions for c in w.chunks]
    taken = [*words, *(box for x in others for box in x.boxes)]
    if any(box.intersection(inner) > 0 for box in taken):
        return False
    return not any(
        max(r.box.overlap_x(inner), r.box.overlap_y(inner)) > _NEAR * em and _within(r.box, inner)
        for r in rules
    )


def _within(rule: Box, field: Box) -> bool:
    return field.x0 < rule.cx < field.x1 and field.y0 < rule.cy < field.y1


def _near(box: Box, own: Box, em: float) -> bool:
    return box.grown(_NEAR * em).intersection(own) > 0


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
