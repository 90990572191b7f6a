"""Rules across lines of text, whole or broken: solid, dashed, dotted, wavy.

Detection runs a line of text over a rule between two tiers where the rule's dashes look like
strokes of a character. A rule is told by its length: its pieces stand in one row far beyond
the line. Every function takes the page turned so that lines run along x, and rules down.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.masks import areas_of
from epaper.reading.ocr_ink import Mask, runs

# In letter heights: how long a rule is, how thick a straight piece and a wave of it may be and
# how long the latter is, and the white between two pieces.
_LONG, _THICK, _WAVE, _WAVE_LONG, _GAP = 5.0, 0.25, 0.55, 1.5, 0.5
# Ink covers at least so much of a rule's length, and no more than this of a wave's box.
_FILLED, _WAVE_FILLED = 0.35, 0.6
# How thick a rule may be that slopes so much.
_SLOPE = 0.02
# A rule reaches beyond a line that it crosses, on one side, by so much of the line's height;
# it runs through so much of that.
_BEYOND, _THROUGH = 0.8, 0.8
_LEAST = 0.3
# Letters are so many squares high where rules are looked for.
_COARSE = 15.0


@dataclass(frozen=True, slots=True)
class Rules:
    """Pixels of rules, the white in them filled; ink without them; masks of one page."""

    filled: Mask
    rest: Mask


def rules_both_ways(ink: Mask, em: float) -> tuple[Rules, Rules]:
    """Rules down the page, and across it, in its ink (H, W); `em` is the common letter height.

    The second are given on the transposed page. They are looked for at a coarser scale, at
    which a letter is some fifteen squares high.
    """
    step = max(1, int(em // _COARSE))
    thins = _thin(_pooled(ink, step), em / step)
    with ThreadPoolExecutor(2) as pool:
        found = [
            pool.submit(_rules, thin, em / step, axis, ink, step) for axis, thin in enumerate(thins)
        ]
        down, across = (each.result() for each in found)
    return down, Rules(across.filled.T, across.rest.T)


def _rules(thin: Mask, em: float, axis: int, ink: Mask, step: int) -> Rules:
    """Rules along an axis (0 down, 1 across) of the page, of the `thin` pieces of its ink.

    `thin` is in squares of `step` pixels, `em` squares a letter.
    """
    filled, boxes = _joined(thin, em, axis)
    full, rest = np.zeros(ink.shape, np.bool_), ink.copy()
    for x, y, w, h in boxes:
        # There are few rules on a page: only where they are it is drawn at full size.
        at = np.s_[y : y + h, x : x + w]
        whole = np.s_[y * step : (y + h) * step, x * step : (x + w) * step]
        full[whole] = _spread(filled[at], step, full[whole].shape)
        rest[whole] &= ~_spread(filled[at] & thin[at], step, rest[whole].shape)
    return Rules(full, rest)


def _pooled(ink: Mask, step: int) -> Mask:
    """The mask in squares of `step` pixels: true where any of a square is."""
    if step == 1:
        return np.ascontiguousarray(ink)
    high, wide = (-(-n // step) for n in ink.shape)
    rows = np.zeros((high, ink.shape[1]), np.bool_)
    for k in range(step):
        part = ink[k::step]
        rows[: len(part)] |= part
    columns = np.zeros((high, wide), np.bool_)
    for k in range(step):
        part = rows[:, k::step]
        columns[:, : part.shape[1]] |= part
    return columns


def _spread(mask: Mask, step: int, shape: tuple[int, ...]) -> Mask:
    """A mask of squares of `step` pixels at full size."""
    full = mask.repeat(step, axis=0)[: shape[0]].repeat(step, axis=1)[:, : shape[1]]
    return np.asarray(full, np.bool_)


def _joined(thin: Mask, em: float, axis: int) -> tuple[Mask, list[tuple[int, int, int, int]]]:
    """Rules along an axis with their white filled, and the box (x, y, w, h) of each."""
    gap = max(3, round(_GAP * em)) | 1
    sides = (3, 1), (1, gap)
    wide = cv2.dilate(thin.view(np.uint8), _kernel(*sides[0], axis))
    closed = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, _kernel(*sides[1], axis))
    labels, stats = areas_of(np.asarray(closed, np.uint8))
    across, high = _sides(stats, axis)
    able = (high >= _LONG * em) & (across <= (_WAVE + 0.1) * em + _SLOPE * high)
    able[:1] = False
    filled = np.zeros(thin.shape, np.bool_)
    boxes = []
    for k in np.flatnonzero(able).tolist():
        x, y, w, h, _area = (int(v) for v in stats[k])
        at = np.s_[y : y + h, x : x + w]
        own = labels[at] == k
        if (thin[at] & own).any(axis=1 - axis).mean() >= _FILLED:
            filled[at] |= own
            boxes.append((x, y, w, h))
    return filled, boxes


def _kernel(across: int, along: int, axis: int) -> NDArray[np.uint8]:
    """So many squares across rules and along them, which run along an axis."""
    return np.ones((along, across) if axis == 0 else (across, along), np.uint8)


def _sides(stats: NDArray[Any], axis: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Widths across rules that run along an axis, and lengths along them."""
    wide, high = (stats[:, k].astype(float) for k in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT))
    return (wide, high) if axis == 0 else (high, wide)


def _thin(ink: Mask, em: float) -> tuple[Mask, Mask]:
    """The pieces of ink that may be part of a rule down the page, and of one across it."""
    labels, stats = areas_of(ink)
    area = stats[:, cv2.CC_STAT_AREA].astype(float)
    kept = np.zeros(len(stats), np.uint8)
    for axis in (0, 1):
        wide, high = _sides(stats, axis)
        straight = wide <= _THICK * em + _SLOPE * high
        wave = (wide <= _WAVE * em + _SLOPE * high) & (high >= _WAVE_LONG * em)
        wave &= area <= _WAVE_FILLED * wide * high
        kept |= (straight | wave).astype(np.uint8) << axis
    kept[:1] = 0
    pieces = kept[labels]
    return np.asarray(pieces & 1, np.uint8).view(np.bool_), (pieces >> 1).view(np.bool_)


def cut_at_rules(boxes: Sequence[Box], rules: Rules) -> list[Box]:
    """Boxes of lines cut where a rule runs across them."""
    result: list[Box] = []
    for box in boxes:
        edges = [box.x0, *(x for cut in _crossings(box, rules.filled) for x in cut), box.x1]
        result += [
            Box(a, box.y0, b, box.y1)
            for a, b in zip(edges[::2], edges[1::2], strict=True)
            if b - a > _LEAST * box.height
        ]
    return result


def _crossings(box: Box, filled: Mask) -> list[tuple[float, float]]:
    """Where (x0, x1) rules run across a line and beyond it."""
    x0, x1 = max(0, round(box.x0)), min(filled.shape[1], round(box.x1))
    y0, y1 = max(0, round(box.y0)), min(filled.shape[0], round(box.y1))
    inside = filled[y0:y1, x0:x1]
    if not inside.any():
        return []
    beyond = round(_BEYOND * box.height)
    found = []
    for a, b in runs(np.asarray(inside.any(axis=0), np.bool_)):
        near = slice(max(0, x0 + a - 2), x0 + b + 2)
        above = filled[max(0, y0 - beyond) : y0, near].any(axis=1)
        below = filled[y1 : y1 + beyond, near].any(axis=1)
        through = inside[:, a:b].any(axis=1).mean() >= _THROUGH
        if through and any(s.size and s.mean() >= _THROUGH for s in (above, below)):
            found.append((float(x0 + a), float(x0 + b)))
    return found
