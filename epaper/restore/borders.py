"""Dark borders that a scanner leaves around the paper."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.restore.tone import paper_color

Image = NDArray[np.uint8]

_WORKING = 1000
_DARK = 0.45
# A border runs along this much of its edge and reaches in no deeper than this.
_ALONG, _DEEP = 0.3, 0.12


def without_borders(image: Image) -> tuple[Image, str]:
    """The RGB scan with dark borders painted in the paper's colour, and what was found.

    Painting keeps every coordinate; the detail is empty where there was no border.
    """
    scale = min(1.0, _WORKING / max(image.shape[:2]))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    gray = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    paper = paper_color(image)
    dark = (gray < _DARK * np.mean(paper)).astype(np.uint8)
    # Type and rules that come near the edge are thinner than a border.
    solid = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(solid.astype(np.uint8))
    border = np.zeros(gray.shape, np.uint8)
    sides = []
    height, width = gray.shape
    for name, edge, length, depth in (
        ("left", labels[:, 0], height, width),
        ("right", labels[:, -1], height, width),
        ("top", labels[0], width, height),
        ("bottom", labels[-1], width, height),
    ):
        for label in np.unique(edge[edge > 0]).tolist():
            area = int(stats[label, cv2.CC_STAT_AREA])
            if (edge == label).sum() >= _ALONG * length and area <= 2 * _DEEP * length * depth:
                border[_reach(labels == label, name, depth)] = 1
                sides.append(name)
    if not sides:
        return image, ""
    border = cv2.dilate(border, np.ones((5, 5), np.uint8)).astype(np.uint8)
    full = cv2.resize(border, image.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    cleared = image.copy()
    cleared[full > 0] = paper
    return cleared, f"dark border cleared at {', '.join(dict.fromkeys(sides))}"


def _reach(component: NDArray[np.bool_], side: str, depth: int) -> NDArray[np.bool_]:
    """The part of a border's component that lies near its side."""
    near = np.zeros(component.shape, np.bool_)
    deep = max(1, round(_DEEP * depth))
    if side in {"left", "right"}:
        near[:, :deep] = side == "left"
        near[:, -deep:] |= side == "right"
    else:
        near[:deep] = side == "top"
        near[-deep:] |= side == "bottom"
    return np.asarray(component & near, np.bool_)
