"""Captions and credits as lines of type.

Lengths are millimetres; boxes of words are boxes of the page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from epaper.geometry import Box, hull
from epaper.model import WritingMode
from epaper.synth.canvas import Color
from epaper.synth.heads import place
from epaper.synth.setting import SetLine, Type
from epaper.synth.sheet import Sheet
from epaper.synth.truth import TruthArticle

_LEADING = 1.32
# White at the far side of the words.
_AIR = 0.4


@dataclass(frozen=True)
class Words:
    """A caption and its credit.

    `credit_at` is ``inline``, ``own`` (a line of its own, at the right) or ``flush`` (at the
    right end of the last line). `align` is how lines stand that fill no line.
    """

    text: str
    credit: str
    credit_at: str = "inline"
    align: str = "left"


def caption_type(sheet: Sheet) -> Type:
    """The paper's type for captions."""
    look = sheet.look
    return look.type(look.caption, look.body.points * look.caption_scale, bold=look.caption_bold)


def caption_height(sheet: Sheet, words: Words, width: float) -> float:
    """Room the words take under a picture `width` wide, the white over them included."""
    flat = sheet.other(WritingMode.HORIZONTAL)
    lines = _lines(flat, words, width)
    return len(lines) * caption_type(flat).em * _LEADING + flat.look.caption_gap + _AIR


def caption_width(sheet: Sheet, words: Words, height: float) -> float:
    """Room the words take set vertically beside a picture `height` high."""
    lines = _lines(sheet.other(WritingMode.VERTICAL), words, height)
    return len(lines) * caption_type(sheet).em * _LEADING + sheet.look.caption_gap + _AIR


def _lines(sheet: Sheet, words: Words, width: float) -> list[SetLine]:
    """Caption and credit as lines; the credit follows on or stands on a line of its own."""
    composer, kind = sheet.composer, caption_type(sheet)
    if words.text and words.credit and words.credit_at != "inline":
        lines = composer.lines(words.text, width, kind)
        credit = composer.lines(words.credit, width, kind)
        room = width - lines[-1].length - credit[0].length
        if words.credit_at == "flush" and len(credit) == 1 and room > kind.em:
            return lines
        return [*lines, *credit]
    text = words.text + ("　" + words.credit if words.text and words.credit else words.credit)
    return composer.lines(text, width, kind)


def set_words(sheet: Sheet, words: Words, page: Box, article: TruthArticle, ink: Color) -> None:
    """Set a caption in the page box `page`, in the writing mode of `sheet`, and note it."""
    if not words.text and not words.credit:
        return
    kind = replace(caption_type(sheet), color=ink)
    area = sheet.to_frame(page)
    v = area.y0
    boxes: list[Box] = []
    kept = ""
    lines = _lines(sheet, words, area.width)
    own = bool(words.text and words.credit) and words.credit_at != "inline"
    for i, line in enumerate(lines):
        credit = own and words.credit_at == "own" and i == len(lines) - 1
        whole = i < len(lines) - 1 - own
        flush = own and words.credit_at == "flush"
        align = "right" if credit else "left" if whole or flush else words.align
        boxes.append(place(sheet, line, kind, area, v, align))
        kept += line.text
        v += kind.em * _LEADING
    if own and not kept.endswith(words.credit):
        last = v - kind.em * _LEADING
        boxes.append(
            place(sheet, sheet.composer.line(words.credit, kind), kind, area, last, "right")
        )
        kept += words.credit
    sheet.mark("caption", article.id, hull(boxes), kept)
    article.captions.append({"text": words.text, "credit": words.credit})
