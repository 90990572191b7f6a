"""Lines that a reader drew over a scan in colour: they are no rules, and hide what they cross.

Archives mark regions, or a passage, with a coloured pen, on the paper or on its image. A page
printed in one ink has no other colour than theirs.
"""

from __future__ import annotations

import cv2
import numpy as np

from epaper.restore.tone import Color, Image
from epaper.restore.view import Mask

# Channels of coloured ink differ by so much; a page printed in one ink has no more of it than
# this share, and lines drawn by hand no less than that.
_CHROMA, _MOST, _LEAST = 60, 0.03, 0.0003
# Shares of the page's shorter side: a drawn line is so long, and no thicker than this.
_LONG, _THICK = 0.12, 0.003
# Nearly all that is coloured is such lines.
_NEARLY = 0.85
# What of a stroke is thicker, where it meets another.
_MEETING = 0.05
# Strokes are looked for on an image so many times smaller; one colours a pixel so much.
_STEP, _TOUCHED = 4, 30
# They run into the print at so many places; printed rules and frames keep clear of it.
_CROSSINGS = 12
# Ink is so much darker than the paper.
_DARK = 90
# Colour runs over the edge of a line by so many pixels of an image packed with loss.
_FRINGE = 2


def drawn_marks(scan: Image, paper: Color) -> Mask | None:
    """Where coloured lines were drawn over an RGB scan (H, W, 3); None where none were."""
    height, width = scan.shape[:2]
    reduced = (max(1, width // _STEP), max(1, height // _STEP))
    # Whole factors are ten times quicker than others.
    whole = scan[: reduced[1] * _STEP, : reduced[0] * _STEP]
    seen = np.asarray(cv2.resize(whole, reduced, interpolation=cv2.INTER_AREA), np.uint8)
    small = _chroma(seen) > _TOUCHED
    if not _LEAST < float(small.mean()) < _MOST:
        return None
    strokes = _long_and_thin(small)
    if (strokes & small).sum() < _NEARLY * small.sum():
        return None
    near = cv2.resize(strokes.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    lines = (near > 0) & (_chroma(scan) > _CHROMA)
    marks = _grown(lines, _FRINGE)
    return marks if _crossings(scan, marks, paper) >= _CROSSINGS else None


def without_marks(scan: Image, marks: Mask, paper: Color) -> Image:
    """A copy of the scan with the paper's colour where the marks are."""
    cleared = scan.copy()
    cleared[marks] = paper
    return cleared


def _chroma(scan: Image) -> Image:
    red, green, blue = cv2.split(scan)
    most, least = cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)
    return np.asarray(cv2.subtract(most, least), np.uint8)


def _long_and_thin(colour: Mask) -> Mask:
    """The long thin strokes; print that a line crosses may part it."""
    side = min(colour.shape)
    joined = _grown(colour, 1).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    extent = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    deep = cv2.distanceTransform(joined, cv2.DIST_L2, 3) > _THICK * side / 2 + 2
    thick = np.bincount(labels[deep], minlength=count)
    # Where strokes meet they are thicker than by themselves.
    kept = (extent > _LONG * side) & (thick < _MEETING * stats[:, cv2.CC_STAT_AREA])
    kept[0] = False
    return np.asarray(kept[labels], np.bool_)


def _crossings(scan: Image, marks: Mask, paper: Color) -> int:
    """At how many places dark ink without colour stands right beside the marks."""
    ring = _grown(marks, 1) & ~marks
    dark = cv2.cvtColor(scan, cv2.COLOR_RGB2GRAY) < sum(paper) / 3 - _DARK
    beside = ring & dark & (_chroma(scan) <= _CHROMA)
    return int(cv2.connectedComponents(beside.astype(np.uint8))[0]) - 1


def _grown(mask: Mask, by: int) -> Mask:
    kernel = np.ones((2 * by + 1, 2 * by + 1), np.uint8)
    return np.asarray(cv2.dilate(mask.astype(np.uint8), kernel) > 0, np.bool_)
