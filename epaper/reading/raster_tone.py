"""Tone of a page: what is darker or more coloured than its paper."""

from __future__ import annotations

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
# Pixels that make one of the grid on which that is worked out.
_SMOOTH = 8


def paper_of(image: Image, em: float) -> Image:
    """The paper's RGB tone everywhere on a page (H, W, 3); `em` in pixels.

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
    local = _around((light - base) * weight[:, :, None])
    paper = base + local / np.maximum(_around(weight), 0.02)[:, :, None]
    tone = np.clip(np.rint(paper), 0, 255).astype(np.uint8)
    return np.asarray(
        cv2.resize(tone, image.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.uint8
    )


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


def tones(image: Image, paper: Image, em: float) -> Mask:
    """Pixels in printed areas: strong tone, and weaker tone that hangs together with it.

    A light sky is kept with the picture it belongs to; show-through, folds and stains,
    weak everywhere, are not.
    """
    side = max(3, round(0.3 * em)) | 1
    # A blur closes a halftone's dots; its size keeps letters' gaps open enough.
    apart = cv2.absdiff(paper, cv2.blur(image, (side, side)))
    red, green, blue = cv2.split(apart)
    difference = cv2.max(cv2.max(red, green), blue)
    strong = np.asarray(difference > _STRONG, np.bool_)
    opened = max(3, round(0.7 * em)) | 1
    weak = cv2.morphologyEx(
        (difference > _WEAK).astype(np.uint8), cv2.MORPH_OPEN, np.ones((opened, opened), np.uint8)
    )
    count, labels = cv2.connectedComponents(weak.astype(np.uint8), connectivity=4)
    sizes = np.bincount(labels.ravel(), minlength=count)
    backed = np.bincount(labels[strong], minlength=count)
    kept = backed > 0.2 * sizes
    kept[0] = False
    return np.asarray(strong | kept[labels], np.bool_)
