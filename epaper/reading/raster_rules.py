"""Rules and stroked frames in the ink that is left when text is taken off a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from epaper.abreast import abreast
from epaper.geometry import Box
from epaper.masks import areas_of, long_across
from epaper.model import Frame, Rule

Mask = NDArray[np.bool_]

# Lengths in ems of body type.
_SHORTEST = 3.0
_THICKEST = 0.7
_BRIDGE = 0.5
_BROKEN = 2.5
_PAIR = 0.6
_SLOPE = 0.02
_SMALLEST_FRAME = 4.0


def find_rules(ink: Mask, em: float) -> list[Rule]:
    """Straight rules, horizontal and vertical, in page ink (H, W) without text.

    Wear, dots and a slight slope are bridged; the box covers all of the rule's ink.
    """
    turned = cv2.transpose(ink.view(np.uint8)).view(np.bool_)
    both = abreast([partial(_rules, way, em) for way in (ink, turned)])
    across, down = (_joined([r.box for r in rules], em) for rules in both)
    found = [Rule(box, _style(box, ink)) for box in across]
    found += [Rule(box.transposed(), _style(box, ink.T)) for box in down]
    return _pairs_made_one(found, em)


def _rules(ink: Mask, em: float) -> list[Rule]:
    """Horizontal stretches of ink that are long, thin and straight."""
    source = ink.view(np.uint8)
    # A slope steps down a pixel now and then: thicken before asking for long runs.
    thick = cv2.dilate(source, np.ones((3, 1), np.uint8))
    bridge = max(3, round(_BRIDGE * em)) | 1
    closed = cv2.morphologyEx(thick, cv2.MORPH_CLOSE, np.ones((1, bridge), np.uint8))
    long = max(3, round(_SHORTEST * em / 2))
    labels, stats = areas_of(long_across(closed.view(np.bool_), long))
    found = []
    for index in range(1, len(stats)):
        x, y, w, h, area = (int(v) for v in stats[index])
        thickness = area / w - 2
        if w < _SHORTEST * em / 2 or thickness > _THICKEST * em:
            continue
        if h - 2 > max(1.0, thickness) * 1.5 + _SLOPE * w + 2:
            continue
        part = ink[y : y + h, x : x + w] & (labels[y : y + h, x : x + w] == index)
        rows = np.flatnonzero(part.any(axis=1))
        if len(rows):
            found.append(Rule(Box(x, y + int(rows[0]), x + w, y + int(rows[-1]) + 1)))
    return found


def _joined(boxes: Sequence[Box], em: float) -> list[Box]:
    """Horizontal pieces in one line made one; what stays short is dropped."""
    done: list[Box] = []
    for box in sorted(boxes, key=lambda b: b.x0):
        for index in reversed(range(len(done))):
            last = done[index]
            gap = box.x0 - last.x1
            level = abs(last.cy - box.cy) <= 0.15 * em + _SLOPE * max(gap, 0.0) + last.height / 2
            like = max(last.height, box.height) <= 3 * min(last.height, box.height) + 2
            if level and like and -em <= gap <= _BROKEN * em:
                done[index] = last.union(box)
                break
        else:
            done.append(box)

    def is_rule(box: Box) -> bool:
        # Columns of small letters that were not read may look like pieces of one.
        thin = box.height <= _THICKEST * em + _SLOPE * box.width
        return thin and box.width >= _SHORTEST * em and box.width > 5 * box.height

    return [box for box in done if is_rule(box)]


def _style(box: Box, ink: Mask) -> str:
    part = ink[round(box.y0) : round(box.y1), round(box.x0) : round(box.x1)]
    if not part.size:
        return "solid"
    filled: Mask = np.asarray(part.any(axis=0), np.bool_)
    steps = int(np.count_nonzero(np.diff(filled.astype(np.int8)) != 0))
    dotted = filled.mean() < 0.8 and steps > 0.1 * len(filled)
    return "dotted" if dotted else "solid"


def _pairs_made_one(rules: Sequence[Rule], em: float) -> list[Rule]:
    """Two close parallel rules of one length are one double rule."""
    done: list[Rule] = []
    for rule in sorted(rules, key=lambda r: (r.horizontal, r.box.y0, r.box.x0)):
        for index, other in enumerate(done):
            if other.horizontal == rule.horizontal and _parallel(other, rule, em):
                done[index] = replace(other, box=other.box.union(rule.box), style="double")
                break
        else:
            done.append(rule)
    return done


def _parallel(one: Rule, other: Rule, em: float) -> bool:
    a, b = one.box, other.box
    if not one.horizontal:
        a, b = a.transposed(), b.transposed()
    return a.overlap_x(b) >= 0.8 * max(a.width, b.width) and -a.overlap_y(b) <= _PAIR * em


def stroked_frames(ink: Mask, em: float, pictures: Sequence[Box]) -> list[Frame]:
    """Closed rectangles of thin strokes, corners rounded or not; not pictures' borders."""
    side = max(3, round(_BRIDGE * em)) | 1
    closed = cv2.morphologyEx(
        ink.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((side, side), np.uint8)
    )
    contours, tree = cv2.findContours(closed, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if tree is None:
        return []
    found = []
    for contour, parent in zip(contours, np.asarray(tree)[0, :, 3], strict=True):
        x, y, w, h = cv2.boundingRect(contour)
        large = min(w, h) >= _SMALLEST_FRAME * em
        if parent < 0 or not large or cv2.contourArea(contour) < 0.9 * w * h:
            continue
        box = Box(x, y, x + w, y + h)
        if all(box.share_in(p.grown(em)) < 0.9 for p in pictures):
            found.append(Frame(box))
    return found
