"""Subheads at the heads of columns under one headline, which a scan shows as headlines.

What the type of a subhead says is lost in a scan, and large ones pass for headlines. Where a
headline stands over several columns and its text begins in the first of them, level with the
small lines at the head of the others, these are subheads of that text. Built in the reading
frame.
"""

from __future__ import annotations

from collections.abc import Sequence

from epaper.geometry import Box
from epaper.layout.chunks import Chunk
from epaper.layout.headings import Heading
from epaper.model import Origin, Role, Rule

# A subhead is no larger than this, em of the text, its headline so many times as large.
_LARGEST, _LARGER = 1.6, 1.3
# It stands no further below the headline than this, and level with the text to within this, em.
_UNDER, _LEVEL = 4.0, 1.5
_LONGEST = 16


def capped(
    headings: Sequence[Heading], chunks: Sequence[Chunk], rules: Sequence[Rule], body: float
) -> list[Heading]:
    """The headings that are subheads under another one; `body` is the em of the text."""
    small = [k for k in headings if _is_small(k, body)]
    return [
        k
        for k in small
        if any(_caps(h, k, headings, chunks, rules, body) for h in headings if h is not k)
    ]


def _is_small(heading: Heading, body: float) -> bool:
    items = heading.items
    return (
        len(items) == 1
        and Role.HEADLINE in heading.parts
        and items[0].line.origin is Origin.OCR
        and not heading.across
        and heading.size < _LARGEST * body
        and len(items[0].text.strip()) <= _LONGEST
    )


def _caps(
    head: Heading,
    small: Heading,
    headings: Sequence[Heading],
    chunks: Sequence[Chunk],
    rules: Sequence[Rule],
    body: float,
) -> bool:
    """True if the small line heads a column of the text under `head`."""
    main, box = head.main, small.box
    over = 0 < box.y0 - head.box.y1 < _UNDER * body and head.frame == small.frame
    if head.across or not over or head.size < _LARGER * small.size:
        return False
    for chunk in chunks:
        first = chunk.box
        level = abs(first.y0 - box.y0) < _LEVEL * body and first.x1 < box.x0
        begins = level and first.overlap_x(main) > body and len(chunk.items) > 1
        # The columns of a centred headline reach as far to one side as to the other.
        inside = box.x1 < 2 * main.cx - first.x0 + body
        if begins and inside and chunk.frame == head.frame:
            field = Box(first.x0, main.y0, box.x1, box.y1)
            return not (
                _others(field, (head, small), headings, body) or _walled(first, box, field, rules)
            )
    return False


def _others(
    field: Box, own: tuple[Heading, Heading], headings: Sequence[Heading], body: float
) -> bool:
    """True if a headline that is no smaller than a subhead stands in the field, too."""
    return any(
        h not in own and field.intersection(h.main) > 0 and not _is_small(h, body) for h in headings
    )


def _walled(first: Box, small: Box, field: Box, rules: Sequence[Rule]) -> bool:
    """True if a rule beside the headline parts the column of the small line from the first."""
    return any(
        not r.horizontal
        and first.x1 <= r.box.cx <= small.x0
        and r.box.y0 < field.y0 + 0.5 * (field.height - small.height)
        and r.box.y1 > small.y0
        for r in rules
    )
