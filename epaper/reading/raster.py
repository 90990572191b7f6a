"""Rules, frames and pictures of a scanned page.

Lengths inside are ems of the page's body type, so that no resolution is assumed. Text
that was read is taken off first; what ink and tone is left is sorted by shape: long
and thin is a rule, an outline is a frame, an even tone is a filled frame, the rest is
a picture if it is large enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.model import Frame, Line, Picture, Rule
from epaper.reading.ocr_lines import dark_mask
from epaper.reading.raster_rules import find_rules, stroked_frames
from epaper.reading.raster_tone import paper_of, tones

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]

# The page is worked on at a size where the body em has this many pixels.
_EM = 20.0
# Side of a cell in which ink and tone are counted, in ems.
_CELL = 0.5
_SMALLEST_PICTURE = 4.0
_SMALLEST_FILL = 1.2
_LEAST_INK = 0.05
_FILLED = 0.35
_LEAST_FREE = 0.15
_RECTANGLE = 0.85
# Rules have at least this share of the text's darkness.
_FAINT = 0.35


@dataclass(frozen=True, slots=True)
class Graphics:
    """What is on a page besides text; boxes in page pixels."""

    rules: tuple[Rule, ...] = ()
    frames: tuple[Frame, ...] = ()
    pictures: tuple[Picture, ...] = ()


def find_graphics(image: Image, dpi: float, lines: Sequence[Line]) -> Graphics:
    """Rules, frames and pictures of an RGB page (H, W, 3) whose text is `lines`.

    `dpi` tells the letter size where there is no text.
    """
    em = _body_em(lines, dpi)
    scale = min(1.0, _EM / em)
    small: Image = np.asarray(
        cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
    )
    em *= scale
    gray: Image = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)
    text = _text_mask(lines, scale, gray.shape[:2])
    ink = dark_mask(gray, em) & ~text
    tone = tones(small, paper_of(small, em), em) & ~text
    areas = _areas(ink, tone, text, em)
    pictures, fills = _sorted(areas, small, tone, text, em)
    inside = np.zeros(gray.shape, np.bool_)
    for box in pictures:
        _paint(inside, box.grown(0.3 * em))
    rules = _printed(find_rules(ink & ~inside, em), gray, text)
    frames = stroked_frames(ink & ~inside, em, pictures)
    back = 1 / scale
    return Graphics(
        tuple(Rule(r.box.scaled(back), r.style) for r in rules),
        tuple(
            [Frame(f.box.scaled(back), f.stroked, f.fill) for f in [*frames, *fills]],
        ),
        tuple(
            Picture(f"i{number:02d}", box.scaled(back))
            for number, box in enumerate(sorted(pictures, key=lambda b: (b.y0, b.x0)), 1)
        ),
    )


def _printed(rules: Sequence[Rule], gray: Image, text: Mask) -> list[Rule]:
    """Rules as dark as print; folds and creases, fainter, are left out."""
    paper = float(np.median(gray))
    deepest = paper - float(np.percentile(gray[text], 5)) if text.any() else paper
    return [r for r in rules if r.box.area and paper - _tone(gray, r.box) >= _FAINT * deepest]


def _tone(gray: Image, box: Box) -> float:
    """Tone of a rule: its darkest pixel across, the median along."""
    rows, columns = _slices(box)
    part = gray[rows, columns]
    return float(np.median(part.min(axis=0 if box.width >= box.height else 1)))


def _body_em(lines: Sequence[Line], dpi: float) -> float:
    sizes = np.repeat([line.size for line in lines], [len(line.text) for line in lines])
    return float(np.median(sizes)) if len(sizes) else dpi / 72 * 9


def _text_mask(lines: Sequence[Line], scale: float, shape: tuple[int, ...]) -> Mask:
    mask = np.zeros(shape, np.bool_)
    for line in lines:
        _paint(mask, line.box.grown(0.12 * line.size).scaled(scale))
    return mask


def _paint(mask: Mask, box: Box) -> None:
    if box.width > 0 and box.height > 0:
        mask[max(0, round(box.y0)) : round(box.y1), max(0, round(box.x0)) : round(box.x1)] = True


def _areas(ink: Mask, tone: Mask, text: Mask, em: float) -> list[tuple[Box, Mask]]:
    """Connected areas of cells that hold ink or tone and are no text: box and cells."""
    side = max(2, round(_CELL * em))
    thin = _thin(ink | tone, em)
    inked = _share(ink & ~thin, side) > _LEAST_INK
    worded = _share(text, side)
    # Between the lines of a tinted box, tone is judged by what text leaves of a cell.
    free = np.maximum(1.0 - worded, _LEAST_FREE)
    toned = _share(tone & ~thin & ~text, side) / free > 0.6
    cells = ((inked & (worded < 0.5)) | toned).astype(np.uint8)
    cells = cv2.morphologyEx(cells, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cells, connectivity=4)
    found = []
    for index in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[index])
        if min(w, h) * _CELL >= _SMALLEST_FILL and area >= _FILLED * w * h:
            box = Box(x * side, y * side, (x + w) * side, (y + h) * side)
            found.append((box, np.asarray(labels[y : y + h, x : x + w] == index, np.bool_)))
    return found


def _thin(mask: Mask, em: float) -> Mask:
    """Ink of lines: long one way and slim the other."""
    source = mask.astype(np.uint8)
    wide = max(3, round(0.45 * em)) | 1
    thick = cv2.morphologyEx(source, cv2.MORPH_OPEN, np.ones((wide, wide), np.uint8))
    long = max(3, round(4 * em))
    found = np.zeros(mask.shape, np.bool_)
    for kernel in (np.ones((1, long), np.uint8), np.ones((long, 1), np.uint8)):
        lines = cv2.morphologyEx(source, cv2.MORPH_OPEN, kernel)
        found |= (lines > 0) & (thick == 0)
    return found


def _share(mask: Mask, side: int) -> NDArray[np.float64]:
    """Share of true pixels, cell by cell; the last cells may reach over the edge."""
    height, width = (-(-n // side) for n in mask.shape)
    padded = np.zeros((height * side, width * side), np.bool_)
    padded[: mask.shape[0], : mask.shape[1]] = mask
    cells = padded.reshape(height, side, width, side)
    return np.asarray(cells.mean(axis=(1, 3)), np.float64)


def _sorted(
    areas: Sequence[tuple[Box, Mask]], image: Image, tone: Mask, text: Mask, em: float
) -> tuple[list[Box], list[Frame]]:
    """Areas as pictures and as evenly filled frames."""
    pictures, fills = [], []
    for rough, _ in areas:
        box = _drawn_tight(rough, tone)
        rows, columns = _slices(box)
        plain = image[rows, columns][~text[rows, columns] & tone[rows, columns]]
        covered = float(text[rows, columns].mean()) if box.area else 0.0
        full = float((text | tone)[rows, columns].mean()) if box.area else 0.0
        if len(plain) and _even(plain):
            if (
                covered > 0.1
                and full > _RECTANGLE
                and min(box.width, box.height) >= _SMALLEST_FILL * em
            ):
                fills.append(Frame(box, stroked=False, fill=_color(plain)))
        elif min(box.width, box.height) >= _SMALLEST_PICTURE * em and covered < 0.5:
            pictures.append(box)
    return pictures, fills


def _drawn_tight(box: Box, tone: Mask) -> Box:
    """The box without the part of its outer cells that holds no tone."""
    rows, columns = _slices(box)
    part = tone[rows, columns]
    down = np.flatnonzero(part.mean(axis=1) > 0.1)
    along = np.flatnonzero(part.mean(axis=0) > 0.1)
    if not len(down) or not len(along):
        return box
    x, y = max(0, round(box.x0)), max(0, round(box.y0))
    return Box(x + int(along[0]), y + int(down[0]), x + int(along[-1]) + 1, y + int(down[-1]) + 1)


def _slices(box: Box) -> tuple[slice, slice]:
    return (
        slice(max(0, round(box.y0)), round(box.y1)),
        slice(max(0, round(box.x0)), round(box.x1)),
    )


def _even(pixels: NDArray[Any]) -> bool:
    """True for a tint: four fifths of the pixels within a narrow range of tone."""
    low, high = np.percentile(pixels.mean(axis=1), (10, 90))
    return bool(high - low < 28)


def _color(pixels: NDArray[Any]) -> int:
    red, green, blue = (int(v) for v in np.median(pixels, axis=0))
    return red << 16 | green << 8 | blue
