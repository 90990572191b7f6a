"""Edges of the sheet inside the scan: other sheets under it, a strip of the facing page.

An edge is a line or a step to a darker ground that runs along a whole side, through the
margins too, where no printed rule goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.restore.tone import Image
from epaper.restore.view import Mask, View

Plane = NDArray[Any]

_WORKING = 1000
# Shares of the page's breadth: how far in an edge may lie, and how far whatever is outside.
_ZONE, _ANYWAY = 0.1, 0.06
_SLOPES = np.tan(np.radians(np.arange(-1.0, 1.01, 0.1)))
# Share of the length, of its ends too, in which it is seen, by so many levels of gray.
_SEEN, _ENDS, _LEVELS = 0.85, 0.03, 9.0
# Share of ink outside an edge from which there is print.
_PRINT = 0.02
_REACH = 3
# Print fills so much of a column of the page, in so many columns beside each other.
_FILLED, _TOGETHER = 0.05, 0.012


def find_edges(view: View) -> tuple[View, str]:
    """The view with what lies outside the sheet marked and given the paper's tone.

    The detail says at which sides; it is empty where there is nothing.
    """
    scale = min(1.0, _WORKING / max(view.gray.shape))
    small = cv2.resize(view.gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    gray: Image = np.asarray(small, np.uint8)
    off = np.zeros(gray.shape, np.bool_)
    sides = []
    margins = _has_margins(gray)
    for name, outside, strip in _sides(gray, off):
        edge = _edge(strip) if margins[name in ("top", "bottom")] else None
        if edge is not None:
            x, slope = edge
            rows = np.arange(len(strip))
            beyond = np.arange(outside.shape[1])[None, :] <= (x + slope * rows)[:, None] + 1
            outside[beyond] = True
            sides.append(name)
    if not sides:
        return view, ""
    size = (view.width, view.height)
    full = cv2.resize(off.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    cleared = view.gray.copy()
    cleared[full] = view.tone
    both = full if view.off is None else full | view.off
    detail = f"the sheet ends inside the scan at {', '.join(sides)}"
    return replace(view, gray=cleared, off=np.asarray(both, np.bool_)), detail


def _sides(gray: Image, off: Mask) -> Iterator[tuple[str, Mask, Image]]:
    """Each side's name, mask to draw on and strip of gray, the outermost column first."""
    for name, whole, mask in (
        ("left", gray, off),
        ("right", gray[:, ::-1], off[:, ::-1]),
        ("top", gray.T, off.T),
        ("bottom", gray[::-1].T, off[::-1].T),
    ):
        yield name, mask, np.ascontiguousarray(whole[:, : round(_ZONE * whole.shape[1])])


def _has_margins(gray: Image) -> tuple[bool, bool]:
    """Whether there are margins above and below the print, and whether left and right of it.

    Only through these does an edge run on; on a page cut close to its print a rule does, too.
    """
    ink = gray < cv2.blur(gray, (15, 15)).astype(np.int16) - 25
    found = []
    for axis in (1, 0):
        share = ink.mean(axis=axis) > _FILLED
        least = np.ones(max(3, round(_TOGETHER * len(share))), np.uint8)
        wide = cv2.morphologyEx(share.astype(np.uint8)[None], cv2.MORPH_OPEN, least[None])
        print_at = np.flatnonzero(wide)
        end = _ENDS * len(share)
        found.append(
            not len(print_at) or bool(print_at[0] >= end and print_at[-1] < len(share) - end)
        )
    return found[0], found[1]


def _edge(strip: Image) -> tuple[float, float] | None:
    """Where the innermost edge meets the first row, and its slope; None where there is none."""
    length, breadth = strip.shape
    if breadth < 4 * _REACH:
        return None
    level = cv2.blur(strip, (1, 5)).astype(np.float32)
    # An edge wanders by a pixel or so.
    shown = cv2.dilate(_shown(level), np.ones((1, 3), np.float32))
    found: list[tuple[float, float, float]] = []
    for slope in _SLOPES.tolist():
        shear = np.array([[1.0, slope, 0.0], [0.0, 1.0, 0.0]])
        upright = cv2.warpAffine(
            shown, shear, (breadth, length), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
        )
        found += [(x, slope, share) for x, share in _columns(upright)]
    if not found:
        return None
    best = _innermost(found)
    outside = strip[:, : max(1, round(best[0]) - _REACH)]
    lines = len({round(x / 4) for x, slope, _ in found if slope == best[1]})
    narrow = best[0] <= _ANYWAY / _ZONE * breadth
    if not narrow and lines < 3 and _inked(outside) > _PRINT:
        return None
    return best


def _shown(level: Plane) -> Plane:
    """1 where a pixel is darker than both its sides, or the side outside than that inside."""
    outer, inner = (np.roll(level, by, axis=1) for by in (_REACH, -_REACH))
    line = np.minimum(outer, inner) - level > _LEVELS
    step = inner - np.maximum(outer, level) > _LEVELS
    shown: Plane = np.asarray(line | step, np.float32)
    shown[:, -_REACH:] = shown[:, :1] = 0.0
    return shown


def _columns(upright: Plane) -> list[tuple[float, float]]:
    """Columns in which an edge is seen along the whole side, with the share of rows."""
    share = upright.mean(axis=0)
    end = max(4, round(_ENDS * len(upright)))
    ends = np.minimum(upright[:end].mean(axis=0), upright[-end:].mean(axis=0))
    fit = np.flatnonzero((share >= _SEEN) & (ends >= 0.5))
    return [(float(x), float(share[x])) for x in fit]


def _innermost(found: list[tuple[float, float, float]]) -> tuple[float, float]:
    """Of the edges that lie furthest in, the one best seen."""
    furthest = max(x for x, _, _ in found)
    x, slope, _ = max((f for f in found if f[0] >= furthest - 4), key=lambda f: (f[2], f[0]))
    return x, slope


def _inked(strip: Image) -> float:
    ground = cv2.blur(strip, (15, 15)).astype(np.int16)
    return float((strip < ground - 25).mean())
