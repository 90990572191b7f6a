"""The page under composition: the paper's look, the canvas, and the truth that grows with it.

Composition happens in a logical frame, u along the lines and v across them, so that one
set of rules serves both writing modes: in horizontal-tb (u, v) is (x, y), in vertical-rl u
runs down the page and v from its right edge to the left. Lengths are millimetres.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from epaper.geometry import Box
from epaper.model import WritingMode
from epaper.synth.canvas import Canvas, Color
from epaper.synth.fonts import Face, FontBook
from epaper.synth.setting import Composer, SetLine, Type
from epaper.synth.styles import Style
from epaper.synth.truth import PageTruth, TruthBox


@dataclass(frozen=True)
class Look:
    """The choices one paper made inside its style family."""

    style: Style
    fonts: FontBook
    traditional: bool
    body: Type
    leading: float
    heads: tuple[Face, ...]
    deck: Face
    caption: Face
    caption_scale: float
    caption_bold: bool
    caption_mark: float
    caption_gap: float
    picture_gap: float
    credit_at: str
    hei: Face
    gutter: float
    columns: int
    separator: str
    side_rule: str
    column_rules: bool
    squeeze: str
    split_words: bool
    center_heads: float
    masthead: str
    folio: str
    accent: Color
    color: bool

    def composer(self, mode: WritingMode) -> Composer:
        return Composer(self.fonts, mode, self.squeeze, self.split_words)

    def type(self, face: Face, points: float, bold: bool = False, color: Color = (0, 0, 0)) -> Type:
        return Type(face, points, bold=bold, color=color, traditional=self.traditional)


def make_look(rng: random.Random, style: Style, fonts: FontBook, traditional: bool) -> Look:
    """A paper of the family `style`."""

    def face(kinds: tuple[str, ...]) -> Face:
        return rng.choice(fonts.faces(rng.choice(kinds), traditional))

    points = rng.uniform(*style.body)
    body = Type(face(style.body_kinds), round(points, 1), traditional=traditional)
    caption, scale, bold = _caption_look(rng, face(style.caption_kinds), body.face)
    accent = style.accent if style.color and rng.random() < 0.8 else (0.0, 0.0, 0.0)
    return Look(
        style=style,
        fonts=fonts,
        traditional=traditional,
        body=body,
        leading=body.em * rng.uniform(*style.leading),
        heads=tuple(face(style.head_kinds) for _ in range(rng.choice((1, 2, 3)))),
        deck=face(style.deck_kinds),
        caption=caption,
        caption_scale=scale,
        caption_bold=bold,
        caption_mark=rng.choice((0.0, 0.0, 0.3, 0.7)),
        caption_gap=rng.uniform(0.5, 2.2),
        picture_gap=rng.uniform(0.6, 3.0),
        credit_at=rng.choice(("inline", "inline", "own", "flush")),
        hei=face(("hei",)),
        gutter=rng.uniform(*style.gutter),
        columns=rng.choice(style.columns),
        separator=rng.choice(style.separators),
        side_rule=rng.choice((*style.separators, "none")),
        column_rules=rng.random() < style.column_rules,
        squeeze=rng.choice(style.squeeze),
        split_words=rng.random() < style.split_words,
        center_heads=style.center_heads,
        masthead=rng.choice(style.masthead),
        folio=rng.choice(style.folio),
        accent=accent,
        color=style.color,
    )


def _caption_look(rng: random.Random, face: Face, body: Face) -> tuple[Face, float, bool]:
    """Type of captions, its size by the body's, and whether it is bold.

    A reader can tell it from the body: by face, by size or by weight.
    """
    bold = rng.random() < 0.12
    sizes = (0.88, 0.92, 0.95) if face is body and not bold else (0.88, 0.92, 0.95, 1.0, 1.0)
    return face, rng.choice(sizes), bold


class Sheet:
    """One page: draws in the logical frame of `mode` and keeps the truth."""

    def __init__(self, look: Look, canvas: Canvas, truth: PageTruth, mode: WritingMode) -> None:
        self.look = look
        self.canvas = canvas
        self.truth = truth
        self.mode = mode
        self.composer = look.composer(mode)

    def other(self, mode: WritingMode) -> Sheet:
        """The same page seen in the frame of another writing mode."""
        return self if mode is self.mode else Sheet(self.look, self.canvas, self.truth, mode)

    @property
    def vertical(self) -> bool:
        return self.mode is WritingMode.VERTICAL

    def to_page(self, box: Box) -> Box:
        return box.turned_back(self.canvas.width) if self.vertical else box

    def to_frame(self, box: Box) -> Box:
        return box.turned(self.canvas.width) if self.vertical else box

    def line(self, line: SetLine, kind: Type, u: float, v: float) -> Box:
        """Draw a line whose em box starts at (u, v); returns its logical box."""
        x, y = (self.canvas.width - v - kind.em, u) if self.vertical else (u, v)
        self.canvas.line(line, kind, x, y, self.mode)
        start = line.glyphs[0].at if line.glyphs else 0.0
        return Box(u + min(start, 0.0), v, u + line.length, v + kind.em)

    def rule(self, u0: float, v0: float, u1: float, v1: float, kind: str, color: Color) -> None:
        if kind == "none":
            return
        box = self.to_page(Box(u0, v0, u1, v1))
        self.canvas.rule(box, kind, color)

    def mark(self, role: str, article: str | None, box: Box, text: str) -> None:
        """Note a block; `box` is logical."""
        self.truth.boxes.append(TruthBox(role, article, self.to_page(box), text))
