"""What is known of every line that might be a subhead, for the model that tells them.

One row of numbers a line: its type, its place in the column, the lines around it and how
it begins and ends. Lengths are ems of the page's body type, in the reading frame.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.layout.chunks import Chunk, face
from epaper.layout.cues import LEAD_IN, NOTE, ends_sentence, is_byline, is_credit, is_jump
from epaper.layout.frame import Item
from epaper.layout.grid import column_edges
from epaper.layout.legends import TypeHabit
from epaper.layout.sizes import size_step
from epaper.model import Origin, WritingMode

# Type of a line: face, weight and step of size.
Kind = tuple[str, bool, int]
_LONGEST = 30
# So many lines tell how a type is used.
_SOME = 16
_FAR = 25.0
_ABSENT = -9.0
_MARK = re.compile(r"^[■□◆◇●○▲△★☆▌▍►▶]")
_ORDINAL = re.compile(r"^[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．]")
_INNER = re.compile(r"[，。；]")
NAMES = (
    "face", "bold", "size", "type_share", "reversed", "coloured", "lead", "trail", "uneven",
    "characters", "fill", "mark", "ordinal", "inner", "ends", "last_mark", "quoted", "lead_in",
    "byline", "credit", "jump", "note", "digits", "first", "last", "lines", "above", "gap_above",
    "face_above", "size_above", "bold_above", "trail_above", "ends_above", "indent_above",
    "below", "gap_below", "face_below", "size_below", "bold_below", "indent_below", "fill_below",
    "head_above", "columns_wide", "width", "ocr", "vertical", "framed", "kind_lines", "kind_alone",
    "kind_over", "kind_short", "kind_ends",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidates:
    """Features (lines by NAMES), and the chunk and line each belongs to."""

    values: NDArray[np.float32]
    chunk: NDArray[np.int64]
    line: NDArray[np.int64]


def candidates(chunks: Sequence[Chunk], habit: TypeHabit, heads: Sequence[Box]) -> Candidates:
    """The lines short enough to be subheads that do not merely fill their column."""
    table = _Table(chunks, habit, heads)
    near = [
        (k, n)
        for k, chunk in enumerate(chunks)
        if not chunk.rows and not chunk.verse
        for n in range(len(chunk.items))
        if table.may_be(k, n)
    ]
    index = np.array(near, dtype=np.int64).reshape(-1, 2)
    values = np.array([table.row(k, n) for k, n in near], dtype=np.float32)
    return Candidates(values.reshape(-1, len(NAMES)), index[:, 0], index[:, 1])


class _Table:
    """Rows of features of lines, with what stands above and below each of them."""

    def __init__(self, chunks: Sequence[Chunk], habit: TypeHabit, heads: Sequence[Box]) -> None:
        self.chunks = chunks
        self.habit = habit
        self.heads = [(head.cy, head) for head in heads]
        self.edges = column_edges(chunks)
        self.said: dict[Kind, int] = {}
        self.of_kind: dict[Kind, list[tuple[int, int]]] = {}
        for k, chunk in enumerate(chunks):
            for n, item in enumerate(chunk.items):
                kind = kind_of(item)
                self.said[kind] = self.said.get(kind, 0) + len(item.text)
                self.of_kind.setdefault(kind, []).append((k, n))
        self.uses: dict[Kind, dict[str, float]] = {}
        self.total = max(1, sum(self.said.values()))
        boxes = [c.box for c in chunks]
        self.x0, self.x1 = (np.array([getattr(b, s) for b in boxes]) for s in ("x0", "x1"))
        self.top = np.array([c.items[0].box.y0 for c in chunks])
        self.foot = np.array([c.items[-1].box.y1 for c in chunks])
        inks = [i.line.color for c in chunks for i in c.items]
        self.ink = max(set(inks), key=inks.count) if inks else 0

    def may_be(self, k: int, n: int) -> bool:
        """True for a line that is not too long and stands out from full lines of body."""
        item = self.chunks[k].items[n]
        if not 2 <= len(item.text.strip()) <= _LONGEST:
            return False
        left, right = self.edges[k]
        em = self.habit.size
        trail, lead = right - item.box.x1, item.box.x0 - left
        other = face(item) != self.habit.face or item.line.bold
        sized = abs(item.size / em - 1) > 0.03
        return trail > em or lead > 2.6 * em or other or sized or self._over_centred(k, n)

    def _over_centred(self, k: int, n: int) -> bool:
        """True if the next line of the chunk is centred: both may be one subhead."""
        items = self.chunks[k].items
        if n + 1 >= len(items):
            return False
        left, right = self.edges[k]
        em, below = self.habit.size, items[n + 1].box
        lead, trail = below.x0 - left, right - below.x1
        return lead > 1.5 * em and abs(lead - trail) < 1.2 * em

    def row(self, k: int, n: int) -> list[float]:
        """Features of line `n` of chunk `k`, in the order of NAMES."""
        chunk, em = self.chunks[k], self.habit.size
        item = chunk.items[n]
        left, right = self.edges[k]
        lead, trail = (item.box.x0 - left) / em, (right - item.box.x1) / em
        text = item.text.strip()
        found = {
            **self._type(item),
            **self._words(text),
            **self._use(kind_of(item)),
            "lead": _clip(lead),
            "trail": _clip(trail),
            "uneven": _clip(abs(lead - trail)),
            "fill": item.box.width / max(right - left, 1.0),
            "first": n == 0,
            "last": n == len(chunk.items) - 1,
            "lines": len(chunk.items),
            "head_above": self._head_above(item.box),
            "columns_wide": float(self.habit.common_width(right - left)),
            "width": (right - left) / em,
            "ocr": item.line.origin is Origin.OCR,
            "vertical": item.line.mode is WritingMode.VERTICAL,
            "framed": chunk.frame >= 0,
        }
        found |= self._above(k, n, item) | self._below(k, n, item)
        return [float(found[name]) for name in NAMES]

    def _use(self, kind: Kind) -> dict[str, float]:
        """How the page uses a type: in how many lines, and which shares of them stand alone,
        stand over text in body type, leave their column open, and end a sentence.

        The type of the page's subheads is known by them all where one stands at the head or
        the foot of a column.
        """
        if kind not in self.uses:
            every = self.of_kind[kind]
            some = every[:: -(-len(every) // _SOME)]
            row = np.array([self._used(k, n, kind) for k, n in some], dtype=float).mean(axis=0)
            names = ("kind_alone", "kind_over", "kind_short", "kind_ends")
            shares = dict(zip(names, row.tolist(), strict=True))
            self.uses[kind] = {"kind_lines": min(len(every), _FAR), **shares}
        return self.uses[kind]

    def _used(self, k: int, n: int, kind: Kind) -> tuple[bool, bool, bool, bool]:
        item, items = self.chunks[k].items[n], self.chunks[k].items
        beside = [items[m] for m in (n - 1, n + 1) if 0 <= m < len(items)]
        left, right = self.edges[k]
        below, _ = self._neighbour(k, n + 1, item, down=True)
        return (
            sum(kind_of(i) == kind for i in beside) < 2,
            below is not None and face(below) == self.habit.face and kind_of(below) != kind,
            right - left - item.box.width > self.habit.size,
            ends_sentence(item.text),
        )

    def _head_above(self, box: Box) -> float:
        """The nearest headline over a line, em."""
        middle = box.cy
        over = (h for top, h in self.heads if top < middle and h.x0 < box.x1 and h.x1 > box.x0)
        gaps = [box.y0 - h.y1 for h in over if h.overlap_x(box) > 0]
        return _clip(min(gaps) / self.habit.size) if gaps else _FAR

    def _type(self, item: Item) -> dict[str, float]:
        known = bool(self.habit.face)
        return {
            "face": float(face(item) == self.habit.face) if known else _ABSENT,
            "bold": item.line.bold,
            "size": item.size / self.habit.size,
            "type_share": self.said[kind_of(item)] / self.total,
            "reversed": item.line.reversed,
            "coloured": item.line.color != self.ink,
        }

    def _words(self, text: str) -> dict[str, float]:
        return {
            "characters": len(text),
            "mark": bool(_MARK.match(text)),
            "ordinal": bool(_ORDINAL.match(text)),
            "inner": len(_INNER.findall(text)),
            "ends": ends_sentence(text),
            "last_mark": float("，。、；：？！".find(text[-1])),
            "quoted": text[-1] in "”」》）",
            "lead_in": bool(LEAD_IN.match(text)),
            "byline": is_byline(text),
            "credit": is_credit(text),
            "jump": is_jump(text),
            "note": bool(NOTE.match(text)),
            "digits": sum(c.isdigit() for c in text) / len(text),
        }

    def _above(self, k: int, n: int, item: Item) -> dict[str, float]:
        """The line over a line: in its chunk, or the last of the chunk above."""
        other, edges = self._neighbour(k, n - 1, item, down=False)
        row = {
            "above": other is not None,
            "gap_above": _FAR,
            "face_above": _ABSENT,
            "size_above": _ABSENT,
            "bold_above": _ABSENT,
            "trail_above": _ABSENT,
            "ends_above": _ABSENT,
            "indent_above": _ABSENT,
        }
        if other is None:
            return {name: float(value) for name, value in row.items()}
        em = self.habit.size
        return row | {
            "gap_above": _clip((item.box.y0 - other.box.y1) / em),
            "face_above": face(other) == face(item),
            "size_above": item.size / other.size,
            "bold_above": other.line.bold,
            "trail_above": _clip((edges[1] - other.box.x1) / em),
            "ends_above": ends_sentence(other.text),
            "indent_above": _clip((other.box.x0 - edges[0]) / em),
        }

    def _below(self, k: int, n: int, item: Item) -> dict[str, float]:
        """The line under a line: in its chunk, or the first of the chunk below."""
        other, edges = self._neighbour(k, n + 1, item, down=True)
        row = {
            "below": other is not None,
            "gap_below": _FAR,
            "face_below": _ABSENT,
            "size_below": _ABSENT,
            "bold_below": _ABSENT,
            "indent_below": _ABSENT,
            "fill_below": _ABSENT,
        }
        if other is None:
            return {name: float(value) for name, value in row.items()}
        em = self.habit.size
        return row | {
            "gap_below": _clip((other.box.y0 - item.box.y1) / em),
            "face_below": face(other) == face(item),
            "size_below": item.size / other.size,
            "bold_below": other.line.bold,
            "indent_below": _clip((other.box.x0 - edges[0]) / em),
            "fill_below": other.box.width / max(edges[1] - edges[0], 1.0),
        }

    def _neighbour(
        self, k: int, n: int, item: Item, *, down: bool
    ) -> tuple[Item | None, tuple[float, float]]:
        """Line `n` of chunk `k`, or beyond its ends the nearest line of another chunk."""
        items = self.chunks[k].items
        if 0 <= n < len(items):
            return items[n], self.edges[k]
        shared = np.minimum(self.x1, item.box.x1) - np.maximum(self.x0, item.box.x0)
        gap = self.top - item.box.y1 if down else item.box.y0 - self.foot
        em = self.habit.size
        near = (shared > 0) & (gap > -0.5 * em) & (gap < 4 * em)
        near[k] = False
        if not near.any():
            return None, (0.0, 0.0)
        other = int(np.where(near, gap, np.inf).argmin())
        return self.chunks[other].items[0 if down else -1], self.edges[other]


def kind_of(item: Item) -> Kind:
    """Type of a line: face, weight and size in steps of three per cent."""
    return face(item), item.line.bold, size_step(item.size)


def _clip(value: float) -> float:
    return max(-_FAR, min(_FAR, value))
