"""Setting Chinese in lines: kinsoku, punctuation squeezing, justification.

Lengths are millimetres along the line, whichever way the line runs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from epaper.model import WritingMode
from epaper.synth.fonts import Face, FontBook
from epaper.synth.stops import OPENING, outer_white

MM_PER_POINT = 25.4 / 72

NO_START = frozenset("，。、；：？！）》〉」』】〕”’…—～·,.;:?!)%％℃°]}")
NO_END = frozenset("（《〈「『【〔“‘([{¥￥$")
SQUEEZABLE = frozenset("，。、；：？！）》〉」』】〕（《〈「『【〔“”‘’")
_WORD = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z.:/@_~#&+'%-]*[0-9A-Za-z%+])?|—+|…+")

_UNTURNED = re.compile(r"[0-9A-Za-z.,%-]+|.", re.DOTALL)


@dataclass(frozen=True)
class Type:
    """How a run is set. `points` is the body size; `stretch` widens each glyph along the line."""

    face: Face
    points: float
    bold: bool = False
    stretch: float = 1.0
    tracking: float = 0.0
    color: tuple[float, float, float] = (0.0, 0.0, 0.0)
    traditional: bool = False

    @property
    def em(self) -> float:
        """The em in millimetres."""
        return self.points * MM_PER_POINT

    def sized(self, points: float) -> Type:
        return replace(self, points=points)


@dataclass(frozen=True, slots=True)
class Cell:
    """One character: its face, its length on the line, and the word it belongs to (0: none)."""

    char: str
    face: Face
    advance: float
    word: int
    upright: bool


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character placed `at` millimetres from the line's start."""

    char: str
    face: Face
    at: float
    advance: float
    upright: bool


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line as set; `length` runs from the line's start to the end of its last glyph."""

    text: str
    glyphs: tuple[Glyph, ...]
    length: float


def from_right(row: str) -> str:
    """A row as it stands on the page when read from the right; Latin words keep their order."""
    return "".join(reversed(_UNTURNED.findall(row)))


def is_wide(char: str) -> bool:
    """Whether a character stands upright in vertical setting."""
    return ord(char) >= 0x2E80 or char in "“”‘’…—·℃℉Ⅰ①②③④⑤□■●◆▲★↘"


@lru_cache(maxsize=1)
def _turning() -> frozenset[str]:
    return frozenset("—…～（）《》〈〉「」『』【】〔〕“”‘’-–[]()")


class Composer:
    """Breaks and justifies text for one writing mode.

    `squeeze` says what may lose half an em: ``none``, ``end`` (only punctuation that ends
    a line) or ``all``. `split_words` lets digits and Latin break anywhere, as many papers do.
    """

    def __init__(
        self,
        fonts: FontBook,
        mode: WritingMode = WritingMode.HORIZONTAL,
        squeeze: str = "end",
        split_words: bool = False,
    ) -> None:
        self.fonts = fonts
        self.mode = mode
        self.squeeze = squeeze
        self.split_words = split_words

    def cells(self, text: str, kind: Type) -> list[Cell]:
        """`text` measured; a character that the face lacks comes from another face."""
        word_of = [0] * len(text)
        for number, found in enumerate(_WORD.finditer(text), start=1):
            for i in range(*found.span()):
                word_of[i] = number
        return [self._cell(c, kind, word_of[i]) for i, c in enumerate(text)]

    def _cell(self, char: str, kind: Type, word: int) -> Cell:
        face = kind.face
        if not face.gid(char):
            face = self.fonts.fallback(char, kind.traditional) or face
        advance = face.advance(char)
        upright = True
        if self.mode is WritingMode.VERTICAL:
            upright = is_wide(char) and char not in _turning()
            if upright or advance > 0.75:
                advance = 1.0
        return Cell(char, face, (advance * kind.stretch + kind.tracking) * kind.em, word, upright)

    def measure(self, cells: list[Cell]) -> float:
        return sum(c.advance for c in cells)

    def may_break(self, cells: list[Cell], at: int) -> bool:
        """Whether a line may end before cell `at`."""
        before, after = cells[at - 1], cells[at]
        if after.char in NO_START or before.char in NO_END:
            return False
        inside = before.word and before.word == after.word
        return not inside or (self.split_words and before.char.isalnum() and after.char.isalnum())

    def _spare(self, cell: Cell, em: float) -> float:
        """How much of a cell may be squeezed away."""
        if cell.char not in SQUEEZABLE or cell.advance <= 0.9 * em:
            return 0.0
        stacked = cell.upright and self.mode is WritingMode.VERTICAL
        return min(0.5, outer_white(cell.face, cell.char, stacked)) * em

    def next_line(
        self, cells: list[Cell], start: int, width: float, kind: Type, indent: float = 0.0
    ) -> tuple[SetLine, int]:
        """The line that starts at cell `start`, and where the next one starts.

        Always takes at least one cell.
        """
        end, used, spare = start, indent, 0.0
        while end < len(cells):
            cell = cells[end]
            extra = self._spare(cell, kind.em)
            room = spare if self.squeeze == "all" else 0.0
            if self.squeeze != "none" and cell.char not in OPENING:
                room += extra
            if used + cell.advance - room > width + 1e-6:
                break
            used += cell.advance
            spare += extra
            end += 1
        if end < len(cells):
            end = self._back_off(cells, start, end)
        return self._justify(cells[start:end], width, kind, indent, end < len(cells)), end

    def _back_off(self, cells: list[Cell], start: int, end: int) -> int:
        at = max(end, start + 1)
        lowest = start + max(1, (at - start) // 2)
        for candidate in range(at, lowest - 1, -1):
            if candidate >= len(cells) or self.may_break(cells, candidate):
                return candidate
        return at

    def _justify(
        self, cells: list[Cell], width: float, kind: Type, indent: float, full: bool
    ) -> SetLine:
        advances = [c.advance for c in cells]
        left = width - indent - sum(advances)
        shifts = [0.0] * len(cells)
        if left < -1e-6:
            left = self._compress(cells, advances, shifts, kind.em, -left)
        elif full and self.squeeze != "none" and cells and cells[-1].char not in OPENING:
            advances[-1] -= self._spare(cells[-1], kind.em)
            left = width - indent - sum(advances)
        gap = left / (len(cells) - 1) if full and len(cells) > 1 and left > 0 else 0.0
        if gap > kind.em:
            gap = 0.0
        glyphs, at = [], indent
        for cell, advance, shift in zip(cells, advances, shifts, strict=True):
            glyphs.append(Glyph(cell.char, cell.face, at - shift, cell.advance, cell.upright))
            at += advance + gap
        length = at - gap if cells else indent
        return SetLine("".join(c.char for c in cells), tuple(glyphs), length)

    def _compress(
        self, cells: list[Cell], advances: list[float], shifts: list[float], em: float, need: float
    ) -> float:
        """Takes `need` out of the punctuation, the last one first; returns what is left over."""
        order = range(len(cells) - 1, -1, -1)
        for i in order:
            cut = min(need, self._spare(cells[i], em))
            advances[i] -= cut
            if cells[i].char in OPENING:
                shifts[i] = cut
            need -= cut
            if need <= 1e-9:
                break
        return -need

    def lines(
        self, text: str, width: float, kind: Type, indent: float = 0.0, justify: bool = True
    ) -> list[SetLine]:
        """All lines of `text` in a column `width` wide, the first one indented."""
        cells = self.cells(text, kind)
        found: list[SetLine] = []
        start = 0
        while start < len(cells):
            line, start = self.next_line(cells, start, width, kind, 0.0 if found else indent)
            found.append(line if justify else self.line(line.text, kind))
        return found

    def line(self, text: str, kind: Type) -> SetLine:
        """`text` on one line, however long."""
        cells = self.cells(text, kind)
        return self._justify(cells, self.measure(cells) + 1e-3, kind, 0.0, full=False)

    def length(self, text: str, kind: Type) -> float:
        return self.measure(self.cells(text, kind))
