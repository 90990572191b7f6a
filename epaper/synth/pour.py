"""Pouring running text into columns, around pictures, to where it ends.

Lengths are millimetres of the logical frame.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from epaper.geometry import Box, hull
from epaper.synth.setting import Cell, SetLine, Type
from epaper.synth.sheet import Sheet

_SENTENCE_END = re.compile(r"[。！？][”』」）]?")
_SHORTEST_PARAGRAPH = 10


@dataclass(frozen=True, slots=True)
class Slot:
    """Room for one line: its start, width and top, and the column it is in."""

    u: float
    v: float
    width: float
    column: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A line in its slot, with the block it belongs to."""

    slot: Slot
    line: SetLine
    kind: Type
    role: str
    block: int
    shift: float = 0.0


def make_slots(
    columns: Iterable[Box],
    obstacles: Iterable[Box],
    leading: float,
    em: float,
    margin: float,
    least: float = 6.0,
) -> list[Slot]:
    """Line slots in reading order; beside an obstacle the wider free side is used.

    A line has room for `least` ems.
    """
    blocked = [o.grown(margin) for o in obstacles]
    slots = []
    for number, column in enumerate(columns):
        v = column.y0
        while v + em <= column.y1 + 1e-6:
            row = Box(column.x0, v, column.x1, v + em)
            start, end = _free(row, blocked)
            if end - start >= least * em:
                slots.append(Slot(start, v, end - start, number))
            v += leading
    return slots


def _free(row: Box, blocked: list[Box]) -> tuple[float, float]:
    parts = [(row.x0, row.x1)]
    for box in blocked:
        if box.overlap_y(row) <= 0:
            continue
        cut = []
        for a, b in parts:
            cut += [(a, min(b, box.x0)), (max(a, box.x1), b)]
        parts = [(a, b) for a, b in cut if b > a]
    return max(parts, key=lambda p: p[1] - p[0], default=(row.x0, row.x0))


@dataclass
class Pour:
    """Sets paragraphs into slots one after another."""

    sheet: Sheet
    slots: list[Slot]
    kind: Type
    indent: float = 2.0
    placed: list[Placed] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    subheads: list[str] = field(default_factory=list)
    at: int = 0

    @property
    def left(self) -> int:
        return len(self.slots) - self.at

    def _set(self, cells: list[Cell], indent: float) -> tuple[list[tuple[Slot, SetLine]], int]:
        """Lines for `cells` from the current slot on, and how many cells found room."""
        found: list[tuple[Slot, SetLine]] = []
        done, at = 0, self.at
        while done < len(cells) and at < len(self.slots):
            slot = self.slots[at]
            first = indent if not found else 0.0
            line, done = self.sheet.composer.next_line(cells, done, slot.width, self.kind, first)
            found.append((slot, line))
            at += 1
        return found, done

    def paragraph(
        self,
        text: str,
        *,
        lead_in: int = 0,
        lead_face: Type | None = None,
        indented: bool = True,
        may_cut: bool = True,
    ) -> bool:
        """Set one paragraph, cut after a sentence where room ends; False where none fits.

        The first `lead_in` characters are set in `lead_face`.
        """
        composer = self.sheet.composer
        kind = lead_face or self.kind
        cells = composer.cells(text[:lead_in], kind) + composer.cells(text[lead_in:], self.kind)
        indent = self.indent * self.kind.em if indented else 0.0
        lines, done = self._set(cells, indent)
        if done < len(cells):
            ends = [m.end() for m in _SENTENCE_END.finditer(text[:done])]
            if not may_cut or not ends or ends[-1] < max(_SHORTEST_PARAGRAPH, lead_in + 6):
                return False
            text = text[: ends[-1]]
            lines, done = self._set(cells[: len(text)], indent)
        self._place(lines, self.kind, "body", text)
        return True

    def broken(self, text: str, indented: bool) -> str:
        """Fill the remaining slots with `text`; returns what found no room."""
        cells = self.sheet.composer.cells(text, self.kind)
        lines, done = self._set(cells, self.indent * self.kind.em if indented else 0.0)
        if lines:
            self._place(lines, self.kind, "body", text[:done])
        return text[done:]

    def _place(self, lines: list[tuple[Slot, SetLine]], kind: Type, role: str, text: str) -> None:
        block = len(self.paragraphs)
        self.placed += [Placed(slot, line, kind, role, block) for slot, line in lines]
        self.paragraphs.append(text)
        self.at += len(lines)

    def verse(self, text: str, indent: float) -> bool:
        """Set one line of a poem, `indent` ems in; False where no room is left for it."""
        cells = self.sheet.composer.cells(text, self.kind)
        lines, done = self._set(cells, indent * self.kind.em)
        if done < len(cells):
            return False
        self._place(lines, self.kind, "body", text)
        return True

    def blank(self) -> None:
        """Leave one line empty, except at the top of a column."""
        here = self.slots[self.at : self.at + 1]
        if here and self.placed and self.placed[-1].slot.column == here[0].column:
            self.at += 1

    def subhead(self, text: str, kind: Type, align: str, air: bool = False) -> bool:
        """Set a subhead over one slot (two where it is long) with text below it in its column.

        `align` is ``left``, ``center`` or ``indent``; `air` leaves a line empty over it.
        """
        if air:
            self.blank()
        if not self.left:
            return False
        lines = self.sheet.composer.lines(text, self.slots[self.at].width, kind)
        need = len(lines) + 2
        if need > 5:
            return False
        self._to_room(need)
        if self.left < need + 2:
            return False
        block = len(self.paragraphs)
        for line in lines:
            slot = self.slots[self.at]
            room = slot.width - line.length
            shift = {"left": 0.0, "center": room / 2, "indent": min(room, 2 * self.kind.em)}[align]
            shift = max(0.0, shift)
            self.placed.append(Placed(slot, line, kind, "subhead", block, shift))
            self.at += 1
        self.paragraphs.append(text)
        self.subheads.append(text)
        return True

    def _to_room(self, need: int) -> None:
        """Skip to the next column unless `need` equal slots follow in this one."""
        while self.left >= need:
            here = self.slots[self.at]
            ahead = self.slots[self.at : self.at + need]
            if all(s.column == here.column and s.width == here.width for s in ahead):
                return
            self.at += 1

    def closing(self, text: str, kind: Type, role: str, align: str = "right") -> Box:
        """Set a signature or jump marker alone on the next line; IndexError where none is left."""
        slot = self.slots[self.at]
        line = self.sheet.composer.line(text, kind)
        if line.length > slot.width:
            kind = kind.sized(kind.points * slot.width / line.length * 0.99)
            line = self.sheet.composer.line(text, kind)
        room = max(0.0, slot.width - line.length)
        shift = {"right": room, "center": room / 2, "left": min(room, 2 * kind.em)}[align]
        self.placed.append(Placed(slot, line, kind, role, -len(self.placed) - 1, shift))
        self.at += 1
        return Box(slot.u + shift, slot.v, slot.u + shift + line.length, slot.v + kind.em)

    def draw(self, article: str) -> None:
        """Draw what was placed and note its blocks: a new one at each column, width or role."""
        group: list[Placed] = []
        for item in self.placed:
            if group and not _same_block(group[-1], item):
                self._note(group, article)
                group = []
            group.append(item)
            dv = (self.kind.em - item.kind.em) / 2
            self.sheet.line(item.line, item.kind, item.slot.u + item.shift, item.slot.v + dv)
        if group:
            self._note(group, article)

    def _note(self, group: list[Placed], article: str) -> None:
        text, last = "", group[0].block
        boxes = []
        for item in group:
            text += ("" if item.block == last else "\n\n") + item.line.text
            last = item.block
            em = item.kind.em
            top = item.slot.v + (self.kind.em - em) / 2
            start = item.slot.u + item.shift
            boxes.append(Box(start, top, start + max(item.line.length, em), top + em))
        box = hull(boxes)
        if group[0].role == "body":
            slot = group[0].slot
            box = Box(min(slot.u, box.x0), box.y0, max(slot.u + slot.width, box.x1), box.y1)
        self.sheet.mark(group[0].role, article, box, text)


def _same_block(one: Placed, two: Placed) -> bool:
    same_room = (one.slot.column, one.slot.u, one.slot.width) == (
        two.slot.column,
        two.slot.u,
        two.slot.width,
    )
    near = two.slot.v - one.slot.v < 4 * one.kind.em
    if one.role == "body":
        return two.role == "body" and same_room and near
    return two.role == one.role and one.block == two.block and same_room
