"""Headings without text that announce the story or the stories right under them.

A kicker set far above its headline, and the common heading of a group of stories, are each
read as a headline of their own. Built in the reading frame.
"""

from __future__ import annotations

from collections.abc import Sequence

from epaper.layout.companions import adopt_tag
from epaper.layout.headings import Heading
from epaper.layout.story import Story
from epaper.model import Frame, Role

# No larger than the headline under it, and no farther from it than this, in its em.
_LARGER, _NEAR = 1.05, 1.6
# It stands over the headline with so much of its width, and has so many characters.
_OVER, _LONGEST = 0.9, 20
# Headlines of a group are of one size, to within this share.
_ALIKE = 0.05


def join_announcements(stories: Sequence[Story]) -> list[Story]:
    """The stories, each heading without text made label or kicker of that right under it."""
    kept = list(stories)
    for story in stories:
        heading = story.heading
        if heading is None or not _bare(story, heading):
            continue
        others = [s.heading for s in kept if s is not story and s.nodes and s.heading]
        under = [h for h in others if _right_under(heading, h)]
        if not under:
            continue
        first = min(under, key=lambda h: (h.main.y0, h.main.x0))
        role = Role.LABEL if _in_group(first, others) else Role.KICKER
        first.put_first(role, heading.items)
        kept = [s for s in kept if s is not story]
    return kept


def join_tags(stories: Sequence[Story], frames: Sequence[Frame]) -> list[Story]:
    """The stories, each that is nothing but a label in a tag joined to that which it announces."""
    headings = [s.heading for s in stories if s.heading is not None]
    return [s for s in stories if not (_lone(s) and adopt_tag(headings, s.nodes[0].chunk, frames))]


def _lone(story: Story) -> bool:
    other = story.heading or story.pictures or story.captions
    return not other and len(story.nodes) == 1


def _bare(story: Story, heading: Heading) -> bool:
    few = sum(len(i.text) for i in heading.items) <= _LONGEST
    alone = set(heading.parts) == {Role.HEADLINE} and not heading.across
    return few and alone and not (story.nodes or story.pictures or story.captions)


def _right_under(heading: Heading, other: Heading) -> bool:
    em, box, main = other.size, heading.box, other.box
    return (
        not other.across
        and other.frame == heading.frame
        and heading.size < _LARGER * em
        and -0.3 * em < main.y0 - box.y1 < _NEAR * em
        and main.overlap_x(box) > _OVER * box.width
    )


def _in_group(first: Heading, others: Sequence[Heading]) -> bool:
    """Whether headlines like the first one stand on below it, in its column."""
    return any(
        h is not first
        and h.frame == first.frame
        and h.main.y0 > first.main.y1
        and abs(h.size / first.size - 1) < _ALIKE
        and h.main.overlap_x(first.main) > 0.5 * min(h.main.width, first.main.width)
        for h in others
    )
