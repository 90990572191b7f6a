"""Tone of a page: what is darker or more coloured than its paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

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
# Pixels that make one of the grid on which that is worked out.
_SMOOTH = 8


@dataclass(frozen=True, slots=True)
class Paper:
    """RGB tone (H, W, 3) of a page's paper: as it is around each place, and without faint tints."""

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
    weight = (grown == 0).astype(np.float32)
    found = [base + _carried(light - base, w) for w in (weight, _untinted(light - base, weight))]
    around, bare = (_at_size(paper, image) for paper in found)
    return Paper(around, bare)


def _at_size(paper: Floats, image: Image) -> Image:
    tone = np.clip(np.rint(paper), 0, 255).astype(np.uint8)
    size = image.shape[1::-1]
    return np.asarray(cv2.resize(tone, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _untinted(rest: Floats, weight: Floats) -> Floats:
    """The weights without those of faint tints, taken off from their edges inwards.

    They are darker than what is around them; a shadow grows too slowly to be.
    """
    kept = weight
    for _ in range(_LEFT_OUT):
        darker = _greatest(cv2.subtract(_carried(rest, kept), rest)) > _FAINT
        kept = np.where(darker, np.float32(0), weight)
    return kept


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


def tones(image: Image, paper: Paper, em: float) -> Mask:
    """Pixels in printed areas: strong tone, weaker tone that hangs together with it, and tints.

    A light sky is kept with the picture it belongs to; show-through, folds and stains,
    weak everywhere, are not. A faint tint fills its rectangle.
    """
    side = max(3, round(0.3 * em)) | 1
    # A blur closes a halftone's dots; its size keeps letters' gaps open enough.
    blurred = np.asarray(cv2.blur(image, (side, side)), np.uint8)
    difference = _apart(paper.around, blurred)
    strong = np.asarray(difference > _STRONG, np.bool_)
    labels, stats = _weak(difference, em)
    backed = np.bincount(labels[strong], minlength=len(stats))
    kept = backed > 0.2 * stats[:, cv2.CC_STAT_AREA]
    kept[0] = False
    return np.asarray(strong | kept[labels] | _tints(_apart(paper.bare, blurred), em), np.bool_)


def _tints(difference: Image, em: float) -> Mask:
    """Weak tone that fills large rectangles."""
    labels, stats = _weak(difference, em)
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    kept = stats[:, cv2.CC_STAT_AREA] > _EVEN * wide * high
    kept &= np.minimum(wide, high) > _TINTED * em
    kept[0] = False
    return np.asarray(kept[labels], np.bool_)


def _apart(paper: Image, image: Image) -> Image:
    """The greatest difference of a pixel's colours from the paper's."""
    return np.asarray(_greatest(cv2.absdiff(paper, image)), np.uint8)


def _greatest(image: NDArray[Any]) -> NDArray[Any]:
    """The greatest of a pixel's three colours; NumPy takes ten times as long over it."""
    red, green, blue = cv2.split(image)
    return np.asarray(cv2.max(cv2.max(red, green), blue))


def _weak(difference: Image, em: float) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Connected areas of at least weak tone, without thin ones: their labels (H, W) and sizes."""
    opened = max(3, round(0.7 * em)) | 1
    weak = cv2.morphologyEx(
        (difference > _WEAK).astype(np.uint8), cv2.MORPH_OPEN, np.ones((opened, opened), np.uint8)
    )
    _, labels, stats, _ = cv2.connectedComponentsWithStats(weak.astype(np.uint8), connectivity=4)
    return np.asarray(labels, np.int32), np.asarray(stats, np.int32)
