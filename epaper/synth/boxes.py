"""What fills a region besides stories: adverts, tables, frames.

Boxes are millimetres of the logical frame unless said otherwise.
"""

from __future__ import annotations

import random

from epaper.geometry import Box, hull
from epaper.model import WritingMode, table_text
from epaper.synth.canvas import Canvas, Color
from epaper.synth.grammar import Writer
from epaper.synth.grid import Region
from epaper.synth.heads import fit_lines, place
from epaper.synth.lexicon import words
from epaper.synth.pictures import photograph
from epaper.synth.setting import Type
from epaper.synth.sheet import Sheet
from epaper.synth.truth import TruthArticle

# Room between the cells of a table, millimetres.
_CELL_GAP = 1.5
_TINTS: tuple[Color, ...] = (
    (0.95, 0.93, 0.86),
    (0.9, 0.95, 0.98),
    (0.93, 0.93, 0.93),
    (0.97, 0.92, 0.92),
    (0.92, 0.96, 0.9),
    (0.86, 0.86, 0.86),
)


def frame_region(sheet: Sheet, region: Region, rng: random.Random) -> Region:
    """Draw a frame or tint around a rectangular region; returns the region inside it."""
    look, box = sheet.look, region.box
    page = sheet.to_page(box)
    tint = rng.choice(_TINTS) if rng.random() < look.style.tints * 2 else None
    if tint is not None and not look.color:
        tint = (0.9, 0.9, 0.9)
    stroke = 0.0 if tint is not None and rng.random() < 0.5 else rng.choice((0.2, 0.3, 0.8))
    radius = rng.choice((0.0, 0.0, 0.0, 2.0, 4.0))
    border = rng.choice(look.style.frame_kinds) if look.style.frame_kinds else "plain"
    if border != "plain":
        draw_border(sheet.canvas, page, border)
        stroke = 0.0
    sheet.canvas.rect(page, fill=tint, stroke=stroke, radius=radius)
    if stroke and not radius and rng.random() < 0.25:
        sheet.canvas.rect(page.grown(-0.8), stroke=0.2)
    inset = rng.uniform(2.6, 4.0)
    inner = box.grown(-inset)
    count = len(region.columns)
    gutter = look.gutter
    width = (inner.width - (count - 1) * gutter) / count
    starts = [inner.x0 + i * (width + gutter) for i in range(count)]
    return Region([Box(u, inner.y0, u + width, inner.y1) for u in starts])


def draw_border(canvas: Canvas, box: Box, kind: str) -> None:
    """Rules of one kind along the four sides of a page box."""
    for x in (box.x0, box.x1):
        canvas.rule(Box(x, box.y0, x, box.y1), kind)
    for y in (box.y0, box.y1):
        canvas.rule(Box(box.x0, y, box.x1, y), kind)


def set_advert(sheet: Sheet, page: Box, writer: Writer, rng: random.Random) -> None:
    """An advert in the page box `page`: a frame, a claim, sometimes a picture, contacts."""
    flat = sheet.other(WritingMode.HORIZONTAL)
    look = flat.look
    tint = rng.choice((None, None, *_TINTS, (0.75, 0.1, 0.1))) if look.color else None
    flat.canvas.rect(page, fill=tint, stroke=rng.choice((0.2, 0.3, 0.6)))
    ink: Color = (1.0, 1.0, 1.0) if tint == (0.75, 0.1, 0.1) else (0.0, 0.0, 0.0)
    inner = page.grown(-min(5.0, page.height * 0.12))
    if inner.width > 90 and inner.height > 25 and rng.random() < 0.5:
        side = Box(inner.x0, inner.y0, inner.x0 + inner.width * 0.35, inner.y1)
        flat.canvas.image(side, photograph(rng, side.height / side.width, look.color, 300))
        inner = Box(side.x1 + 4.0, inner.y0, inner.x1, inner.y1)
    face = rng.choice(
        look.fonts.faces(rng.choice(("hei", "kai", "song", "show")), look.traditional)
    )
    claim = look.type(face, 30.0, bold=rng.random() < 0.6, color=ink)
    cap = min(70.0, inner.height * 0.34 / 0.3528)
    rows, claim = fit_lines(flat, writer.advert(), claim, inner.width, cap, most=2)
    small = look.type(look.hei, min(11.0, max(7.0, inner.height * 0.09 / 0.3528)), color=ink)
    city, street = rng.choice(words("city2")), rng.choice(words("town"))[:2]
    contact = [
        writer.style(f"咨询电话 {rng.randint(200, 999)}-{rng.randint(1000000, 9999999)}"),
        writer.style(f"地址 {city}市{street}路{rng.randint(1, 399)}号"),
        writer.sentence("economy"),
    ][: rng.randint(1, 3)]
    texts = []
    v = inner.y0 + max(0.0, inner.height * 0.1)
    for row in rows:
        place(flat, flat.composer.line(row, claim), claim, inner, v, "center")
        v += claim.em * 1.2
        texts.append(row)
    v += small.em * 0.5
    for row in contact:
        for line in flat.composer.lines(row, inner.width, small):
            if v + small.em > inner.y1:
                break
            place(flat, line, small, inner, v, "center")
            v += small.em * 1.4
            texts.append(line.text)
    flat.mark("ad", None, page, "\n".join(texts))


def advert_strip(sheet: Sheet, page: Box, writer: Writer, rng: random.Random) -> None:
    """One to four adverts side by side in the page box `page`, or rows of small ones."""
    across = rng.choice((1, 1, 2, 3))
    down = 1 if page.height < 60 or rng.random() < 0.75 else 2
    across = min(across * down, max(1, int(page.width / 60)))
    gap = 2.5
    width = (page.width - (across - 1) * gap) / across
    height = (page.height - (down - 1) * gap) / down
    for row in range(down):
        for column in range(across):
            x, y = page.x0 + column * (width + gap), page.y0 + row * (height + gap)
            set_advert(sheet, Box(x, y, x + width, y + height), writer, rng)


def table_rows(writer: Writer, rng: random.Random) -> list[list[str]]:
    """A small table: prices, weather, or standings."""
    kind = rng.choice(("price", "weather", "standing"))
    count = rng.randint(5, 12)
    if kind == "price":
        head = ["品名", "规格", "最高价", "最低价"]
        pool = rng.sample((*words("crop"), *words("goods")), count)
        rows = [
            [
                p,
                rng.choice(("一级", "二级", "散装")),
                f"{rng.uniform(2, 90):.2f}",
                f"{rng.uniform(1, 60):.2f}",
            ]
            for p in pool
        ]
    elif kind == "weather":
        head = ["城市", "天气", "最高", "最低"]
        pool = rng.sample(words("city2"), count)
        rows = [
            [p, rng.choice(words("weather")), f"{rng.randint(5, 36)}℃", f"{rng.randint(-15, 4)}℃"]
            for p in pool
        ]
    else:
        head = ["名次", "队名", "场次", "积分"]
        pool = rng.sample(words("team"), min(count, len(words("team"))))
        rows = [
            [str(i + 1), p, str(rng.randint(8, 30)), str(rng.randint(5, 66))]
            for i, p in enumerate(pool)
        ]
    return [[writer.style(cell) for cell in row] for row in (head, *rows)]


def set_table(sheet: Sheet, area: Box, rows: list[list[str]], article: TruthArticle) -> None:
    """Set `rows` in `area` with hair rules; what does not fit is left out. Horizontal frame."""
    look = sheet.look
    kind = look.type(look.body.face, look.body.points * 0.95)
    pitch = kind.em * 1.75
    rows, widths = _fitting(sheet, rows[: max(2, int(area.height / pitch))], kind, area.width)
    boxes = []
    for i, row in enumerate(rows):
        v = area.y0 + i * pitch
        sheet.rule(area.x0, v - pitch * 0.2, area.x1, v - pitch * 0.2, "thin", (0.0, 0.0, 0.0))
        start = area.x0
        for j, (cell, width) in enumerate(zip(row, widths, strict=True)):
            lines, fitted = fit_lines(sheet, cell, kind, width - _CELL_GAP, kind.points, most=1)
            line = sheet.composer.line(lines[0], fitted)
            cell_box = Box(start, v, start + width, v + pitch)
            boxes.append(place(sheet, line, fitted, cell_box, v, "center" if j else "left"))
            start += width
    text = table_text(rows)
    article.body.append(text)
    sheet.mark("table", article.id, hull(boxes), text)


def _fitting(
    sheet: Sheet, rows: list[list[str]], kind: Type, room: float
) -> tuple[list[list[str]], list[float]]:
    """As many of the first columns as find room at full size, two at least, and their widths.

    What is left of `room`, millimetres, is shared out evenly.
    """
    needs = [
        max(sheet.composer.line(cell, kind).length for cell in column) + _CELL_GAP
        for column in zip(*rows, strict=True)
    ]
    count = len(needs)
    while count > 2 and sum(needs[:count]) > room:
        count -= 1
    spare = (room - sum(needs[:count])) / count
    return [row[:count] for row in rows], [need + spare for need in needs[:count]]
