"""Pull-quotes: words of a story set large inside it.

Boxes are millimetres of the logical frame.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from epaper.geometry import Box
from epaper.synth.canvas import BLACK
from epaper.synth.heads import place
from epaper.synth.setting import SetLine, Type
from epaper.synth.sheet import Sheet

_CLAUSE = re.compile(r"[^。！？“”「」]{8,40}[。！？]")
_LEADING = 1.4


def room_for_quote(
    columns: Sequence[Box], taken: Sequence[Box], leading: float, rng: random.Random
) -> Box | None:
    """A place inside one of the columns, or over the gutter of two; None where there is none."""
    at = rng.randrange(len(columns))
    column = columns[at]
    after = columns[at + 1] if at + 1 < len(columns) else None
    left, right = column.x0, column.x1
    bottom = column.y1
    if after is not None and abs(after.y0 - column.y0) < 0.1 and rng.random() < 0.3:
        left, right = column.x0 + column.width * 0.5, after.x1 - after.width * 0.5
        bottom = min(bottom, after.y1)
    tall = round(rng.uniform(4.0, 7.0)) * leading
    spare = bottom - column.y0 - tall - 8 * leading
    if spare < 0:
        return None
    top = column.y0 + (4 + rng.randrange(1 + int(spare / leading))) * leading
    box = Box(left, top, right, top + tall)
    clear = all(min(box.overlap_x(b), box.overlap_y(b)) < -leading for b in taken)
    return box if clear else None


def set_quote(
    sheet: Sheet, box: Box, paragraphs: Sequence[str], article: str, rng: random.Random
) -> None:
    """Set a sentence of `paragraphs` in `box`, the larger the shorter it is."""
    found = [m.group() for text in paragraphs for m in _CLAUSE.finditer(text)]
    rng.shuffle(found)
    look = sheet.look
    inner = box.grown(-1.2, -look.leading * 0.35)
    face = rng.choice((look.hei, look.deck, *look.heads))
    for sentence in found:
        for factor in (1.7, 1.4, 1.2, 1.0):
            kind = look.type(face, look.body.points * factor, bold=rng.random() < 0.4)
            lines = sheet.composer.lines(sentence, inner.width, kind)
            if len(lines) <= 5 and len(lines) * kind.em * _LEADING <= inner.height:
                _draw(sheet, box, inner, lines, kind, sentence, article, rng)
                return


def _draw(
    sheet: Sheet,
    box: Box,
    inner: Box,
    lines: Sequence[SetLine],
    kind: Type,
    sentence: str,
    article: str,
    rng: random.Random,
) -> None:
    ground = rng.choice(("rules", "rules", "tint", "none"))
    if ground == "tint":
        sheet.canvas.rect(sheet.to_page(box.grown(0, -0.5)), fill=(0.92, 0.92, 0.92))
    elif ground == "rules":
        for v in (box.y0 + 0.6, box.y1 - 0.6):
            sheet.rule(box.x0, v, box.x1, v, rng.choice(("thin", "thick")), BLACK)
    v = inner.y0 + (inner.height - len(lines) * kind.em * _LEADING) / 2
    boxes = []
    for line in lines:
        boxes.append(place(sheet, line, kind, inner, v, "left"))
        v += kind.em * _LEADING
    hull = boxes[0]
    for other in boxes[1:]:
        hull = hull.union(other)
    sheet.mark("quote", article, hull, sentence)
