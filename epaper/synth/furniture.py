"""Mastheads of front pages and folios of inner ones.

Positions are millimetres of the page.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

import cnlunar

from epaper.geometry import Box, hull
from epaper.model import WritingMode
from epaper.synth.grammar import Writer, han_number
from epaper.synth.heads import place
from epaper.synth.pictures import code_square
from epaper.synth.setting import Type
from epaper.synth.sheet import Sheet

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Paper:
    """What an issue's furniture says about it."""

    name: str
    latin: str
    date: dt.date
    pages: int
    issue: int
    cn: str
    postal: str
    organ: str
    website: str
    email: str
    telephone: str
    lunar: str

    @property
    def weekday(self) -> str:
        return "星期" + WEEKDAYS[self.date.weekday()]

    @property
    def old(self) -> bool:
        """Whether it comes from before horizontal print turned to run rightward."""
        return self.date.year < 1956


def lunar_date(day: dt.date) -> str:
    """The lunar date as printed, 甲辰年四月廿九.

    Computed by cnlunar.
    """
    lunar = cnlunar.Lunar(dt.datetime(day.year, day.month, day.day, 12), godType="8char")
    month = lunar.lunarMonthCn.rstrip("大小")
    return f"{lunar.year8Char}年{month}{lunar.lunarDayCn}"


def stack(
    sheet: Sheet, area: Box, rows: list[tuple[str, Type]], align: str, gap: float = 1.25
) -> Box:
    """Set rows under one another in `area` from its top; returns their box."""
    v, boxes = area.y0, []
    for text, kind in rows:
        line = sheet.composer.line(text, kind)
        fitted = kind
        if line.length > area.width:
            fitted = kind.sized(kind.points * area.width / line.length * 0.99)
            line = sheet.composer.line(text, fitted)
        boxes.append(place(sheet, line, fitted, area, v, align))
        v += fitted.em * gap
    return hull(boxes)


class Masthead:
    """Sets the head of a front page; `set` returns the page boxes it leaves, the main one last."""

    def __init__(
        self, sheet: Sheet, paper: Paper, writer: Writer, rng: random.Random, margin: float
    ) -> None:
        self.sheet = sheet.other(WritingMode.HORIZONTAL)
        self.paper = paper
        self.writer = writer
        self.rng = rng
        self.margin = margin
        self.left = margin
        self.right = sheet.canvas.width - margin
        self.scale = sheet.canvas.width / 390

    def set(self) -> list[Box]:
        design = self.sheet.look.masthead
        foot = self.sheet.canvas.height - self.margin
        if design == "vertical":
            return self._vertical(foot)
        height = self.rng.uniform(38, 48) * self.scale
        area = Box(self.left, self.margin, self.right, self.margin + height)
        if design == "centre":
            self._centre(area)
        elif design == "boxed":
            self._boxed(area)
        else:
            self._left(area)
        return [Box(self.left, self._imprint(area.y1 + 2.5), self.right, foot)]

    def _vertical(self, foot: float) -> list[Box]:
        """A name that runs down the page's top corner, the facts under it; stories beside."""
        wide = self.rng.uniform(44, 54) * self.scale
        tall = self.rng.uniform(150, 185) * self.scale
        at_right = self.paper.old or self.rng.random() < 0.3
        start = self.right - wide if at_right else self.left
        block = Box(start, self.margin, start + wide, self.margin + tall)
        self._nameplate(Box(block.x0, block.y0, block.x1, block.y0 + tall * 0.56), down=True)
        date = Box(block.x0 + 2, block.y0 + tall * 0.58, block.x1 - 2, block.y0 + tall * 0.8)
        self._dateblock(date, self.rng.random() < 0.5)
        rows = [(text, self._type(7.5)) for text in self._imprint_parts()]
        small = Box(block.x0 + 1, date.y1 + 1.5, block.x1 - 1, block.y1)
        box = stack(self.sheet, small, rows, "left")
        self.sheet.mark("imprint", None, box, "\n".join(text for text, _ in rows))
        if self.rng.random() < 0.5:
            self.sheet.canvas.rect(block, stroke=0.25)
        gap = 5.0
        beside = Box(block.x1 + gap, block.y0, self.right, block.y1)
        if at_right:
            beside = Box(self.left, block.y0, block.x0 - gap, block.y1)
        return [beside, Box(self.left, block.y1 + gap + 2, self.right, foot)]

    def _type(self, points: float, face: str = "song", bold: bool = False) -> Type:
        look = self.sheet.look
        faces = {"song": look.body.face, "hei": look.hei, "deck": look.deck}
        return look.type(faces[face], points, bold)

    def _nameplate(self, area: Box, reverse: bool = False, down: bool = False) -> None:
        look, name = self.sheet.look, self.paper.name
        kinds = self.rng.choice(("kai", "song", "hei"))
        face = self.rng.choice(look.fonts.faces(kinds, look.traditional))
        kind = look.type(face, 100.0, bold=self.rng.random() < 0.5, color=look.accent)
        if reverse:
            kind = look.type(face, 100.0, bold=True, color=(1.0, 1.0, 1.0))
        sheet = self.sheet.other(WritingMode.VERTICAL) if down else self.sheet
        shown = name[::-1] if self.paper.old and not down and self.rng.random() < 0.6 else name
        room = sheet.to_frame(area)
        by_width = room.width / sheet.composer.length(name, kind) * 100
        by_height = room.height / kind.em * 100
        kind = kind.sized(min(by_width, by_height) * 0.96)
        line = sheet.composer.line(shown, kind)
        box = place(sheet, line, kind, room, room.y0 + (room.height - kind.em) / 2, "center")
        sheet.mark("nameplate", None, box, name)

    def _date_rows(self) -> list[tuple[str, Type]]:
        paper, style = self.paper, self.writer.style
        date = paper.date
        plain = self._type(9.5 * max(0.85, self.scale), "hei")
        if self.rng.random() < 0.6:
            rows = [
                (style(f"{date.year}年{date.month}月"), plain),
                (str(date.day), self._type(24 * self.scale, "hei", bold=True)),
                (style(paper.weekday), plain),
            ]
        else:
            rows = [
                (style(f"{date.year}年{date.month}月{date.day}日"), plain),
                (style(paper.weekday), plain),
            ]
        rows += [
            (style(paper.lunar), plain),
            (style(f"总第{paper.issue}期") if paper.issue else "", plain),
            (style(f"今日{paper.pages}版"), plain),
        ]
        return [r for r in rows if r[0]]

    def _dateblock(self, area: Box, frame: bool) -> None:
        rows = self._date_rows()
        total = sum(kind.em * 1.25 for _, kind in rows)
        shrink = min(1.0, (area.height - 3) / total)
        rows = [(text, kind.sized(kind.points * shrink)) for text, kind in rows]
        inner = area.grown(-1.5)
        box = stack(self.sheet, inner, rows, "center" if frame else "left")
        if frame:
            self.sheet.canvas.rect(area, stroke=0.25)
        self.sheet.mark("dateblock", None, box, "\n".join(text for text, _ in rows))

    def _organ(self, area: Box) -> None:
        kind = self._type(8.5 * max(0.85, self.scale), "song")
        rows = [
            (
                self.writer.style(
                    f"{self.paper.organ}主管主办"
                    if not self.paper.old
                    else "社長 " + self.writer.person()
                ),
                kind,
            ),
            (self.writer.style(f"{self.paper.name}社出版"), kind),
        ]
        box = stack(self.sheet, area, rows, "left")
        self.sheet.mark("organ", None, box, "\n".join(text for text, _ in rows))

    def _latin(self, area: Box) -> None:
        kind = self._type(11 * self.scale, "hei")
        box = stack(self.sheet, area, [(self.paper.latin, kind)], "center")
        self.sheet.mark("furniture", None, box, self.paper.latin)

    def _code(self, area: Box) -> None:
        side = min(area.width, area.height - 6.0)
        self.sheet.canvas.image(
            Box(area.x0, area.y0, area.x0 + side, area.y0 + side), code_square(self.rng)
        )
        text = self.writer.style(self.paper.name + "客户端")
        words = Box(area.x0, area.y0 + side + 1.0, area.x0 + max(side, 22.0), area.y1)
        box = stack(self.sheet, words, [(text, self._type(7.0, "hei"))], "left")
        self.sheet.mark("furniture", None, box, text)

    def _left(self, area: Box) -> None:
        width = area.width
        name = Box(area.x0, area.y0, area.x0 + width * 0.5, area.y1)
        if self.rng.random() < 0.4:
            name = Box(area.x0, area.y0, name.x1, area.y1 - 7.0)
            self._latin(Box(area.x0, area.y1 - 5.5, name.x1, area.y1))
        self._nameplate(name)
        date = Box(area.x0 + width * 0.54, area.y0, area.x0 + width * 0.72, area.y1)
        self._dateblock(date, self.rng.random() < 0.6)
        self._organ(Box(area.x0 + width * 0.75, area.y0 + 2, area.x1, area.y1))

    def _centre(self, area: Box) -> None:
        width = area.width
        side = Box(area.x0, area.y0, area.x0 + width * 0.17, area.y1)
        if self.rng.random() < 0.6:
            self._code(Box(side.x0, side.y0, side.x1, side.y0 + side.height * 0.62))
            self._organ(Box(side.x0, side.y0 + side.height * 0.68, side.x1, side.y1))
        else:
            self._organ(side)
        name = Box(area.x0 + width * 0.2, area.y0, area.x0 + width * 0.78, area.y1 - 7.0)
        self._nameplate(name)
        self._latin(Box(name.x0, area.y1 - 5.5, name.x1, area.y1))
        date = Box(area.x0 + width * 0.82, area.y0, area.x1, area.y1)
        self._dateblock(date, self.rng.random() < 0.7)

    def _boxed(self, area: Box) -> None:
        look = self.sheet.look
        plate = Box(area.x0, area.y0, area.x0 + area.width * 0.46, area.y1)
        fill = look.accent if any(look.accent) else (0.12, 0.12, 0.12)
        self.sheet.canvas.rect(plate, fill=fill)
        self._nameplate(plate.grown(-3.0), reverse=True)
        date = Box(plate.x1 + 5, area.y0, area.x0 + area.width * 0.7, area.y1)
        self._dateblock(date, frame=False)
        self._organ(Box(area.x0 + area.width * 0.74, area.y0, area.x1, area.y1))

    def _imprint_parts(self) -> list[str]:
        paper, style, rng = self.paper, self.writer.style, self.rng
        if self.paper.old:
            price = style(f"每份售{rng.choice(('大洋', '國幣', '人民券'))}{rng.randint(2, 9)}分")
            return [style(f"社址 {paper.name[:2]}中山路{rng.randint(2, 90)}号"), price]
        parts = [
            f"{style('国内统一' + rng.choice(('刊号', '连续出版物号')))} CN {paper.cn}",
            f"{style(rng.choice(('邮发代号', '代号')))} {paper.postal}",
            f"{style('网址')}: {paper.website}" if paper.website else "",
            f"{style('邮箱')}: {paper.email}" if paper.email else "",
            f"{style('新闻热线')}: {paper.telephone}" if paper.telephone else "",
        ]
        return [p for p in parts if p]

    def _imprint(self, y: float) -> float:
        gap = self.rng.choice(("　", "  ", "　　"))
        text = gap.join(self._imprint_parts())
        kind = self._type(8.5 * max(0.85, self.scale))
        black = (0.0, 0.0, 0.0)
        above, beneath = self.rng.choice(("thin", "thick")), self.rng.choice(("thin", "double"))
        self.sheet.rule(self.left, y, self.right, y, above, black)
        area = Box(self.left, y + 1.6, self.right, y + 6)
        box = stack(self.sheet, area, [(text, kind)], "center")
        self.sheet.mark("imprint", None, box, text)
        below = box.y1 + 1.6
        self.sheet.rule(self.left, below, self.right, below, beneath, black)
        return below + 5.0


class Folio:
    """The folio of an inner page: its number as `shown`, section, date, staff and paper."""

    def __init__(
        self, sheet: Sheet, paper: Paper, facts: dict[str, Any], writer: Writer, rng: random.Random
    ) -> None:
        self.sheet = sheet.other(WritingMode.HORIZONTAL)
        self.paper = paper
        self.facts = facts
        self.writer = writer
        self.rng = rng
        self.gap = rng.choice(("　", "　　", "  "))

    def set(self, shown: str, margin: float) -> float:
        """Returns the y below the folio, a `margin` from the page's edges."""
        flat, rng = self.sheet, self.rng
        area = Box(margin, margin, flat.canvas.width - margin, margin + 8.0)
        if flat.look.folio == "band":
            kind = flat.look.type(flat.look.hei, 10.0)
            words = self.gap.join([shown, self.facts["section"], self._line()])
            box = stack(flat, area.grown(0, -1.5), [(words, kind)], "left")
            flat.mark("folio", None, box, words)
            below = box.y1 + 2.0
        else:
            below = self._spread(shown, area)
        rule = rng.choice(("thin", "thick", "double"))
        flat.rule(area.x0, below, area.x1, below, rule, (0.0, 0.0, 0.0))
        return below + 5.0

    def _line(self) -> str:
        """Date, weekday, staff and name."""
        paper, style, rng = self.paper, self.writer.style, self.rng
        date = style(f"{paper.date.year}年{paper.date.month}月{paper.date.day}日")
        staff = [f"{style('责任编辑')}{rng.choice((':', '：', ' '))}{self.facts['editor']}"]
        if rng.random() < 0.5:
            staff.append(
                f"{style('版式')}{rng.choice((':', '：', ' '))}{style(self.writer.person())}"
            )
        return self.gap.join([date, style(paper.weekday), *staff, paper.name])

    def _spread(self, shown: str, area: Box) -> float:
        """Number, section and line apart, the number at either edge, on black or white."""
        flat, look, rng = self.sheet, self.sheet.look, self.rng
        reverse = look.folio == "reversed"
        ink = (1.0, 1.0, 1.0) if reverse else (0.0, 0.0, 0.0)
        kind = look.type(look.hei, 9.0, color=ink)
        number = look.type(look.hei, rng.choice((13.0, 18.0, 24.0)), bold=True, color=ink)
        section = look.type(rng.choice(look.heads), rng.choice((14.0, 18.0, 22.0)), color=ink)
        v, tall = area.y0 + 1.5, max(number.em, section.em)
        foot = v + tall
        if reverse:
            flat.canvas.rect(Box(area.x0, area.y0, area.x1, foot + 1.5), fill=(0.15, 0.15, 0.15))
        fifth = area.width / 5
        mirrored = look.folio == "left" and rng.random() < 0.5
        edge = area.x1 - fifth * 0.45 - 1 if mirrored else area.x0 + 1
        middle = Box(area.x0 + fifth * 0.5, v, area.x0 + fifth * 1.6, foot)
        end = area.x1 - (fifth * 0.5 if mirrored else 2)
        rest = Box(area.x0 + fifth * 1.8, foot - kind.em * 1.1, end, foot)
        for place_in, words, used, align in (
            (
                Box(edge, v, edge + fifth * 0.45, foot),
                shown,
                number,
                "right" if mirrored else "left",
            ),
            (middle, self.facts["section"], section, "left"),
            (rest, self._line(), kind, "right"),
        ):
            flat.mark("folio", None, stack(flat, place_in, [(words, used)], align), words)
        return foot + 2.0


def old_folio(
    sheet: Sheet,
    paper: Paper,
    facts: dict[str, Any],
    writer: Writer,
    rng: random.Random,
    margin: float,
) -> float:
    """The folio of old vertical papers: date, name and page in one line between rules."""
    flat = sheet.other(WritingMode.HORIZONTAL)
    left, right = margin, flat.canvas.width - margin
    kind = flat.look.type(flat.look.body.face, 10.5)
    year, month, day = paper.date.year, paper.date.month, paper.date.day
    date = writer.style(
        "".join("〇一二三四五六七八九"[int(c)] for c in str(year))
        + f"年{han_number(month)}月{han_number(day)}日"
    )
    page = writer.style(f"第{han_number(int(facts['number']))}版")
    parts = (page, writer.style(paper.weekday), paper.name, date)
    text = "　　　".join(parts)
    flat.rule(left, margin, right, margin, "thin", (0.0, 0.0, 0.0))
    box = stack(flat, Box(left, margin + 1.5, right, margin + 8), [(text, kind)], "center")
    flat.mark("folio", None, box, text)
    flat.rule(
        left, box.y1 + 1.5, right, box.y1 + 1.5, rng.choice(("thin", "double")), (0.0, 0.0, 0.0)
    )
    return box.y1 + 6.0
