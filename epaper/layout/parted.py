"""Headlines of neighbouring stories that were read as one line.

Two headlines that begin flush with their columns may come so near each other that the
space between them is no wider than one inside a headline. Their beginnings tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from epaper.geometry import hull
from epaper.layout.chunks import body_size
from epaper.layout.frame import Item, sheet_of
from epaper.layout.headings import is_display
from epaper.model import Line, Page, WritingMode

# Narrowest space between two headlines, in their own em.
_SPACE = 0.4
# Both begin with a column to within this; the text below begins within that, body em.
_FLUSH = 0.25
_BELOW = 8.0
_INDENT = 2.0
# Lines that must begin with the headline.
_LINES = 3


def part_headlines(page: Page, mode: WritingMode) -> tuple[Line, ...]:
    """The page's lines, display lines over two flush beginnings of columns in pieces.

    Lines without boxes for their characters stay whole.
    """
    items = [i for i in sheet_of(page, mode).items if not i.across]
    body = body_size(items)
    pieces = {
        id(item.line): cut
        for item in items
        if is_display(item, body) and (cut := _pieces(item, items, body, page, mode))
    }
    return tuple(p for line in page.lines for p in pieces.get(id(line), (line,)))


def _pieces(
    item: Item, others: Sequence[Item], body: float, page: Page, mode: WritingMode
) -> tuple[Line, ...]:
    """The line in two where its second half begins with a column, else nothing."""
    line = item.line
    inked = [k for k, char in enumerate(line.text) if not char.isspace()]
    if len(line.chars) != len(line.text) or not _flush(item.box.x0, item, others, body):
        return ()
    boxes = [b.turned(page.width) if mode is WritingMode.VERTICAL else b for b in line.chars]
    for before, after in pairwise(inked):
        wide = boxes[after].x0 - boxes[before].x1 >= _SPACE * item.size
        if wide and _flush(boxes[after].x0, item, others, body):
            return _part(line, 0, before + 1), _part(line, after, len(line.text))
    return ()


def _flush(start: float, item: Item, others: Sequence[Item], body: float) -> bool:
    """True if a column of text below the item begins exactly at `start`, or a headline."""
    below = [i for i in others if 0 < i.box.y0 - item.box.y1 < _BELOW * body]
    flush = [i for i in below if abs(i.box.x0 - start) < _FLUSH * body]
    indented = sum(abs(i.box.x0 - start - _INDENT * body) < _FLUSH * body for i in below)
    crossing = sum(i.box.x0 < start - body and i.box.x1 > start + body for i in below)
    if any(is_display(i, body) and i.box.y0 - item.box.y1 < item.size for i in flush):
        return not crossing
    return len(flush) > crossing and len(flush) + indented >= max(_LINES, _LINES * crossing)


def _part(line: Line, start: int, end: int) -> Line:
    text = line.text[start:end]
    lead = len(text) - len(text.lstrip())
    chars = line.chars[start + lead : start + lead + len(text.strip())]
    return replace(line, text=text.strip(), chars=chars, box=hull(chars))
