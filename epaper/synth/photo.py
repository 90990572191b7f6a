"""Pictures on the page with their captions: inside stories and on their own."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from epaper.geometry import Box
from epaper.model import WritingMode
from epaper.synth.canvas import Color
from epaper.synth.heads import place
from epaper.synth.pictures import photograph
from epaper.synth.setting import SetLine, Type
from epaper.synth.sheet import Sheet
from epaper.synth.truth import TruthArticle


@dataclass(frozen=True)
class PhotoPlan:
    """A picture: its words, how wide it may be and where it goes."""

    caption: str
    credit: str
    span: int = 1
    where: str = "top"
    aspect: float = 0.68
    caption_at: str = "below"
    credit_own_line: bool = False


def set_photo(
    sheet: Sheet, plan: PhotoPlan, columns: list[Box], article: TruthArticle, rng: random.Random
) -> Box | None:
    """Set a picture into the columns; returns its logical box, None where there is no room.

    It spans neighbouring columns that share top and bottom.
    """
    start = rng.randrange(len(columns))
    run = [columns[start]]
    for column in columns[start + 1 :]:
        if len(run) >= plan.span or abs(column.y0 - run[0].y0) > 0.1:
            break
        run.append(column)
    room = Box(run[0].x0, run[0].y0, run[-1].x1, min(c.y1 for c in run))
    extent = _extent(sheet, room, plan)
    if extent is None or room.width * extent > 0.6 * sum(c.area for c in columns):
        return None
    spare = room.height - extent
    offset = {"top": 0.0, "bottom": spare, "middle": spare * rng.uniform(0.3, 0.7)}[plan.where]
    box = Box(room.x0, room.y0 + offset, room.x1, room.y0 + offset + extent)
    fill_photo(sheet, plan, box, article, rng)
    return box


def _extent(sheet: Sheet, room: Box, plan: PhotoPlan) -> float | None:
    """How far the picture runs in v, caption included."""
    if room.width < 24 or room.height < 30:
        return None
    if sheet.vertical:
        extent = min(room.width / plan.aspect, room.height * 0.7)
    else:
        caption = _caption_height(sheet, plan, room.width) if plan.caption_at == "below" else 0.0
        extent = min(room.width * plan.aspect + caption, room.height * 0.8)
        if extent - caption < 18:
            return None
    return extent if extent <= room.height - 12 or extent == room.height else None


def _caption_type(sheet: Sheet) -> Type:
    look = sheet.look
    return look.type(look.caption, look.body.points * 0.95)


def _caption_lines(sheet: Sheet, plan: PhotoPlan, width: float) -> list[SetLine]:
    """Caption and credit as lines; the credit follows on or stands on a line of its own."""
    composer = sheet.other(WritingMode.HORIZONTAL).composer
    kind = _caption_type(sheet)
    if plan.credit and plan.credit_own_line:
        return [
            *composer.lines(plan.caption, width, kind),
            *composer.lines(plan.credit, width, kind),
        ]
    text = plan.caption + ("　" + plan.credit if plan.caption and plan.credit else plan.credit)
    return composer.lines(text, width, kind)


def _caption_height(sheet: Sheet, plan: PhotoPlan, width: float) -> float:
    em = _caption_type(sheet).em
    return len(_caption_lines(sheet, plan, width)) * em * 1.32 + 1.6


def fill_photo(
    sheet: Sheet, plan: PhotoPlan, box: Box, article: TruthArticle, rng: random.Random
) -> None:
    """Fill the logical `box` with picture and caption, both upright on the page."""
    flat = sheet.other(WritingMode.HORIZONTAL)
    page = sheet.to_page(box)
    for shorter in (plan, replace(plan, caption=""), replace(plan, caption="", credit="")):
        plan = shorter
        if _caption_height(flat, plan, page.width - 3.0) < page.height * 0.5:
            break
    picture, words = page, None
    if plan.caption_at == "beside" and page.width > 70:
        split = page.x0 + page.width * rng.uniform(0.66, 0.75)
        picture = Box(page.x0, page.y0, split, page.y1)
        words = Box(split + 2.0, page.y0, page.x1, page.y1)
    elif plan.caption_at != "inside":
        height = _caption_height(flat, plan, page.width)
        picture = Box(page.x0, page.y0, page.x1, page.y1 - height)
        words = Box(page.x0, picture.y1 + 1.2, page.x1, page.y1)
        if plan.caption_at == "above":
            words = Box(page.x0, page.y0, page.x1, page.y0 + height - 1.2)
            picture = Box(page.x0, page.y0 + height, page.x1, page.y1)
    pixels = min(720, max(200, round(picture.width * 4)))
    jpeg = photograph(rng, picture.height / picture.width, flat.look.color, pixels)
    flat.canvas.image(picture, jpeg)
    flat.mark("photo", article.id, picture, "")
    if words is None:
        _caption_inside(flat, plan, picture, article)
    else:
        _set_caption(flat, plan, words, article, (0.0, 0.0, 0.0))


def _caption_inside(flat: Sheet, plan: PhotoPlan, picture: Box, article: TruthArticle) -> None:
    """A caption on a band at the foot of its picture, light on dark or dark on light."""
    height = _caption_height(flat, plan, picture.width - 3.0)
    band = Box(picture.x0, picture.y1 - height, picture.x1, picture.y1)
    dark = bool(article.id[-1] in "02468")
    flat.canvas.band(band, (0.12, 0.12, 0.12) if dark else (1.0, 1.0, 1.0))
    words = Box(band.x0 + 1.5, band.y0 + 0.8, band.x1 - 1.5, band.y1)
    _set_caption(flat, plan, words, article, (1.0, 1.0, 1.0) if dark else (0.0, 0.0, 0.0))


def _set_caption(
    flat: Sheet, plan: PhotoPlan, words: Box, article: TruthArticle, ink: Color
) -> None:
    if not plan.caption and not plan.credit:
        return
    kind = replace(_caption_type(flat), color=ink)
    v, boxes, kept = words.y0, [], ""
    lines = _caption_lines(flat, plan, words.width)
    for i, line in enumerate(lines):
        last = i == len(lines) - 1
        align = "right" if last and plan.credit_own_line and plan.credit else "left"
        boxes.append(place(flat, line, kind, words, v, align))
        kept += line.text
        v += kind.em * 1.32
    hull = boxes[0]
    for box in boxes[1:]:
        hull = hull.union(box)
    flat.mark("caption", article.id, hull, kept)
    article.captions.append({"text": plan.caption, "credit": plan.credit})
