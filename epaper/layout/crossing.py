"""Small lines set the other way than the page that go with a heading.

Over vertical text a headline may run across, and its kicker, deck and byline with it; a
label may stand across at the head of a vertical headline. Lengths are pixels of the
reading frame, in which such lines are upright.
"""

from __future__ import annotations

from collections.abc import Sequence

from epaper.geometry import Box
from epaper.layout.cues import ends_in_credit, ends_sentence, is_byline, is_jump, is_label, is_names
from epaper.layout.frame import Item
from epaper.layout.headings import Heading, is_display
from epaper.model import Origin, Picture, Role, WritingMode

_LONGEST = 40
# White to the heading, and from a label to a headline set the other way, em.
_NEAR, _ASIDE = 1.5, 2.5
# A small headline is larger than the text by this factor, measured from ink by that, bold by
# that; it has so many characters, its columns begin so near under it, em, are so many and take
# up this share of its width.
_LARGER, _INK_LARGER, _BOLD = 1.1, 1.18, 0.9
_FEWEST, _MOST = 4, 30
_UNDER, _COLUMNS, _COVERED = 2.5, 3, 0.4
# White over it, and between it and a picture, em.
_WHITE = 1.0


def adopt_crossing(headings: Sequence[Heading], items: Sequence[Item]) -> None:
    """Give every small line across the page to the heading it stands at.

    Display lines are in headings already. Changes `headings`.
    """
    held = {id(i) for h in headings for i in h.items}
    left = [i for i in items if i.across and id(i) not in held and _may_be(i)]
    found = True
    while found:
        found = False
        for item in list(left):
            for heading in headings:
                role = _role(item, heading)
                if role is not None:
                    _put(heading, role, item)
                    left.remove(item)
                    found = True
                    break


def small_titles(items: Sequence[Item], pictures: Sequence[Picture], body: float) -> list[Item]:
    """Small lines across that stand over columns of text as their headline.

    They are hardly larger than the text, or bolder; nothing stands right over them, and no
    picture near.
    """
    upright = [i.box.transposed() for i in items if not i.across]
    shown = [p.box.transposed() for p in pictures]
    return [
        i
        for i in items
        if i.across
        and not is_display(i, body)
        and _may_be_title(i, body)
        and _heads_columns(i, upright)
        and not any(b.grown(_WHITE * i.size).intersection(i.box.transposed()) > 0 for b in shown)
    ]


def _may_be_title(item: Item, body: float) -> bool:
    text = item.text.strip()
    larger = _INK_LARGER if item.line.origin is Origin.OCR else _LARGER
    named = is_byline(text) or is_jump(text) or is_label(text) or ends_in_credit(text)
    plain = _FEWEST <= len(text) <= _MOST and not ends_sentence(text)
    return plain and not named and item.size > (_BOLD if item.line.bold else larger) * body


def _heads_columns(item: Item, columns: Sequence[Box]) -> bool:
    """True for a line with columns of text right under it and none right over it."""
    box, em = item.box.transposed(), item.size
    own = [c for c in columns if box.x0 < c.cx < box.x1]
    under = [c for c in own if -0.5 * em < c.y0 - box.y1 < _UNDER * em]
    over = [c for c in own if c.cy < box.cy and box.y0 - c.y1 < _WHITE * em]
    filled = sum(c.width for c in under)
    return len(under) >= _COLUMNS and filled > _COVERED * box.width and not over


def _may_be(item: Item) -> bool:
    text = item.text.strip()
    return 2 <= len(text) <= _LONGEST and not (ends_sentence(text) and text[-1] in "。；！")


def _role(item: Item, heading: Heading) -> Role | None:
    text, em = item.text.strip(), item.size
    titled = is_label(text) or item.line.reversed
    box, main = item.box.transposed(), heading.box.transposed()
    gap = max(box.y0 - main.y1, main.y0 - box.y1)
    if not heading.across:
        aside = max(-box.overlap_x(main), gap)
        return Role.LABEL if titled and aside < _ASIDE * em else None
    if not -0.5 * em < gap < _NEAR * em or box.overlap_x(main) < 0.6 * box.width:
        return None
    if (box.cy < main.cy) != _is_down(item):
        return Role.LABEL if titled else Role.KICKER
    if is_jump(text):
        return Role.JUMP
    return Role.BYLINE if is_byline(text) or is_names(text) else Role.DECK


def _put(heading: Heading, role: Role, item: Item) -> None:
    parts = (*heading.parts.get(role, ()), item)
    first = -1 if _is_down(item) else 1
    heading.parts[role] = tuple(sorted(parts, key=lambda i: (first * i.box.x0, i.box.y0)))


def _is_down(item: Item) -> bool:
    """True for a line down a page read across; of several the rightmost is read first."""
    return item.line.mode is WritingMode.VERTICAL
