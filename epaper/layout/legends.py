"""What is known of every pair of text and figure that could belong together.

One row of numbers a pair, for the model that tells captions (`captions`). Lengths are ems
of the page's body type, in the reading frame of the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box, hull
from epaper.layout.chunks import Chunk
from epaper.layout.cues import NOTE, ends_in_credit, ends_sentence, is_credit
from epaper.layout.figures import Figure
from epaper.layout.wordings import REACH, gap, texts_at
from epaper.model import Origin, Rule, WritingMode

FloatArray = NDArray[np.float64]

# Distances beyond this say nothing more, em.
_FAR = 25.0
_SAME_TYPE = 0.025
# A rule between a text and a figure reaches no farther into either than this, em.
_WHITE = 0.3
_POINTER = re.compile(
    r"^[\s▲▼◆■□←→↑↓◀▶]*(?:[上下左右小大]?[图圖]\s*(?:[为為爲]|[①-⑨一二三四\d]|[:：])|[▲▼←→↑↓◀▶]|"
    r"[①-⑨])"
)
# Where a caption's first sign or word says that its picture is.
_POINTS = {
    "above": re.compile(r"^[\s◆■□]*(?:[▲↑]|上[图圖])"),
    "below": re.compile(r"^[\s◆■□]*(?:[▼↓]|下[图圖])"),
    "left": re.compile(r"^[\s◆■□]*(?:[◀←]|左[图圖])"),
    "right": re.compile(r"^[\s◆■□]*(?:[▶→]|右[图圖])"),
}
# The sides of the page in the reading frame of vertical text.
_TURNED = {"above": "left", "left": "below", "below": "right", "right": "above"}
# Marks by which one caption tells of several pictures, and words that only captions have.
_TOLD = re.compile(r"[①-⑨]|[上下左右中][图圖](?=[:：为為爲])")
_SCENE = re.compile(
    r"[图圖][为為爲]|[（(][左右中前后後][一二三四五六七八\d]?[）)]|(?:一角|一瞥|[场場]景)。?$"
)
NAMES = (
    "below", "above", "right_of", "left_of", "inside", "share_x", "share_y", "left", "right",
    "middle", "top", "foot", "width_ratio", "size", "face", "bold", "reversed", "type_share",
    "type_near", "lines", "characters", "common_width", "credit", "only_credit", "pointer",
    "sentence", "note", "runs_on", "runs_from", "indented", "white_below", "white_above",
    "same_below", "same_above", "column_below", "pictures", "figure_width", "figure_height",
    "nearest", "between", "ruled", "same_frame", "head_above", "head_below", "vertical", "across",
    "ocr", "inside_lines", "wider", "grouped", "points", "told", "scene", "nearer_alike",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TypeHabit:
    """The page's body type: em in pixels, usual font, usual column widths in pixels."""

    size: float
    face: str
    widths: tuple[float, ...]

    def common_width(self, width: float) -> bool:
        return any(abs(width - usual) < 0.8 * self.size for usual in self.widths)


def type_habit(chunks: Sequence[Chunk], body: float) -> TypeHabit:
    """Font and column widths of the chunks in body type."""
    fonts: Counter[str] = Counter()
    widths: Counter[float] = Counter()
    for chunk in chunks:
        if abs(chunk.size / body - 1) < 0.08:
            for item in chunk.items:
                fonts[item.line.font] += len(item.text)
            if len(chunk.items) >= 4:
                widths[round(chunk.box.width / body)] += len(chunk.items)
    total = sum(widths.values()) or 1
    usual = tuple(w * body for w, n in widths.items() if n / total > 0.15)
    return TypeHabit(body, max(fonts, key=lambda f: fonts[f]) if fonts else "", usual)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The sheet around the pairs: headlines' boxes, rules, and how the page is set."""

    heads: Sequence[Box]
    rules: Sequence[Rule]
    page: WritingMode
    mode: WritingMode


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidates: features (pairs by NAMES), and the text and figure of each.

    A text is a chunk with the credits that stand at its foot, by their indices.
    """

    values: NDArray[np.float32]
    texts: Sequence[tuple[int, ...]]
    text: NDArray[np.int64]
    figure: NDArray[np.int64]


def pairs(
    chunks: Sequence[Chunk], figures: Sequence[Figure], habit: TypeHabit, around: Surroundings
) -> Pairs:
    """Every text with every figure it stands at, or in."""
    texts = texts_at(chunks, figures, habit.size)
    boxes = [hull(chunks[k].box for k in text) for text in texts]
    near = [
        (t, f)
        for t, box in enumerate(boxes)
        for f, figure in enumerate(figures)
        if gap(box, figure.box) < REACH * habit.size
    ]
    table = _Table(chunks, texts, figures, habit, around)
    rows = [table.row(t, f) for t, f in near]
    index = np.array(near, dtype=np.int64).reshape(-1, 2)
    values = np.array(rows, dtype=np.float32).reshape(-1, len(NAMES))
    return Pairs(values, texts, index[:, 0], index[:, 1])


class _Table:
    """Rows of features; what concerns a chunk alone is worked out once."""

    def __init__(
        self,
        chunks: Sequence[Chunk],
        texts: Sequence[tuple[int, ...]],
        figures: Sequence[Figure],
        habit: TypeHabit,
        around: Surroundings,
    ) -> None:
        self.chunks = chunks
        self.texts = texts
        self.figures = figures
        self.habit = habit
        self.around = around
        self.boxes = [c.box for c in chunks]
        self.sides = np.array([(b.x0, b.y0, b.x1, b.y1) for b in self.boxes]).reshape(-1, 4)
        self.size = np.array([c.size for c in chunks])
        self.face = np.array([_chief_face(c) for c in chunks])
        self.bold = np.array([c.items[0].line.bold for c in chunks])
        self.said = np.array([c.characters for c in chunks], dtype=float)
        near = np.zeros(len(chunks), dtype=bool)
        near[[k for text in texts for k in text]] = True
        self.near = near
        self.hulls = [hull(self.boxes[k] for k in text) for text in texts]
        alone = [o for o in figures if len(o.pictures) == 1]
        # Of each figure: the other pictures by themselves, and the size of its largest group.
        self.others = [
            [o.box for o in alone if o is not f and not set(o.pictures) & set(f.pictures)]
            for f in figures
        ]
        self.grouped = [
            max(len(o.pictures) for o in figures if set(o.pictures) >= set(f.pictures))
            for f in figures
        ]
        # Rules across and down: where they begin and end, and where they stand.
        rules = [r.box for r in around.rules]
        across = [(b.x0, b.x1, b.cy) for b in rules if b.width >= b.height]
        down = [(b.y0, b.y1, b.cx) for b in rules if b.width < b.height]
        self.across, self.down = (np.array(r).reshape(-1, 3).T for r in (across, down))
        self.own = [self._own(t) for t in range(len(texts))]

    def row(self, t: int, f: int) -> list[float]:
        """Features of text `t` at figure `f`, in the order of NAMES."""
        em, box, figure = self.habit.size, self.hulls[t], self.figures[f]
        pic, k = figure.box, self.texts[t][0]
        white = gap(box, pic)
        found = {
            **self.own[t],
            "below": _clip((box.y0 - pic.y1) / em),
            "above": _clip((pic.y0 - box.y1) / em),
            "right_of": _clip((box.x0 - pic.x1) / em),
            "left_of": _clip((pic.x0 - box.x1) / em),
            "inside": box.share_in(pic),
            "share_x": box.overlap_x(pic) / max(box.width, 1.0),
            "share_y": box.overlap_y(pic) / max(box.height, 1.0),
            "left": _clip((box.x0 - pic.x0) / em),
            "right": _clip((pic.x1 - box.x1) / em),
            "middle": _clip(abs(box.cx - pic.cx) / em),
            "top": _clip((box.y0 - pic.y0) / em),
            "foot": _clip((pic.y1 - box.y1) / em),
            "width_ratio": box.width / max(pic.width, 1.0),
            "pictures": len(figure.pictures),
            "figure_width": pic.width / em,
            "figure_height": pic.height / em,
            "nearest": _clip(min((gap(box, o) for o in self.others[f]), default=_FAR * em) / em)
            - white / em,
            "between": self._between(self.texts[t], box, pic),
            "ruled": self._ruled(box, pic),
            "same_frame": figure.frame == self.chunks[k].frame,
            "inside_lines": self._lines_inside(k, pic),
            "wider": box.width > 1.05 * pic.width,
            "grouped": self.grouped[f],
            "points": _pointed(self.chunks[k], box, pic),
            "nearer_alike": self._nearer_alike(t, pic, white),
        }
        return [float(found[name]) for name in NAMES]

    def _ruled(self, box: Box, pic: Box) -> bool:
        """True for a rule in the white between a text and a picture, along most of the text."""
        reach = _WHITE * self.habit.size
        upper, lower = (box, pic) if box.cy < pic.cy else (pic, box)
        across = _lies_between(self.across, (box.x0, box.x1), (upper.y1 - reach, lower.y0 + reach))
        left, right = (box, pic) if box.cx < pic.cx else (pic, box)
        return across or _lies_between(
            self.down, (box.y0, box.y1), (left.x1 - reach, right.x0 + reach)
        )

    def _nearer_alike(self, t: int, pic: Box, white: float) -> int:
        """How many other texts in the type of text `t` stand nearer to a figure."""
        alike = self._alike(self.texts[t][0])
        others = (o for o in range(len(self.texts)) if o != t and alike[self.texts[o][0]])
        return sum(gap(self.hulls[o], pic) < white for o in others)

    def _own(self, t: int) -> dict[str, float]:
        """What is known of a text whatever figure it is looked at with."""
        text, em, habit = self.texts[t], self.habit.size, self.habit
        k, box = text[0], self.hulls[t]
        chunk, words = self.chunks[k], self.chunks[k].text.strip()
        alike = self._alike(k)
        said = self.said.sum()
        below, above = self._next(text, box, down=True), self._next(text, box, down=False)
        heads = self.around.heads
        column = None if below is None else self._same_column(k, below)
        return {
            "size": chunk.size / habit.size,
            "face": -1.0 if not habit.face else float(self.face[k] == habit.face),
            "bold": float(self.bold[k]),
            "reversed": float(chunk.items[0].line.reversed),
            "type_share": float(self.said[alike].sum() / max(said, 1.0)),
            "type_near": float(self.said[alike & self.near].sum() / max(self.said[alike].sum(), 1)),
            "lines": sum(len(self.chunks[n].items) for n in text),
            "characters": sum(self.chunks[n].characters for n in text),
            "common_width": habit.common_width(box.width),
            "credit": len(text) > 1 or ends_in_credit(words),
            "only_credit": is_credit(words),
            "pointer": bool(_POINTER.match(words)),
            "sentence": ends_sentence(words),
            "told": len(set(_TOLD.findall(words))),
            "scene": bool(_SCENE.search(words)),
            "note": bool(NOTE.match(words)),
            "runs_on": below is not None and bool(column) and alike[below] and chunk.open_end,
            "runs_from": above is not None
            and self._same_column(k, above)
            and bool(alike[above])
            and self.chunks[above].open_end
            and not chunk.indented,
            "indented": chunk.indented,
            "white_below": _clip((self.sides[below, 1] - box.y1) / em)
            if below is not None
            else _FAR,
            "white_above": _clip((box.y0 - self.sides[above, 3]) / em)
            if above is not None
            else _FAR,
            "same_below": -1.0 if below is None else float(alike[below]),
            "same_above": -1.0 if above is None else float(alike[above]),
            "column_below": -1.0 if column is None else float(column),
            "head_above": min(
                (_clip((box.y0 - h.y1) / em) for h in heads if _over(h, box)), default=_FAR
            ),
            "head_below": min(
                (_clip((h.y0 - box.y1) / em) for h in heads if _over(box, h)), default=_FAR
            ),
            "vertical": self.around.page is WritingMode.VERTICAL,
            "across": self.around.page is not self.around.mode,
            "ocr": chunk.items[0].line.origin is Origin.OCR,
        }

    def _alike(self, k: int) -> NDArray[np.bool_]:
        """The chunks set in the type of chunk `k`."""
        ratio = np.abs(self.size / self.size[k] - 1)
        alike = (ratio < _SAME_TYPE) & (self.face == self.face[k]) & (self.bold == self.bold[k])
        return np.asarray(alike, dtype=bool)

    def _next(self, text: Sequence[int], me: Box, *, down: bool) -> int | None:
        """The nearest chunk below (or above) a text in the same range across."""
        x0, y0, x1, y1 = self.sides.T
        shared = np.minimum(x1, me.x1) - np.maximum(x0, me.x0)
        far = y0 - me.y1 if down else me.y0 - y1
        which = (shared > 0.3 * np.minimum(x1 - x0, me.width)) & (far > -0.5 * self.habit.size)
        which[list(text)] = False
        if not which.any():
            return None
        return int(np.where(which, far, np.inf).argmin())

    def _same_column(self, k: int, other: int) -> bool:
        a, b, em = self.boxes[k], self.boxes[other], self.habit.size
        return abs(a.x0 - b.x0) < em and abs(a.x1 - b.x1) < 2.5 * em

    def _between(self, text: Sequence[int], box: Box, pic: Box) -> int:
        """Other chunks that stand between a chunk and a figure."""
        x0, y0, x1, y1 = self.sides.T
        if box.overlap_x(pic) > 0:
            low, high = min(box.y1, pic.y1), max(box.y0, pic.y0)
            across = np.minimum(x1, box.x1) - np.maximum(x0, box.x0) > 0
            inside = across & ((y0 + y1) / 2 > low) & ((y0 + y1) / 2 < high)
        else:
            low, high = min(box.x1, pic.x1), max(box.x0, pic.x0)
            across = np.minimum(y1, box.y1) - np.maximum(y0, box.y0) > 0
            inside = across & ((x0 + x1) / 2 > low) & ((x0 + x1) / 2 < high)
        inside[list(text)] = False
        return int(inside.sum())

    def _lines_inside(self, k: int, pic: Box) -> float:
        """Share of the chunk's lines that stand wholly in the figure's box."""
        items = self.chunks[k].items
        return sum(i.box.share_in(pic) > 0.9 for i in items) / len(items)


def _pointed(chunk: Chunk, box: Box, pic: Box) -> int:
    """1 where the words point to the picture's side, -1 where to another, 0 where to none."""
    words = chunk.text
    sides = [side for side, mark in _POINTS.items() if mark.match(words)]
    if not sides or len(set(_TOLD.findall(words))) > 1:
        return 0
    down = chunk.items[0].line.mode is WritingMode.VERTICAL
    where = {
        "above": box.y0 > pic.cy and box.overlap_x(pic) > 0,
        "below": box.y1 < pic.cy and box.overlap_x(pic) > 0,
        "left": box.x0 > pic.cx and box.overlap_y(pic) > 0,
        "right": box.x1 < pic.cx and box.overlap_y(pic) > 0,
    }
    return 1 if where[_TURNED[sides[0]] if down else sides[0]] else -1


def _chief_face(chunk: Chunk) -> str:
    """The typeface most characters of the chunk are set in."""
    count: Counter[str] = Counter()
    for item in chunk.items:
        count[item.line.font] += len(item.text)
    return count.most_common(1)[0][0]


def _clip(value: float) -> float:
    return max(-_FAR, min(_FAR, value))


def _over(upper: Box, lower: Box) -> bool:
    """True if one box stands over another."""
    return upper.cy < lower.cy and upper.overlap_x(lower) > 0.3 * min(upper.width, lower.width)


def _lies_between(
    rules: NDArray[np.float64], along: tuple[float, float], white: tuple[float, float]
) -> bool:
    """True if a rule is along most of a text and stands in the white.

    `rules` are rows of where they begin, end and stand; `along` is where the text begins and
    ends, `white` from where to where it is white.
    """
    begin, end, at = rules
    shared = np.minimum(end, along[1]) - np.maximum(begin, along[0])
    near = (shared > 0.5 * (along[1] - along[0])) & (at > white[0]) & (at < white[1])
    return bool(near.any())
