"""Rules, frames and pictures of a scanned page.

Lengths inside are ems of the page's body type, so that no resolution is assumed. Text
that was read is taken off first; what ink and tone is left is sorted by shape: long
and thin is a rule, an outline is a frame, an even tone is a filled frame, the rest is
a picture if it is large enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.abreast import aside
from epaper.geometry import Box
from epaper.masks import areas_of
from epaper.model import Frame, Line, Picture, Rule
from epaper.reading.ocr_lines import dark_mask
from epaper.reading.raster_areas import Areas, find_areas, slices
from epaper.reading.raster_drawings import Drawings, find_drawings, lettered, merged
from epaper.reading.raster_grounds import Ground
from epaper.reading.raster_rules import find_rules, stroked_frames
from epaper.reading.raster_tone import tones_of

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]

# The page is worked on at a size where the body em has this many pixels.
_EM = 20.0
# Toned areas are bars of charts at most so wide where they look like a picture, and where they
# look like a tint.
_BAR, _NARROW = 7.0, 4.0
# An axis is so many times as long as a bar on it is broad.
_AXIS = 2.5
# A strip with words is darker than this, of 255; a picture it lies on shows so many ems of
# itself at least, and is no higher than so many of its widths.
_DARK, _ABOVE, _TALLEST = 130, 2.5, 1.5
# Rules have at least this share of the text's darkness.
_FAINT = 0.35
# A line of text covers so much more than its box; it stands on tone if there is so much of it
# in a ring around that, in ems of the line.
_GROWN, _RING, _SURROUNDED = 0.12, 0.3, 0.7
# Percentile of tone along a rule that still falls on the dots of a dotted one.
_DOTS = 20


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
    behind = aside(partial(tones_of, small, em))
    dark = dark_mask(gray, em)
    lines = lettered(lines, scale, dark, em)
    text = _text_mask(lines, scale, gray.shape[:2])
    ink = dark & ~text
    seen = behind()
    tone = seen.printed & ~text
    on_tone = _on_tone(lines, scale, tone, text)
    areas = find_areas(small, tone, text, on_tone, em, seen.stripes)
    fills = areas.fills
    standing = _standing([f.box for f in fills if _is_dark(f) and _is_bar(f.box, text, em)], ink)
    bands = [f.box for f in fills if _is_dark(f) and f.box not in standing]
    drawn = _drawings(ink & ~_inside(bands, ink.shape[:2], em), text, areas, em)
    bare = _enlarged(np.asarray(cv2.cvtColor(seen.paper.bare, cv2.COLOR_RGB2GRAY), np.uint8), gray)
    ground = Ground(gray, bare, dark, text, em)
    toned = [ground.around(b) for b in areas.pictures if b not in areas.photographs]
    drawings = [*map(ground.around, drawn.whole), *ground.under(drawn.pieces)]
    strips = _over_strips(ink, text, fills, em)
    fills = tuple(f for f in fills if not any(f.box.share_in(b) > 0.8 for b in strips))
    pictures = merged([*areas.photographs, *toned, *drawings, *strips])
    bars = [f.box for f in fills if _is_bar(f.box, text, em)]
    bars = [b for b in bars if any(b.share_in(p) > 0.8 for p in pictures)]
    fills = tuple(f for f in fills if f.box not in bars)
    inside = _inside(pictures, gray.shape[:2], em)
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


def _enlarged(tone: Image, page: Image) -> Image:
    size = page.shape[1::-1]
    return np.asarray(cv2.resize(tone, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _drawings(ink: Mask, text: Mask, areas: Areas, em: float) -> Drawings:
    """Drawings outside the toned areas that are pictures."""
    # A bar of a chart may look like a picture of its own.
    large = [b for b in areas.pictures if min(b.width, b.height) > _BAR * em]
    return find_drawings(ink & ~_inside([*large, *areas.photographs], ink.shape[:2], em), text, em)


def _over_strips(ink: Mask, text: Mask, fills: Sequence[Frame], em: float) -> list[Box]:
    """Drawings with a dark strip across their foot or head, on which the caption stands."""
    found = []
    for strip in (f.box for f in fills if _is_dark(f)):
        rows, columns = slices(strip.grown(0.5 * em, _TALLEST * strip.width))
        x, y = float(columns.start), float(rows.start)
        own = strip.moved(-x, -y)
        drawn, free = ink[rows, columns].copy(), text[rows, columns].copy()
        _paint(drawn, own)
        free[slices(own)] = False
        for hull in find_drawings(drawn, free, em).whole:
            flush = max(abs(hull.x0 - own.x0), abs(hull.x1 - own.x1)) < em
            if flush and own.share_in(hull) > 0.9 and hull.height > own.height + _ABOVE * em:
                found.append(hull.moved(x, y))
    return found


def _is_dark(fill: Frame) -> bool:
    tint = fill.fill
    return tint is not None and sum((tint >> 16, tint >> 8 & 255, tint & 255)) < 3 * _DARK


def _is_bar(box: Box, text: Mask, em: float) -> bool:
    """True for a narrow box without words, as the bars of charts are."""
    return min(box.width, box.height) < _NARROW * em and not text[slices(box)].any()


def _standing(bars: Sequence[Box], ink: Mask) -> list[Box]:
    """Those of narrow boxes that stand on something much broader, as bars do on their axis."""
    if not bars:
        return []
    labels, stats = areas_of(ink)
    found = []
    for bar in bars:
        own = np.bincount(labels[slices(bar)].ravel())
        own[0] = 0
        wide, high = stats[int(own.argmax()), [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].tolist()
        across = wide if bar.height > bar.width else high
        if own.any() and across > _AXIS * min(bar.width, bar.height):
            found.append(bar)
    return found


def _inside(boxes: Sequence[Box], shape: tuple[int, ...], em: float) -> Mask:
    mask = np.zeros(shape, np.bool_)
    for box in boxes:
        _paint(mask, box.grown(0.3 * em))
    return mask


def _printed(rules: Sequence[Rule], gray: Image, text: Mask) -> list[Rule]:
    """Rules as dark as print; folds and creases, fainter, are left out."""
    paper = _quantile(gray, 0.5)
    deepest = paper - _quantile(gray, 0.05, text) if text.any() else paper
    return [r for r in rules if r.box.area and paper - _tone(gray, r.box) >= _FAINT * deepest]


def _quantile(gray: Image, share: float, where: Mask | None = None) -> float:
    """The tone that such a share of the pixels do not reach, by how often each tone occurs."""
    shown = where.view(np.uint8) if where is not None else None
    counts = np.cumsum(cv2.calcHist([gray], [0], shown, [256], [0, 256]), dtype=np.float64)
    place = share * (counts[-1] - 1)
    low, high = (
        float(np.searchsorted(counts, k, side="right")) for k in (np.floor(place), np.ceil(place))
    )
    return low + (high - low) * float(place % 1)


def _tone(gray: Image, box: Box) -> float:
    """Tone of a rule: its darkest pixel across, and along it that of its dots if it has any."""
    rows, columns = slices(box)
    part = gray[rows, columns]
    return float(np.percentile(part.min(axis=0 if box.width >= box.height else 1), _DOTS))


def _body_em(lines: Sequence[Line], dpi: float) -> float:
    sizes = np.repeat([line.size for line in lines], [len(line.text) for line in lines])
    return float(np.median(sizes)) if len(sizes) else dpi / 72 * 9


def _text_mask(lines: Sequence[Line], scale: float, shape: tuple[int, ...]) -> Mask:
    mask = np.zeros(shape, np.bool_)
    for line in lines:
        _paint(mask, line.box.grown(_GROWN * line.size).scaled(scale))
    return mask


def _on_tone(lines: Sequence[Line], scale: float, tone: Mask, text: Mask) -> Mask:
    """Text that is printed on tone: there is tone all around its lines.

    A headline is higher than what closes the gaps between lines of text.
    """
    mask = np.zeros(tone.shape, np.bool_)
    for line in lines:
        own = line.box.grown(_GROWN * line.size).scaled(scale)
        ring = own.grown(max(2.0, _RING * line.size * scale))
        rows, columns = slices(ring.clipped(Box(0, 0, tone.shape[1], tone.shape[0])))
        around = ~text[rows, columns]
        if around.any() and tone[rows, columns][around].mean() > _SURROUNDED:
            _paint(mask, own)
    return mask & text


def _paint(mask: Mask, box: Box) -> None:
    if box.width > 0 and box.height > 0:
        mask[max(0, round(box.y0)) : round(box.y1), max(0, round(box.x0)) : round(box.x1)] = True
