"""Horizontal lines of vertical pages that are read from right to left, as old papers set them.

A file may draw such a line as it stands on the page, from the left; then only its words
tell. A line is turned where its characters make words, of the language or of the page's
own vertical text, from its end rather than from its beginning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from epaper.layout.affinity import WordTable, joins_word
from epaper.layout.cues import is_folio, is_masthead
from epaper.model import Line, WritingMode

# A line, with those of its type right above and below it, is turned where this many pairs
# of characters more are found in words that way, and so many times as many.
_MORE, _TIMES = 2, 2
_SAME_SIZE = 0.05
# Rows of one text stand no further apart than this, em.
_STACK = 1.0
# Headlines of a page of which so many are surely read from the right, and none from the left, are
# all read so; they are so many times as large as the text.
_HABIT, _LARGE = 2, 1.5
_NUMERALS = frozenset("〇○零一二三四五六七八九十百千萬万")
# What keeps its order inside a line from the right: numbers and Latin words.
_KEPT = re.compile(r"[0-9A-Za-z０-９.,%:/·-]+|.", re.DOTALL)


def turn_leftward(lines: Sequence[Line], words: WordTable) -> tuple[Line, ...]:
    """The lines of a vertical page, with those that are read from the right in that order."""
    flat = [
        k
        for k, line in enumerate(lines)
        if line.mode is WritingMode.HORIZONTAL and len(line.text) > 1
    ]
    if not flat:
        return tuple(lines)
    own: set[tuple[str, str]] = set()
    for line in lines:
        if line.mode is WritingMode.VERTICAL:
            own.update(pairwise(line.text))
    odds = {k: _evidence(lines[k], own, words) for k in flat}
    backward: set[int] = set()
    doubtful: set[int] = set()
    forward: set[int] = set()
    for k in flat:
        if is_leftward(lines[k]) or is_masthead(lines[k].text) or is_folio(lines[k].text):
            continue
        near = [n for n in flat if n == k or _stacked(lines[k], lines[n])]
        ahead, back = (sum(odds[n][side] for n in near) for side in (0, 1))
        if back >= ahead + _MORE and back >= _TIMES * ahead:
            backward.add(k)
        elif back > ahead:
            doubtful.add(k)
        elif ahead >= back + _MORE:
            forward.add(k)
    # What leaves doubt by itself is settled by a page that has other such lines.
    backward |= doubtful if backward else set()
    large = _large(lines, flat)
    if len(large & backward) >= _HABIT and not large & forward:
        backward |= large
    return tuple(_turned(line) if k in backward else line for k, line in enumerate(lines))


def _large(lines: Sequence[Line], flat: Sequence[int]) -> set[int]:
    """Lines of headlines among the horizontal ones `flat`."""
    down = [line.size for line in lines if line.mode is WritingMode.VERTICAL]
    body = median(down) if down else float("inf")
    said = ((k, lines[k]) for k in flat if lines[k].size > _LARGE * body)
    return {k for k, x in said if not (is_leftward(x) or is_masthead(x.text) or is_folio(x.text))}


def is_leftward(line: Line) -> bool:
    """True for a line whose characters stand one left of the other."""
    return (
        line.mode is WritingMode.HORIZONTAL
        and len(line.chars) > 1
        and line.chars[0].cx > line.chars[-1].cx
    )


def _evidence(line: Line, own: set[tuple[str, str]], words: WordTable) -> tuple[int, int]:
    """How many pairs of neighbours are found in words: as the line is drawn, and turned."""
    return known_pairs(line.text, own, words), known_pairs(line.text[::-1], own, words)


def known_pairs(text: str, own: set[tuple[str, str]], words: WordTable) -> int:
    """How many pairs of neighbours in a text are found in words, or are the page's `own`."""
    # Numerals stand in any order.
    pairs = [pair for pair in pairwise(text) if not _NUMERALS.issuperset(pair)]
    joined = joins_word([a for a, _ in pairs], [b for _, b in pairs], words.keys, words.weights)
    return sum(
        bool(weight > 0) or (weight >= 0 and pair in own)
        for pair, weight in zip(pairs, joined.tolist(), strict=True)
    )


def _stacked(one: Line, other: Line) -> bool:
    """True for rows of one type, one right over the other."""
    a, b = one.box, other.box
    return (
        abs(one.size / other.size - 1) < _SAME_SIZE
        and -0.5 * one.size < max(a.y0 - b.y1, b.y0 - a.y1) < _STACK * one.size
        and a.overlap_x(b) > 0.5 * min(a.width, b.width)
    )


def _turned(line: Line) -> Line:
    """The line from its other end; numbers and Latin words in it keep their order."""
    spans = [match.span() for match in _KEPT.finditer(line.text)]
    order = [k for start, end in reversed(spans) for k in range(start, end)]
    text = "".join(line.text[k] for k in order)
    chars = tuple(line.chars[k] for k in order) if len(line.chars) == len(line.text) else ()
    return replace(line, text=text, chars=chars)
