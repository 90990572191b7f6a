"""Text detection on a page of any size.

The detection network runs on overlapping tiles, but its answers are joined as
probability maps, before boxes are drawn: a line that crosses a seam is one blob of
the joined map, so nothing is doubled or cut. Boxes are then taken from the map the
way of DB (Liao et al., "Real-time Scene Text Detection with Differentiable
Binarization", AAAI 2020).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.abreast import abreast
from epaper.geometry import Box
from epaper.reading.engine import Network
from epaper.reading.ocr_runners import Floats
from epaper.reading.reduced import reduced

Image = NDArray[np.uint8]
# A tile along one side: its start, the first pixel of its core, and the core's end.
_Span = tuple[int, int, int]

# What the network needs to see around a pixel to judge it, in its own pixels.
_MARGIN = 64
_STRIDE = 32
_THRESHOLD = 0.3
_MIN_SCORE = 0.5
_UNCLIP = 1.5
_MIN_SIDE = 3
# Letters this high (px, short side of a drawn box) are found as well as larger ones.
_BEST_HEIGHT = 24.0
# Lower ones are not measured well.
_LEAST_HEIGHT = 12.0
_PROBE = 768
_COARSER = 3.0
# A piece of a large line lies in it by more than this share, and is less of its length.
_WHOLE = 0.8


@dataclass(frozen=True, slots=True)
class Found:
    """A detected line: upright box and slope (radians, along its long side), page pixels."""

    box: Box
    slope: float
    score: float

    @property
    def upright(self) -> bool:
        """True for a tall box, which holds vertical text."""
        return self.box.height > 1.5 * self.box.width

    @property
    def short(self) -> float:
        """The short side, pixels."""
        return min(self.box.width, self.box.height)

    @property
    def long(self) -> float:
        """The long side, pixels."""
        return max(self.box.width, self.box.height)


def lines_at(image: Image, network: Network, tile: int, scale: float) -> list[Found]:
    """Text lines that show at `scale` times the size of an RGB image, in its pixels."""
    return _boxes(text_map(image, network, tile, scale), scale)


def detect(image: Image, network: Network, tile: int, scale: float) -> list[Found]:
    """Text lines of an RGB page (H, W, 3), in page pixels.

    `scale` is the working size over the page's, at which its common letters are as high as
    detection wants them.
    """
    # Type of several times the common size overflows what the network sees at once.
    scales = (scale, scale / _COARSER)
    fine, large = abreast([partial(lines_at, image, network, tile, each) for each in scales])
    least = 2.3 * _BEST_HEIGHT / scale
    return with_large(fine, [f for f in large if f.short >= least])


def with_large(fine: list[Found], large: list[Found]) -> list[Found]:
    """Large lines in place of the pieces that the finer look broke them into."""
    for line in large:
        pieces = [f for f in fine if f.box.share_in(line.box) > 0.5]
        if not any(line.box.share_in(f.box) > 0.5 for f in fine) and all(
            _is_piece(f, line) for f in pieces
        ):
            kept = set(map(id, pieces))
            fine = [f for f in fine if id(f) not in kept] + [line]
    return fine


def _is_piece(part: Found, line: Found) -> bool:
    """Whether a box may be a piece of a large line.

    One that is as long is the same line, better drawn; of one that sticks out, half would
    be lost.
    """
    return (
        part.short >= 0.5 * line.short
        and part.box.share_in(line.box) > _WHOLE
        and part.long < _WHOLE * line.long
    )


def working_scale(image: Image, network: Network) -> float:
    """Scale at which the page's common letters get the height that detection wants.

    The resolution a file states is often wrong, so the letters are measured: by a
    first detection on the patches with most detail, at half their size where that will do.
    """
    patches = list(_busy_patches(image))
    common = _common_height(patches, network, 0.5)
    if common is None or common < 2 * _LEAST_HEIGHT:
        common = _common_height(patches, network, 1.0)
    if common is None:
        return float(min(1.0, 4000 / max(image.shape[:2])))
    return float(min(4.0, max(0.25, _BEST_HEIGHT / common)))


def _common_height(patches: Sequence[Image], network: Network, scale: float) -> float | None:
    """Height of the lines that most of the text in the patches stands in, in their pixels."""
    with ThreadPoolExecutor(network.streams) as pool:
        looks = pool.map(lambda patch: lines_at(patch, network, _PROBE, scale), patches)
        found = [f for look in looks for f in look]
    if not found:
        return None
    heights = np.array([f.short for f in found])
    lengths = np.array([max(f.box.width, f.box.height) for f in found]) / heights
    order = np.argsort(heights)
    half = np.cumsum(lengths[order])
    return float(heights[order[int(np.searchsorted(half, half[-1] / 2))]])


def text_map(image: Image, network: Network, tile: int, scale: float) -> Image:
    """Probability of text, 0 to 255, at `scale` times the page's size."""
    height = max(1, round(image.shape[0] * scale))
    width = max(1, round(image.shape[1] * scale))
    side_y, side_x = (_side(n, tile) for n in (height, width))
    result = np.zeros((height, width), np.uint8)

    def look(at: tuple[_Span, _Span]) -> None:
        (y0, top, bottom), (x0, left, right) = at
        patch = _patch(image, scale, (x0, y0, side_x, side_y), (width, height))
        core = (slice(top - y0, bottom - y0), slice(left - x0, right - x0))
        result[top:bottom, left:right] = network.look(patch[None], partial(_bytes, core))

    with ThreadPoolExecutor(network.streams) as pool:
        # A list, so that an error in a thread is raised here.
        list(pool.map(look, itertools.product(_spans(height, side_y), _spans(width, side_x))))
    return result


def _count(length: int, side: int) -> int:
    """Tiles of `side` that cover `length`, each but the outer sides losing its margin."""
    return max(1, math.ceil((length - 2 * _MARGIN) / (side - 2 * _MARGIN)))


def _side(length: int, most: int) -> int:
    """The shortest side with which as few tiles as of side `most` cover `length`."""
    if length <= most:
        return _ceil(length, _STRIDE)
    shared = (length - 2 * _MARGIN) / _count(length, most)
    return _ceil(math.ceil(shared) + 2 * _MARGIN, _STRIDE)


def _spans(length: int, side: int) -> Iterator[_Span]:
    """Tiles of `side` over `length`."""
    if length <= side:
        yield 0, 0, length
        return
    count = _count(length, side)
    starts = np.linspace(0, length - side, count).round().astype(int).tolist()
    seams = [(a + side + b) // 2 for a, b in itertools.pairwise(starts)]
    yield from zip(starts, [0, *seams], [*seams, length], strict=True)


def _patch(
    image: Image, scale: float, at: tuple[int, int, int, int], whole: tuple[int, int]
) -> Image:
    """One tile of the scaled page, without scaling all of it; white beyond the page."""
    x0, y0, side_x, side_y = at
    width, height = min(side_x, whole[0] - x0), min(side_y, whole[1] - y0)
    ys, ye = int(y0 / scale), min(image.shape[0], math.ceil((y0 + height) / scale))
    xs, xe = int(x0 / scale), min(image.shape[1], math.ceil((x0 + width) / scale))
    part = image[ys:ye, xs:xe]
    if scale < 1:
        scaled = reduced(part, width, height)
    else:
        scaled = np.asarray(cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC))
    patch = np.full((side_y, side_x, 3), 255, np.uint8)
    patch[:height, :width] = scaled
    return patch


def _bytes(core: tuple[slice, slice], answer: Floats) -> Image:
    """The core of the network's answer for one tile, 0 to 255."""
    return np.asarray(np.clip(answer[0, 0][core] * 255, 0, 255), np.uint8)


def _boxes(chances: Image, scale: float) -> list[Found]:
    binary = (chances > _THRESHOLD * 255).astype(np.uint8)
    # Two levels, not the outermost alone: an ornamental border may be a blob around text.
    contours, tree = cv2.findContours(binary, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    found: list[Found] = []
    if tree is None:
        return found
    for contour, parent in zip(contours, np.asarray(tree)[0, :, 3], strict=True):
        if parent >= 0:
            continue
        x, y, w, h = cv2.boundingRect(contour)
        if min(w, h) < _MIN_SIDE:
            continue
        score = _score(chances[y : y + h, x : x + w], contour, (x, y))
        if score < _MIN_SCORE:
            continue
        box, slope = _grown(contour)
        page = Box(0, 0, chances.shape[1], chances.shape[0])
        box = box.clipped(page)
        if min(box.width, box.height) >= _MIN_SIDE:
            found.append(Found(box.scaled(1 / scale), slope, score))
    return found


def _score(chances: Image, contour: NDArray[Any], offset: tuple[int, int]) -> float:
    mask: Image = np.zeros(chances.shape, np.uint8)
    cv2.drawContours(mask, [contour], -1, (1,), cv2.FILLED, offset=(-offset[0], -offset[1]))
    return float(cv2.mean(chances, mask)[0]) / 255


def _grown(contour: NDArray[Any]) -> tuple[Box, float]:
    """The blob grown back to its letters: DB shrinks text by area over outline."""
    (cx, cy), (w, h), angle = cv2.minAreaRect(contour)
    if angle > 45:
        w, h, angle = h, w, angle - 90
    w, h = w + 1, h + 1
    slope = math.radians(angle)
    if min(w, h) * 2 > max(w, h):  # too stout to tell a slope
        slope = 0.0
    grow = w * h * _UNCLIP / (2 * (w + h))
    w, h = w + 2 * grow, h + 2 * grow
    if slope == 0.0:
        x, y, bw, bh = cv2.boundingRect(contour)
        return Box(x - grow, y - grow, x + bw + grow, y + bh + grow), 0.0
    return Box(cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2), slope


def _busy_patches(image: Image, count: int = 3) -> Iterator[Image]:
    """The patches of the page with the most edges."""
    rows = max(1, math.ceil(image.shape[0] / _PROBE))
    columns = max(1, math.ceil(image.shape[1] / _PROBE))
    patches = [
        image[y * _PROBE : (y + 1) * _PROBE, x * _PROBE : (x + 1) * _PROBE]
        for y in range(rows)
        for x in range(columns)
    ]
    details = abreast([partial(_detail, patch) for patch in patches])
    busiest = sorted(range(len(patches)), key=lambda k: -details[k])
    yield from (patches[k] for k in busiest[:count])


def _detail(patch: Image) -> float:
    gray = cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY)
    return float(np.count_nonzero(cv2.absdiff(gray, cv2.blur(gray, (15, 15))) > 40))


def _ceil(number: int, step: int) -> int:
    return -(-number // step) * step
