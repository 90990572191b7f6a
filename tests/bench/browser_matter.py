"""What stands on hard pages: stories with their pictures, poems, adverts.

Lengths are CSS pixels.
"""

from __future__ import annotations

import math
import random
from itertools import pairwise
from typing import Any

from epaper.synth.bylines import reporter
from epaper.synth.grammar import Writer
from tests.bench.browser_figures import Figures
from tests.bench.browser_looks import Looks
from tests.bench.browser_shapes import Area, Column
from tests.bench.richness import often

# Type of a head is no smaller, CSS pixels.
_SMALLEST = 13
_ENGLISH = (
    "The inter&shy;na&shy;tion&shy;al organ&shy;i&shy;za&shy;tion an&shy;nounced a long-term "
    "co&shy;op&shy;er&shy;a&shy;tion pro&shy;gramme on Wednes&shy;day, and re&shy;pre&shy;"
    "sen&shy;ta&shy;tives of neigh&shy;bour&shy;ing coun&shy;tries wel&shy;comed the de&shy;"
    "ci&shy;sion."
)


def _shrink(parts: list[dict[str, Any]], wide: float, tall: float) -> None:
    """Set the parts of a head smaller until they fit a column of its own."""

    def height() -> float:
        said = ((len(p["text"].split(">")[-1] or "x"), float(p["size"])) for p in parts)
        return sum(size * 1.3 * math.ceil(count / max(1, int(wide / size))) for count, size in said)

    while height() > tall and max(p["size"] for p in parts) > _SMALLEST:
        for part in parts:
            size = max(_SMALLEST, round(0.9 * part["size"]))
            part["style"] = part["style"].replace(f"font:{part['size']:g}px", f"font:{size:g}px")
            part["size"] = size


class Story:
    """Writes one story for an area, as a job of the pouring script, and its truth."""

    def __init__(self, look: Looks, rng: random.Random, writer: Writer, name: str) -> None:
        self.look, self.rng, self.writer, self.name = look, rng, writer, name
        self.align = rng.choice(("center", "left")) if look.align == "mixed" else look.align
        self.truth: dict[str, Any] = {"id": name, "body": [], "subheads": [], "captions": []}
        self.still: list[str] = []

    def job(self, area: Area, label: str, *, framed: bool) -> dict[str, Any]:
        rng, look = self.rng, self.look
        small = area.kind == "small"
        copy = self.writer.story(self.writer.beat())
        self.who = reporter(self.writer, rng)
        figures = Figures(look, rng, self.writer, self.truth)
        back = None
        if not small and area.kind == "plain" and not label and rng.random() < 0.04:
            back = figures.behind(area)
        head = self._head(area, copy.headline, label, small=small, light=back is not None)
        if back is not None:
            head["gap"] += max(0.0, back["h"] - self._tall(head))
        shown = [] if small or back else figures.place(area)
        pieces = self._pieces(area, copy, self._tall(head), small=small)
        if not small and rng.random() < 0.06:
            self._quote(area, pieces[0]["text"].removeprefix(self.who.lead_in))
        self._rules(area, self._tall(head))
        lead = {"text": self.who.lead_in, "style": f"font-family:'{look.hei}'"}
        return {
            "id": self.name,
            "head": head,
            "back": back,
            "regions": [c.region() for c in area.columns],
            "pieces": pieces,
            "closing": self._close(),
            "figures": shown,
            "line": look.line,
            "balance": area.kind == "plain" and not framed and rng.random() < 0.5,
            "lead": lead if self.who.lead_in and rng.random() < 0.4 else None,
        }

    def _part(
        self, role: str, text: str, size: float, face: str, style: str = ""
    ) -> dict[str, Any]:
        css = f"font:{size:g}px/1.25 '{face}';text-align:{self.align};{style}"
        return {"role": role, "html": text, "style": css, "size": size, "text": text}

    def _head(
        self, area: Area, headline: str, label: str, *, small: bool, light: bool
    ) -> dict[str, Any]:
        rng, look, truth = self.rng, self.look, self.truth
        over = max(1, round(area.head_w / 150))
        size = 19.0 if small else rng.choice((20, 23, 26, 30)) + 5.0 * min(over, 4)
        ink = "color:#fff;" if light else rng.choice(("", "", "", look.accent + ";"))
        parts = []
        if not label and not small and rng.random() < 0.12:
            label = self.writer.label()
            manner = rng.choice(
                (
                    "background:#222;color:#fff;padding:2px 7px",
                    "border:1px solid;padding:1px 6px",
                    "color:#b00;border-bottom:1px solid #b00",
                    "background:#f0d8b0;padding:2px 8px",
                )
            )
            parts.append(
                self._part("label", f'<span style="{manner}">{label}</span>', 13, look.hei)
            )
        if label:
            truth["label"] = label
        if not small and rng.random() < 0.25:
            truth["kicker"] = self.writer.kicker()
            parts.append(self._part("kicker", truth["kicker"], round(size * 0.55), look.kai, ink))
        truth["headline"] = headline
        weight = rng.choice(("", "font-weight:bold;"))
        face = rng.choice(look.heads)
        parts.append(self._part("headline", headline, size, face, ink + weight))
        if not small and rng.random() < 0.22:
            truth["deck"] = self.writer.deck()
            parts.append(self._part("deck", truth["deck"], round(size * 0.52), look.kai, ink))
        if self.who.names:
            truth["byline"] = " ".join(self.who.names)
        if self.who.byline:
            parts.append(self._part("byline", self.who.byline, look.points, look.kai, ink))
        beside = area.kind in ("plain",) and len(area.columns) >= 2 and not light and not small
        if beside and rng.random() < 0.12:
            return self._beside(area, parts, size)
        # A centred headline of several lines keeps off its neighbours.
        pad = 8.0 if self.align == "center" else 0.0
        return {
            "x": area.head_x + pad,
            "y": area.head_y,
            "w": area.head_w - 2 * pad,
            "gap": 7.0,
            "parts": parts,
            "style": "",
        }

    def _beside(self, area: Area, parts: list[dict[str, Any]], size: float) -> dict[str, Any]:
        """The head in a column of its own, left or right of the text, often set downwards."""
        rng = self.rng
        height = area.columns[0].h
        down = rng.random() < 0.6 and height > 220 and len(parts[-1]["text"]) * size < 2 * height
        parts = [p for p in parts if p["role"] in ("headline", "byline", "deck")] if down else parts
        for role in ("kicker", "label"):
            if not any(p["role"] == role for p in parts):
                self.truth.pop(role, None)
        wide = (
            sum(
                p["size"] * 1.3 * math.ceil(1.1 * len(p["text"]) * p["size"] / height)
                for p in parts
            )
            if down
            else area.columns[0].w
        )
        if not down:
            _shrink(parts, wide, 0.9 * height)
        left = rng.random() < 0.6
        x = area.head_x if left else area.head_x + area.head_w - wide
        count, gap = len(area.columns), self.look.gap
        room = area.head_w - wide - gap
        width = (room - (count - 1) * gap) / count
        if not down or width < 105:
            count = max(1, count - 1)
            width = (room - (count - 1) * gap) / count
        start = area.head_x + (wide + gap if left else 0)
        first = area.columns[0]
        area.columns = [
            Column(start + k * (width + gap), first.y, width, first.h, under=False)
            for k in range(count)
        ]
        area.kind = "side"
        if down:
            # Chromium prints vertical type of this face over one another.
            for part in parts:
                part["style"] = part["style"].replace("WenQuanYi Zen Hei", "AR PL UMing CN")
        style = f"height:{height}px;writing-mode:vertical-rl" if down else ""
        return {"x": x, "y": area.head_y, "w": wide, "gap": 0.0, "parts": parts, "style": style}

    def _tall(self, head: dict[str, Any]) -> float:
        """About how tall the head comes out."""
        if "vertical" in head["style"]:
            return 0.0
        rows = (
            p["size"]
            * 1.25
            * math.ceil(len(p["text"].split(">")[-1] or "x") * p["size"] / head["w"])
            for p in head["parts"]
        )
        return sum(rows) + float(head["gap"])

    def _pieces(self, area: Area, copy: Any, head: float, *, small: bool) -> list[dict[str, Any]]:
        """Paragraphs to fill the columns, with subheads, a note, a signature or a marker."""
        rng, look, truth = self.rng, self.look, self.truth
        wide = sum(c.w for c in area.columns) / len(area.columns)
        across = max(4, int(wide / look.points))
        lines = sum(int(max(0.0, c.h - (head if c.under else 0)) / look.line) for c in area.columns)
        lines = max(3, int(lines * rng.choice((rng.uniform(0.7, 0.97), 1.0, 1.0))) - 2)
        text = "text-indent:2em;text-align:justify"
        pieces: list[dict[str, Any]] = []
        if not small and lines > 30 and rng.random() < 0.06:
            note = self.writer.note(copy.beat)
            pieces.append(
                {"role": "body", "text": note, "style": f"{text};font-family:'{look.kai}'"}
            )
            lines -= math.ceil(len(note) / across)
        headed = lines > 40 and rng.random() < often("subheads", 0.3, 1.0)
        first = True
        while lines > 0:
            words = (self.who.lead_in if first else "") + copy.paragraph()
            if len(words) > 0.6 * lines * across:
                words = (self.who.lead_in if first else "") + self.writer.sentence(copy.beat)
            if look.latin and not first and rng.random() < 0.1:
                words = _ENGLISH
            need = math.ceil((len(words) + 2) / across)
            if need > lines and not first:
                break
            if headed and not first and lines < 0.8 * 40 and rng.random() < 0.25:
                self._subhead(pieces)
            html = {"html": words, "whole": True} if "&shy;" in words else {}
            pieces.append(
                {"role": "body", "text": words.replace("&shy;", ""), "style": text, **html}
            )
            lines -= need
            first = False
        truth["body"] = [p["text"] for p in pieces]
        truth["subheads"] = [p["text"] for p in pieces if p["role"] == "subhead"]
        return pieces

    def _subhead(self, pieces: list[dict[str, Any]]) -> None:
        words = self.writer.subhead()
        if all(p["text"] != words for p in pieces) and pieces[-1]["role"] != "subhead":
            style = self.look.subhead.format(hei=self.look.hei, kai=self.look.kai)
            pieces.append({"role": "subhead", "text": words, "style": style})

    def _close(self) -> list[dict[str, Any]]:
        """A signature or a marker after the text."""
        right = f"text-align:right;font-family:'{self.look.kai}'"
        if self.who.signature:
            return [{"role": "byline", "text": self.who.signature, "style": right}]
        if self.name == "a0" and self.rng.random() < 0.5:
            page = self.rng.randint(2, 8)
            self.truth["continues_to"] = page
            words = self.rng.choice(
                (f"（下转{page:02d}版）", f"（下转第{page}版）", f"下转{page}版")
            )
            return [{"role": "jump", "text": words, "style": right}]
        return []

    def _quote(self, area: Area, words: str) -> None:
        """Words of a story set large in a column of it."""
        column = area.columns[-1]
        words = words.split("。", maxsplit=1)[0][:34]
        size = self.look.points * 1.5
        tall = math.ceil(len(words) / max(4, int(column.w / size))) * size * 1.4 + 30
        if column.h < tall + 160 or len(words) < 10:
            return
        cut = column.h * 0.5
        lower = Column(
            column.x, column.y + cut + tall, column.w, column.h - cut - tall, under=False
        )
        rule = self.rng.choice(("border-top:2px solid #333;border-bottom:2px solid #333", ""))
        self.still.append(
            f'<div style="position:absolute;left:{column.x}px;top:{column.y + cut + 8}px;'
            f"width:{column.w}px;padding:4px 0;{rule};font:{size:g}px/1.4 '{self.look.kai}'\">"
            f"“{words}”</div>"
        )
        column.h = cut
        area.columns.append(lower)

    def _rules(self, area: Area, head: float) -> None:
        """Rules between the story's own columns."""
        if not self.look.inner:
            return
        ordered = [c for c in area.columns if c.h > 60]
        for one, other in pairwise(ordered):
            if other.x > one.x + one.w and abs(other.y - one.y) < 2:
                x = (one.x + one.w + other.x) / 2
                top = one.y + (head if one.under else 0)
                tall = min(one.y + one.h, other.y + other.h) - top
                self.still.append(
                    f'<div style="position:absolute;left:{x}px;top:{top}px;height:{tall}px;'
                    f'border-left:{self.look.inner}"></div>'
                )


def poem(sheet: Any, area: Area) -> None:
    """A poem under its title."""
    look, rng, writer = sheet.look, sheet.rng, sheet.writer
    name = f"a{len(sheet.articles)}"
    story = Story(look, rng, writer, name)
    story.who = reporter(writer, rng)
    title = writer.story(writer.beat()).headline
    story.truth["byline"] = ""
    head = {
        "x": area.head_x,
        "y": area.head_y,
        "w": area.head_w,
        "gap": 8.0,
        "style": "",
        "parts": [story._part("headline", title, 26, look.heads[0])],
    }
    story.truth["headline"] = title
    if story.who.byline:
        story.truth["byline"] = " ".join(story.who.names)
        head["parts"].append(story._part("byline", story.who.byline, look.points, look.kai))
    pad = rng.choice((0, 0, 40))
    align = rng.choice(("left", "left", "center"))
    pieces, room = [], int((area.columns[0].h - 60) / look.line) - 2
    longest = max(6, int(area.columns[0].w / look.points) - 6)
    for stanza in writer.verses(longest):
        if room < len(stanza) + 1:
            break
        for k, verse in enumerate(stanza):
            gap = look.line if k == 0 and pieces else 0
            style = f"text-align:{align};padding-left:{pad}px;margin-top:{gap}px"
            pieces.append({"role": "body", "text": verse, "style": style, "whole": True})
        room -= len(stanza) + 1
    story.truth["body"] = [p["text"] for p in pieces]
    if not pieces:
        return
    sheet.articles.append(story.truth)
    sheet.jobs.append(
        {
            "id": name,
            "head": head,
            "regions": [c.region() for c in area.columns],
            "pieces": pieces,
            "closing": [],
            "figures": [],
            "line": look.line,
            "balance": False,
        }
    )


def advert(sheet: Any, x: float, y: float, w: float, h: float) -> str:
    """An advert, as a still thing of the page; it is no article."""
    rng, look, writer = sheet.rng, sheet.look, sheet.writer
    size = min(w / 6, h / 4, 60)
    ground = rng.choice(("#fff", "#fdeedd", "#dde8f5", "#c22;color:#fff"))
    lines = "".join(f"<br>{writer.advert()}" for _ in range(rng.randint(0, 2)) if h > 120)
    number = f"{rng.randint(2000000, 8999999)}"
    return (
        f'<a href="https://truth.invalid/{90000 + len(sheet.still)}/ad/none" '
        f'style="position:absolute;'
        f"left:{x}px;top:{y}px;width:{w}px;height:{h}px;border:1px solid #444;background:{ground};"
        f"text-align:center;padding:{h * 0.12:g}px 6px 0;overflow:hidden;"
        f"font:{size:g}px/1.2 '{look.display}'\">{writer.advert()}"
        f"<span style=\"font:14px/1.5 '{look.hei}'\">{lines}<br>咨询电话：{number}　"
        f"地址：人民路{rng.randint(1, 300)}号</span></a>"
    )
