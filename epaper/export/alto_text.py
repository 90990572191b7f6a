"""Blocks of text in ALTO: lines, words, spaces, line-end hyphens and characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lxml import etree

from epaper.export.alto_styles import Styles, Tags, most_frequent
from epaper.export.aside import ESCAPES, Aside, escaped
from epaper.export.places import (
    Bounds,
    Corners,
    Pixels,
    Told,
    Word,
    leftward,
    member_id,
    printed_lines,
)
from epaper.export.xmlio import alto
from epaper.geometry import Box
from epaper.model import Article, Block, Line, Origin, Page, WritingMode

_HYPHENED = re.compile(r"[^\W\d_]+[-\u2010\u00ad]$")


def extent(place: Pixels) -> dict[str, str]:
    """Position and size as the attributes of an element."""
    return {
        "HPOS": str(place.x),
        "VPOS": str(place.y),
        "WIDTH": str(place.width),
        "HEIGHT": str(place.height),
    }


class TextBlocks:
    """Makes the TextBlock elements of a page."""

    def __init__(
        self, page: Page, bounds: Bounds, styles: Styles, tags: Tags, aside: Aside
    ) -> None:
        self._bounds, self._styles, self._tags, self._aside = bounds, styles, tags, aside
        self._whole_words = _whole_words(page)

    def element(self, block: Block, article: Article | None) -> etree._Element:
        """The TextBlock of `block`, which has at least one line that says something."""
        name, lines = member_id(block), printed_lines(block)
        lines_styles = [self._styles.text(line) for line in lines]
        usual = most_frequent(lines_styles)
        styles = [usual, self._styles.paragraph(block)]
        tags = [self._tags.layout(block.role.value)]
        if article is not None:
            tags.append(self._tags.article(article))
        given = {"ID": name, "STYLEREFS": " ".join(filter(None, styles))}
        given |= {"TAGREFS": " ".join(tags), **extent(self._bounds.place(block))}
        if block.mode is WritingMode.VERTICAL:
            given["BASEDIRECTION"] = "ttb"
        element = etree.Element(alto("TextBlock"), given)
        written = [
            self._line(block, line, f"{name}-l{number}", "" if style == usual else style)
            for number, (line, style) in enumerate(zip(lines, lines_styles, strict=True), 1)
        ]
        self._aside.put(element, "\n      ".join(written))
        return element

    def _line(self, block: Block, line: Line, name: str, style: str) -> str:
        """A line; `style` is its own where that is not the block's."""
        given = f' STYLEREFS="{style}"' if style else ""
        if leftward(line):
            given += ' BASEDIRECTION="rtl"'
        elif line.mode is not block.mode:
            way = "ttb" if line.mode is WritingMode.VERTICAL else "ltr"
            given += f' BASEDIRECTION="{way}"'
        shape = ""
        if not self._bounds.straight:
            outline = self._bounds.outline(line.box)
            shape = f'<Shape><Polygon POINTS="{outline}"/></Shape>'
        told = self._bounds.told(line)
        return (
            f'<TextLine ID="{name}" {_extent(told.corners)}'
            f' BASELINE="{told.baseline}"{given}>{shape}'
            f"{''.join(self._strings(line, told, name))}\n      </TextLine>"
        )

    def _strings(self, line: Line, told: Told, name: str) -> Iterator[str]:
        """The words of a line and the spaces between them, each on a line of its own."""
        broken = self._whole_words.get(id(line), {})
        before: Word | None = None
        for number, word in enumerate(told.words, 1):
            if before is not None:
                (white,) = self._bounds.corners((_gap(before, word, line.mode),))
                yield f"\n       <SP {_extent(white)}/>"
            before = word
            begun = broken.get("first", "") if number == len(told.words) else ""
            ended = broken.get("second", "") if number == 1 else ""
            yield self._string(word, line, f"{name}-s{number}", begun, ended)

    def _string(self, word: Word, line: Line, name: str, begun: str, ended: str) -> str:
        """A word; where it is the first half of `begun`, its hyphen stands by itself."""
        text, corners = word.text, word.char_corners
        if begun:
            text, corners = text[:-1], corners[:-1]
        sure = min(1.0, max(0.0, line.confidence))
        given = f'WC="{sure:.3g}"'
        if line.origin is Origin.OCR:
            given += f' CC="{" ".join([str(round(9 * (1 - sure)))] * len(text))}"'
        if begun or ended:
            part = "HypPart1" if begun else "HypPart2"
            given += f' SUBS_TYPE="{part}" SUBS_CONTENT="{escaped(begun or ended)}"'
        string = (
            f'\n       <String ID="{name}" {_extent(word.corners)}'
            f' CONTENT="{escaped(text)}" {given}>'
            f"{self._glyphs(text, corners, f'{sure:.3g}') if corners else ''}</String>"
        )
        if begun:
            last = word.char_corners[-1:]
            where = f"{_extent(last[0])} " if last else ""
            string += f'\n       <HYP {where}CONTENT="{escaped(word.text[-1])}"/>'
        return string

    def _glyphs(self, text: str, corners: Sequence[Corners], sureness: str) -> str:
        written = self._bounds.written
        return "".join(
            [
                f'<Glyph CONTENT="{ESCAPES.get(char, char)}" GC="{sureness}"'
                f' HPOS="{written[x]}" VPOS="{written[y]}"'
                f' WIDTH="{written[right - x]}" HEIGHT="{written[bottom - y]}"/>'
                for char, (x, y, right, bottom) in zip(text, corners, strict=True)
            ]
        )


def _extent(corners: Corners) -> str:
    x, y, right, bottom = corners
    return f'HPOS="{x}" VPOS="{y}" WIDTH="{right - x}" HEIGHT="{bottom - y}"'


def _gap(before: Word, after: Word, mode: WritingMode) -> Box:
    """The white between two words, which may be as narrow as nothing."""
    a, b = before.box, after.box
    if mode is WritingMode.VERTICAL:
        return Box(b.x0, min(a.y1, b.y0), b.x1, max(a.y1, b.y0))
    left, right = (a, b) if a.x0 <= b.x0 else (b, a)
    return Box(min(left.x1, right.x0), b.y0, max(left.x1, right.x0), b.y1)


def _whole_words(page: Page) -> dict[int, dict[str, str]]:
    """Words that a hyphen parts over two lines, by the identity of either line.

    A hyphen is known to part a word where the article's text has the word in one piece.
    """
    blocks = {block.id: block for block in page.blocks}
    found: dict[int, dict[str, str]] = {}
    for article in page.articles:
        lines = [x for name in article.blocks if name in blocks for x in blocks[name].lines]
        if not any(_HYPHENED.search(line.text.rstrip()) for line in lines):
            continue
        said = set(" ".join(_texts(article)).split())
        for first, second in pairwise(lines):
            begun = _HYPHENED.search(first.text.rstrip())
            ends = second.text.split()
            if begun is None or not ends:
                continue
            whole = first.text.split()[-1][:-1] + ends[0]
            if whole in said:
                found.setdefault(id(first), {})["first"] = whole
                found.setdefault(id(second), {})["second"] = whole
    return found


def _texts(article: Article) -> Iterator[str]:
    yield from (headline.text for headline in article.headlines)
    yield from (paragraph.text for paragraph in article.paragraphs)
    yield from (caption.text for caption in article.captions)
