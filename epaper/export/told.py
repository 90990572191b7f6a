"""Lines of type as they are told on an image: words and characters, and where they lie.

What ALTO and PAGE say alike of a line is found once: its places in whole pixels, and its
text as it stands in XML. Places are kept edge by edge, since a page has thousands of
characters and a rectangle is an object for each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from epaper.export.aside import ESCAPES, escaped
from epaper.export.xmlio import clean
from epaper.geometry import Box, hull
from epaper.model import Line, WritingMode

# Where a line of Chinese type rests, from its bottom in parts of its height; half-way
# down a vertical line, the line is its own axis.
_DESCENT = 0.12

# Full-width space is kept as a character: it stands inside names (刘　振).
_WORD = re.compile(r"[^ \t\n\r\f\v\u00a0]+")

Place = tuple[float, float]
"""A point of the page or of its scan."""

Corners = tuple[int, int, int, int]
"""Left, top, right and bottom of a rectangle of whole pixels."""

Edges = tuple[Sequence[int], Sequence[int], Sequence[int], Sequence[int]]
"""All lefts, all tops, all rights and all bottoms of as many rectangles."""


class Word(NamedTuple):
    """Characters between spaces; `chars` holds a box a character where they are known.

    `said` is the text as it stands in XML. `corners` and `edges`, those of the
    characters, are on the image.
    """

    text: str
    said: str
    box: Box
    chars: tuple[Box, ...]
    corners: Corners
    edges: Edges

    @property
    def letters(self) -> Sequence[str]:
        """The characters as they stand in XML, one by one."""
        if self.said == self.text:
            return self.text
        return [ESCAPES.get(char, char) for char in self.text]


class Told(NamedTuple):
    """A line as it is told on an image.

    `said` is its text as it stands in XML. `baseline` is what the type rests on,
    ``x,y x,y`` as it is read; the middle of a vertical line. `sureness` is the line's
    confidence in figures, `leftward` whether it runs from right to left. A line of
    Chinese is one word, whatever its length.
    """

    said: str
    corners: Corners
    baseline: str
    sureness: str
    leftward: bool
    words: Sequence[Word]


def told_line(
    line: Line,
    edges: Edges,
    path: Callable[[Place, Place], str],
    corners: Callable[[Box], Corners],
) -> Told:
    """The line, where `edges` are those of its own box and then of its characters.

    `path` puts down a line of the page, `corners` finds a rectangle on the image.
    """
    left, top, right, bottom = edges
    own = left[0], top[0], right[0], bottom[0]
    text, leads_left = line.text, leftward(line)
    known = len(line.chars) == len(text)
    if known and text and " " not in text and text.isprintable():
        said = escaped(text)
        each = left[1:], top[1:], right[1:], bottom[1:]
        words = [Word(text, said, line.box, line.chars, own, each)]
    else:
        said = escaped(clean(text))
        words = [
            Word(
                word,
                escaped(word),
                box,
                tuple(line.chars[k] for k in kept),
                own if box is line.box else corners(box),
                _picked(edges, kept),
            )
            for word, box, kept in _words(line, known)
        ]
    base = path(*_baseline(line, leads_left))
    return Told(said, own, base, sureness(line.confidence), leads_left, words)


@lru_cache(maxsize=1024)
def sureness(confidence: float) -> str:
    """A confidence in figures."""
    return f"{min(1.0, max(0.0, confidence)):.3g}"


def _picked(edges: Edges, kept: Sequence[int]) -> Edges:
    """The edges of some characters of a line."""
    left, top, right, bottom = edges
    return (
        [left[k + 1] for k in kept],
        [top[k + 1] for k in kept],
        [right[k + 1] for k in kept],
        [bottom[k + 1] for k in kept],
    )


def _words(line: Line, known: bool) -> Iterator[tuple[str, Box, Sequence[int]]]:
    """The words of a line, their boxes and the places of their characters in the line.

    Unless the boxes of characters are `known`, there are no such places, and a word has
    its share of the line by their number.
    """
    for match in _WORD.finditer(line.text):
        start, end = match.span()
        text = match.group()
        kept: Sequence[int] = range(start, end) if known else ()
        if clean(text) != text:
            kept = [k for k in kept if clean(line.text[k])]
            text = clean(text)
        if text and end - start == len(line.text):
            yield text, line.box, kept
        elif text:
            own = hull([line.chars[k] for k in kept]) if kept else _share(line, start, end)
            yield text, own, kept


def _share(line: Line, start: int, end: int) -> Box:
    a, b = start / len(line.text), end / len(line.text)
    box = line.box
    if line.mode is WritingMode.VERTICAL:
        return Box(box.x0, box.y0 + a * box.height, box.x1, box.y0 + b * box.height)
    return Box(box.x0 + a * box.width, box.y0, box.x0 + b * box.width, box.y1)


def leftward(line: Line) -> bool:
    """Whether a horizontal line runs from right to left, as old headlines do."""
    chars = line.chars
    return len(chars) > 1 and chars[-1].x1 < chars[0].x0 and line.mode is WritingMode.HORIZONTAL


def _baseline(line: Line, leads_left: bool) -> tuple[Place, Place]:
    """Where the baseline of a line begins and ends."""
    box = line.box
    if line.mode is WritingMode.VERTICAL:
        return (box.cx, box.y0), (box.cx, box.y1)
    y = box.y1 - _DESCENT * box.height
    start, end = (box.x1, box.x0) if leads_left else (box.x0, box.x1)
    return (start, y), (end, y)
