"""Lines set aslant, as in adverts: each is turned upright, read, and led back to the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.model import Line
from epaper.reading.tiles import Found

Image = NDArray[np.uint8]

# A page and its warp slope by less than this, radians.
_SLANT = math.radians(7)
# A line so many times as long as wide shows its own slope; a shorter one has it confirmed
# by a long one, no further off than its length, that slopes alike within so much.
_LONG, _ALIKE = 3.0, math.radians(5)
# Paper around a line that is turned, in its short sides.
_AROUND = 1.0


@dataclass(frozen=True, slots=True)
class Patch:
    """A slanted line turned upright: its image in colour (H, W, 3) and gray.

    `onto` (2, 3) leads from its pixels to those of the page.
    """

    image: Image
    gray: Image
    onto: NDArray[np.float64]


def part_slanted(found: Sequence[Found]) -> tuple[list[Found], list[Found]]:
    """The lines that are level or upright, and those that are set aslant."""
    able = [f for f in found if abs(f.slope) > _SLANT]
    sure = [f for f in able if _long(f) >= _LONG * f.short]
    slanted = {id(f) for f in able if f in sure or any(_beside(f, s) for s in sure)}
    return (
        [f for f in found if id(f) not in slanted],
        [f for f in found if id(f) in slanted],
    )


def _long(found: Found) -> float:
    return max(found.box.width, found.box.height)


def _beside(found: Found, sure: Found) -> bool:
    off = math.hypot(found.box.cx - sure.box.cx, found.box.cy - sure.box.cy)
    return off < _long(sure) and abs(found.slope - sure.slope) < _ALIKE


def turned_upright(image: Image, found: Found) -> tuple[Patch, Found]:
    """A slanted line of an RGB page (H, W, 3) on a patch of its own, and its place there."""
    pad = _AROUND * found.short
    width, height = math.ceil(found.box.width + 2 * pad), math.ceil(found.box.height + 2 * pad)
    centre = (found.box.cx, found.box.cy)
    turn = np.asarray(cv2.getRotationMatrix2D(centre, math.degrees(found.slope), 1), np.float64)
    turn[:, 2] += np.array([width / 2 - centre[0], height / 2 - centre[1]])
    white = (255, 255, 255)
    patch = cv2.warpAffine(
        image, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=white
    ).astype(np.uint8)
    gray = np.asarray(cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY), np.uint8)
    place = Box(pad, pad, pad + found.box.width, pad + found.box.height)
    onto = np.asarray(cv2.invertAffineTransform(turn), np.float64)
    return Patch(patch, gray, onto), replace(found, box=place, slope=0.0)


def on_page(line: Line, patch: Patch) -> Line:
    """A line read on a patch, with its boxes drawn around where it stands on the page."""
    boxes = _moved([line.box, *line.chars], patch.onto)
    return replace(line, box=boxes[0], chars=tuple(boxes[1:]))


def _moved(boxes: Sequence[Box], onto: NDArray[np.float64]) -> list[Box]:
    corners = np.array([[(b.x0, b.y0), (b.x1, b.y0), (b.x0, b.y1), (b.x1, b.y1)] for b in boxes])
    places = corners @ onto[:, :2].T + onto[:, 2]
    low, high = places.min(axis=1).tolist(), places.max(axis=1).tolist()
    return [Box(*a, *b) for a, b in zip(low, high, strict=True)]
