"""Drawings of scans that were found in pieces: maps and plans.

What is hatched of a map is seen as a picture, its coasts and borders as rules, and the names in
it as lines of text. Where pieces stand close, with many short rules and no more than names
between them, they are one picture, and the names are part of it. Pixels of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from epaper.geometry import Box, hull
from epaper.model import Line, Origin, Picture, Rule

# Pieces stand no further apart than this, em; rules and names stand so near.
_APART, _NEAR = 4.0, 2.0
# Pieces of a map with names all over lie so close over each other, em, with so much in common.
_TOUCH, _FLUSH = 0.5, 0.9
# So much of a rule lies in its drawing, and a drawing has so many.
_INSIDE, _RULES = 0.8, 6
# Characters of a name, and the share of it that its drawing holds.
_NAME, _HELD = 5, 0.5
# A map that is seen whole is told by so many names, over so much of its width and height.
_NAMES, _OVER = 4, 0.5


def whole_drawings(
    pictures: Sequence[Picture], rules: Sequence[Rule], lines: Sequence[Line], em: float
) -> tuple[Picture, ...]:
    """The pictures, the pieces of each drawing made one. `em` is that of the body."""
    read = [line for line in lines if line.origin is Origin.OCR]
    found = list(pictures)
    if len(read) < len(lines):
        return tuple(found)
    while True:
        for one, other in combinations(found, 2):
            box = _drawing(one.box, other.box, rules, read, em)
            if box is not None:
                found = [p for p in found if p is not other]
                found = [replace(p, box=box) if p is one else p for p in found]
                break
        else:
            return tuple(found)


def labelled(pictures: Sequence[Picture], lines: Sequence[Line]) -> list[Picture]:
    """The pictures of a page read down in which nothing but names stands, and several."""
    found = []
    for picture in pictures:
        inside = [line for line in lines if line.box.share_in(picture.box) > _HELD]
        read = all(line.origin is Origin.OCR for line in inside)
        short = all(len(line.text.strip()) <= _NAME for line in inside)
        if read and short and len(inside) >= _NAMES and _spread(inside, picture.box):
            found.append(picture)
    return found


def _spread(names: Sequence[Line], box: Box) -> bool:
    """True for names all over a picture; a caption printed into one is a row."""
    over = hull(line.box for line in names)
    return over.width > _OVER * box.width and over.height > _OVER * box.height


def names_in(drawings: Sequence[Picture], lines: Sequence[Line]) -> list[Line]:
    """The short lines in drawings."""
    return [
        line
        for line in lines
        if len(line.text.strip()) <= _NAME
        and any(line.box.share_in(drawing.box) > _HELD for drawing in drawings)
    ]


def rules_beside(drawings: Sequence[Picture], rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules but those that are strokes of drawings."""
    strokes = {id(rule) for drawing in drawings for rule in _within(drawing.box, rules)}
    return tuple(rule for rule in rules if id(rule) not in strokes)


def _drawing(
    one: Box, other: Box, rules: Sequence[Rule], lines: Sequence[Line], em: float
) -> Box | None:
    """The box of the drawing that two pictures are pieces of, or None."""
    if max(-one.overlap_x(other), -one.overlap_y(other)) > _APART * em:
        return None
    box = one.union(other)
    while True:
        around = box.grown(_NEAR * em)
        grown = box
        for rule in _within(around, rules):
            grown = grown.union(rule.box)
        if grown == box:
            break
        box = grown
    inside = [line for line in lines if line.box.share_in(box) > _HELD]
    names = inside and all(len(line.text.strip()) <= _NAME for line in inside)
    # Of a map that is seen nearly whole the strokes are the pictures'.
    touch = -one.overlap_y(other) < _TOUCH * em and one.overlap_x(other) > _FLUSH * one.width
    named = touch and len(inside) >= _NAMES and _spread(inside, box)
    return box if names and (named or len(_within(box, rules)) >= _RULES) else None


def _within(box: Box, rules: Sequence[Rule]) -> list[Rule]:
    """The rules that lie in a box with nearly all of their length."""

    def inside(rule: Box) -> bool:
        if rule.width >= rule.height:
            return rule.overlap_x(box) > _INSIDE * rule.width and box.y0 <= rule.cy <= box.y1
        return rule.overlap_y(box) > _INSIDE * rule.height and box.x0 <= rule.cx <= box.x1

    return [rule for rule in rules if inside(rule.box)]
