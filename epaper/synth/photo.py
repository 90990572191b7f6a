"""Pictures on the page with their captions: inside stories and on their own.

Boxes are millimetres, of the logical frame where `Sheet` is not said to be flat.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from epaper.geometry import Box
from epaper.model import WritingMode
from epaper.synth.captions import Words, caption_height, caption_width, set_words
from epaper.synth.pictures import cut_out, photograph, scribble
from epaper.synth.sheet import Sheet
from epaper.synth.truth import TruthArticle

_LIGHT, _DARK = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
_LEAST = 18.0
# Height of so many pictures together, by that of one as wide as all of them.
_SHAPES: dict[str, Callable[[int], float]] = {
    "row": lambda count: 1 / count,
    "pile": float,
    "grid": lambda count: 2 / -(-count // 2),
    "lead": lambda _: 1.0,
}
# A picture is no smaller than this on any side, millimetres.
_SMALLEST = 8.0


@dataclass(frozen=True)
class PhotoPlan:
    """A picture, or `count` of them in a row or a pile, with the words under them.

    `caption_at` is ``below``, ``above``, ``beside`` (right), ``before`` (left), ``inside``
    (on a band), ``over`` (on the picture itself) or ``down`` (set vertically at its side).
    `kind` is ``photo``, ``drawn`` (strokes, no pixels) or ``cut`` (a silhouette that text
    runs around). `own` are the captions of the pictures, where each has its own. Several
    stand in a ``row``, in a ``pile``, in two rows as a ``grid``, or all but the first small
    at the side of it or under it (``lead``).
    """

    caption: str
    credit: str
    span: int = 1
    where: str = "top"
    aspect: float = 0.68
    caption_at: str = "below"
    credit_at: str = "inline"
    align: str = "left"
    count: int = 1
    arranged: str = "row"
    kind: str = "photo"
    own: tuple[Words, ...] = ()

    @property
    def said(self) -> bool:
        """Whether anything is printed at the pictures."""
        return bool(self.caption or self.credit)

    @property
    def words(self) -> Words:
        return Words(self.caption, self.credit, self.credit_at, self.align)


def set_photo(
    sheet: Sheet, plan: PhotoPlan, columns: list[Box], article: TruthArticle, rng: random.Random
) -> list[Box]:
    """Set a picture into the columns; returns the logical boxes text has to run around.

    It spans neighbouring columns that share top and bottom; nothing is set where there
    is no room.
    """
    if plan.kind == "cut":
        return _set_cut_out(sheet, columns, article, rng)
    start = rng.randrange(len(columns))
    run = [columns[start]]
    for column in columns[start + 1 :]:
        if len(run) >= plan.span or abs(column.y0 - run[0].y0) > 0.1:
            break
        run.append(column)
    room = Box(run[0].x0, run[0].y0, run[-1].x1, min(c.y1 for c in run))
    extent = _extent(sheet, room, plan)
    if extent is None or room.width * extent > 0.6 * sum(c.area for c in columns):
        return []
    box = _placed(room, extent, plan.where, rng)
    fill_photo(sheet, plan, box, article, rng)
    return [box]


def _placed(room: Box, extent: float, where: str, rng: random.Random) -> Box:
    spare = room.height - extent
    offset = {"top": 0.0, "bottom": spare, "middle": spare * rng.uniform(0.3, 0.7)}[where]
    return Box(room.x0, room.y0 + offset, room.x1, room.y0 + offset + extent)


def _extent(sheet: Sheet, room: Box, plan: PhotoPlan) -> float | None:
    """How far the picture runs in v, caption included."""
    if room.width < 24 or room.height < 30:
        return None
    if sheet.vertical:
        extent = min(room.width / plan.aspect, room.height * 0.7)
    else:
        words = 0.0
        if plan.caption_at in ("below", "above"):
            words = caption_height(sheet, plan.words, room.width)
        aspect = plan.aspect * _SHAPES[plan.arranged](plan.count)
        extent = min(room.width * aspect + words, room.height * 0.8)
        if extent - words < _LEAST:
            return None
    return extent if extent <= room.height - 12 or extent == room.height else None


def fill_photo(
    sheet: Sheet, plan: PhotoPlan, box: Box, article: TruthArticle, rng: random.Random
) -> None:
    """Fill the logical `box` with pictures and captions, all upright on the page."""
    flat = sheet.other(WritingMode.HORIZONTAL)
    page = sheet.to_page(box)
    if plan.own:
        arranged = plan.arranged if plan.arranged != "lead" else "row"
        parts = _shared_out(page, len(plan.own), arranged, 2 * flat.look.picture_gap)
        tall = max(caption_height(flat, words, parts[0].width) for words in plan.own)
        if tall < 0.4 * min(part.height for part in parts):
            for part, words in zip(parts, plan.own, strict=True):
                one = replace(plan, own=(), count=1, caption=words.text, credit=words.credit)
                _fill_one(flat, one, part, article, rng, tall)
            return
        plan = replace(plan, own=(), count=len(plan.own))
    _fill_one(flat, plan, page, article, rng)


def _fill_one(
    flat: Sheet,
    plan: PhotoPlan,
    page: Box,
    article: TruthArticle,
    rng: random.Random,
    tall: float = 0.0,
) -> None:
    """One caption and its pictures; `tall` is the least room left for the words."""
    for shorter in (plan, replace(plan, caption=""), replace(plan, caption="", credit="")):
        plan = shorter
        if caption_height(flat, plan.words, page.width - 3.0) < page.height * 0.5:
            break
    picture, words, place = _parted(flat, plan, page, rng, tall)
    for part in _drawable(picture, plan, flat.look.picture_gap):
        _draw(flat, plan.kind, part, article, rng, words_over=place == "over")
    if place == "down":
        set_words(flat.other(WritingMode.VERTICAL), plan.words, words, article, _DARK)
    elif place == "inside":
        dark = rng.random() < 0.5
        flat.canvas.band(words, (0.12, 0.12, 0.12) if dark else _LIGHT)
        inner = Box(words.x0 + 1.5, words.y0 + 0.8, words.x1 - 1.5, words.y1)
        set_words(flat, plan.words, inner, article, _LIGHT if dark else _DARK)
    else:
        set_words(flat, plan.words, words, article, _LIGHT if place == "over" else _DARK)


def _parted(
    flat: Sheet, plan: PhotoPlan, page: Box, rng: random.Random, tall: float
) -> tuple[Box, Box, str]:
    """The room of the pictures and of the words, and where the words went."""
    place, words = plan.caption_at, plan.words
    if place in ("beside", "before") and plan.caption and page.width > 70:
        return (*_beside(flat, plan, page, rng), place)
    if place == "down" and plan.caption and page.height > 40:
        wide = caption_width(flat, words, page.height)
        if wide < 0.35 * page.width:
            return (*_down(page, wide, rng.choice((None, flat.look.caption_gap))), place)
    if place in ("inside", "over"):
        height = caption_height(flat, words, page.width - 3.0)
        foot = Box(page.x0, page.y1 - height, page.x1, page.y1)
        return page, foot if place == "inside" else foot.grown(-1.5, 0.0), place
    height = max(tall, caption_height(flat, words, page.width) if plan.said else 0.0)
    if place == "above":
        over = Box(page.x0, page.y0, page.x1, page.y0 + height - flat.look.caption_gap)
        return Box(page.x0, page.y0 + height, page.x1, page.y1), over, place
    picture = Box(page.x0, page.y0, page.x1, page.y1 - height)
    return picture, Box(page.x0, picture.y1 + flat.look.caption_gap, page.x1, page.y1), "below"


def _down(page: Box, wide: float, gap: float | None) -> tuple[Box, Box]:
    """Pictures, and a strip `wide` for words set vertically.

    It stands at their left, `gap` away, or at their right where there is no gap given:
    there the white is at the strip's own left.
    """
    if gap is not None:
        at = page.x0 + wide
        return Box(at, page.y0, page.x1, page.y1), Box(page.x0, page.y0, at - gap, page.y1)
    at = page.x1 - wide
    return Box(page.x0, page.y0, at, page.y1), Box(at, page.y0, page.x1, page.y1)


def _beside(flat: Sheet, plan: PhotoPlan, page: Box, rng: random.Random) -> tuple[Box, Box]:
    """Pictures and a column of words at their right or left, its head or foot level."""
    share = rng.uniform(0.66, 0.75)
    if plan.caption_at == "beside":
        at = page.x0 + page.width * share
        picture = Box(page.x0, page.y0, at, page.y1)
        words = Box(at + 2.0, page.y0, page.x1, page.y1)
    else:
        at = page.x1 - page.width * share
        picture = Box(at, page.y0, page.x1, page.y1)
        words = Box(page.x0, page.y0, at - 2.0, page.y1)
    tall = caption_height(flat, plan.words, words.width)
    if tall < page.height and rng.random() < 0.4:
        words = Box(words.x0, page.y1 - tall + flat.look.caption_gap, words.x1, page.y1)
    return picture, words


def _drawable(box: Box, plan: PhotoPlan, gap: float) -> list[Box]:
    """As many of the planned pictures as the box has room for."""
    for count in range(plan.count, 1, -1):
        parts = _shared_out(box, count, plan.arranged, gap)
        if min(min(part.width, part.height) for part in parts) > _SMALLEST:
            return parts
    return [box]


def _shared_out(box: Box, count: int, arranged: str, gap: float) -> list[Box]:
    """`box` in `count` parts, arranged as `PhotoPlan` says, `gap` apart."""
    if count < 2:
        return [box]
    if arranged == "pile":
        tall = (box.height - (count - 1) * gap) / count
        tops = [box.y0 + i * (tall + gap) for i in range(count)]
        return [Box(box.x0, top, box.x1, top + tall) for top in tops]
    if arranged == "grid" and count > 2:
        rows = _shared_out(box, 2, "pile", gap)
        upper = count // 2
        shares = zip(rows, (upper, count - upper), strict=True)
        return [part for row, n in shares for part in _shared_out(row, n, "row", gap)]
    if arranged == "lead" and count > 2:
        if box.width > box.height:
            at = box.x0 + 0.64 * box.width
            large, rest = Box(box.x0, box.y0, at, box.y1), Box(at + gap, box.y0, box.x1, box.y1)
            return [large, *_shared_out(rest, count - 1, "pile", gap)]
        at = box.y0 + 0.64 * box.height
        large, rest = Box(box.x0, box.y0, box.x1, at), Box(box.x0, at + gap, box.x1, box.y1)
        return [large, *_shared_out(rest, count - 1, "row", gap)]
    wide = (box.width - (count - 1) * gap) / count
    starts = [box.x0 + i * (wide + gap) for i in range(count)]
    return [Box(at, box.y0, at + wide, box.y1) for at in starts]


def _draw(
    flat: Sheet,
    kind: str,
    box: Box,
    article: TruthArticle,
    rng: random.Random,
    words_over: bool = False,
) -> None:
    if kind == "drawn" and not words_over:
        inner = box.grown(-0.5)
        flat.canvas.strokes(
            [[(inner.x0 + x * inner.width, inner.y0 + y * inner.height) for x, y in line]
             for line in scribble(rng)],
            0.25,
        )  # fmt: skip
    else:
        pixels = min(720, max(200, round(box.width * 4)))
        dim = 0.5 if words_over else 0.0
        jpeg = photograph(rng, box.height / box.width, flat.look.color, pixels, dim)
        flat.canvas.image(box, jpeg)
    flat.mark("photo", article.id, box, "")


def _set_cut_out(
    sheet: Sheet, columns: Sequence[Box], article: TruthArticle, rng: random.Random
) -> list[Box]:
    """A silhouette in a wide column or over the gutter of two; text runs around it."""
    pairs = [(a, b) for a, b in pairwise(columns) if abs(a.y0 - b.y0) < 0.1 and b.x0 > a.x1]
    em = sheet.look.body.em
    alone = [c for c in columns if c.width > 22 * em]
    if pairs:
        left, right = rng.choice(pairs)
        middle = (left.x1 + right.x0) / 2
        room = Box(left.x0, left.y0, right.x1, min(left.y1, right.y1))
        wide = min(left.width, right.width) - 7 * em
        wide = 2 * wide * rng.uniform(0.6, 1.0)
    elif alone:
        room = rng.choice(alone)
        wide = min(room.width - 9 * em, 0.45 * room.height) * rng.uniform(0.6, 1.0)
        middle = rng.choice((room.x0 + wide / 2, room.x1 - wide / 2))
    else:
        return []
    aspect = rng.uniform(0.8, 1.5)
    wide = min(wide, 0.5 * room.height / aspect)
    tall = wide * aspect
    if wide < 14:
        return []
    top = room.y0 + (room.height - tall) * rng.uniform(0.2, 0.8)
    box = Box(middle - wide / 2, top, middle + wide / 2, top + tall)
    return _cut(sheet, box, article, rng)


def _cut(sheet: Sheet, box: Box, article: TruthArticle, rng: random.Random) -> list[Box]:
    page = sheet.to_page(box)
    png, spans = cut_out(rng, page.height / page.width, sheet.look.color)
    flat = sheet.other(WritingMode.HORIZONTAL)
    flat.canvas.image(page, png)
    flat.mark("illustration", article.id, page, "")
    step = page.height / len(spans)
    return [
        sheet.to_frame(
            Box(
                page.x0 + a * page.width,
                page.y0 + i * step,
                page.x0 + b * page.width,
                page.y0 + (i + 1) * step,
            )
        )
        for i, (a, b) in enumerate(spans)
        if b > a
    ]
