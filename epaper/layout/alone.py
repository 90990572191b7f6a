"""Pictures that are stories of their own: which of them make one picture story.

Built in the reading frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from epaper.geometry import Box
from epaper.layout.story import Story
from epaper.model import Rule

# Pictures of one picture story stand side by side or piled, their sides level to this and
# this near, em.
_LEVEL, _NEAR = 0.5, 2.2
# Captions of so many characters each tell stories of their own.
_TOLD = 36


@dataclass(frozen=True, slots=True)
class Alone:
    """A picture in a story of its own, it with its captions, and characters of these."""

    box: Box
    foot: Box
    said: int
    story: Story


def neighbour(
    box: Box, foot: Box, said: int, alone: Sequence[Alone], rules: Sequence[Rule], em: float
) -> Story | None:
    """The picture story of which a picture right beside or over `box`, as large, is a part.

    Two pictures of which each has the words of a story are two. `foot` is the picture with
    its captions, `said` how many characters these have, `em` the text's, pixels. Pictures
    that touch are one story's where they are level with their captions, too.
    """
    for other in alone:
        if min(said, other.said) >= _TOLD:
            continue
        level = _level(box, other.box, em)
        if -_LEVEL * em < -box.overlap_x(other.box) < _LEVEL * em:
            level |= _level(foot, other.foot, em)
        flush = max(abs(box.x0 - other.box.x0), abs(box.x1 - other.box.x1)) < _LEVEL * em
        beside = level and -_LEVEL * em < -foot.overlap_x(other.foot) < _NEAR * em
        piled = flush and -_LEVEL * em < -foot.overlap_y(other.foot) < _NEAR * em
        if (beside or piled) and not _ruled_between(box, other.box, rules):
            return other.story
    return None


def _level(a: Box, b: Box, em: float) -> bool:
    """True if two boxes begin and end at the same heights."""
    return max(abs(a.y0 - b.y0), abs(a.y1 - b.y1)) < _LEVEL * em


def _ruled_between(a: Box, b: Box, rules: Sequence[Rule]) -> bool:
    """True if a rule stands between two pictures along most of their sides."""
    whole = a.union(b)
    for rule in rules:
        box = rule.box
        if rule.horizontal:
            between = min(a.y1, b.y1) < box.cy < max(a.y0, b.y0)
            along = box.overlap_x(whole) > 0.5 * whole.width
        else:
            between = min(a.x1, b.x1) < box.cx < max(a.x0, b.x0)
            along = box.overlap_y(whole) > 0.5 * whole.height
        if between and along:
            return True
    return False
