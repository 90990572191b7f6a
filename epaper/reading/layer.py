"""A PDF page's text layer and graphics as lines, rules, frames and pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
from numpy.typing import NDArray

from epaper.errors import InputError
from epaper.geometry import Box
from epaper.model import Frame, Line, Origin, Picture, Rule, WritingMode
from epaper.reading import lines as setting
from epaper.reading.chars import Glyphs, read_glyphs
from epaper.reading.clipped import cut_tails
from epaper.reading.faces import described_faces, faces_of
from epaper.reading.ground import Ground
from epaper.reading.health import LayerHealth, is_bad, judge
from epaper.reading.leftover import DPI, leftover_ink
from epaper.reading.modes import (
    HORIZONTAL,
    LEFTWARD,
    UPWARD,
    VERTICAL,
    em_boxes,
    orientations,
    settle_marks,
)
from epaper.reading.spelling import Speller
from epaper.reading.style import grey_page, weighed
from epaper.reading.vector import Graphics, read_graphics

_fitz: Any = pymupdf
# The library prints its own warnings on stderr; what matters is raised as errors here.
_fitz.TOOLS.mupdf_display_errors(False)
_fitz.TOOLS.mupdf_display_warnings(False)


@dataclass(frozen=True)
class LayerReading:
    """What the file itself says of a page; boxes in pixels of the upright page.

    `leftover` are areas of ink that nothing else named here covers, the largest first.
    """

    lines: tuple[Line, ...]
    rules: tuple[Rule, ...]
    frames: tuple[Frame, ...]
    pictures: tuple[Picture, ...]
    health: LayerHealth
    width: int
    height: int
    leftover: tuple[Box, ...] = ()


def read_layer(path: Path, index: int, dpi: float) -> LayerReading:
    """Reads page `index` (from 0) of a PDF; boxes are points × `dpi` / 72.

    Lines come from the characters and their places alone, in the order of the file.
    Text that is clipped away, off the page or invisible makes no line; the tail that a
    clip path takes from a line stands in its text and not in its box. A line's
    confidence is the share of its characters that can be trusted. Raises InputError
    where the page cannot be opened.
    """
    try:
        with _fitz.open(path) as document:
            page = document[index]
            graphics = read_graphics(page)
            glyphs = read_glyphs(page)
            faces = described_faces(document, glyphs.fonts)
            reading = _sorted_out(glyphs, graphics, faces, page, dpi)
            if not reading.lines:
                return reading
            grey = grey_page(page, DPI)
    except (pymupdf.FileDataError, pymupdf.mupdf.FzErrorBase, IndexError, RuntimeError) as error:
        raise InputError(f"{path.name}: page {index + 1} cannot be read ({error}).") from error
    lines = weighed(reading.lines, grey, dpi)
    covered = (lines, reading.rules, reading.frames, reading.pictures)
    left = leftover_ink(grey.pixels, dpi, *covered, drawn_at=grey.dpi)
    return replace(reading, lines=lines, leftover=left)


def _sorted_out(
    glyphs: Glyphs, graphics: Graphics, faces: dict[str, str], page: Any, dpi: float
) -> LayerReading:
    """The reading as far as it needs no look at the page's ink."""
    scale = dpi / 72
    seen = ~(glyphs.hidden | glyphs.cut)
    shown = glyphs.only(seen)
    health = _health(glyphs.only(~glyphs.cut), graphics)
    lines = _lines(shown, cut_tails(glyphs, seen), graphics, faces, scale)
    return LayerReading(
        lines=_trusted(lines, health),
        rules=tuple(Rule(bar.box.scaled(scale), bar.style) for bar in graphics.bars),
        frames=tuple(Frame(a.box.scaled(scale), a.stroked, a.fill) for a in graphics.frames),
        pictures=_pictures(graphics, shown, scale),
        health=health,
        width=round(page.rect.width * scale),
        height=round(page.rect.height * scale),
    )


def _health(glyphs: Glyphs, graphics: Graphics) -> LayerHealth:
    inked = np.flatnonzero(~glyphs.blank)
    return judge(
        [glyphs.text[i] for i in inked],
        [glyphs.fonts[glyphs.span[i]] for i in inked],
        glyphs.hidden[inked].tolist(),
        graphics.page_image,
    )


def _trusted(lines: Sequence[tuple[Line, str]], health: LayerHealth) -> tuple[Line, ...]:
    """Lines with bad characters, or in a font that is mostly bad, lose confidence.

    `lines` are lines with the file's own name of their font.
    """
    poor = dict(health.fonts)
    bad = set(filter(is_bad, set().union(*(line.text for line, _ in lines))))
    result = []
    for line, font in lines:
        share = sum(char in bad for char in line.text) / len(line.text) if bad else 0.0
        doubt = max(share, poor.get(font, 0.0))
        result.append(replace(line, confidence=1.0 - doubt) if doubt else line)
    return tuple(result)


def _lines(
    glyphs: Glyphs,
    tails: Mapping[int, str],
    graphics: Graphics,
    described: Mapping[str, str],
    scale: float,
) -> list[tuple[Line, str]]:
    """Lines that can be seen, in the file's order, each with its font's name in the file."""
    if not len(glyphs):
        return []
    boxes = settle_marks(glyphs, em_boxes(glyphs))
    modes = orientations(glyphs, boxes)
    runs: list[tuple[NDArray[np.int64], str, int]] = []
    for mode in (HORIZONTAL, VERTICAL, UPWARD, LEFTWARD):
        chars = setting.track(glyphs, boxes, modes, mode)
        speller = Speller(glyphs, chars, tails)
        for run in setting.group(chars, _barriers(graphics, mode)):
            text, shown = speller.spell(run)
            runs.append((shown, text, mode))
    runs.sort(key=lambda run: int(run[0][0]))
    faces = faces_of(glyphs, [shown for shown, _, _ in runs], described)
    names = [faces.get(font, font) for font in glyphs.fonts]
    ground = Ground(graphics)
    found = []
    for shown, text, mode in runs:
        span = _chief_span(glyphs.span[shown].tolist(), names)
        line = ground.placed(
            _line(text, shown, glyphs, boxes, span=span, mode=mode, scale=scale), scale
        )
        if line is not None:
            found.append((replace(line, font=names[span]), glyphs.fonts[span]))
    return found


def _chief_span(spans: list[int], names: Sequence[str]) -> int:
    """The span with most of a line's characters, of the face with most of them."""
    faces = Counter(names[span] for span in spans)
    face = faces.most_common(1)[0][0]
    return Counter(span for span in spans if names[span] == face).most_common(1)[0][0]


def _barriers(graphics: Graphics, mode: int) -> NDArray[np.float64]:
    """Rules across the lines of one orientation: position, low and high on the axis."""
    rows = []
    for bar in graphics.bars:
        box = bar.box
        if mode == HORIZONTAL and not bar.horizontal:
            rows.append((box.cx, box.y0, box.y1))
        elif mode == VERTICAL and bar.horizontal:
            rows.append((box.cy, box.x0, box.x1))
        elif mode == LEFTWARD and not bar.horizontal:
            rows.append((-box.cx, box.y0, box.y1))
        elif mode == UPWARD and bar.horizontal:
            rows.append((-box.cy, box.x0, box.x1))
    return np.array(rows, dtype=np.float64).reshape(-1, 3)


def _line(
    text: str,
    shown: NDArray[np.int64],
    glyphs: Glyphs,
    boxes: NDArray[np.float64],
    *,
    span: int,
    mode: int,
    scale: float,
) -> Line:
    """A line from its text, the glyph of each character and the N×4 boxes of all glyphs."""
    rows = boxes[shown] * scale
    low, high = rows[:, :2].min(axis=0), rows[:, 2:].max(axis=0)
    return Line(
        text=text,
        box=Box(*low.tolist(), *high.tolist()),
        size=setting.middle(glyphs.size[shown].tolist()) * scale,
        mode=WritingMode.HORIZONTAL if mode in (HORIZONTAL, LEFTWARD) else WritingMode.VERTICAL,
        bold=glyphs.bold[span],
        color=glyphs.colors[span],
        origin=Origin.LAYER,
        chars=setting.boxes_of(rows),
    )


def _pictures(graphics: Graphics, glyphs: Glyphs, scale: float) -> tuple[Picture, ...]:
    found = [(box, "photo") for box in graphics.images]
    found += [(box, "drawing") for box in graphics.drawings if _free(box, glyphs)]
    found.sort(key=lambda item: (item[0].y0, item[0].x0))
    return tuple(
        Picture(f"i{n:02d}", box.scaled(scale), kind) for n, (box, kind) in enumerate(found, 1)
    )


def _free(box: Box, glyphs: Glyphs) -> bool:
    """Whether text covers less than a tenth of the box."""
    boxes: Any = glyphs.boxes[~glyphs.blank]
    if not len(boxes):
        return True
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    inside = (x > box.x0) & (x < box.x1) & (y > box.y0) & (y < box.y1)
    area = ((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]))[inside].sum()
    return bool(area < 0.1 * box.area)
