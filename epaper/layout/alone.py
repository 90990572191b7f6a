"""Pictures that are stories of their own: which of them make one picture story.

Built in the reading frame.
"""

from __future__ import annotations

from collections.abc import Sequence

from epaper.geometry import Box
from epaper.layout.cues import ends_in_credit
from epaper.layout.figures import are_level
from epaper.layout.places import Shown
from epaper.model import Rule

# Pictures of one picture story touch where they are nearer than this or overlap by less, and
# stand side by side or piled so near, em.
_TOUCH, _NEAR = 0.5, 2.2
# Those that one photographer took stand so near; characters of his credit.
_BY_ONE, _FEWEST, _MOST = 2.5, 3, 16
# Captions of so many characters each tell stories of their own.
_TOLD = 36


def are_one(a: Shown, b: Shown, rules: Sequence[Rule], em: float) -> bool:
    """True for pictures right beside or over each other, as large, of one picture story.

    Two pictures of which each has the words of a story are two; `em` is the text's, pixels.
    Pictures that touch, or are as wide, are one story's where they are level with their captions,
    too: a longer one leaves less room to its picture.
    """
    if min(a.said, b.said) >= _TOLD:
        return False
    box, other = a.figure.box, b.figure.box
    beside = _in_row((box, a.foot), (other, b.foot), em)
    down = (box.transposed(), a.foot.transposed()), (other.transposed(), b.foot.transposed())
    return (beside or _in_row(*down, em)) and not _ruled_between(box, other, rules)


def _in_row(one: tuple[Box, Box], other: tuple[Box, Box], em: float) -> bool:
    """True for two pictures side by side; each with its hull with its caption."""
    level = are_level(one[0], other[0], em)
    touch = -_TOUCH * em < -one[0].overlap_x(other[0]) < _TOUCH * em
    if touch or abs(one[0].width - other[0].width) < _TOUCH * em:
        level |= are_level(one[1], other[1], em)
    return level and -_TOUCH * em < -one[1].overlap_x(other[1]) < _NEAR * em


def by_one(a: Shown, b: Shown, words: tuple[str, str], rules: Sequence[Rule], em: float) -> bool:
    """True for pictures near each other that one photographer took, by their `words`.

    They may be of any size, as where one is over two others.
    """
    names = [_taker(said) for said in words]
    one, other = a.foot, b.foot
    over = one.overlap_x(other) > 0.5 * min(one.width, other.width)
    beside = one.overlap_y(other) > 0.5 * min(one.height, other.height)
    away = max(-one.overlap_x(other), -one.overlap_y(other))
    near = (over or beside) and away < _BY_ONE * em
    # The house may be named with one of them only: 贾勇摄, 本报记者贾勇摄.
    short, long = sorted(names, key=len)
    alike = bool(short) and long.endswith(short)
    return near and alike and not _ruled_between(one, other, rules)


def _taker(said: str) -> str:
    """The credit that ends a caption behind its last sentence."""
    end = said.rsplit("。", 1)[-1]
    if not (ends_in_credit(end) and _FEWEST <= len(end.strip()) <= _MOST):
        return ""
    return "".join(char for char in end if char.isalnum())


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
