"""Plans of pictures as papers like them, and pictures that are news of their own."""

from __future__ import annotations

import random
from dataclasses import replace

from epaper.geometry import Box
from epaper.synth.bylines import credit
from epaper.synth.captions import Words
from epaper.synth.grammar import Writer
from epaper.synth.heads import HeadCopy, HeadDesign, HeadSetter
from epaper.synth.photo import PhotoPlan, fill_photo
from epaper.synth.sheet import Sheet
from epaper.synth.truth import TruthArticle

_PLACES = {
    "below": 56,
    "above": 12,
    "beside": 9,
    "before": 7,
    "inside": 7,
    "over": 5,
    "down": 4,
}
_KINDS = {"photo": 80, "drawn": 10, "cut": 10}


def photo_plan(
    sheet: Sheet, writer: Writer, rng: random.Random, names: tuple[str, ...]
) -> PhotoPlan:
    """A picture inside a story whose reporters are `names`."""
    look = sheet.look
    own_way = rng.random() < 0.25
    place = rng.choices(tuple(_PLACES), tuple(_PLACES.values()))[0]
    caption = writer.caption() if rng.random() < 0.9 else ""
    mark = writer.caption_mark(place) if rng.random() < look.caption_mark else ""
    if caption and not caption.startswith(mark[:1] or "　"):
        caption = mark + caption
    return PhotoPlan(
        caption=caption,
        credit=credit(writer, rng, names),
        span=rng.choice((1, 1, 2, 2, 3)),
        where=rng.choice(("top", "top", "middle", "bottom")),
        aspect=rng.choice((0.6, 0.66, 0.75, 1.0, 1.3)),
        caption_at=place,
        credit_at=rng.choice(("inline", "own", "flush")) if own_way else look.credit_at,
        align="center" if rng.random() < 0.15 else "left",
        kind=rng.choices(tuple(_KINDS), tuple(_KINDS.values()))[0],
    )


def grouped(plan: PhotoPlan, writer: Writer, rng: random.Random) -> PhotoPlan:
    """The plan with two to six pictures, under one caption or one each."""
    count = rng.choice((2, 2, 3, 3, 4, 5, 6))
    arranged = rng.choices(("row", "pile", "grid", "lead"), (5, 2, 2, 2))[0]
    place = plan.caption_at if plan.caption_at != "down" else "below"
    plan = replace(plan, kind="photo", span=3, caption_at=place, arranged=arranged)
    if rng.random() < 0.5:
        numbered = _numbered(count, arranged, writer, rng) if rng.random() < 0.3 else ""
        return replace(plan, count=count, caption=numbered or plan.caption)
    count, place = min(count, 4), place if place in ("below", "above") else "below"
    plan = replace(plan, caption_at=place)
    same = rng.random() < 0.5
    own = tuple(
        Words(writer.caption(), plan.credit if same else credit(writer, rng)) for _ in range(count)
    )
    return replace(plan, own=own, count=count)


def _numbered(count: int, arranged: str, writer: Writer, rng: random.Random) -> str:
    """One caption that says of each picture, by its number or its place, what it shows."""
    pairs = {"row": ("左图：", "右图："), "pile": ("上图：", "下图：")}
    if count == 2 and arranged in pairs and rng.random() < 0.6:
        marks: tuple[str, ...] = pairs[arranged]
        if rng.random() < 0.3:
            marks = tuple(mark.replace("：", "为") for mark in marks)
    elif rng.random() < 0.6:
        marks = tuple(f"图{'①②③④⑤⑥'[k]}：" for k in range(count))
    else:
        marks = tuple("①②③④⑤⑥"[k] for k in range(count))
    said = [writer.caption().rstrip("。") for _ in marks]
    return writer.style("".join(f"{mark}{text}。" for mark, text in zip(marks, said, strict=True)))


def set_picture_news(
    sheet: Sheet,
    box: Box,
    article: TruthArticle,
    plan: PhotoPlan,
    writer: Writer,
    rng: random.Random,
) -> None:
    """A picture, or a group, that is a story by itself: with a headline, or without."""
    plan = replace(
        plan,
        kind=plan.kind if plan.kind != "cut" else "photo",
        caption=writer.caption(rng.choice((1, 1, 2, 3))),
    )
    if rng.random() < 0.4:
        plan = grouped(plan, writer, rng)
    if rng.random() < 0.35 and box.height > 60:
        box = _headed(sheet, box, article, writer, rng)
    fill_photo(sheet, plan, box, article, rng)


def _headed(
    sheet: Sheet, box: Box, article: TruthArticle, writer: Writer, rng: random.Random
) -> Box:
    """Sets a headline at the top of the box; returns the room below it."""
    look = sheet.look
    design = HeadDesign(
        face=look.type(rng.choice(look.heads), 20.0, bold=rng.random() < look.style.head_bold),
        cap=rng.uniform(15, 24),
        align=rng.choice(("left", "center")),
        label=rng.choice(("plain", "reversed", "boxed")),
    )
    label = writer.style("图片新闻") if rng.random() < 0.3 else ""
    setter = HeadSetter(sheet, box, article, design)
    copy = HeadCopy(writer.story(writer.beat()).headline, label=label)
    below = setter.set(setter.fitted(copy, box.height * 0.35)) + look.leading * 0.3
    return Box(box.x0, below, box.x1, box.y1)
