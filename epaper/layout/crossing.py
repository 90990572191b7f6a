"""Small lines set the other way than the page that go with a heading.

Over vertical text a headline may run across, and its kicker, deck and byline with it; a
label may stand across at the head of a vertical headline. Lengths are pixels of the
reading frame, in which such lines are upright.
"""

from __future__ import annotations

from collections.abc import Sequence

from epaper.layout.cues import ends_sentence, is_byline, is_jump, is_label, is_names
from epaper.layout.frame import Item
from epaper.layout.headings import Heading
from epaper.model import Role

_LONGEST = 40
# White to the heading, and from a label to a headline set the other way, em.
_NEAR, _ASIDE = 1.5, 2.5


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
    if box.cy < main.cy:
        return Role.LABEL if titled else Role.KICKER
    if is_jump(text):
        return Role.JUMP
    return Role.BYLINE if is_byline(text) or is_names(text) else Role.DECK


def _put(heading: Heading, role: Role, item: Item) -> None:
    parts = (*heading.parts.get(role, ()), item)
    heading.parts[role] = tuple(sorted(parts, key=lambda i: (i.box.x0, i.box.y0)))
