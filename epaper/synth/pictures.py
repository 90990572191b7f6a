"""Invented photographs and drawings, for the room that pictures take on a page."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]


def noise(gen: np.random.Generator, height: int, width: int, cell: int) -> Image:
    """Smooth noise of mean 0, with features about `cell` pixels wide."""
    rows, columns = height // cell + 3, width // cell + 3
    grid = gen.normal(0, 1, (rows, columns)).astype(np.float32)
    wide = cv2.resize(grid, (columns * cell, rows * cell), interpolation=cv2.INTER_CUBIC)
    return np.asarray(wide[cell : cell + height, cell : cell + width], dtype=np.float32)


def _clouds(gen: np.random.Generator, height: int, width: int) -> Image:
    total = sum(noise(gen, height, width, max(2, width // n)) / n for n in (2, 4, 9, 20, 50))
    return np.asarray(total, dtype=np.float32)


def _tinted(value: Image, dark: Any, light: Any) -> Image:
    share = np.clip(value, 0, 1)[..., None]
    mixed = np.asarray(dark, np.float32) * (1 - share) + np.asarray(light, np.float32) * share
    return np.asarray(mixed, dtype=np.float32)


def _landscape(gen: np.random.Generator, height: int, width: int) -> Image:
    fall = np.linspace(0.2, 0.9, height, dtype=np.float32)[:, None]
    image = _tinted(fall + 0.25 * _clouds(gen, height, width), (200, 150, 90), (250, 240, 225))
    for layer in range(int(gen.integers(2, 5))):
        line = noise(gen, 1, width, max(8, width // int(gen.integers(3, 9))))[0]
        top = height * (0.35 + 0.16 * layer) + line * height * 0.06
        mask = np.arange(height, dtype=np.float32)[:, None] > top[None, :]
        shade = 0.5 + 0.3 * _clouds(gen, height, width)
        ground = _tinted(shade, gen.uniform(10, 90, 3), gen.uniform(60, 190, 3))
        image[mask] = ground[mask]
    return image


def _figures(gen: np.random.Generator, height: int, width: int) -> Image:
    image = _tinted(
        0.5 + 0.4 * _clouds(gen, height, width), gen.uniform(40, 120, 3), (230, 230, 225)
    )
    count = int(gen.integers(1, 6))
    for i in range(count):
        size = height * gen.uniform(0.09, 0.16) * (1.6 if count == 1 else 1.0)
        x = width * (i + 0.5) / count + gen.normal(0, width * 0.03)
        y = height * gen.uniform(0.3, 0.5)
        cloth, skin = gen.uniform(20, 220, 3).tolist(), (150.0, 180.0, 225.0)
        body = (int(size * 1.5), int(size * 2.6))
        cv2.ellipse(image, (int(x), int(y + size * 3.4)), body, 0, 0, 360, cloth, -1)
        cv2.ellipse(image, (int(x), int(y)), (int(size * 0.75), int(size)), 0, 0, 360, skin, -1)
        hair = (int(x), int(y - size * 0.25))
        cv2.ellipse(image, hair, (int(size * 0.8), int(size * 0.85)), 0, 180, 360, (30, 30, 35), -1)
    return image


def _street(gen: np.random.Generator, height: int, width: int) -> Image:
    image = _landscape(gen, height, width)
    x = 0
    while x < width:
        wide, tall = int(width * gen.uniform(0.08, 0.25)), int(height * gen.uniform(0.3, 0.85))
        wall = gen.uniform(60, 210, 3)
        cv2.rectangle(image, (x, height - tall), (x + wide, height), wall.tolist(), -1)
        step = max(6, wide // int(gen.integers(3, 8)))
        for wx in range(x + step // 3, x + wide - step // 2, step):
            for wy in range(height - tall + step // 2, height - step, step):
                lit = (wall * gen.uniform(0.3, 1.2)).tolist()
                cv2.rectangle(image, (wx, wy), (wx + step // 2, wy + step // 2), lit, -1)
        x += wide + int(gen.integers(0, 8))
    return image


def _field(gen: np.random.Generator, height: int, width: int) -> Image:
    texture = 0.5 + 0.25 * noise(gen, height, width, 5) + 0.4 * _clouds(gen, height, width)
    return _tinted(texture, gen.uniform(0, 80, 3), gen.uniform(120, 255, 3))


def _drawing(gen: np.random.Generator, height: int, width: int) -> Image:
    image = np.full((height, width, 3), 250, np.float32)
    for _ in range(int(gen.integers(8, 26))):
        steps = gen.normal(0, width * 0.06, (int(gen.integers(4, 20)), 2)).cumsum(axis=0)
        start = gen.uniform(0.1, 0.9, 2) * (width, height)
        points = (steps + start).astype(np.int32)
        thick = int(gen.integers(1, 4))
        cv2.polylines(image, [points], bool(gen.random() < 0.3), (25, 25, 25), thick, cv2.LINE_AA)
    return image


def _chart(gen: np.random.Generator, height: int, width: int) -> Image:
    image = np.full((height, width, 3), 245, np.float32)
    count = int(gen.integers(4, 9))
    for i in range(count):
        tall = int(height * gen.uniform(0.15, 0.8))
        x = int(width * (0.1 + 0.85 * i / count))
        color = gen.uniform(20, 200, 3).tolist()
        corner = (x + int(width * 0.5 / count), int(height * 0.92))
        cv2.rectangle(image, (x, int(height * 0.92) - tall), corner, color, -1)
    base = int(height * 0.92)
    cv2.line(image, (int(width * 0.05), base), (int(width * 0.97), base), (0, 0, 0), 2)
    return image


_KINDS: tuple[tuple[Callable[[np.random.Generator, int, int], Image], float], ...] = (
    (_landscape, 3.0),
    (_figures, 4.0),
    (_street, 2.0),
    (_field, 2.0),
    (_drawing, 1.0),
    (_chart, 0.7),
)


def photograph(
    rng: random.Random, aspect: float, color: bool, pixels: int = 420, dim: float = 0.0
) -> bytes:
    """A JPEG `pixels` wide, `aspect` (height by width) high; natural in tone, of nothing.

    The lowest `dim` of its height is dark, for light words over it.
    """
    gen = np.random.default_rng(rng.getrandbits(48))
    make = rng.choices([k for k, _ in _KINDS], [w for _, w in _KINDS])[0]
    height = max(24, round(pixels * aspect))
    image = make(gen, height, pixels)
    grainy = image + gen.normal(0, rng.choice((2.0, 6.0, 10.0)), image.shape[:2])[..., None]
    gamma = rng.choice((0.6, 0.9, 1.0, 1.2, 1.8))
    toned = (255 * (np.clip(grainy, 0, 255) / 255) ** gamma).astype(np.uint8)
    if dim:
        foot = round(height * (1 - dim))
        toned[foot:] = (toned[foot:] * 0.3).astype(np.uint8)
    if not color:
        toned = toned.mean(axis=2).astype(np.uint8)
    done, data = cv2.imencode(".jpg", toned, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(60, 85)])
    assert done
    return bytes(data.tobytes())


def scribble(rng: random.Random) -> list[list[tuple[float, float]]]:
    """A line drawing as strokes in the unit square: bent lines, some of them closed."""
    gen = np.random.default_rng(rng.getrandbits(48))
    strokes = []
    for _ in range(int(gen.integers(10, 30))):
        steps = gen.normal(0, 0.07, (int(gen.integers(5, 22)), 2)).cumsum(axis=0)
        points = np.clip(steps + gen.uniform(0.1, 0.9, 2), 0.0, 1.0)
        strokes.append([(float(x), float(y)) for x, y in points])
    # Something reaches every side, so that the drawing is as large as its room.
    strokes.append([(0.0, 0.3), (0.45, 0.0), (1.0, 0.6), (0.5, 1.0), (0.0, 0.3)])
    return strokes


def cut_out(
    rng: random.Random, aspect: float, color: bool, pixels: int = 360
) -> tuple[bytes, list[tuple[float, float]]]:
    """A PNG of a silhouette on nothing, and for strips from its top what it covers of them.

    A strip is given as shares of the width, from and to.
    """
    gen = np.random.default_rng(rng.getrandbits(48))
    height = max(24, round(pixels * aspect))
    image = _figures(gen, height, pixels)
    mask = _silhouette(gen, height, pixels)
    toned = np.clip(image, 0, 255).astype(np.uint8)
    if not color:
        toned = np.repeat(toned.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)
    done, data = cv2.imencode(".png", np.dstack([toned, mask]))
    assert done
    spans = []
    for strip in np.array_split(mask > 0, 40):
        covered = np.flatnonzero(strip.any(axis=0))
        ends = (covered[0], covered[-1] + 1) if len(covered) else (0, 0)
        spans.append((float(ends[0] / pixels), float(ends[1] / pixels)))
    return bytes(data.tobytes()), spans


def _silhouette(gen: np.random.Generator, height: int, width: int) -> NDArray[np.uint8]:
    """A disc, a lozenge, or head and shoulders, as large as the image."""
    mask: Any = np.zeros((height, width), np.uint8)
    middle, kind = (width // 2, height // 2), int(gen.integers(0, 3))
    if kind == 0:
        cv2.ellipse(mask, middle, (width // 2 - 1, height // 2 - 1), 0, 0, 360, (255,), -1)
    elif kind == 1:
        corners = [
            (width // 2, 0),
            (width - 1, height // 2),
            (width // 2, height - 1),
            (0, height // 2),
        ]
        cv2.fillPoly(mask, [np.array(corners)], (255,))
    else:
        head = (int(width * 0.3), int(height * 0.3))
        cv2.ellipse(mask, (width // 2, head[1]), head, 0, 0, 360, (255,), -1)
        body = (width // 2 - 1, int(height * 0.5))
        cv2.ellipse(mask, (width // 2, height - 1), body, 0, 180, 360, (255,), -1)
    return np.asarray(mask, dtype=np.uint8)


def code_square(rng: random.Random, modules: int = 25) -> bytes:
    """A PNG that looks like a matrix code, finder squares and all, and says nothing."""
    gen = np.random.default_rng(rng.getrandbits(48))
    grid = gen.integers(0, 2, (modules, modules)).astype(np.uint8) * 255
    for y, x in ((0, 0), (0, modules - 7), (modules - 7, 0)):
        grid[y : y + 7, x : x + 7] = 0
        grid[y + 1 : y + 6, x + 1 : x + 6] = 255
        grid[y + 2 : y + 5, x + 2 : x + 5] = 0
    done, data = cv2.imencode(
        ".png", np.pad(grid, 2, constant_values=255).repeat(6, 0).repeat(6, 1)
    )
    assert done
    return bytes(data.tobytes())
