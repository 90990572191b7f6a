"""News items that are told by a mark alone (○, ◎, ●…), as papers without headlines set them.

Built in the reading frame.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from epaper.layout.chunks import Chunk
from epaper.layout.cues import ends_sentence

_MARKED = re.compile(r"^\s*[○〇◯◎●◇◆□■△▲※☆★]\s*\S")
# As many marked items as this make a page of items.
_ITEMS = 3
_LEVEL = 1.3
_NUMERALS = "〇一二三四五六七八九"
# The rest of a number that a line breaks: 二〇|〇三年; an item may begin with one thing (○一場).
_NUMBER = re.compile(rf"^[○〇◯](?:[〇年]|[{_NUMERALS}](?:[{_NUMERALS}○十百千萬万年月日]|$))|^〇")
# A whole year behind a circle leaves no number of which that could be a part: ○一九八一年.
_YEAR = re.compile(rf"^[○〇◯][一二][{_NUMERALS}○零]{{3}}年")


def is_marked(text: str) -> bool:
    """True for text that begins with the mark of an item, and surely no number."""
    return bool(_MARKED.match(text)) and text.strip()[1:2] not in tuple(_NUMERALS + "年")


def is_item(text: str) -> bool:
    """True for text that begins with the mark of an item, if a paragraph begins there."""
    if is_marked(text) or _YEAR.match(text.strip()):
        return True
    return bool(_MARKED.match(text)) and not _NUMBER.match(text.strip())


def part_items(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks, cut before every marked line where there are several."""
    marked = sum(_begins(k, chunk) for chunk in chunks for k in range(len(chunk.items)))
    if marked < _ITEMS:
        return list(chunks)
    parts: list[Chunk] = []
    for chunk in chunks:
        cuts = [k for k in range(1, len(chunk.items)) if _begins(k, chunk)]
        if chunk.rows or not cuts:
            parts.append(chunk)
            continue
        edges = [0, *cuts, len(chunk.items)]
        parts += [
            replace(chunk, items=chunk.items[a:b], tail=chunk.tail if b == edges[-1] else ())
            for a, b in pairwise(edges)
        ]
    return parts


def _begins(k: int, chunk: Chunk) -> bool:
    """True for a marked line, the `k`-th, at the column's edge, or an indent from it."""
    item = chunk.items[k]
    near = item.box.x0 - chunk.box.x0 < 2 * _LEVEL * chunk.size
    if not near or len(item.text) <= 4:
        return False
    ended = k == 0 or ends_sentence(chunk.items[k - 1].text)
    return is_marked(item.text) or (ended and is_item(item.text))
