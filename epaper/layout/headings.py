"""Headings: display lines that stand together over, beside or inside a story.

A heading holds one headline of one or several lines with its kicker above, its deck
below and its label, told apart by size and place. Built in the reading frame.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np

from epaper.geometry import Box, hull
from epaper.layout.chunks import innermost_frames
from epaper.layout.cues import is_byline, is_jump, is_label, is_square
from epaper.layout.frame import Item
from epaper.layout.headrows import (
    FEW,
    FEW_OFF,
    SAME_INK,
    SAME_LAYER,
    SAME_LINE,
    heads_section,
    main_rows,
    rows_of,
)
from epaper.model import Frame, Line, Origin, Role, Rule, WritingMode

# Display type starts at this multiple of the body em.
# What a stop at its side makes of two characters read down, ems of the body.
_STOPPED = 1.6
DISPLAY = 1.27
# Lines farther apart than this, em of the larger, are never of one heading.
_NEAR = 2.0
# Up to this the pitch decides.
_WIDE = 1.7
# Rows of one headline stand no further apart than this, em.
_STACK = 3.5
# A row is centred to another to within this, and is not where its middle is so far off, em.
_CENTRE, _ASIDE = 0.35, 1.5
# Ink of a headline reaches beyond its column by no more than this, em.
_OUT = 0.25
# Rules that frame a row of a headline end so near its ends and stand so near it, em.
_ENDS, _HUG = 1.1, 0.5
# The author's name at the end of a title: its type, in that of the title, and the white
# between, em of the title.
_NAME, _SIGNS, _NAME_GAP = re.compile(r"[一-鿿]{2,4}"), (0.35, 0.7), 1.3
# Rows begin level to within this, and where the place of one is told but roughly, em.
_BEGUN, _ROUGH = 0.25, 0.4
# The widest white inside a row, em, and marks half of whose square is white.
_WIDE_SPACE = 1.3
_CLOSING, _OPENING = frozenset("！？，。、：；」』”）》"), frozenset("「『“（《")
# Few characters in a row read from ink differ in size by no more than this.
_BADLY = 1.15
# Characters of such a word, and the white before it, em.
_WORD, _CLOSE = 2, 0.8
# Colours further apart than this are two inks, of 255.
_OTHER_INK = 90
_STOPS = frozenset("。．.！？")
# Text of a story begins no further below its headline than this, em.
_BELOW = 8.0


@dataclass(slots=True)
class Heading:
    """Parts by role, each a tuple of items in reading order.

    `flush` says that the headline begins at a column's left edge.
    """

    parts: dict[Role, tuple[Item, ...]]
    frame: int = -1
    across: bool = False
    flush: bool = False

    @property
    def items(self) -> list[Item]:
        return [i for part in self.parts.values() for i in part]

    @property
    def box(self) -> Box:
        return hull(i.box for i in self.items)

    @property
    def main(self) -> Box:
        """The box of the headline proper."""
        return hull(i.box for i in self.parts[Role.HEADLINE])

    @property
    def size(self) -> float:
        return max(i.size for i in self.parts[Role.HEADLINE])

    def put_first(self, role: Role, items: Iterable[Item]) -> None:
        """Make items the beginning of a part, and that part the first one."""
        own = (*items, *self.parts.pop(role, ()))
        self.parts = {role: own, **self.parts}


def is_display(item: Item, body: float) -> bool:
    """True for a line in display type.

    Ink beside a line read from above down is easily measured with it; its pitch tells then.
    """
    if item.inset and item.text.strip():
        return True
    if item.size < DISPLAY * body or not item.text.strip():
        return False
    line, said = item.line, len(item.text.strip())
    down = line.origin is Origin.OCR and line.mode is WritingMode.VERTICAL
    if down and said == 2 and item.text.strip()[-1] in _STOPS and item.size < _STOPPED * body:
        # The end of a column; the stop at its side makes it wider.
        return False
    doubtful = down and said > FEW
    return not (doubtful and item.size < _WIDE * body and _pitch(line) < DISPLAY * body)


def _pitch(line: Line) -> float:
    """What a character of a line read down takes up, pixels; figures and marks take half."""
    text = line.text.strip()
    return line.box.height / sum(1.0 if is_square(char) else 0.5 for char in text)


def make_headings(
    items: Sequence[Item],
    rules: Sequence[Rule],
    frames: Sequence[Frame],
    mode: WritingMode,
    columns: Sequence[Box] = (),
    begun: Collection[Box] = (),
) -> list[Heading]:
    """Group display lines into headings.

    `columns` are boxes of body text: two pieces of display type on one line whose gap is
    a gutter between columns below are two headlines, unless only the first of these
    columns is one of the `begun`, whose first line begins a paragraph.
    """
    inside = innermost_frames([i.box for i in items], frames)
    rules = without_ornaments(rules, items, mode)
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(items)))
    for a, b in _near_pairs(items):
        one = inside[a] == inside[b] and (
            _together(items[a], items[b], rules, columns, begun)
            or _signed(items[a], items[b])
            or _signed(items[b], items[a])
            or (
                inside[a] >= 0
                and inside.count(inside[a]) == 2
                and _alone_in_row(items[a], items[b], rules, columns, begun)
            )
        )
        if one and not _in_two_stacks(items[a], items[b], items, columns):
            graph.add_edge(a, b)
    headings = []
    for group in nx.connected_components(graph):
        members = [items[k] for k in group]
        headings.append(_heading(members, inside[min(group)], mode))
    return headings


def _near_pairs(items: Sequence[Item]) -> list[tuple[int, int]]:
    """Pairs of lines, the first before the second, that stand near enough to be together."""
    rows = [(*(i.box.x0, i.box.y0, i.box.x1, i.box.y1), i.size) for i in items]
    x0, y0, x1, y1, size = np.array(rows).reshape(-1, 5).T
    reach = _NEAR * np.maximum(size[:, None], size)
    near = (x0 - x1[:, None] < reach) & (x0[:, None] - x1 < reach)
    near &= (y0 - y1[:, None] < reach) & (y0[:, None] - y1 < reach)
    first, second = np.nonzero(np.triu(near, 1))
    return list(zip(first.tolist(), second.tolist(), strict=True))


def _together(
    a: Item, b: Item, rules: Sequence[Rule], columns: Sequence[Box], begun: Collection[Box]
) -> bool:
    """True if two display lines belong to one heading."""
    if a.across != b.across:
        return False
    if a.across:
        x, y = a.box.transposed(), b.box.transposed()
        return _stacked(x, y, a.size, b.size) or (_same_type(a, b) and _in_row(x, y, a.size))
    near = _stacked(_begun(a), _begun(b), a.size, b.size) or (
        _abreast(a, b) and not _over_gutter(a, b, columns, begun)
    )
    return near and not any(_separates(rule, a.box, b.box) for rule in rules)


def _stacked(a: Box, b: Box, size_a: float, size_b: float) -> bool:
    upper, lower = (a, b) if a.cy <= b.cy else (b, a)
    gap = lower.y0 - upper.y1
    if not -0.4 * min(size_a, size_b) < gap < 0.75 * max(size_a, size_b):
        return False
    shared = a.overlap_x(b)
    return shared > 0.55 * min(a.width, b.width)


def _abreast(a: Item, b: Item) -> bool:
    """Two pieces of one line, parted by a wide space inside a headline."""
    return (_same_type(a, b) or _is_end_of_row(a, b)) and _in_row(
        a.box, b.box, a.size, _hollow(a, b)
    )


def _is_end_of_row(a: Item, b: Item) -> bool:
    """True where one of two pieces is a word or two between marks, close to the other.

    So few characters that fill their squares are measured badly from ink.
    """
    few = min(sum(map(is_square, i.text)) for i in (a, b)) <= _WORD
    close = -a.box.overlap_x(b.box) < _CLOSE * min(a.size, b.size)
    return few and close and _is_about_alike(a, b)


def _alone_in_row(
    a: Item, b: Item, rules: Sequence[Rule], columns: Sequence[Box], begun: Collection[Box]
) -> bool:
    """True for two pieces of a row by themselves in a frame, whose sizes may be measured badly."""
    few = max(len(a.text), len(b.text)) <= FEW
    high = max(a.box.height, b.box.height) < SAME_LINE * min(a.box.height, b.box.height)
    larger = max(a.size, b.size)
    in_row = a.across == b.across and _in_row(a.box, b.box, larger, _hollow(a, b))
    parted = any(_separates(rule, a.box, b.box) for rule in rules)
    alike = few and high and _is_about_alike(a, b)
    return alike and in_row and not parted and not _over_gutter(a, b, columns, begun)


def _is_about_alike(a: Item, b: Item) -> bool:
    """True for pieces read from ink, of one colour, that may be of one size for all is known."""
    ink = a.line.origin is b.line.origin is Origin.OCR
    return ink and max(a.size, b.size) < _BADLY * min(a.size, b.size) and _one_ink(a, b)


def _one_ink(a: Item, b: Item) -> bool:
    reversed_ = a.line.reversed or b.line.reversed
    return reversed_ or _away(a.line.color, b.line.color) <= _OTHER_INK


def _same_type(a: Item, b: Item) -> bool:
    if not _one_ink(a, b):
        return False
    layer = a.line.origin is b.line.origin is Origin.LAYER
    most = SAME_LAYER if layer else SAME_INK
    return max(a.size, b.size) / min(a.size, b.size) < most and a.line.font == b.line.font


def _away(one: int, other: int) -> int:
    """How far two colours, 0xRRGGBB, are apart where they differ most, of 255."""
    return max(abs((one >> k & 255) - (other >> k & 255)) for k in (16, 8, 0))


def _in_row(a: Box, b: Box, em: float, hollow: float = 0.0) -> bool:
    high = min(a.height, b.height)
    widest = (_WIDE_SPACE + hollow) * em
    return a.overlap_y(b) > 0.7 * high and 0 < -a.overlap_x(b) < widest


def _hollow(a: Item, b: Item) -> float:
    """The white inside marks at the gap between two pieces read from ink, em."""
    left, right = (a, b) if a.box.cx <= b.box.cx else (b, a)
    if left.line.origin is not Origin.OCR:
        return 0.0
    words = left.text.strip()
    # The mark that closes a quotation is easily lost, not the white in its square.
    return 0.5 * (words[-1:] in _CLOSING or _is_unclosed(words)) + _before(right)


def _is_unclosed(words: str) -> bool:
    """True for words in which a quotation begins that does not end."""
    return any(words.count(a) > words.count(b) for a, b in ("“”", "「」", "『』", "《》"))


def _before(item: Item) -> float:
    """The white before the first mark of a row read from ink, em."""
    ink = item.line.origin is Origin.OCR
    return 0.5 if ink and item.text.strip()[:1] in _OPENING else 0.0


def _begun(item: Item) -> Box:
    """The box of a row with the white before its first mark."""
    box = item.box
    return Box(box.x0 - _before(item) * item.size, box.y0, box.x1, box.y1)


def _over_gutter(a: Item, b: Item, columns: Sequence[Box], begun: Collection[Box]) -> bool:
    """True if a column ends and another begins at the gap between two pieces."""
    left, right = (a.box, b.box) if a.box.cx <= b.box.cx else (b.box, a.box)
    em = min(a.size, b.size)
    near = [c for c in columns if 0 <= c.y0 - left.cy < 8 * em]
    middle = (left.x1 + right.x0) / 2
    # A headline does not stick out of its column.
    ends = [c for c in near if -_OUT * em < c.x1 - left.x1 < right.x0 - left.x1 + 0.2 * em]
    begins = [c for c in near if -0.2 * em < c.x0 - middle < right.x0 - middle + _OUT * em]
    crossed = any(c.x0 < middle - 0.2 * em and c.x1 > middle + 0.2 * em for c in near)
    # A headline that ends with its column and is not set to its beginning is not centred.
    whole = any(abs(c.x0 - left.x0) < em for c in near)
    if not (ends and begins and whole) or crossed:
        return False
    first, second = (min(side, key=lambda c: c.y0) for side in (ends, begins))
    return not (first in begun and second not in begun)


def _signed(title: Item, name: Item) -> bool:
    """True for the author's name at the end of a title of old papers, in smaller type."""
    line, em = name.line, title.size
    if title.across or name.across or line.mode is not WritingMode.VERTICAL:
        return False
    small = line.origin is Origin.OCR and _SIGNS[0] * em < name.size < _SIGNS[1] * em
    after = 0 < name.box.x0 - title.box.x1 < _NAME_GAP * em
    level = abs(name.box.cy - title.box.cy) < _CENTRE * em
    return small and after and level and bool(_NAME.fullmatch(name.text.strip()))


def _in_two_stacks(a: Item, b: Item, items: Sequence[Item], columns: Sequence[Box]) -> bool:
    """True if two pieces of one height belong to headlines side by side.

    Begun flush, the right one goes on above or below from where it begins; or the left one
    does, and the right one begins with a column of text. Centred, a row above or below is
    centred to one of the two and not to both together.
    """
    if a.across or a.box.overlap_y(b.box) < 0.5 * min(a.size, b.size):
        return False
    left, right = (a.box, b.box) if a.box.cx <= b.box.cx else (b.box, a.box)
    em, middle = min(a.size, b.size), (left.x1 + right.x0) / 2
    near = [
        i.box
        for i in items
        if i is not a and i is not b and not i.across
        if _of_size(i, em) and abs(i.box.cy - left.cy) < _STACK * em
    ]
    if any(box.x0 < middle < box.x1 for box in near):
        return False

    # Characters beside wide white are placed but roughly on a scan.
    rough = _ROUGH if b.line.origin is Origin.OCR else _BEGUN
    second = b if left is a.box else a

    def begun(start: float, boxes: Sequence[Box], to: float = _BEGUN) -> bool:
        return any(abs(box.x0 - start) < to * em for box in boxes)

    def goes_on(boxes: Sequence[Box], to: float = _BEGUN) -> bool:
        return any(begun(start, boxes, to) for start in (right.x0, right.x0 - _before(second) * em))

    below = [c for c in columns if 0 <= c.y0 - left.cy < _BELOW * em]
    if any(c.x0 < middle < c.x1 for c in below):
        return False
    whole = (left.x0 + right.x1) / 2
    own = [box for box in near if abs(box.cx - whole) > _ASIDE * em]
    own = [box for box in own if not begun(box.x0, (left, right))]
    if any(abs(box.cx - half.cx) < _CENTRE * em for box in own for half in (left, right)):
        return True
    return begun(left.x0, near) and (goes_on(near) or goes_on(below, rough))


def _of_size(item: Item, em: float) -> bool:
    """True for a row of about this size; few characters read from ink may be measured wrongly."""
    few = item.line.origin is Origin.OCR and len(item.text.strip()) < FEW
    most = FEW_OFF if few else SAME_LINE
    return max(item.size / em, em / item.size) < most


def without_ornaments(
    rules: Sequence[Rule], items: Sequence[Item], mode: WritingMode
) -> list[Rule]:
    """The rules without those that a row of a headline set down stands between, each as long."""
    if mode is not WritingMode.VERTICAL:
        return list(rules)
    ornaments: set[int] = set()
    for item in items:
        hugging = [r for r in rules if not item.across and _hugs(r.box, item.box, item.size)]
        over = [r for r in hugging if r.box.cy < item.box.cy]
        under = [r for r in hugging if r.box.cy > item.box.cy]
        if over and under:
            ornaments |= {id(r) for r in hugging}
    return [r for r in rules if id(r) not in ornaments]


def _hugs(rule: Box, row: Box, em: float) -> bool:
    ends = max(abs(rule.x0 - row.x0), abs(rule.x1 - row.x1))
    away = max(rule.y0 - row.y1, row.y0 - rule.y1)
    return rule.width > rule.height and ends < _ENDS * em and -0.3 * em < away < _HUG * em


def _separates(rule: Rule, a: Box, b: Box) -> bool:
    upper, lower = (a, b) if a.cy <= b.cy else (b, a)
    if rule.horizontal:
        return upper.cy < rule.box.cy < lower.cy and rule.box.overlap_x(
            upper.union(lower)
        ) > 0.5 * min(a.width, b.width)
    left, right = (a, b) if a.cx <= b.cx else (b, a)
    return left.x1 <= rule.box.cx <= right.x0 and rule.box.overlap_y(a) > 0


def _heading(items: Sequence[Item], frame: int, mode: WritingMode) -> Heading:
    across = items[0].across
    names = [i for i in items if _is_signature(i, items)]
    rows = rows_of([i for i in items if not any(i is n for n in names)], across, mode)
    main = main_rows(rows)
    first, last = main[0], main[-1]
    parts: dict[Role, list[Item]] = {}
    # A heading may be reversed as a whole, or its headline; a reversed piece of one is a tag.
    whole = all(i.line.reversed for i in items)
    solid = all(i.line.reversed for k in main for i in rows[k])
    for k, row in enumerate(rows):
        if k < first:
            role = Role.KICKER
        elif k > last:
            role = Role.DECK
        else:
            role = Role.HEADLINE
        for item in row:
            kept = whole or (solid and role is Role.HEADLINE)
            own = _special(item, role, kept)
            if own is Role.KICKER and k == 0 and heads_section(row, rows[1][0]):
                own = Role.LABEL
            parts.setdefault(own, []).append(item)
    if names:
        parts.setdefault(Role.BYLINE, []).extend(names)
    order = (Role.LABEL, Role.KICKER, Role.HEADLINE, Role.DECK, Role.BYLINE, Role.JUMP)
    return Heading({r: tuple(parts[r]) for r in order if r in parts}, frame, across)


def _is_signature(item: Item, others: Sequence[Item]) -> bool:
    return any(_signed(title, item) for title in others if title is not item)


def _special(item: Item, role: Role, whole: bool) -> Role:
    """Bylines and labels that stand among a heading's smaller lines."""
    if role is Role.DECK and is_byline(item.text):
        return Role.BYLINE
    if role is Role.DECK and is_jump(item.text):
        return Role.JUMP
    if role is not Role.DECK and item.line.reversed and len(item.text) <= 8 and not whole:
        return Role.LABEL
    if role is Role.KICKER and is_label(item.text):
        return Role.LABEL
    return role
