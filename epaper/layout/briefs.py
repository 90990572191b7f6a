"""News items that are told by a mark alone (○, ◎, ●…), as papers without headlines set them.

Built in the reading frame.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from epaper.layout.chunks import Chunk
from epaper.layout.frame import Item

_MARKED = re.compile(r"^\s*[○〇◯◎●◇◆□■△▲※☆★]\s*\S")
# As many marked items as this make a page of items.
_ITEMS = 3
_LEVEL = 1.3


# The rest of a number that a line breaks: 二〇|〇三年; an item may begin with one thing (○一場).
_NUMBER = re.compile(
    "^[○〇◯](?:[〇年]|[一二三四五六七八九](?:[〇○一二三四五六七八九十百千萬万年月日]|$))|^〇[一二三四五六七八九]"
)


def is_marked(text: str) -> bool:
    """True for text that begins with the mark of an item."""
    text = text.strip()
    return bool(_MARKED.match(text)) and not _NUMBER.match(text)


def part_items(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks, cut before every marked line where there are several."""
    marked = sum(_begins(item, chunk) for chunk in chunks for item in chunk.items)
    if marked < _ITEMS:
        return list(chunks)
    parts: list[Chunk] = []
    for chunk in chunks:
        cuts = [k for k, i in enumerate(chunk.items) if k and _begins(i, chunk)]
        if chunk.rows or not cuts:
            parts.append(chunk)
            continue
        edges = [0, *cuts, len(chunk.items)]
        parts += [
            replace(chunk, items=chunk.items[a:b], tail=chunk.tail if b == edges[-1] else ())
            for a, b in pairwise(edges)
        ]
    return parts


def _begins(item: Item, chunk: Chunk) -> bool:
    """True for a marked line at the column's edge, or an indent from it."""
    near = item.box.x0 - chunk.box.x0 < 2 * _LEVEL * chunk.size
    return near and is_marked(item.text) and len(item.text) > 4
