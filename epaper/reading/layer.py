"""A PDF page's text layer and graphics as lines, rules, frames and pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pymupdf
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from epaper.collector import uncollected
from epaper.errors import InputError
from epaper.geometry import Box
from epaper.model import Frame, Line, Origin, Picture, Rule, WritingMode
from epaper.reading import lines as setting
from epaper.reading.bars import Area
from epaper.reading.chars import Glyphs, read_glyphs
from epaper.reading.clipped import cut_tails
from epaper.reading.cutter import Cutter
from epaper.reading.drawn import Drawn, GreyPage, grey_page, record
from epaper.reading.faces import described_faces, faces_of, is_nameless
from epaper.reading.ground import Ground, is_reversed
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
from epaper.reading.rows import rows_of
from epaper.reading.spelling import Speller
from epaper.reading.style import weighed
from epaper.reading.tracks import middle, track
from epaper.reading.vector import Graphics, read_graphics

_fitz: Any = pymupdf
# The library prints its own warnings on stderr; what matters is raised as errors here.
_fitz.TOOLS.mupdf_display_errors(False)
_fitz.TOOLS.mupdf_display_warnings(False)

# So many blanks in a row, outside every line, may be words that a font calls blanks.
_FEW_BLANKS = 4

T = TypeVar("T", int, str)


@dataclass(frozen=True)
class LayerReading:
    """What the file itself says of a page; boxes in pixels of the upright page.

    `leftover` are areas of ink that nothing else named here covers, the largest first;
    `outlines` are those pictures that may be type drawn as outlines. `cut` gives parts of
    the page, without opening the file and loading its fonts again.
    """

    lines: tuple[Line, ...]
    rules: tuple[Rule, ...]
    frames: tuple[Frame, ...]
    pictures: tuple[Picture, ...]
    health: LayerHealth
    width: int
    height: int
    cut: Cutter = field(repr=False, compare=False)
    leftover: tuple[Box, ...] = ()
    outlines: tuple[Box, ...] = ()


@uncollected()
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
            drawn = record(page)
            graphics = read_graphics(page, drawn)
            glyphs = read_glyphs(page, drawn)
            faces = described_faces(document, glyphs.fonts)
            reading = _sorted_out(glyphs, graphics, faces, drawn, dpi)
            if not reading.lines:
                return reading
            grey = _drawn_grey(drawn, reading, glyphs, graphics, dpi)
    except (pymupdf.FileDataError, pymupdf.mupdf.FzErrorBase, IndexError, RuntimeError) as error:
        raise InputError(f"{path.name}: page {index + 1} cannot be read ({error}).") from error
    lines = weighed(reading.lines, grey, dpi)
    covered = (lines, reading.rules, reading.frames, reading.pictures)
    left = leftover_ink(grey.pixels, dpi, *covered, drawn_at=grey.dpi)
    return replace(reading, lines=lines, leftover=left)


def _drawn_grey(
    drawn: Drawn, reading: LayerReading, glyphs: Glyphs, graphics: Graphics, dpi: float
) -> GreyPage:
    """The page's ink as far as it may show what the layer does not say.

    Type is drawn where its weight has to be measured, or where some of it may stand in
    no line; images where they may be no pictures, or lie under type to be weighed.
    """
    nameless = [line.box for line in reading.lines if is_nameless(line.font)]
    photos = [p.box for p in reading.pictures if p.kind == "photo"]
    under = any(box.intersection(photo) > 0 for box in nameless for photo in photos)
    type_shows = bool(nameless) or _strays(glyphs, reading.lines, dpi / 72)
    return grey_page(drawn, DPI, type_shows, graphics.scraps or under)


def _strays(glyphs: Glyphs, lines: Sequence[Line], scale: float) -> bool:
    """Whether glyphs that may show stand in no line: several blanks in a row, or hidden ones.

    A font that names its glyphs wrongly may call all of them blanks.
    """
    if (glyphs.hidden & ~glyphs.cut).any():
        return True
    blank = glyphs.blank & ~glyphs.cut
    if len(blank) < _FEW_BLANKS:
        return False
    blanks = np.flatnonzero(sliding_window_view(blank, _FEW_BLANKS).all(axis=1))
    x, y = (glyphs.boxes[blanks, :2] + glyphs.boxes[blanks, 2:]).T * (scale / 2)
    boxes = rows_of([line.box for line in lines])
    within = (x[:, None] > boxes[:, 0]) & (x[:, None] < boxes[:, 2])
    within &= (y[:, None] > boxes[:, 1]) & (y[:, None] < boxes[:, 3])
    return not within.any(axis=1).all()


def _sorted_out(
    glyphs: Glyphs, graphics: Graphics, faces: dict[str, str], drawn: Drawn, dpi: float
) -> LayerReading:
    """The reading as far as it needs no look at the page's ink."""
    scale = dpi / 72
    seen = ~(glyphs.hidden | glyphs.cut)
    shown = glyphs.only(seen)
    health = _health(glyphs.only(~glyphs.cut), graphics)
    lines = _lines(shown, cut_tails(glyphs, seen), graphics, faces, scale)
    trusted = _trusted(lines, health)
    pictures = _pictures(graphics, shown, scale)
    width, height = (round(side * scale) for side in drawn.size)
    ground = Box(0.0, 0.0, float(width), float(height))
    outlines = {box.scaled(scale) for box in graphics.outlines}
    return LayerReading(
        lines=trusted,
        rules=tuple(Rule(bar.box.scaled(scale), bar.style) for bar in graphics.bars),
        frames=tuple(Frame(a.box.scaled(scale), a.stroked, a.fill) for a in graphics.frames),
        pictures=pictures,
        health=health,
        width=width,
        height=height,
        cut=Cutter(
            drawn,
            scale,
            ground,
            tuple(line.box for line in trusted),
            graphics.placed,
            graphics.paths,
        ),
        outlines=tuple(p.box for p in pictures if p.box in outlines),
    )


def _health(glyphs: Glyphs, graphics: Graphics) -> LayerHealth:
    inked = np.flatnonzero(~glyphs.blank)
    return judge(
        [glyphs.text[i] for i in inked.tolist()],
        [glyphs.fonts[k] for k in glyphs.span[inked].tolist()],
        glyphs.hidden[inked].tolist(),
        graphics.page_image,
    )


def _trusted(lines: Sequence[tuple[Line, str]], health: LayerHealth) -> tuple[Line, ...]:
    """Lines with bad characters, or in a font that is mostly bad, lose confidence.

    `lines` are lines with the file's own name of their font.
    """
    poor = dict(health.fonts)
    bad = set(filter(is_bad, set("".join([line.text for line, _ in lines]))))
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
        if not (modes == mode).any():
            continue
        chars = track(glyphs, boxes, modes, mode)
        grouped = setting.group(chars, _barriers(graphics, mode))
        for text, shown in Speller(glyphs, chars, tails).spell(grouped):
            runs.append((shown, text, mode))
    runs.sort(key=lambda run: int(run[0][0]))
    faces = faces_of(glyphs, [shown for shown, _, _ in runs], described)
    names = [faces.get(font, font) for font in glyphs.fonts]
    return list(_made(runs, glyphs, boxes, names, Ground(graphics), scale))


def _made(
    runs: Sequence[tuple[NDArray[np.int64], str, int]],
    glyphs: Glyphs,
    boxes: NDArray[np.float64],
    names: Sequence[str],
    ground: Ground,
    scale: float,
) -> Iterator[tuple[Line, str]]:
    """`_lines` from the glyph of each character, the text and the orientation of each.

    `boxes` are N×4 of all glyphs, `names` the faces of all spans.
    """
    if not runs:
        return
    seen = np.concatenate([shown for shown, _, _ in runs])
    stops = np.cumsum([len(shown) for shown, _, _ in runs])
    first = np.concatenate([[0], stops[:-1]])
    rows = boxes[seen] * scale
    low = np.minimum.reduceat(rows[:, :2], first)
    high = np.maximum.reduceat(rows[:, 2:], first)
    hulls = np.hstack([low, high])
    chars, spans, sizes = (
        setting.boxes_of(rows),
        glyphs.span[seen].tolist(),
        glyphs.size[seen].tolist(),
    )
    under = ground.under(hulls * (1 / scale))
    for k, (_, text, mode) in enumerate(runs):
        own = slice(int(first[k]), int(stops[k]))
        span = _chief_span(spans[own], names)
        turned = is_reversed(glyphs.colors[span], under[k])
        if turned is None:
            continue
        line = Line(
            text=text,
            box=Box(*hulls[k].tolist()),
            size=middle(sizes[own]) * scale,
            mode=WritingMode.HORIZONTAL if mode in (HORIZONTAL, LEFTWARD) else WritingMode.VERTICAL,
            font=names[span],
            bold=glyphs.bold[span],
            color=glyphs.colors[span],
            reversed=turned,
            origin=Origin.LAYER,
            chars=chars[own],
        )
        yield line, glyphs.fonts[span]


def _chief_span(spans: list[int], names: Sequence[str]) -> int:
    """The span with most of a line's characters, of the face with most of them."""
    if spans.count(spans[0]) == len(spans):
        return spans[0]
    face = _commonest([names[span] for span in spans])
    return _commonest([span for span in spans if names[span] == face])


def _commonest(values: list[T]) -> T:
    """The value that is there most often, of several the first."""
    if len(set(values)) in (1, len(values)):
        return values[0]
    return Counter(values).most_common(1)[0][0]


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


def _pictures(graphics: Graphics, glyphs: Glyphs, scale: float) -> tuple[Picture, ...]:
    found = [(box, "photo") for box in graphics.images]
    found += [(box, "drawing") for box in graphics.drawings if _free(box, glyphs, graphics.grounds)]
    found.sort(key=lambda item: (item[0].y0, item[0].x0))
    return tuple(
        Picture(f"i{n:02d}", box.scaled(scale), kind) for n, (box, kind) in enumerate(found, 1)
    )


def _free(box: Box, glyphs: Glyphs, grounds: Sequence[Area]) -> bool:
    """Whether text, but for that on a strip laid across it, covers less than a tenth of the box."""
    boxes: Any = glyphs.boxes[~glyphs.blank]
    if not len(boxes):
        return True
    middles = np.column_stack([boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3]]) / 2
    inside = _within(middles, box)
    for strip in (g.box for g in grounds if _strip(g.box, box)):
        inside &= ~_within(middles, strip)
    area = ((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]))[inside].sum()
    return bool(area < 0.1 * box.area)


def _within(points: NDArray[np.float64], box: Box) -> NDArray[np.bool_]:
    x, y = points[:, 0], points[:, 1]
    return np.asarray((x > box.x0) & (x < box.x1) & (y > box.y0) & (y < box.y1), np.bool_)


def _strip(area: Box, box: Box) -> bool:
    """True for an area that runs along a side of the box over nearly all of it, and is low."""
    across = area.overlap_x(box) > 0.9 * box.width and area.overlap_y(box) > 0
    down = area.overlap_y(box) > 0.9 * box.height and area.overlap_x(box) > 0
    low, slim = area.height < box.height / 2, area.width < box.width / 2
    return (across and low) or (down and slim)
