"""Heads of stories: label, kicker, headline, deck and byline, one under another."""

from __future__ import annotations

from dataclasses import dataclass, replace

from epaper.geometry import Box
from epaper.synth.setting import MM_PER_POINT, SetLine, Type, from_right
from epaper.synth.sheet import Sheet
from epaper.synth.truth import TruthArticle


@dataclass(frozen=True)
class HeadCopy:
    """The words of a head as printed; an empty string where a part is missing."""

    headline: str
    label: str = ""
    kicker: str = ""
    deck: str = ""
    byline: str = ""


@dataclass(frozen=True)
class HeadDesign:
    """How a head is set. `cap` is the largest headline size in points.

    `leftward` sets the lines from right to left, as old papers do over vertical text.
    """

    face: Type
    cap: float
    align: str = "center"
    label: str = "plain"
    label_beside: bool = False
    byline_align: str = "center"
    air: float = 1.6
    leftward: bool = False


def split_lines(sheet: Sheet, text: str, kind: Type, count: int) -> list[str]:
    """`text` in `count` lines of about one length, at a space where there is one."""
    if count <= 1 or len(text) < 2 * count:
        return [text]
    cells = sheet.composer.cells(text, kind)
    ideal = len(text) / count
    best, best_cost = 0, 1e9
    for at in range(2, len(text) - 1):
        if not sheet.composer.may_break(cells, at):
            continue
        cost = abs(at - ideal) - (3.0 if " " in (text[at], text[at - 1]) else 0.0)
        if cost < best_cost:
            best, best_cost = at, cost
    if not best:
        return [text]
    rest = split_lines(sheet, text[best:].strip(), kind, count - 1)
    return [text[:best].strip(), *rest]


def fit_lines(
    sheet: Sheet, text: str, kind: Type, width: float, cap: float, most: int = 3
) -> tuple[list[str], Type]:
    """The line count and size that show `text` largest within `width` and `cap` points."""
    best: tuple[float, list[str], float] | None = None
    for count in range(1, most + 1):
        lines = split_lines(sheet, text, kind, count)
        longest = max(sheet.composer.length(line, kind) for line in lines) / kind.em
        points = min(cap, width * 0.985 / longest / MM_PER_POINT)
        score = points - 0.16 * cap * (len(lines) - 1)
        if best is None or score > best[0]:
            best = (score, lines, points)
    assert best is not None
    return best[1], kind.sized(round(best[2] - 0.05, 1))


def place(sheet: Sheet, line: SetLine, kind: Type, area: Box, v: float, align: str) -> Box:
    """Draw `line` at `v` in the width of `area`, aligned ``left``, ``center`` or ``right``."""
    room = max(0.0, area.width - line.length)
    shift = {"left": 0.0, "center": room / 2, "right": room}[align]
    return sheet.line(line, kind, area.x0 + shift, v)


class HeadSetter:
    """Sets one head from the top of `area` down."""

    def __init__(self, sheet: Sheet, area: Box, article: TruthArticle, design: HeadDesign) -> None:
        self.sheet = sheet
        self.area = area
        self.article = article
        self.design = design
        self.v = area.y0

    def set(self, copy: HeadCopy) -> float:
        """Returns the v below the head."""
        if copy.label:
            self._label(copy.label)
        if copy.kicker:
            self.article.kicker = copy.kicker
            self._lines("kicker", copy.kicker, *self._small(copy.kicker))
        self.article.headline = copy.headline
        self._lines("headline", copy.headline, *self._main(copy.headline))
        if copy.deck:
            self.article.deck = copy.deck
            self._lines("deck", copy.deck, *self._small(copy.deck))
        if copy.byline:
            self._byline(copy.byline)
        return self.v

    def extent(self, copy: HeadCopy) -> float:
        """How far the head would reach in v."""
        total = self._label_type().em * 1.5 + self.design.air if copy.label else 0.0
        for text, fit in (
            (copy.kicker, self._small),
            (copy.headline, self._main),
            (copy.deck, self._small),
        ):
            if text:
                lines, kind = fit(text)
                total += len(lines) * kind.em * 1.18 + self.design.air * 0.6
        byline = self._byline_type().em * 1.3 + 0.5 + self.design.air * 0.4
        return total + (byline if copy.byline else 0.0)

    def fitted(self, copy: HeadCopy, room: float) -> HeadCopy:
        """`copy` without the parts that `room` has no place for; shrinks the design to it."""
        for part in ("deck", "kicker", "label"):
            if self.extent(copy) <= room:
                return copy
            if self.design.cap > 30:
                self.design = replace(self.design, cap=self.design.cap * 0.75)
            copy = replace(copy, **{part: ""})
        while self.extent(copy) > room and self.design.cap > 10.5:
            self.design = replace(self.design, cap=self.design.cap * 0.88)
        return copy

    def _main(self, text: str) -> tuple[list[str], Type]:
        return fit_lines(self.sheet, text, self.design.face, self.area.width, self.design.cap)

    def _small(self, text: str) -> tuple[list[str], Type]:
        look = self.sheet.look
        points = min(22.0, max(10.5, self.design.cap * 0.5))
        kind = look.type(look.deck, points)
        return fit_lines(self.sheet, text, kind, self.area.width, points, most=2)

    def _label_type(self) -> Type:
        look = self.sheet.look
        points = min(13.0, max(9.5, self.design.cap * 0.4))
        white = self.design.label == "reversed"
        return look.type(look.hei, points, color=(1.0, 1.0, 1.0) if white else look.accent)

    def _byline_type(self) -> Type:
        look = self.sheet.look
        return look.type(look.deck, look.body.points * 1.05)

    def _label(self, text: str) -> None:
        look, sheet = self.sheet.look, self.sheet
        self.article.label = text
        kind = self._label_type()
        line = sheet.composer.line(text, kind)
        pad = kind.em * 0.45 if self.design.label != "plain" else 0.0
        if line.length + 2 * pad > self.area.width:
            kind = kind.sized(kind.points * (self.area.width - 2 * pad) / line.length - 0.1)
            line = sheet.composer.line(text, kind)
        u = self.area.x0 + pad
        if self.design.align == "center" and self.design.label != "reversed":
            u = self.area.x0 + (self.area.width - line.length) / 2
        box = sheet.line(line, kind, u, self.v + pad * 0.6)
        outer = box.grown(pad, pad * 0.6)
        page = sheet.to_page(outer)
        if self.design.label == "reversed":
            fill = look.accent if any(look.accent) else (0.1, 0.1, 0.1)
            sheet.canvas.rect(page, fill=fill)
        elif self.design.label == "boxed":
            sheet.canvas.rect(page, stroke=0.25, color=look.accent)
        sheet.mark("label", self.article.id, outer if pad else box, text)
        self.v = outer.y1 + self.design.air

    def _lines(self, role: str, text: str, lines: list[str], kind: Type) -> None:
        boxes = []
        for row in lines:
            line = self.sheet.composer.line(from_right(row) if self.design.leftward else row, kind)
            boxes.append(place(self.sheet, line, kind, self.area, self.v, self.design.align))
            self.v += kind.em * 1.18
        box = boxes[0]
        for other in boxes[1:]:
            box = box.union(other)
        self.sheet.mark(role, self.article.id, box, text)
        self.v += self.design.air * 0.6

    def _byline(self, text: str) -> None:
        sheet, kind = self.sheet, self._byline_type()
        lines, kind = fit_lines(sheet, text, kind, self.area.width, kind.points, most=1)
        line = sheet.composer.line(lines[0], kind)
        self.v += 0.5
        box = place(sheet, line, kind, self.area, self.v, self.design.byline_align)
        sheet.mark("byline", self.article.id, box, text)
        self.v += kind.em * 1.3 + self.design.air * 0.4
