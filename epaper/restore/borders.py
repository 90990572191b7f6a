"""What of a scan is no paper: scanner borders, film frames, whatever the sheet lay on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.restore.tone import Image
from epaper.restore.view import Mask, View

_WORKING = 900
# Ground beside the paper is darker than this share of its tone.
_DARK = 0.55
# A border runs along this much of its edge.
_ALONG = 0.3
# Share of a side to which a border on one or two sides may reach; a frame of three or
# four sides may be as deep as leaves this share of the scan as paper.
_DEEP, _LEAST_PAPER = 0.15, 0.2
# Levels within which most of a border's pixels lie, its soft rim apart; print does not.
_PLAIN = 60.0
_SIDES = ("left", "top", "right", "bottom")


@dataclass(frozen=True, slots=True)
class _Ground:
    """A dark area at the edge of the scan, and the share of each side it takes."""

    area: Mask
    along: dict[str, float]


def find_borders(view: View) -> tuple[View, str]:
    """The view with what is no paper marked and given the paper's tone, and what was found.

    The detail is empty where there is nothing.
    """
    scale = min(1.0, _WORKING / max(view.gray.shape))
    small = cv2.resize(view.gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    gray: Image = np.asarray(small, np.uint8)
    dark = (gray < _DARK * view.tone).astype(np.uint8)
    # Type and rules near the edge are thinner than a border.
    solid = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    off = np.zeros(gray.shape, np.bool_)
    sides: dict[str, None] = {}
    for ground in _grounds(np.asarray(solid, np.uint8)):
        found = _no_paper(ground, gray)
        if found is not None:
            off |= found
            sides |= dict.fromkeys(s for s in _SIDES if ground.along[s] >= _ALONG)
    if not off.any():
        return view, ""
    grown = cv2.dilate(off.astype(np.uint8), np.ones((5, 5), np.uint8))
    full = cv2.resize(grown, (view.width, view.height), interpolation=cv2.INTER_NEAREST) > 0
    cleared = view.gray.copy()
    cleared[full] = view.tone
    shown = replace(view, gray=cleared, off=np.asarray(full, np.bool_))
    return shown, f"{', '.join(sides)}: {off.mean():.1%} of the scan is no paper"


def trimmed(view: View) -> View:
    """The view without outer rows and columns of which most is no paper."""
    if view.off is None:
        return view
    rows, columns = (np.flatnonzero(view.off.mean(axis=axis) < 0.5) for axis in (1, 0))
    if not len(rows) or not len(columns):
        return view
    return view.part(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def _grounds(solid: Image) -> list[_Ground]:
    """Dark areas that reach the edge of the scan."""
    _, labels = cv2.connectedComponents(solid)
    height, width = labels.shape
    edges = {
        "left": (labels[:, 0], height),
        "right": (labels[:, -1], height),
        "top": (labels[0], width),
        "bottom": (labels[-1], width),
    }
    at_edge = np.unique(np.concatenate([edge for edge, _ in edges.values()]))
    return [
        _Ground(
            np.asarray(labels == label, np.bool_),
            {s: float((edge == label).sum() / length) for s, (edge, length) in edges.items()},
        )
        for label in at_edge[at_edge > 0].tolist()
    ]


def _no_paper(ground: _Ground, gray: Image) -> Mask | None:
    """The part of a dark area that is no paper; None where it may be print."""
    long = [side for side in _SIDES if ground.along[side] >= _ALONG]
    if not long:
        return None
    if len(long) >= 3:
        outside = _around_paper(ground.area)
        return outside if 1 - outside.mean() >= _LEAST_PAPER else None
    low, high = np.percentile(gray[ground.area], (5, 75))
    near = np.zeros(gray.shape, np.bool_)
    for side in long:
        near |= _strip(gray.shape, side)
    inside = ground.area & near
    if high - low > _PLAIN or inside.sum() < 0.5 * ground.area.sum():
        return None
    return inside


def _around_paper(dark: Mask) -> Mask:
    """All that lies outside the largest light area and its hull, pictures at its edge inside."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((~dark).astype(np.uint8))
    outside = np.ones(dark.shape, np.uint8)
    if count > 1:
        largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
        ys, xs = np.nonzero(labels == largest)
        hull = cv2.convexHull(np.stack([xs, ys], axis=1).astype(np.int32))
        cv2.fillConvexPoly(outside, hull, (0,))
    return np.asarray(outside > 0, np.bool_)


def _strip(shape: tuple[int, ...], side: str) -> NDArray[np.bool_]:
    """The outer strip of an image at one side."""
    strip = np.zeros(shape, np.bool_)
    deep = [max(1, round(_DEEP * n)) for n in shape]
    if side == "left":
        strip[:, : deep[1]] = True
    elif side == "right":
        strip[:, -deep[1] :] = True
    elif side == "top":
        strip[: deep[0]] = True
    else:
        strip[-deep[0] :] = True
    return strip
