"""Small headlines and subheads in type hardly larger than the text's, told apart.

Built in the reading frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from epaper.geometry import Box
from epaper.layout.captions import TypeHabit
from epaper.layout.chunks import Chunk, make_chunks
from epaper.layout.cues import (
    begins_report,
    ends_in_credit,
    ends_sentence,
    is_byline,
    leads_in,
)
from epaper.layout.frame import Item
from epaper.model import Frame, Origin, Rule

# White over a headline in type no larger than the text's, em; how near its byline stands,
# and its most characters.
_WHITE, _WIDE_WHITE, _NEAR, _NAMED = 0.9, 1.6, 1.2, 30
# The chance of a sure subhead; sizes of subheads that are no larger than the text, and of lines
# that are, in its em.
_SURE, _NO_LARGER, _LARGER = 0.9, 1.05, 1.1
# Sizes of one type differ by less than this.
_ONE_TYPE = 0.06
# White over a bold headline in the text's size, em, and how many times the white under it.
_APART, _FAR, _LOPSIDED = 1.9, 6.0, 1.8
# A rule over it stands no farther off, and may touch it or begin so far inside, em.
_NEAR_RULE, _TOUCH = 2.0, 0.3
# Nothing stands over the head of a frame so near, em.
_TOP = 10.0
# White under it, more than between lines of text, em.
_LEADED = 0.6
# It does not fill its column but to this share.
_FULL = 0.9
# A headline has fewer rows than this, or fewer characters than that.
_ROWS, _LONGEST = 4, 60


def without_text(
    display: Sequence[Item], rules: Sequence[Rule], frames: Sequence[Frame]
) -> list[Item]:
    """The display lines but those of running text in large type, as notices are set."""
    chunks = make_chunks([i for i in display if not i.across], rules, frames)
    text = [c for c in chunks if len(c.items) >= _ROWS and c.characters >= _LONGEST]
    inside = {id(i) for c in text for i in c.items}
    return [i for i in display if id(i) not in inside]


def take_display(
    chunks: Sequence[Chunk],
    habit: TypeHabit,
    named: Sequence[Chunk] = (),
    rules: Sequence[Rule] = (),
    heads: Sequence[Box] = (),
) -> tuple[list[Chunk], list[Item]]:
    """Chunks that are small headlines, as display lines; gives the other chunks and these.

    Small headlines are hardly larger than the body, but bolder or in another face, and
    nothing of their column stands right above them, but for a rule; in a frame they may be set
    as the text. `named` are the subheads, `heads` the boxes of display lines and pictures.
    """
    able = [_small_headline(chunk, habit) for chunk in chunks]
    carried = [a and _carried(chunk, chunks) for a, chunk in zip(able, chunks, strict=True)]
    # A subhead at the head of a column looks like those that stand inside one.
    inside = {_type(c) for c, below in zip(chunks, carried, strict=True) if below}
    inside |= {_type(c) for c in named if _carried(c, chunks) or _between(c, chunks)}
    rest: list[Chunk] = []
    display: list[Item] = []
    for chunk, small, below in zip(chunks, able, carried, strict=True):
        own = small and not below and _type(chunk) not in inside
        if own or (
            _may_head(chunk.text.strip()) and _heads_story(chunk, chunks, habit, rules, heads)
        ):
            display += chunk.items
        else:
            rest.append(chunk)
    return rest, display


def in_headline_type(
    named: Sequence[Chunk], display: Sequence[Item], habit: TypeHabit
) -> list[Chunk]:
    """Those of the subheads that are larger than the text, as no sure one is, and headlines' type.

    A line set as small headlines of the page are is one, however close it stands under
    another text. Only faces that are known tell that.
    """
    if not any(c.subhead > _SURE and c.size < _NO_LARGER * habit.size for c in named):
        return []
    heads = [i for i in display if i.line.font not in ("", habit.face)]
    return [
        c
        for c in named
        if c.size > _LARGER * habit.size
        and any(c.face == i.line.font and abs(c.size / i.size - 1) < _ONE_TYPE for i in heads)
    ]


def over_bylines(
    chunks: Sequence[Chunk], habit: TypeHabit, larger: Sequence[Box]
) -> tuple[list[Chunk], list[Item]]:
    """Lines in other type than the text's right over a byline, as display lines; gives the
    other chunks and these.

    A brief's headline may be no larger than the text. What stands under `larger` type, the
    boxes of headlines and pictures, is a deck or a caption; no subhead has a byline under it.
    """
    chunks = [part for chunk in chunks for part in _signed_apart(chunk)]
    signs = [c for c in chunks if len(c.items) == 1 and _signs(c.text)]
    found = [c for c in chunks if any(_names(c, s, habit) for s in signs)]
    found = [c for c in found if not _follows(c, larger, 3 * _WHITE)]
    boxes = [c.box for c in chunks]
    found = [c for c in found if not _follows(c, _but(boxes, c.box), _white(c, habit))]
    rest = [c for c in chunks if not any(c is f for f in found)]
    return rest, [i for c in found for i in c.items]


def _signed_apart(chunk: Chunk) -> list[Chunk]:
    """A line and the byline under it, where both are a chunk, as one each."""
    if len(chunk.items) != 2 or not _signs(chunk.items[1].text) or chunk.tail:
        return [chunk]
    return [replace(chunk, items=(item,)) for item in chunk.items]


def _signs(text: str) -> bool:
    """True for a byline that names no photographer."""
    return is_byline(text) and not ends_in_credit(text)


def _but(boxes: Sequence[Box], own: Box) -> list[Box]:
    return [box for box in boxes if box is not own]


def _white(chunk: Chunk, habit: TypeHabit) -> float:
    """The white over a headline, em; more where nothing else tells its type from the text's."""
    return _WHITE if _is_other(chunk, habit) else _WIDE_WHITE


def _is_other(chunk: Chunk, habit: TypeHabit) -> bool:
    """True for another weight, face or size than the text's."""
    other = chunk.items[0].line.bold or chunk.face != habit.face
    return other or chunk.size > _NO_LARGER * habit.size


def _names(chunk: Chunk, sign: Chunk, habit: TypeHabit) -> bool:
    """True for a line that may be the headline of the story that `sign` opens."""
    box, em, text = chunk.box, chunk.size, chunk.text.strip()
    # No face is known of a line read from ink.
    other = chunk.items[0].line.origin is Origin.OCR or _is_other(chunk, habit)
    return (
        other
        and chunk is not sign
        and chunk.frame == sign.frame
        and len(chunk.items) == 1
        and _may_head(text)
        and -0.5 * em < sign.box.y0 - box.y1 < _NEAR * em
        and sign.box.overlap_x(box) > 0.8 * min(sign.box.width, box.width)
    )


def _may_head(text: str) -> bool:
    """True for some words that name nobody and are neither news nor a sentence."""
    named = is_byline(text) or begins_report(text) or ends_in_credit(text)
    return 3 < len(text) <= _NAMED and not (named or ends_sentence(text))


def _follows(chunk: Chunk, others: Sequence[Box], reach: float) -> bool:
    """True if another box ends less than `reach` ems above the chunk."""
    box, em = chunk.box, chunk.size
    return any(
        o.overlap_x(box) > 0 and o.cy < box.cy and box.y0 - o.y1 < reach * em for o in others
    )


def like_subheads(
    chunks: Sequence[Chunk], named: Sequence[Chunk], texts: Sequence[Chunk]
) -> list[Chunk]:
    """Chunks of the type of subheads that stand inside text, at the head of a column.

    `named` are the subheads known, `texts` all other text.
    """
    inside = {_type(c) for c in named if _carried(c, texts) or _between(c, texts)}
    return [c for c in chunks if _type(c) in inside and len(c.items) <= 2 and _heads(c, texts)]


def _heads(chunk: Chunk, texts: Sequence[Chunk]) -> bool:
    """True if text begins right under the chunk and is hardly wider than a column."""
    box, em = chunk.box, chunk.size
    return any(
        c.frame == chunk.frame
        and len(c.items) > 1
        and -0.5 * em < c.box.y0 - box.y1 < em
        and c.box.x0 < box.x0 + em
        and box.x1 < c.box.x1 + em
        and c.box.width > 0.9 * box.width
        for c in texts
    )


def _small_headline(chunk: Chunk, habit: TypeHabit) -> bool:
    first = chunk.items[0].line
    other = first.bold or chunk.face != habit.face
    large = chunk.size > _LARGER * habit.size and (other or chunk.size > 1.18 * habit.size)
    small = len(chunk.items) <= 3 and 3 < chunk.characters <= 60
    ended = chunk.text.endswith("。") or ends_in_credit(chunk.text)
    # A lead-in is often set bold, and its first line may be a chunk by itself.
    told = is_byline(chunk.text) or begins_report(chunk.text)
    return large and small and not told and not ended


def _heads_story(
    chunk: Chunk,
    chunks: Sequence[Chunk],
    habit: TypeHabit,
    rules: Sequence[Rule],
    heads: Sequence[Box],
) -> bool:
    """True for words that stand where a headline does, in whatever type."""
    others = [c for c in chunks if c is not chunk and c.frame == chunk.frame]
    texts = [c for c in others if len(c.items) > 1]
    single = len(chunk.items) == 1
    return _opens_frame(chunk, others, heads) or (
        single and (_is_under_rule(chunk, texts, rules) or _is_bold_apart(chunk, texts, habit))
    )


def _is_bold_apart(chunk: Chunk, texts: Sequence[Chunk], habit: TypeHabit) -> bool:
    """True for a bold line with much more white over it than between it and its text.

    A subhead stands in the middle of its white; so does no headline of a brief.
    """
    em, box = chunk.size, chunk.box
    if not chunk.items[0].line.bold or em < 0.95 * habit.size:
        return False
    own = [c for c in texts if _columned(c, box)]
    over = min((box.y0 - c.box.y1 for c in own if c.box.cy < box.cy), default=0.0)
    under = min((c.box.y0 - box.y1 for c in own if c.box.cy > box.cy), default=over)
    return _APART * em < over < _FAR * em and max(under, 0.0) * _LOPSIDED < over


def _opens_frame(chunk: Chunk, others: Sequence[Chunk], heads: Sequence[Box]) -> bool:
    """True for a line or two at the head of a frame, with white and a story beginning under it."""
    box, em = chunk.box, chunk.size
    if chunk.frame < 0 or len(chunk.items) > 2 or chunk.rows:
        return False
    over = [c.box for c in others if c.box.y0 < box.y1] + [h for h in heads if h.cy < box.cy]
    if any(o.overlap_x(box) > 0 and box.y0 - o.y1 < _TOP * em for o in over):
        return False
    # Words at a picture are its caption.
    if any(box.grown(_APART * em).intersection(h) > 0 for h in heads):
        return False
    return any(
        len(c.items) > 1
        and (c.indented or leads_in(c.text))
        and c.box.overlap_x(box) > 0
        and _LEADED * em < c.box.y0 - box.y1 < _APART * em
        for c in others
    )


def _is_under_rule(chunk: Chunk, texts: Sequence[Chunk], rules: Sequence[Rule]) -> bool:
    """True for a line with a rule beyond both its ends near over it, and a story under it.

    It is bold; of a line read from ink that is hardly known, if the story begins there.
    """
    box, em, first = chunk.box, chunk.size, chunk.items[0].line
    over = [
        r.box.cy
        for r in rules
        if r.horizontal
        and -_TOUCH * em < box.y0 - r.box.cy < _NEAR_RULE * em
        and r.box.x0 < box.x0 + _TOUCH * em
        and r.box.x1 > box.x1 + em
    ]
    own = [t for t in texts if t.box.overlap_x(box) > 0]
    under = [t for t in own if _LEADED * em < t.box.y0 - box.y1 < _NEAR * em]
    if not over or any(max(over) < t.box.cy < box.cy for t in own):
        return False
    begun = first.origin is Origin.OCR and any(t.indented or leads_in(t.text) for t in under)
    return bool(under) and (first.bold or begun)


def _columned(chunk: Chunk, box: Box) -> bool:
    """True for text of the column that a line begins or is in the middle of."""
    inside = chunk.box.overlap_x(box) > 0.9 * box.width
    return inside and _FULL * chunk.box.width > box.width > chunk.box.width / 6


def _type(chunk: Chunk) -> tuple[str, bool, int]:
    """Face, weight and size to a twentieth of the chunk's type."""
    return chunk.face, chunk.items[0].line.bold, round(np.log(chunk.size) / np.log(1.05))


def _between(chunk: Chunk, texts: Sequence[Chunk]) -> bool:
    """True for a subhead with text of one column right above and right below, however wide."""
    box, reach = chunk.box, 2.2 * chunk.size
    own = [c for c in texts if c.frame == chunk.frame and c.box.overlap_x(box) > 0.9 * box.width]
    above = [c for c in own if -chunk.size < box.y0 - c.box.y1 < reach and len(c.items) > 1]
    below = [c for c in own if -chunk.size < c.box.y0 - box.y1 < reach and len(c.items) > 1]
    return any(
        abs(a.box.x0 - b.box.x0) < 2.5 * a.size and abs(a.box.x1 - b.box.x1) < 2.5 * a.size
        for a in above
        for b in below
    )


def _carried(chunk: Chunk, chunks: Sequence[Chunk]) -> bool:
    """True if text of the chunk's own column stands right above it."""
    box = chunk.box
    return any(
        c is not chunk
        and c.frame == chunk.frame
        and len(c.items) > 1
        and -chunk.size < box.y0 - c.box.y1 < 1.6 * chunk.size
        and c.box.overlap_x(box) > 0.6 * box.width
        and c.box.width < 1.6 * box.width + 4 * chunk.size
        for c in chunks
    )
