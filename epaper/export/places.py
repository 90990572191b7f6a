"""Where the parts of a page lie and in which order they are read, for formats of places.

ALTO, PAGE and METS name blocks and pictures by the same ids and list them in the same
groups, so that what one of them points to is there in the others. Lengths are whole
pixels of the page image.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import NamedTuple

from epaper.export.articles import article_pictures
from epaper.export.guids import xml_id
from epaper.export.newsml import reading_order
from epaper.export.xmlio import clean
from epaper.geometry import Box, hull
from epaper.model import Article, Block, Line, Page, Picture, Role, WritingMode

# Where a line of Chinese type rests, from its bottom in parts of its height; half-way
# down a vertical line, the line is its own axis.
_DESCENT = 0.12

# Full-width space is kept as a character: it stands inside names (刘　振).
_WORD = re.compile(r"[^ \t\n\r\f\v\u00a0]+")

TOP_ROLES = (Role.MASTHEAD, Role.FOLIO)


class Pixels(NamedTuple):
    """A rectangle of whole pixels inside the page, at least one by one."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Word:
    """Characters between spaces; `chars` holds a box a character where they are known."""

    text: str
    box: Box
    chars: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Blocks and pictures read one after the other; `article` is None where none has them."""

    article: Article | None
    members: tuple[Block | Picture, ...]


class Bounds:
    """The pixels of one page: boxes are made whole and kept inside it."""

    def __init__(self, page: Page) -> None:
        self.width, self.height = max(1, page.width), max(1, page.height)

    def pixels(self, box: Box) -> Pixels:
        """The smallest rectangle of whole pixels around `box`, cut at the page's edge."""
        x, y, right, bottom = floor(box.x0), floor(box.y0), ceil(box.x1), ceil(box.y1)
        if not (0 <= x < right <= self.width and 0 <= y < bottom <= self.height):
            x, y = min(max(0, x), self.width - 1), min(max(0, y), self.height - 1)
            right, bottom = max(x + 1, min(right, self.width)), max(y + 1, min(bottom, self.height))
        return Pixels(x, y, right - x, bottom - y)


def part_id(article: Article) -> str:
    """The id of an article's part on a page."""
    return xml_id(article.id)


def member_id(member: Block | Picture) -> str:
    """The id of a block or picture."""
    return xml_id(member.id)


def member_box(member: Block | Picture) -> Box:
    """The box of a picture, or that around a block and all its lines."""
    if isinstance(member, Picture):
        return member.box
    return hull([member.box, *(line.box for line in member.lines)])


def printed_lines(block: Block) -> list[Line]:
    """The lines of a block that say something."""
    return [line for line in block.lines if clean(line.text).strip()]


def groups(page: Page) -> list[Group]:
    """All blocks with text and all pictures of a page, each once, in reading order.

    Masthead and folio come first, then the articles, adverts last, then what is in none.
    A picture stands before its caption, else at the end of its article.
    """
    left: dict[str, Block | Picture] = {b.id: b for b in page.blocks if printed_lines(b)}
    left |= {picture.id: picture for picture in page.pictures}
    claimed = {name for article in page.articles for name in article.blocks}
    top = [left.pop(b.id) for b in page.blocks if _on_top(b, claimed) and b.id in left]
    found = [Group(None, tuple(top))]
    for article in reading_order(page):
        names = [name for name in _names(article, page) if name in left]
        found.append(Group(article, tuple(left.pop(name) for name in names)))
    found.append(Group(None, tuple(left.values())))
    return [group for group in found if group.members]


def _on_top(block: Block, claimed: set[str]) -> bool:
    return block.role in TOP_ROLES and block.id not in claimed


def _names(article: Article, page: Page) -> list[str]:
    """Ids of an article's blocks and pictures, each once."""
    own = article_pictures(article, page)
    before = {c.block: c.picture for c in reversed(article.captions) if c.picture in own}
    names: dict[str, None] = {}
    for name in article.blocks:
        if picture := before.get(name):
            names.setdefault(picture)
        names.setdefault(name)
    return list({**names, **dict.fromkeys(own)})


def words(line: Line) -> Iterator[Word]:
    """The words of a line, in order; a line of Chinese is one, whatever its length.

    Without the boxes of characters a word has its share of the line by their number.
    """
    known = len(line.chars) == len(line.text)
    for match in _WORD.finditer(line.text):
        start, end = match.span()
        text, chars = match.group(), line.chars[start:end] if known else ()
        if clean(text) != text:
            kept = [i for i, char in enumerate(text) if clean(char)]
            text, chars = clean(text), tuple(chars[i] for i in kept if known)
        if text:
            yield Word(text, hull(chars) if known else _share(line, start, end), chars)


def _share(line: Line, start: int, end: int) -> Box:
    a, b = start / len(line.text), end / len(line.text)
    box = line.box
    if line.mode is WritingMode.VERTICAL:
        return Box(box.x0, box.y0 + a * box.height, box.x1, box.y0 + b * box.height)
    return Box(box.x0 + a * box.width, box.y0, box.x0 + b * box.width, box.y1)


def leftward(line: Line) -> bool:
    """Whether a horizontal line runs from right to left, as old headlines do."""
    return (
        line.mode is WritingMode.HORIZONTAL
        and len(line.chars) > 1
        and line.chars[-1].x1 < line.chars[0].x0
    )


def baseline(line: Line, place: Pixels) -> tuple[tuple[int, int], tuple[int, int]]:
    """Start and end of what the type rests on; the middle of a vertical line."""
    if line.mode is WritingMode.VERTICAL:
        middle = place.x + place.width // 2
        return (middle, place.y), (middle, place.bottom)
    y = place.bottom - round(_DESCENT * place.height)
    ends = (place.x, y), (place.right, y)
    return (ends[1], ends[0]) if leftward(line) else ends


def widest(pieces: Sequence[Pixels]) -> Pixels:
    """The smallest rectangle around all; ValueError where there is none."""
    x, y = min(p.x for p in pieces), min(p.y for p in pieces)
    right, bottom = max(p.right for p in pieces), max(p.bottom for p in pieces)
    return Pixels(x, y, right - x, bottom - y)


def may_be_aside(member: Block | Picture, group: Group) -> bool:
    """Whether it is a running title, which is no part of the print space."""
    return group.article is None and isinstance(member, Block) and member.role is Role.FOLIO


def print_space(found: Sequence[Group], bounds: Bounds) -> Pixels:
    """The rectangle around all that is printed but running titles; else the whole page."""
    held = [m for group in found for m in group.members if not may_be_aside(m, group)]
    if not held:
        return Pixels(0, 0, bounds.width, bounds.height)
    return widest([bounds.pixels(member_box(member)) for member in held])
