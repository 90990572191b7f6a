"""A PDF page's text layer and graphics as lines, rules, frames and pictures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from operator import itemgetter
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
from epaper.reading.health import LayerHealth, is_bad, judge
from epaper.reading.modes import HORIZONTAL, UPWARD, VERTICAL, em_boxes, orientations, settle_marks
from epaper.reading.style import grey_page, luminance, nameless, weighed
from epaper.reading.vector import Graphics, read_graphics

_PAPER = 0xFFFFFF
_fitz: Any = pymupdf
# The library prints its own warnings on stderr; what matters is raised as errors here.
_fitz.TOOLS.mupdf_display_errors(False)
_fitz.TOOLS.mupdf_display_warnings(False)


@dataclass(frozen=True)
class LayerReading:
    """What the file itself says of a page; boxes in pixels of the upright page."""

    lines: tuple[Line, ...]
    rules: tuple[Rule, ...]
    frames: tuple[Frame, ...]
    pictures: tuple[Picture, ...]
    health: LayerHealth
    width: int
    height: int


def read_layer(path: Path, index: int, dpi: float) -> LayerReading:
    """Reads page `index` (from 0) of a PDF; boxes are points × `dpi` / 72.

    Lines come from the characters and their places alone, in the order of the file.
    Text that is clipped away, off the page or invisible makes no line; it counts in
    `health`. A line's confidence is the share of its characters that can be trusted.
    Raises InputError where the page cannot be opened.
    """
    scale = dpi / 72
    try:
        with _fitz.open(path) as document:
            page = document[index]
            graphics = read_graphics(page)
            glyphs = read_glyphs(page)
            grey = grey_page(page) if nameless(glyphs.fonts) else None
            width, height = page.rect.width * scale, page.rect.height * scale
    except (pymupdf.FileDataError, pymupdf.mupdf.FzErrorBase, IndexError, RuntimeError) as error:
        raise InputError(f"{path.name}: page {index + 1} cannot be read ({error}).") from error
    shown = glyphs.only(~glyphs.hidden)
    health = _health(glyphs, graphics)
    lines = _trusted(_lines(shown, graphics, scale), health)
    return LayerReading(
        lines=lines if grey is None else weighed(lines, grey, dpi),
        rules=tuple(Rule(bar.box.scaled(scale), bar.style) for bar in graphics.bars),
        frames=tuple(Frame(a.box.scaled(scale), a.stroked, a.fill) for a in graphics.frames),
        pictures=_pictures(graphics, shown, scale),
        health=health,
        width=round(width),
        height=round(height),
    )


def _health(glyphs: Glyphs, graphics: Graphics) -> LayerHealth:
    inked = np.flatnonzero(~glyphs.blank)
    return judge(
        [glyphs.text[i] for i in inked],
        [glyphs.fonts[glyphs.span[i]] for i in inked],
        glyphs.hidden[inked].tolist(),
        graphics.page_image,
    )


def _trusted(lines: tuple[Line, ...], health: LayerHealth) -> tuple[Line, ...]:
    """Lines with bad characters, or in a font that is mostly bad, lose confidence."""
    poor = dict(health.fonts)
    result = []
    for line in lines:
        share = sum(map(is_bad, line.text)) / len(line.text)
        doubt = max(share, poor.get(line.font, 0.0))
        result.append(replace(line, confidence=1.0 - doubt) if doubt else line)
    return tuple(result)


def _lines(glyphs: Glyphs, graphics: Graphics, scale: float) -> tuple[Line, ...]:
    if not len(glyphs):
        return ()
    boxes = settle_marks(glyphs, em_boxes(glyphs))
    modes = orientations(glyphs, boxes)
    found: list[tuple[int, Line]] = []
    for mode in (HORIZONTAL, VERTICAL, UPWARD):
        chars = setting.track(glyphs, boxes, modes, mode)
        for run in setting.group(chars, _barriers(graphics, mode)):
            text, shown = setting.spell(run, glyphs, chars)
            rows = boxes[shown] * scale
            line = _line(text, shown, glyphs, rows, mode=mode, scale=scale)
            found.append((int(shown[0]), line))
    placed = (_on_ground(line, graphics, scale) for _, line in sorted(found, key=itemgetter(0)))
    return tuple(line for line in placed if line is not None)


def _barriers(graphics: Graphics, mode: int) -> NDArray[np.float64]:
    """Rules across the lines of one orientation: position, low and high on the axis."""
    rows = []
    for bar in graphics.bars:
        box = bar.box
        if mode == HORIZONTAL and not bar.horizontal:
            rows.append((box.cx, box.y0, box.y1))
        elif mode == VERTICAL and bar.horizontal:
            rows.append((box.cy, box.x0, box.x1))
        elif mode == UPWARD and bar.horizontal:
            rows.append((-box.cy, box.x0, box.x1))
    return np.array(rows, dtype=np.float64).reshape(-1, 3)


def _line(
    text: str,
    shown: NDArray[np.int64],
    glyphs: Glyphs,
    rows: NDArray[np.float64],
    *,
    mode: int,
    scale: float,
) -> Line:
    """A line from its text, the glyph of each character and their N×4 boxes in pixels."""
    span = Counter(glyphs.span[shown].tolist()).most_common(1)[0][0]
    low, high = rows[:, :2].min(axis=0), rows[:, 2:].max(axis=0)
    return Line(
        text=text,
        box=Box(*low.tolist(), *high.tolist()),
        size=float(np.median(glyphs.size[shown])) * scale,
        mode=WritingMode.HORIZONTAL if mode == HORIZONTAL else WritingMode.VERTICAL,
        font=glyphs.fonts[span],
        bold=glyphs.bold[span],
        color=glyphs.colors[span],
        origin=Origin.LAYER,
        chars=setting.boxes_of(rows),
    )


def _on_ground(line: Line, graphics: Graphics, scale: float) -> Line | None:
    """The line with `reversed` set by what lies under it, None where it cannot be seen."""
    box = line.box.scaled(1 / scale)
    ink = luminance(line.color)
    fills = [a.fill for a in graphics.grounds if a.fill is not None and box.share_in(a.box) > 0.8]
    under = fills[-1] if fills else _PAPER
    pictured = any(box.share_in(p) > 0.8 for p in graphics.images + graphics.drawings)
    if pictured and under == _PAPER:
        return replace(line, reversed=ink > 0.8)
    if line.color == under and ink > 0.95:
        return None
    return replace(line, reversed=ink > luminance(under) + 0.15)


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
