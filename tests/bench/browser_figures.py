"""Pictures of hard pages: where they stand in a story, with captions on every side.

Lengths are CSS pixels.
"""

from __future__ import annotations

import base64
import io
import math
import random
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from epaper.synth.grammar import Writer
from tests.bench.browser_shapes import Area, Column
from tests.bench.richness import often

_CREDITS = (
    " {} 摄",
    " 本报记者 {} 摄",
    "（{} 摄）",
    " □本报记者 {}摄",
    " {}/图",
    " 新华社记者 {} 摄",
    "",
)


class Figures:
    """Gives an area its pictures, takes their room from its columns, and notes captions."""

    def __init__(
        self, look: Any, rng: random.Random, writer: Writer, truth: dict[str, Any]
    ) -> None:
        self.look, self.rng, self.writer, self.truth = look, rng, writer, truth
        self.face = rng.choice((look.kai, look.hei, look.body))

    def place(self, area: Area) -> list[dict[str, Any]]:
        rng = self.rng
        if rng.random() > often("pictures", 0.36, 0.9) or area.columns[0].h < 150:
            return []
        equal = len({(c.y, c.h) for c in area.columns}) == 1
        ways = ["middle", "float"]
        if equal:
            ways += ["top", "top", "foot", "wide", "group", "side"]
            if len(area.columns) > 1:
                ways += ["between", "top", "foot"]
        way = rng.choice(ways)
        if way == "float":
            return self._float(area)
        if way == "between":
            return self._between(area)
        if way == "middle":
            return self._middle(area)
        return self._block(area, way)

    def _words(self, w: float, at: str) -> dict[str, Any]:
        """A caption with its credit, as wide as `w`."""
        rng = self.rng
        text = self.writer.caption(rng.choice((1, 1, 1, 2)))
        if not text.endswith("。"):
            text += "。"
        credit = rng.choice(_CREDITS).format(self.writer.style(self.writer.person()))
        self.truth["captions"].append({"text": text, "credit": credit.strip(" （）□")})
        ink = "color:#fff;" if at == "inside" else ""
        lined = f"font:11px/15px '{self.face}';{ink}"
        html = text + credit
        tall = math.ceil(len(html) * 11.4 / w) * 15 + 9
        return {"html": html, "style": lined, "w": w, "at": at, "tall": tall}

    def _shot(self, x: float, y: float, w: float, h: float) -> dict[str, Any]:
        return {"src": picture(self.rng, dark=False), "x": x, "y": y, "w": w, "h": h}

    def _block(self, area: Area, way: str) -> list[dict[str, Any]]:
        """A picture, or several, over whole columns at the top or the foot of the story."""
        rng, columns = self.rng, area.columns
        count = len(columns)
        over = count if way in ("wide", "group") else rng.randint(1, max(1, count - 1))
        first = rng.choice((0, count - over))
        x, w = columns[first].x, columns[first + over - 1].x + columns[0].w - columns[first].x
        images = rng.choice((2, 3)) if way == "group" and w > 240 else 1
        tall = min(w / images * rng.uniform(0.6, 0.8), columns[0].h * 0.5)
        at = rng.choice(("under", "under", "under", "inside", "above"))
        wide = w
        if way == "side" and w > 260:
            at, wide = "side", w * 0.64
        words = self._words(w - wide - 8 if at == "side" else w - (12 if at == "inside" else 0), at)
        low = rng.random() < 0.4 or way == "foot"
        room = tall + 10 + (words["tall"] if at in ("under", "above") else 0)
        if columns[0].h - room < 110:
            self.truth["captions"].pop()
            return []
        top = columns[0].y + columns[0].h - room + 8 if low else columns[0].y
        for column in columns[first : first + over]:
            column.h -= room
            column.y += 0 if low else room
        part = (wide - (images - 1) * 6) / images
        shots = [self._shot(x + k * (part + 6), 0, part, tall) for k in range(images)]
        words |= {"x": x + (6 if at == "inside" else 0), "y": tall + 4}
        if at == "side":
            words |= {"x": x + wide + 8, "y": rng.choice((0, tall - words["tall"]))}
        under = columns[first].under and not low
        return [{"x": x, "y": top, "h": tall, "u": under, "images": shots, "caption": words}]

    def _middle(self, area: Area) -> list[dict[str, Any]]:
        """A picture inside one column, which goes on below it."""
        column = self.rng.choice(area.columns)
        k = area.columns.index(column)
        tall = column.w * self.rng.uniform(0.6, 0.8)
        words = self._words(column.w, "under")
        room = tall + words["tall"] + 12
        if column.h < room + 220:
            self.truth["captions"].pop()
            return []
        upper = column.h * self.rng.uniform(0.35, 0.5)
        top = column.y + upper + 6
        rest = Column(column.x, top + room, column.w, column.h - upper - room - 6, under=False)
        column.h = upper
        area.columns.insert(k + 1, rest)
        words |= {"x": column.x, "y": tall + 4}
        shot = self._shot(column.x, 0, column.w, tall)
        return [
            {"x": column.x, "y": top, "h": tall, "u": False, "images": [shot], "caption": words}
        ]

    def _float(self, area: Area) -> list[dict[str, Any]]:
        """A small drawing at one side of a column, the text around it."""
        column = self.rng.choice(area.columns)
        if column.w < 150 or column.h < 200:
            return []
        w = column.w * self.rng.uniform(0.3, 0.42)
        side = self.rng.choice(("left", "right"))
        drop = self.look.line * self.rng.randint(2, 5)
        tall = self.look.line * round(w / self.look.line * 1.1)
        column.floats = _floats(side, drop, w + 8, tall + 4)
        x = column.x if side == "left" else column.x + column.w - w
        shot = {"src": blot(self.rng), "x": x, "y": 0, "w": w, "h": tall}
        figure = {"x": x, "y": column.y + drop, "h": tall, "u": column.under, "images": [shot]}
        return [{**figure, "drawn": True}]

    def _between(self, area: Area) -> list[dict[str, Any]]:
        """A drawing that stands in two columns, text around it on both sides."""
        k = self.rng.randrange(len(area.columns) - 1)
        one, other = area.columns[k], area.columns[k + 1]
        if one.h < 230 or one.under != other.under:
            return []
        gap = other.x - one.x - one.w
        w = one.w * self.rng.uniform(0.6, 0.9)
        half = (w - gap) / 2 + 6
        drop = self.look.line * self.rng.randint(3, 6)
        tall = self.look.line * round(w / self.look.line)
        one.floats = _floats("right", drop, half, tall + 4)
        other.floats = _floats("left", drop, half, tall + 4)
        x = one.x + one.w + gap / 2 - w / 2
        shot = {"src": blot(self.rng), "x": x, "y": 0, "w": w, "h": tall}
        figure = {"x": x, "y": one.y + drop, "h": tall, "u": one.under, "images": [shot]}
        return [{**figure, "drawn": True}]

    def behind(self, area: Area) -> dict[str, Any] | None:
        """A dark picture under the headline."""
        tall = area.columns[0].h * 0.4
        if tall < 120:
            return None
        src = picture(self.rng, dark=True)
        return {"x": area.head_x, "y": area.head_y, "w": area.head_w, "h": tall, "src": src}


def _floats(side: str, drop: float, w: float, h: float) -> list[str]:
    return [
        f'<div style="float:{side};width:0;height:{drop}px"></div>'
        f'<div style="float:{side};clear:{side};width:{w}px;height:{h}px"></div>'
    ]


def picture(rng: random.Random, *, dark: bool) -> str:
    """A blurred photograph as a data URI."""
    high = 90 if dark else 255
    noise = np.random.default_rng(rng.randrange(1 << 30)).integers(0, high, (6, 8, 3))
    size = (rng.choice((300, 420)), rng.choice((200, 260)))
    out = io.BytesIO()
    Image.fromarray(noise.astype(np.uint8)).resize(size, Image.Resampling.BICUBIC).save(out, "JPEG")
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()


def blot(rng: random.Random) -> str:
    """A cut-out: a round spot on nothing, as a data URI."""
    image = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    ink = tuple(rng.randrange(40, 200) for _ in range(3))
    ImageDraw.Draw(image).ellipse((8, 8, 192, 192), fill=(*ink, 255))
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
