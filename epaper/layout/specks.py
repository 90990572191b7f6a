"""Dirt that OCR read as a mark at a line's end.

A speck in the gutter makes its line longer than all of its column, and a stop of it. Where
the column ends its neighbours tell, and after a full stop there is nothing to come.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.layout.cues import ends_in_credit
from epaper.model import Line, Origin, WritingMode

# What a speck is read as, and after what it can be nothing else.
_MARKS = frozenset("·.,'`´‘’-:;、：；，。•˙～~_")
_LAST = frozenset("。！？”』」）)")
_SIGNED = "摄攝"
_NEVER_FIRST = frozenset("、，。；,.;·'`´")
_DOTS = frozenset("·.'`´•˙_")
_OPENING = frozenset("“‘「『《（([【")
# Neighbours of a line: how far above and below, and how unlike in size; em.
_REACH, _ALIKE = 7.0, 0.15
# Lines that end together within this, and how many have to; how far beyond a speck lies, em.
_LEVEL, _AGREE, _BEYOND = 0.35, 3, 0.15
# A line's ink reaches beyond its last character by no more, em.
_LOOSE = 0.7

# Marks that dirt is read as inside a line. Two letters side by side take up two ems, with a
# mark between them half an em more at least; so many steps tell the em.
_SMALL, _ROOM, _STEPS = frozenset("·.、。,'`•˙"), 2.25, 4
# The point of a number in words, 十九.四%, takes up no room when it is set down.
_POINTS, _NUMERALS = frozenset(".．·"), frozenset("〇零一二三四五六七八九十百")
# Longest credit, in characters, and the least space in it, em.
_CREDIT, _SPACE = 14, 0.3
# What a photographer did, and the least space inside his name, em.
_VERBS, _IN_NAME = ("摄", "攝"), 0.6
# Dirt between the two: 叶文博.摄.
_POINTED = re.compile(r"[一-鿿]([.·．•˙'`´])[摄攝](?:影?(?:报道|報道|報導)?[）)]?)$")
# Words of a credit that have no space inside, and their pairs of characters.
_WORDS = (
    "记者", "記者", "通讯员", "通訊員", "摄影", "攝影", "报道", "報道", "報導", "新华社", "新華社",
    "本报", "本報", "特约", "特約", "实习", "實習", "图片", "圖片", "供图", "供圖",
)  # fmt: skip
_WITHIN = frozenset(a + b for word in _WORDS for a, b in pairwise(word))

FloatArray = NDArray[np.float64]


def without_specks(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines, those read from ink without dirt at their ends.

    Lines without boxes for their characters stay as they are.
    """
    cleaned = dict(enumerate(lines))
    for mode in WritingMode:
        own = [
            k
            for k, line in enumerate(lines)
            if line.mode is mode and line.origin is Origin.OCR and len(line.chars) > 2
        ]
        if not own:
            continue
        low, high, place = (
            np.array([at(lines[k].box, mode) for k in own]) for at in (_low, _high, _place)
        )
        size = np.array([lines[k].size for k in own])
        for n, k in enumerate(own):
            near = np.abs(place - place[n]) < _REACH * size[n]
            near &= np.abs(size / size[n] - 1) < _ALIKE
            near &= (low < high[n]) & (high > low[n])
            near[n] = False
            cleaned[k] = _spaced(_clean(lines[k], high[near], mode), mode)
    return tuple(cleaned[k] for k in range(len(lines)))


def _low(box: Box, mode: WritingMode) -> float:
    return box.y0 if mode is WritingMode.VERTICAL else box.x0


def _high(box: Box, mode: WritingMode) -> float:
    return box.y1 if mode is WritingMode.VERTICAL else box.x1


def _place(box: Box, mode: WritingMode) -> float:
    return box.cx if mode is WritingMode.VERTICAL else box.cy


def _clean(line: Line, ends: FloatArray, mode: WritingMode) -> Line:
    """The line without the marks at its end that are dirt; `ends` are its neighbours'."""
    text, count = line.text, len(line.text)
    if len(line.chars) != count:
        return line
    edge = _edge(line, ends, mode)
    while count > 2 and (text[count - 1] in _MARKS or text[count - 1] in _OPENING):
        before = text[: count - 1].rstrip()
        start = _low(line.chars[count - 1], mode)
        outside = edge is not None and start > edge + _BEYOND * line.size
        after = text[count - 1] in _DOTS and (before[-1] in _LAST or before[-1] in _SIGNED)
        # Nothing is opened after a picture's credit.
        after |= text[count - 1] in _OPENING and before[-1] in _SIGNED
        if not (outside or after):
            break
        count = len(before)
    end = _high(line.chars[count - 1], mode)
    loose = _high(line.box, mode) - end > _LOOSE * line.size
    if count == len(text) and not (loose and edge is not None and end < edge + line.size):
        return line
    return replace(
        line,
        text=text[:count],
        chars=line.chars[:count],
        box=_ended(line.box, min(_high(line.box, mode), end), mode),
    )


def _spaced(line: Line, mode: WritingMode) -> Line:
    """A line that ends in a picture's credit with the space before it, which OCR leaves out."""
    line = _without_point(line)
    if len(line.chars) != len(line.text) or not ends_in_credit(line.text):
        return line
    for k in range(len(line.text) - 1, max(0, len(line.text) - _CREDIT), -1):
        before, after = line.chars[k - 1], line.chars[k]
        gap = _low(after, mode) - _high(before, mode)
        # One letter before the verb is hardly a name by itself: 程秀|英摄, but 王　辉 摄.
        least = _IN_NAME if line.text[k + 1 : k + 2] in _VERBS else _SPACE
        pair = line.text[k - 1 : k + 1]
        if gap > least * line.size and pair.isalpha() and pair not in _WITHIN:
            inside = _between(before, after, mode)
            text = f"{line.text[:k]} {line.text[k:]}"
            line = replace(line, text=text, chars=(*line.chars[:k], inside, *line.chars[k:]))
    return line


def _without_point(line: Line) -> Line:
    """A line whose credit has a space between the name and the verb, not the dirt in it."""
    signed = _POINTED.search(line.text)
    if signed is None:
        return line
    k = signed.start(1)
    return replace(line, text=f"{line.text[:k]} {line.text[k + 1 :]}")


def without_squeezed(line: Line) -> str:
    """The words of a headline without marks that take up no room in it: dirt between letters.

    Nor does a row of one begin with a comma or a stop.
    """
    text, chars, mode = line.text, line.chars, line.mode
    if line.origin is not Origin.OCR:
        return text
    if text[:1] in _MARKS & _NEVER_FIRST and text[1:2].isalnum():
        text, chars = text[1:], chars[1:]
    if len(chars) != len(text):
        return text
    places = [(_low(c, mode) + _high(c, mode)) / 2 for c in chars]
    steps = [places[k + 1] - places[k] for k in range(len(text) - 1) if text[k : k + 2].isalpha()]
    if len(steps) < _STEPS:
        return text
    pitch = float(np.median(steps))
    dirt = {
        k
        for k in range(1, len(text) - 1)
        if text[k] in _SMALL
        and text[k - 1].isalpha()
        and text[k + 1].isalpha()
        and not (text[k] in _POINTS and {text[k - 1], text[k + 1]} <= _NUMERALS)
        and _high(chars[k + 1], mode) - _low(chars[k - 1], mode) < _ROOM * pitch
    }
    return "".join(char for k, char in enumerate(text) if k not in dirt)


def _between(before: Box, after: Box, mode: WritingMode) -> Box:
    if mode is WritingMode.VERTICAL:
        return Box(before.x0, before.y1, before.x1, after.y0)
    return Box(before.x1, before.y0, after.x0, before.y1)


def _edge(line: Line, ends: FloatArray, mode: WritingMode) -> float | None:
    """Where the lines around end, if several of them end together before this one does."""
    found = None
    for end in ends.tolist():
        if np.count_nonzero(np.abs(ends - end) < _LEVEL * line.size) >= _AGREE:
            found = end if found is None else max(found, end)
    return found if found is not None and found < _high(line.box, mode) else None


def _ended(box: Box, end: float, mode: WritingMode) -> Box:
    if mode is WritingMode.VERTICAL:
        return Box(box.x0, box.y0, box.x1, max(end, box.y0 + 1))
    return Box(box.x0, box.y0, max(end, box.x0 + 1), box.y1)
