"""Tone of a page: what is darker or more coloured than its paper."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float32]

_BLOCKS = 24
_ROUNDS = 4
# Distance from the paper's tone, of 255: surely printed, and part of something printed.
_STRONG, _WEAK = 38.0, 10.0


def paper_of(image: Image) -> Floats:
    """The paper's RGB tone everywhere on a page (H, W, 3), a quadratic surface.

    Fitted to blocks' light tones and refitted without the blocks that lie below it, so
    that pictures and tints do not pull it down.
    """
    height, width = image.shape[:2]
    rows = np.array_split(np.arange(height), min(_BLOCKS, height))
    columns = np.array_split(np.arange(width), min(_BLOCKS, width))
    points, values = [], []
    for r in rows:
        for c in columns:
            block = image[r[0] : r[-1] + 1, c[0] : c[-1] + 1].reshape(-1, 3)
            points.append((r.mean() / height, c.mean() / width))
            values.append(np.percentile(block, 80, axis=0))
    terms = _terms(np.array(points)[:, 0], np.array(points)[:, 1])
    tone = np.array(values)
    light = tone.sum(axis=1)
    kept = light >= np.percentile(light, 35)
    fit = np.zeros((terms.shape[1], 3))
    for _ in range(_ROUNDS):
        fit = np.linalg.lstsq(terms[kept], tone[kept], rcond=None)[0]
        rest = light - (terms @ fit).sum(axis=1)
        kept = rest > -2.0 * max(6.0, float(np.median(np.abs(rest[kept]))))
    y, x = np.mgrid[0:_BLOCKS, 0:_BLOCKS] / (_BLOCKS - 1.0)
    surface = (_terms(y.ravel(), x.ravel()) @ fit).reshape(_BLOCKS, _BLOCKS, 3)
    grown = cv2.resize(surface.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(grown, 0, 255), np.float32)


def _terms(y: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=1)


def tones(image: Image, paper: Floats, em: float) -> Mask:
    """Pixels in printed areas: strong tone, and weaker tone that hangs together with it.

    A light sky is kept with the picture it belongs to; show-through, folds and stains,
    weak everywhere, are not.
    """
    side = max(3, round(0.3 * em)) | 1
    # A blur closes a halftone's dots; its size keeps letters' gaps open enough.
    smooth = cv2.blur(image, (side, side)).astype(np.float32)
    difference = np.abs(paper - smooth).max(axis=2)
    strong = difference > _STRONG
    weak = (difference > _WEAK).astype(np.uint8)
    opened = max(3, round(0.7 * em)) | 1
    weak = cv2.morphologyEx(weak, cv2.MORPH_OPEN, np.ones((opened, opened), np.uint8)).astype(
        np.uint8
    )
    count, labels = cv2.connectedComponents(weak, connectivity=4)
    sizes = np.bincount(labels.ravel(), minlength=count)
    backed = np.bincount(labels.ravel(), weights=strong.ravel(), minlength=count)
    kept = backed > 0.2 * sizes
    kept[0] = False
    return np.asarray(strong | kept[labels], np.bool_)
