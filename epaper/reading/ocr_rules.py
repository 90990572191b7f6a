"""Rules across lines of text, whole or broken: solid, dashed, dotted, wavy.

Detection runs a line of text over a rule between two tiers where the rule's dashes look like
strokes of a character. A rule is told by its length: its pieces stand in one row far beyond
the line. Every function takes the page turned so that lines run along x, and rules down.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np

from epaper.geometry import Box
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
    coarse = _pooled(ink, step)
    masks = (coarse, np.ascontiguousarray(coarse.T))
    with ThreadPoolExecutor(2) as pool:
        down, across = pool.map(lambda mask: _rules(mask, em / step), masks)
    turned = _fine(across[0].T, across[1].T, ink, step)
    return _fine(*down, ink, step), Rules(turned.filled.T, turned.rest.T)


def _fine(thin: Mask, filled: Mask, ink: Mask, step: int) -> Rules:
    """Rules at full size, of what was found in squares of `step` pixels."""
    gone = _spread(thin & filled, step, ink.shape)
    return Rules(_spread(filled, step, ink.shape), np.asarray(ink & ~gone, np.bool_))


def _pooled(ink: Mask, step: int) -> Mask:
    """The mask in squares of `step` pixels: true where any of a square is."""
    if step == 1:
        return np.ascontiguousarray(ink)
    high, wide = (-(-n // step) * step for n in ink.shape)
    padded = np.zeros((high, wide), np.bool_)
    padded[: ink.shape[0], : ink.shape[1]] = ink
    rows = padded[::step].copy()
    for k in range(1, step):
        rows |= padded[k::step]
    columns = rows[:, ::step].copy()
    for k in range(1, step):
        columns |= rows[:, k::step]
    return columns


def _spread(mask: Mask, step: int, shape: tuple[int, ...]) -> Mask:
    """A mask of squares of `step` pixels at full size."""
    if step == 1:
        return mask
    size = (mask.shape[1] * step, mask.shape[0] * step)
    full = cv2.resize(mask.view(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    return np.ascontiguousarray(full[: shape[0], : shape[1]]).view(np.bool_)


def _rules(ink: Mask, em: float) -> tuple[Mask, Mask]:
    """Ink that may be part of a rule, and rules with their white filled."""
    thin = _thin(ink, em)
    wide = cv2.dilate(thin.astype(np.uint8), np.ones((1, 3), np.uint8))
    gap = max(3, round(_GAP * em)) | 1
    closed = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, np.ones((gap, 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed)
    kept = np.zeros(count, np.bool_)
    high, across = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH]
    able = (high >= _LONG * em) & (across <= (_WAVE + 0.1) * em + _SLOPE * high)
    able[:1] = False
    for k in np.flatnonzero(able).tolist():
        x, y, w, h, _area = (int(v) for v in stats[k])
        own = thin[y : y + h, x : x + w] & (labels[y : y + h, x : x + w] == k)
        kept[k] = own.any(axis=1).mean() >= _FILLED
    return thin, np.asarray(kept[labels], np.bool_)


def _thin(ink: Mask, em: float) -> Mask:
    """The pieces of ink that may be part of a rule down the page."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8))
    wide, high, area = (
        stats[:, k].astype(float) for k in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA)
    )
    straight = wide <= _THICK * em + _SLOPE * high
    wave = (wide <= _WAVE * em + _SLOPE * high) & (high >= _WAVE_LONG * em)
    wave &= area <= _WAVE_FILLED * wide * high
    kept = straight | wave
    kept[:1] = False
    return np.asarray(kept[labels], np.bool_)


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
