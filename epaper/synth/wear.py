"""Scans of typeset pages, from nearly clean to badly worn.

The page keeps its frame: the scan is as large as the page at its resolution, so that truth
in millimetres of the page still holds, but for the skew and warp, of a few millimetres.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pymupdf
from numpy.typing import NDArray
from PIL import Image

from epaper.synth.pictures import noise

# PyMuPDF types only some of its calls.
_mupdf: Any = pymupdf
Gray = NDArray[np.float32]


@dataclass(frozen=True)
class Wear:
    """How worn a scan is: degrees, millimetres, and shares of full ink from 0 to 1."""

    skew: float
    warp: float
    tone: float
    show_through: float
    fold: float
    blur: float
    dirt: int
    grain: float
    quality: int
    fading: float


LEVELS: tuple[Wear, ...] = (
    Wear(0.1, 0.2, 0.03, 0.0, 0.0, 0.0, 0, 1.5, 92, 0.0),
    Wear(0.4, 0.6, 0.08, 0.03, 0.0, 0.5, 30, 3.0, 85, 0.05),
    Wear(1.0, 1.4, 0.16, 0.08, 0.15, 0.8, 150, 5.0, 75, 0.15),
    Wear(1.8, 2.4, 0.26, 0.14, 0.3, 1.1, 500, 9.0, 60, 0.28),
)


def scan(pdf: Path, out: Path, level: int, rng: random.Random, dpi: int = 300) -> Path:
    """Write the first page of `pdf` as the JPEG `out`, worn to `level` (1 to 4).

    ValueError where there is no such level.
    """
    if not 1 <= level <= len(LEVELS):
        raise ValueError(f"wear runs from 1 to {len(LEVELS)}, not {level}")
    with _mupdf.open(pdf) as document:
        pixmap = document[0].get_pixmap(dpi=dpi)
        shape = (pixmap.height, pixmap.width, 3)
        page = np.frombuffer(pixmap.samples, np.uint8).reshape(shape).copy()
    worn = _worn(page, LEVELS[level - 1], rng, dpi)
    if rng.random() < 0.35:
        worn = worn.mean(axis=2).astype(np.uint8)
    Image.fromarray(worn).save(out, quality=LEVELS[level - 1].quality, dpi=(dpi, dpi))
    return out


def _worn(page: NDArray[np.uint8], wear: Wear, rng: random.Random, dpi: int) -> NDArray[np.uint8]:
    gen = np.random.default_rng(rng.getrandbits(48))
    height, width = page.shape[:2]
    if wear.show_through:
        page = _shown_through(page, wear.show_through * gen.uniform(0.6, 1.3))
    page = _bent(page, wear, gen, dpi)
    if wear.blur:
        softness = wear.blur * dpi / 300 * gen.uniform(0.7, 1.3)
        page = np.asarray(cv2.GaussianBlur(page, (0, 0), softness), dtype=np.uint8)
    light = _light(gen, height, width, wear)
    yellowing = wear.tone * gen.uniform(0.3, 1.2)
    paper = [1 - share * yellowing for share in (0.25, 0.55, 1.0)]
    ink = 255 * wear.fading * gen.uniform(0.5, 1.2)
    for channel in range(3):
        plane = (ink + page[..., channel] * (255 - ink) / 255) * light * paper[channel]
        page[..., channel] = np.clip(plane, 0, 255)
    _soil(page, wear.dirt, gen, dpi)
    return _grained(page, wear.grain, gen)


def _shown_through(page: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """The other side of the sheet, mirrored and soft, under the page's own ink."""
    back = cv2.GaussianBlur(page[:, ::-1], (0, 0), 2.5)
    back = np.roll(back, (page.shape[0] // 19, page.shape[1] // 31), axis=(0, 1))
    lighter = 255 - ((255 - back).astype(np.float32) * share).astype(np.uint8)
    return np.asarray(np.minimum(page, lighter), dtype=np.uint8)


def _bent(
    page: NDArray[np.uint8], wear: Wear, gen: np.random.Generator, dpi: int
) -> NDArray[np.uint8]:
    """Skew and a slow warp in one resampling."""
    height, width = page.shape[:2]
    angle = np.deg2rad(gen.uniform(-wear.skew, wear.skew))
    reach = wear.warp * dpi / 25.4 * 0.5
    small = (max(2, width // 64), max(2, height // 64))
    xs, ys = np.meshgrid(
        np.linspace(0, width - 1, small[0], dtype=np.float32),
        np.linspace(0, height - 1, small[1], dtype=np.float32),
    )
    cx, cy = width / 2, height / 2
    dx = noise(gen, small[1], small[0], max(4, small[0] // 3)) * reach
    dy = noise(gen, small[1], small[0], max(4, small[0] // 3)) * reach
    map_x = np.cos(angle) * (xs - cx) - np.sin(angle) * (ys - cy) + cx + dx
    map_y = np.sin(angle) * (xs - cx) + np.cos(angle) * (ys - cy) + cy + dy
    map_x = cv2.resize(map_x.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    map_y = cv2.resize(map_y.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    bent = cv2.remap(
        page, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(250,) * 3
    )
    return np.asarray(bent, dtype=np.uint8)


def _light(gen: np.random.Generator, height: int, width: int, wear: Wear) -> Gray:
    """Uneven light and the shadow of a fold, as a factor for each pixel."""
    rows, columns = max(2, height // 32), max(2, width // 32)
    clouds = np.abs(noise(gen, rows, columns, max(4, columns // 2)))
    light = np.asarray(1 - wear.tone * 0.3 * clouds, dtype=np.float32)
    if wear.fold:
        at = rows * gen.uniform(0.47, 0.53)
        distance = np.abs(np.arange(rows, dtype=np.float32) - at)
        light *= (1 - wear.fold * np.exp(-distance / 1.2))[:, None]
    wide = cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(wide, 0.35, 1.0), dtype=np.float32)


def _soil(page: NDArray[np.uint8], count: int, gen: np.random.Generator, dpi: int) -> None:
    height, width = page.shape[:2]
    for _ in range(int(count * gen.uniform(0.5, 1.5))):
        center = (int(gen.uniform(0, width)), int(gen.uniform(0, height)))
        radius = max(1, int(gen.exponential(0.12) * dpi / 25.4))
        shade = float(gen.uniform(30, 160)) if gen.random() < 0.8 else 235.0
        axes = (radius, max(1, int(radius * gen.uniform(0.3, 1.0))))
        cv2.ellipse(page, center, axes, gen.uniform(0, 180), 0, 360, (shade, shade, shade), -1)


def _grained(page: NDArray[np.uint8], grain: float, gen: np.random.Generator) -> NDArray[np.uint8]:
    tile = gen.normal(0, grain, (512, 512)).astype(np.float32)
    height, width = page.shape[:2]
    field = np.tile(tile, (height // 512 + 1, width // 512 + 1))[:height, :width]
    for channel in range(3):
        page[..., channel] = np.clip(page[..., channel] + field, 0, 255)
    return page
