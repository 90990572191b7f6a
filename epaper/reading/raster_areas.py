"""Toned areas of a scanned page: photographs, tints, and photographs on tints.

All on the page as `raster` scales it; masks have shape H by W, lengths are pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.abreast import abreast
from epaper.geometry import Box
from epaper.model import Frame
from epaper.reading.raster_tone import printed_on

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Tone = NDArray[np.float64]

# Lengths in ems of body type.
_SMALLEST_PICTURE = 4.0
# A photograph that fills its rectangle may be so low, or narrow, if it is so long; it is full
# from here to there inside its sides.
_LOW, _LONG = 3.0, 6.0
_SIDE = (0.2, 0.6)
_SMALLEST_FILL = 1.2
# Rules, dotted and wavy ones too, are thinner than this, what is kept is thicker.
_SLIM = 1.0
# Lines of text inside an area have tone above and below within this.
_LEADING = 1.6
# Least share of its box that an area fills.
_FILLED = 0.35
# A tint fills this share of its box, with the text on it.
_RECTANGLE = 0.85
# Strips along a tint's sides, ems outside it; and how far from the tone off it a tint is
# where it needs no sharp sides, where it needs them, how many, and how sharp they are.
_INSIDE, _BESIDE, _OFF = (-0.5, 0.0), (0.2, 0.6), (1.0, 1.5)
_DEEP, _STEP, _STRAIGHT, _SHARP = 45.0, 7.0, 3, 0.7
# What fills less than this share of an area's height, or width, only runs out of it.
_RUNS_OUT = 0.35
# A tint is one tone, within this many of 255, over this share of its ground at least.
_NARROW, _MOSTLY = 14.0, 0.5
# Head and foot of a tint have the same sides to within this, ems.
_FLUSH = 0.8
# Distance from its tint's tone at which something is printed on it.
_PRINTED = 38.0
# A picture on a tint of which so much is printed strongly is seen as it is.
_MOST_FOUND = 0.6
# How wide the rim of a tinted box is, ems, and how much of it has the tint.
_RIM, _ALONG = 0.4, 0.7
# A photograph's grain: the sizes between which it lies, ems, what of its sides is left out, and
# the least of it (deviation of 255). Tints have 1 at most, photographs 3.4 and more.
_GRAIN, _GRAIN_RIM, _GRAINED = (0.15, 1.0), 0.4, 3.0
# Deviations from the tenth to the ninetieth percentile.
_DEVIATIONS = 2.56
# So much of a picture with words on it is away from them at least.
_BARE = 0.25
# Pictures parted by stripes are so much of the area.
_MOST_LEFT = 0.85
# A band is so many times longer than wide.
_BAND = 9.0
# Share of a box with text that makes it a tinted box and no picture.
_WORDED = 0.1


@dataclass(frozen=True, slots=True)
class Areas:
    """Boxes of pictures, and evenly filled frames around text.

    `photographs` are the pictures that are rectangles of many tones, as no bar of a chart is.
    """

    pictures: tuple[Box, ...]
    fills: tuple[Frame, ...]
    photographs: tuple[Box, ...] = ()


def find_areas(
    image: Image, tone: Mask, text: Mask, on_tone: Mask, em: float, stripes: Mask | None = None
) -> Areas:
    """Pictures and tints in an RGB image (H, W, 3), from its toned pixels and its text.

    `on_tone` is the part of the text that is known to stand on tone, `stripes` are long ones of
    bare paper, which part pictures.
    """
    stripes = np.zeros(tone.shape, np.bool_) if stripes is None else stripes
    solid = _solid(tone & ~text, text, on_tone, stripes, em)
    told = abreast([partial(_told, box, image, tone, text, em) for box in solid])
    pictures = [box for one in told for box in one.pictures]
    fills = [fill for one in told for fill in one.fills]
    photographs = [box for one in told for box in one.photographs]
    return Areas(tuple(pictures), tuple(_pieced(fills, image, text, em)), tuple(photographs))


def _told(box: Box, image: Image, tone: Mask, text: Mask, em: float) -> Areas:
    """What the toned area in a box is."""
    rows, columns = slices(box)
    area = _Area(image[rows, columns], tone[rows, columns], text[rows, columns], em)
    tint = area.tint()
    printed = [] if tint is None else _on_tint(area.image, area.ground, tint, em)
    if tint is not None and area.worded > _WORDED:
        on_it = tuple(b.moved(box.x0, box.y0) for b in printed if _large(b, em))
        if not printed and _large(box, em) and area.is_grained_beside_words():
            return Areas((box, *on_it), ())
        if area.full > _RECTANGLE and _is_tint(box, image, text, tint, em):
            return Areas(on_it, (Frame(box, stroked=False, fill=_hex(tint)),))
        return Areas(on_it, ())
    if tint is not None and _is_band(area, box) and _is_tint(box, image, text, tint, em):
        return Areas((), (Frame(box, stroked=False, fill=_hex(tint)),))
    toned = area.worded < 0.5 and area.is_picture(tint)
    if toned and area.has_sides and (_large(box, em) or _is_low(box, em)):
        return Areas((box,), (), (box,))
    is_picture = _large(box, em) and area.worded < 0.5 and (printed or toned)
    return Areas((box,) if is_picture else (), ())


@dataclass(frozen=True, slots=True)
class _Area:
    """One toned area: its part of the page, of the tone and of the text."""

    image: Image
    tone: Mask
    text: Mask
    em: float

    @property
    def ground(self) -> Mask:
        return self.tone & ~self.text

    @property
    def worded(self) -> float:
        return float(self.text.mean())

    @property
    def full(self) -> float:
        return float((self.tone | self.text).mean())

    @property
    def has_sides(self) -> bool:
        """Whether it is a rectangle that is full along its sides, as no scribble is."""
        low, high = (round(edge * self.em) for edge in _SIDE)
        part = (self.tone | self.text)[low:-low, low:-low]
        wide = high - low
        rims = (part[:wide], part[-wide:], part[:, :wide], part[:, -wide:])
        return self.full > _RECTANGLE and all(rim.size and rim.mean() > _ALONG for rim in rims)

    def tint(self) -> Tone | None:
        tint = _tint(self.image[self.ground])
        if tint is None and self.worded > _WORDED:
            return _tint_of_words(self.image, self.text, self.ground, self.em)
        return tint

    def is_picture(self, tint: Tone | None) -> bool:
        """Whether it has many tones, or the grain of a dark photograph."""
        return tint is None or _is_grained(self.image, self.ground, self.em)

    def is_grained_beside_words(self) -> bool:
        """Whether it is a photograph of one tone with words on it, most of it beside them."""
        bare = self.ground & ~_around(self.text, self.em)
        return bool(bare.mean() > _BARE) and _is_grained(self.image, bare, self.em)


def _pieced(fills: Sequence[Frame], image: Image, text: Mask, em: float) -> list[Frame]:
    """The tints, those put together that are the head and the foot of one.

    Between them, amid much text, a faint tint may have passed for the paper.
    """
    whole: list[Frame] = []
    for fill in sorted(fills, key=lambda f: f.box.y0):
        above = next((f for f in whole if _goes_on(f, fill, image, text, em)), None)
        if above is None:
            whole.append(fill)
        else:
            whole.remove(above)
            whole.append(replace(above, box=above.box.union(fill.box)))
    return whole


def _goes_on(above: Frame, below: Frame, image: Image, text: Mask, em: float) -> bool:
    """Whether a tint has the width of another over it, and the white between them their tone."""
    a, b = above.box, below.box
    flush = max(abs(a.x0 - b.x0), abs(a.x1 - b.x1)) < _FLUSH * em
    if not flush or b.y0 <= a.y1:
        return False
    between = _median(Box(max(a.x0, b.x0), a.y1, min(a.x1, b.x1), b.y0), image, text)
    tints = [_rgb(f.fill) for f in (above, below)]
    return between is not None and all(_apart(between, tint) < _NARROW / 2 for tint in tints)


def _tint_of_words(image: Image, text: Mask, ground: Mask, em: float) -> Tone | None:
    """The tint around the words of a box most of which a photograph fills.

    It runs along the sides of the box; a dark band in a photograph, with words on it, does not.
    """
    tint = _tint(image[_around(text, em) & ground])
    if tint is None:
        return None
    rim = ground.copy()
    width = max(1, round(_RIM * em))
    rim[width:-width, width:-width] = False
    tones = image[rim].astype(np.float32)
    alike = np.abs(tones - tint.astype(np.float32)).max(axis=1) < _PRINTED
    return tint if len(alike) and float(alike.mean()) > _ALONG else None


def _around(text: Mask, em: float) -> Mask:
    """The text and what is within an em of it."""
    side = 2 * round(em) + 1
    grown = cv2.dilate(text.astype(np.uint8), np.ones((side, side), np.uint8))
    return np.asarray(grown > 0, np.bool_)


def _is_grained(image: Image, ground: Mask, em: float) -> bool:
    """Whether an area of one tone has the grain of a dark or pale photograph.

    A tint has none that is left when it is smoothed; light that falls off is no grain.
    """
    return _grain(image, ground, em) > _GRAINED


def _grain(image: Image, ground: Mask, em: float) -> float:
    """Deviation of an area's tone from that around it, 0 to 255, smoothed.

    It is that of most of the area: letters that were not read are no grain.
    """
    side = 2 * round(_GRAIN_RIM * em) + 1
    inner = cv2.erode(
        np.pad(ground.astype(np.uint8), 1), np.ones((side, side), np.uint8), borderValue=(0,)
    )[1:-1, 1:-1]
    weight = inner.astype(np.float32)
    tone = image.mean(axis=2, dtype=np.float32) * weight
    fine, coarse = (
        cv2.GaussianBlur(tone, (0, 0), sigma * em)
        / np.maximum(cv2.GaussianBlur(weight, (0, 0), sigma * em), 1e-3)
        for sigma in _GRAIN
    )
    within = (fine - coarse)[inner > 0]
    low, high = np.percentile(within, (10, 90)) if len(within) else (0.0, 0.0)
    return float(high - low) / _DEVIATIONS


def _pieces(part: Mask, stripes: Mask, em: float) -> list[Mask]:
    """A toned area in pieces where stripes of paper part pictures in it; else the area itself.

    They may stand closer than what closes the dots of a halftone.
    """
    slim = max(3, round(_SLIM * em)) | 1
    free = (part & ~stripes).astype(np.uint8)
    opened = cv2.morphologyEx(free, cv2.MORPH_OPEN, np.ones((slim, slim), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=4)
    large = [
        k
        for k in range(1, count)
        if min(stats[k, cv2.CC_STAT_WIDTH], stats[k, cv2.CC_STAT_HEIGHT]) >= _SMALLEST_PICTURE * em
    ]
    whole = sum(int(stats[k, cv2.CC_STAT_AREA]) for k in large) > _MOST_LEFT * int(part.sum())
    return (
        [np.asarray(labels == k, np.bool_) for k in large] if len(large) > 1 and whole else [part]
    )


def _is_band(area: _Area, box: Box) -> bool:
    """True for a long full band, as the heads of pages are; letters in it may not be read."""
    long, short = max(box.width, box.height), min(box.width, box.height)
    return long > _BAND * short and area.full > _RECTANGLE


def _large(box: Box, em: float) -> bool:
    return min(box.width, box.height) >= _SMALLEST_PICTURE * em


def _is_low(box: Box, em: float) -> bool:
    """True for what is lower, or narrower, than most pictures, and no band."""
    long, short = max(box.width, box.height), min(box.width, box.height)
    return short >= _LOW * em and long >= _LONG * em and long < _BAND * short


def _solid(tone: Mask, text: Mask, on_tone: Mask, stripes: Mask, em: float) -> list[Box]:
    """Boxes of connected tone, thin strokes left out; text set on tone is part of it."""
    source = tone.astype(np.uint8)
    reach = max(3, round(_LEADING * em)) | 1
    closed = cv2.morphologyEx(source, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    full = (tone | on_tone | (text & (closed > 0))).astype(np.uint8)
    slim = max(3, round(_SLIM * em)) | 1
    thick = cv2.morphologyEx(full, cv2.MORPH_OPEN, np.ones((slim, slim), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        thick.astype(np.uint8), connectivity=4
    )
    boxes = []
    for index, (x, y, w, h, _) in enumerate(stats[1:count].tolist(), 1):
        if min(w, h) < _SMALLEST_FILL * em:
            continue
        part = np.asarray(labels[y : y + h, x : x + w] == index, np.bool_)
        worded = text[y : y + h, x : x + w][part].mean() > _WORDED
        pieces = [part] if worded else _pieces(part, stripes[y : y + h, x : x + w], em)
        for piece in pieces:
            left, top, right, bottom = core(piece)
            inner = piece[top:bottom, left:right]
            if min(inner.shape) >= _SMALLEST_FILL * em and inner.mean() >= _FILLED:
                boxes.append(Box(x + left, y + top, x + right, y + bottom))
    return boxes


def core(part: Mask) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of an area without what runs out of it: folds, stains."""
    edges = []
    for axis in (0, 1):
        # From first to last: words and light places inside do not count.
        ahead = np.maximum.accumulate(part, axis=axis)
        behind = np.flip(np.maximum.accumulate(np.flip(part, axis), axis=axis), axis)
        filled = (ahead & behind).sum(axis=axis)
        kept = np.flatnonzero(filled >= _RUNS_OUT * filled.max())
        edges.append((int(kept[0]), int(kept[-1]) + 1))
    (left, right), (top, bottom) = edges
    return left, top, right, bottom


def _is_tint(box: Box, image: Image, text: Mask, tint: Tone, em: float) -> bool:
    """Whether a tint is printed: far from the paper around it, or ending sharply at its sides.

    A stain or the shadow of a fold is faint, and fades.
    """
    sharp, depths = 0, []
    for way in range(4):
        inner, beside, off = (
            _median(_strip(box, way, low * em, high * em), image, text)
            for low, high in (_INSIDE, _BESIDE, _OFF)
        )
        if off is None or inner is None:
            continue
        depth = _apart(off, tint)
        depths.append(depth)
        jump = 0.0 if beside is None else _apart(beside, inner)
        sharp += depth > _STEP and jump > _SHARP * depth
    return bool(depths) and (float(np.median(depths)) > _DEEP or sharp >= _STRAIGHT)


def _strip(box: Box, way: int, low: float, high: float) -> Box:
    """Along the left, right, top or bottom side (`way` 0 to 3), `low` to `high` outside it."""
    if way < 2:
        x0, x1 = (box.x0 - high, box.x0 - low) if way == 0 else (box.x1 + low, box.x1 + high)
        return Box(x0, box.y0, x1, box.y1)
    y0, y1 = (box.y0 - high, box.y0 - low) if way == 2 else (box.y1 + low, box.y1 + high)
    return Box(box.x0, y0, box.x1, y1)


def _apart(one: Tone, other: Tone) -> float:
    return float(np.abs(one - other).max())


def _median(box: Box, image: Image, text: Mask) -> Tone | None:
    """The tone of a box without its text; None where nothing is left of it."""
    if box.x1 <= 0 or box.y1 <= 0:
        return None
    rows, columns = slices(box)
    pixels = image[rows, columns][~text[rows, columns]]
    return np.asarray(np.median(pixels, axis=0), np.float64) if len(pixels) else None


def _on_tint(image: Image, ground: Mask, tint: Tone, em: float) -> list[Box]:
    """What is printed on a tint and no thin stroke; `image` and `ground` are of the tint's box.

    A photograph on it may have nearly the tint's tone in places, and fall into parts.
    """
    smooth = cv2.blur(image, (3, 3)).astype(np.float32)
    strong = np.abs(smooth - tint.astype(np.float32)).max(axis=2) > _PRINTED
    none = np.zeros_like(ground)
    whole, parts = (
        _solid(ground & printed, none, none, none, em)
        for printed in (strong | printed_on(image, tint, em), strong)
    )
    torn = [
        box
        for box in whole
        if _large(box, em)
        and not any(p.share_in(box) > 0.5 and p.area > _MOST_FOUND * box.area for p in parts)
    ]
    return torn + [part for part in parts if not any(part.share_in(b) > 0.5 for b in torn)]


def _tint(pixels: NDArray[Any]) -> Tone | None:
    """The RGB tone that most of the pixels have; None where they have no one tone."""
    if not len(pixels):
        return None
    gray = pixels.mean(axis=1)
    counts = np.bincount((gray / 4).astype(int), minlength=64)
    middle = 4.0 * float(np.convolve(counts, np.ones(5), "same").argmax()) + 2.0
    near = np.abs(gray - middle) < _NARROW
    if near.mean() < _MOSTLY:
        return None
    return np.asarray(np.median(pixels[near], axis=0), np.float64)


def _hex(color: Sequence[float] | Tone) -> int:
    red, green, blue = (int(v) for v in color)
    return red << 16 | green << 8 | blue


def _rgb(fill: int | None) -> Tone:
    value = fill or 0
    return np.array([value >> 16, value >> 8 & 255, value & 255], np.float64)


def slices(box: Box) -> tuple[slice, slice]:
    """Rows and columns of an array that a box covers."""
    return (
        slice(max(0, round(box.y0)), round(box.y1)),
        slice(max(0, round(box.x0)), round(box.x1)),
    )
