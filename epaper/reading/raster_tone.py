"""Tone of a page: what is darker or more coloured than its paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from epaper.abreast import abreast, aside
from epaper.masks import long_across, long_down

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float32]

_BLOCKS = 24
_ROUNDS = 4
# Distance from the paper's tone, of 255: surely printed, and part of something printed.
_STRONG, _WEAK = 38.0, 11.0
# Percentile that is paper still in any row that is not printed from edge to edge; ems over
# which a fold is looked for, and the deepest shadow of one.
_LIGHTEST = 90
_FOLD_EM, _DEEPEST = 30.0, 100.0
# Distance at which a patch is no paper; pixels an em has, and ems paper tone is carried.
_PRINTED, _COARSE_EM, _REACH = 24.0, 5.0, 8.0
# A faint area of such a share of its box, so many ems wide and high, may be a tint.
_EVEN, _TINTED = 0.85, 6.0
# Tone by which a faint tint is darker than its paper; how often its rim is taken off.
_FAINT, _LEFT_OUT = 7.0, 6
# A stripe of bare paper between pictures is so many ems long, one of soiled paper so many; that
# is less than this off the paper's tone, when smoothed over so many pixels.
_STRIPE, _SOILED_STRIPE, _SOILED, _GRIT = 4.0, 12.0, 24.0, 3
# Pixels that make one of the grid on which that is worked out.
_SMOOTH = 8


@dataclass(frozen=True, slots=True)
class Paper:
    """RGB tone (h, w, 3) of a page's paper: as it is around each place, and without faint tints.

    Both are smaller than the page, and the same array where there are no such tints.
    """

    around: Image
    bare: Image


def paper_of(image: Image, em: float) -> Paper:
    """The paper's tone everywhere on a page (H, W, 3); `em` in pixels.

    Letters are closed away; where what is left is clearly no paper, its tone is carried
    over from the paper around.
    """
    scale = min(1.0, _COARSE_EM / em)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    side = max(3, round(_COARSE_EM)) | 1
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    light: Floats = np.asarray(closed, np.float32)
    base = _surface(light)
    base += _folds(light - base)
    printed = (np.abs(base - light).max(axis=2) > _PRINTED).astype(np.uint8)
    grown = cv2.dilate(printed, np.ones((2 * side + 1, 2 * side + 1), np.uint8))
    rest = light - base
    weight = (grown == 0).astype(np.float32)
    carried = _carried(rest, weight)
    around = _bytes(base + carried)
    untinted = _untinted(rest, weight, carried)
    return Paper(around, around if untinted is carried else _bytes(base + untinted))


def _bytes(tone: Floats) -> Image:
    return np.asarray(np.clip(np.rint(tone), 0, 255), np.uint8)


def _untinted(rest: Floats, weight: Floats, carried: Floats) -> Floats:
    """What is `carried` by the weights without those of faint tints, or just that without any.

    They are taken off from their edges inwards. They are darker than what is around them; a
    shadow grows too slowly to be.
    """
    kept = weight
    for _ in range(_LEFT_OUT):
        darker = _greatest(cv2.subtract(carried, rest)) > _FAINT
        fewer = np.where(darker, np.float32(0), weight)
        if np.array_equal(fewer, kept):
            break
        kept = fewer
        carried = _carried(rest, kept)
    return carried


def _carried(rest: Floats, weight: Floats) -> Floats:
    """The mean of what is left (H, W, 3) around each place, by the weights of its places."""
    local = _around(rest * weight[:, :, None])
    return np.asarray(local / np.maximum(_around(weight), 0.02)[:, :, None], np.float32)


def _around(values: Floats) -> Floats:
    """The mean of values (H, W, …) around each place, far ones counting less.

    It is so smooth that it is worked out on a coarse grid.
    """
    height, width = values.shape[:2]
    coarse = (max(1, width // _SMOOTH), max(1, height // _SMOOTH))
    few = cv2.resize(values, coarse, interpolation=cv2.INTER_AREA)
    sigma = _REACH * _COARSE_EM
    smooth = cv2.GaussianBlur(
        few, (0, 0), sigma * coarse[0] / width, sigmaY=sigma * coarse[1] / height
    )
    return np.asarray(
        cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR), np.float32
    )


def _folds(rest: Floats) -> Floats:
    """Shadows of folds, right across the page, in what differs from the even paper (H, W, 3).

    Along a fold even the lightest places are darker than those above and below.
    """
    found = np.zeros_like(rest)
    gray = rest.mean(axis=2)
    for axis in (0, 1):
        level = np.percentile(gray, _LIGHTEST, axis=1 - axis)
        reach = round(_FOLD_EM * _COARSE_EM) // 2
        windows = sliding_window_view(np.pad(level, reach, mode="edge"), 2 * reach + 1)
        around = np.median(windows, axis=1)
        depth = np.minimum(level - around, 0.0)
        depth = np.where((depth < -_WEAK) & (depth > -_DEEPEST), depth, 0.0)
        found += np.expand_dims(depth, (1, 2) if axis == 0 else (0, 2)).astype(np.float32)
    return found


def _surface(image: Floats) -> Floats:
    """A quadratic surface fitted to an image's light blocks, refitted without dark ones."""
    height, width = image.shape[:2]
    blocks = cv2.resize(image, (_BLOCKS, _BLOCKS), interpolation=cv2.INTER_AREA)
    tone = np.asarray(blocks, np.float64).reshape(-1, 3)
    y, x = np.mgrid[0:_BLOCKS, 0:_BLOCKS] / (_BLOCKS - 1.0)
    terms = _terms(y.ravel(), x.ravel())
    light = tone.sum(axis=1)
    kept = light >= np.percentile(light, 35)
    fit = np.zeros((terms.shape[1], 3))
    for _ in range(_ROUNDS):
        fit = np.linalg.lstsq(terms[kept], tone[kept], rcond=None)[0]
        rest = light - (terms @ fit).sum(axis=1)
        kept = rest > -2.0 * max(6.0, float(np.median(np.abs(rest[kept]))))
    surface = (terms @ fit).reshape(_BLOCKS, _BLOCKS, 3).astype(np.float32)
    return np.asarray(
        cv2.resize(surface, (width, height), interpolation=cv2.INTER_LINEAR), np.float32
    )


def _terms(y: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=1)


@dataclass(frozen=True, slots=True)
class Tones:
    """A page's `paper`, its `printed` areas, and long `stripes` of bare paper: masks (H, W)."""

    paper: Paper
    printed: Mask
    stripes: Mask


def tones_of(image: Image, em: float) -> Tones:
    """The tones of an RGB page (H, W, 3); `em` in pixels."""
    behind = aside(partial(paper_of, image, em))
    # The size that closes a halftone's dots keeps letters' gaps open enough.
    side = max(3, round(0.3 * em)) | 1
    even = _split(cv2.blur(image, (side, side)))
    paper = behind()
    around = _full(paper.around, even[0].shape)
    between = aside(partial(_stripes, image, around, em))
    return Tones(paper, _toned(even, paper, around, em), between())


def printed_on(image: Image, tint: NDArray[np.float64], em: float) -> Mask:
    """Pixels (H, W) of what is printed on one tone of RGB: strong, or weak and backed by that."""
    side = max(3, round(0.3 * em)) | 1
    ground = [np.full(image.shape[:2], round(v), np.uint8) for v in tint.tolist()]
    return _printed(_weak(_apart(ground, _split(cv2.blur(image, (side, side)))), em))


def _split(image: NDArray[Any]) -> list[Image]:
    return [np.asarray(plane, np.uint8) for plane in cv2.split(image)]


def _full(tone: Image, shape: tuple[int, ...]) -> list[Image]:
    """The paper's tone, which is kept smaller, at the page's size, a colour at a time."""
    size = shape[::-1]
    planes = (cv2.resize(t, size, interpolation=cv2.INTER_LINEAR) for t in cv2.split(tone))
    return [np.asarray(plane, np.uint8) for plane in planes]


def _toned(even: Sequence[Image], paper: Paper, around: Sequence[Image], em: float) -> Mask:
    """Pixels in printed areas: strong tone, weaker tone that hangs together with it, and tints.

    A light sky is kept with the picture it belongs to; show-through, folds and stains,
    weak everywhere, are not. A faint tint fills its rectangle. `even` are the page's colours
    without the dots of a halftone, `around` is the paper's tone at full size.
    """
    if paper.bare is paper.around:
        weak = _weak(_apart(around, even), em)
        return np.asarray(_printed(weak) | _tints(weak, em), np.bool_)
    printed, tinted = abreast(
        [
            lambda: _printed(_weak(_apart(around, even), em)),
            lambda: _tints(_weak(_apart(_full(paper.bare, even[0].shape), even), em), em),
        ]
    )
    return np.asarray(printed | tinted, np.bool_)


def _stripes(image: Image, around: Sequence[Image], em: float) -> Mask:
    """Long stripes of bare paper, as they part photographs close to each other.

    What shows through may darken them. `around` is the paper's tone at full size.
    """
    bare = _runs(_apart(around, _split(image)) < _WEAK, _STRIPE * em)
    smooth = _split(cv2.blur(image, (_GRIT, _GRIT)))
    soiled = _runs(_apart(around, smooth) < _SOILED, _SOILED_STRIPE * em)
    return np.asarray(bare | soiled, np.bool_)


def _runs(mask: Mask, least: float) -> Mask:
    """What is so long in a row or a column of a mask."""
    return np.asarray(long_across(mask, round(least)) | long_down(mask, round(least)), np.bool_)


@dataclass(frozen=True, slots=True)
class _Weak:
    """Connected areas of at least weak tone, without thin ones.

    `difference` (H, W) is how far each pixel is from the paper's tone, `labels` (H, W) the number
    of its area, `stats` OpenCV's of each area.
    """

    difference: Image
    labels: NDArray[np.int32]
    stats: NDArray[np.int32]


def _printed(weak: _Weak) -> Mask:
    """Strong tone, and weak tone that is backed by it."""
    strong = np.asarray(weak.difference > _STRONG, np.bool_)
    backed = np.bincount(weak.labels[strong], minlength=len(weak.stats))
    return strong | _those(weak, backed > 0.2 * weak.stats[:, cv2.CC_STAT_AREA])


def _tints(weak: _Weak, em: float) -> Mask:
    """Weak tone that fills large rectangles."""
    wide, high = weak.stats[:, cv2.CC_STAT_WIDTH], weak.stats[:, cv2.CC_STAT_HEIGHT]
    kept = weak.stats[:, cv2.CC_STAT_AREA] > _EVEN * wide * high
    return _those(weak, kept & (np.minimum(wide, high) > _TINTED * em))


def _those(weak: _Weak, kept: Mask) -> Mask:
    """The areas that are kept; they are few, so that all other pixels need not be looked at."""
    found = np.zeros(weak.labels.shape, np.bool_)
    for index in np.flatnonzero(kept[1:]) + 1:
        x, y, w, h = weak.stats[index, :4].tolist()
        found[y : y + h, x : x + w] |= weak.labels[y : y + h, x : x + w] == index
    return found


def _apart(paper: Sequence[Image], page: Sequence[Image]) -> Image:
    """The greatest difference of a pixel's colours, given one by one, from the paper's."""
    first, *others = (cv2.absdiff(a, b) for a, b in zip(paper, page, strict=True))
    for other in others:
        cv2.max(first, other, dst=first)
    return np.asarray(first, np.uint8)


def _greatest(image: NDArray[Any]) -> NDArray[Any]:
    """The greatest of a pixel's three colours; NumPy takes ten times as long over it."""
    red, green, blue = cv2.split(image)
    return np.asarray(cv2.max(cv2.max(red, green), blue))


def _weak(difference: Image, em: float) -> _Weak:
    opened = max(3, round(0.7 * em)) | 1
    weak = cv2.morphologyEx(
        (difference > _WEAK).astype(np.uint8), cv2.MORPH_OPEN, np.ones((opened, opened), np.uint8)
    )
    _, labels, stats, _ = cv2.connectedComponentsWithStats(weak.astype(np.uint8), connectivity=4)
    return _Weak(difference, np.asarray(labels, np.int32), np.asarray(stats, np.int32))
