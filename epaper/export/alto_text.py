"""Blocks of text in ALTO: lines, words, spaces, line-end hyphens and characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lxml import etree

from epaper.export.alto_styles import Styles, Tags
from epaper.export.aside import ESCAPES, Aside
from epaper.export.places import (
    Bounds,
    Pixels,
    Word,
    baseline,
    leftward,
    member_box,
    member_id,
    printed_lines,
    words,
)
from epaper.export.xmlio import alto, append
from epaper.geometry import Box
from epaper.model import Article, Block, Line, Origin, Page, WritingMode

_HYPHENED = re.compile(r"[^\W\d_]+[-\u2010\u00ad]$")

_STRING, _SP, _HYP = alto("String"), alto("SP"), alto("HYP")


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
        text_style = self._styles.usual(lines)
        styles = [text_style, self._styles.paragraph(block)]
        tags = [self._tags.layout(block.role.value)]
        if article is not None:
            tags.append(self._tags.article(article))
        given = {"ID": name, "STYLEREFS": " ".join(filter(None, styles))}
        given |= {"TAGREFS": " ".join(tags), **extent(self._bounds.pixels(member_box(block)))}
        if block.mode is WritingMode.VERTICAL:
            given["BASEDIRECTION"] = "ttb"
        element = etree.Element(alto("TextBlock"), given)
        for number, line in enumerate(lines, 1):
            self._line(element, block, line, f"{name}-l{number}", text_style)
        return element

    def _line(
        self, parent: etree._Element, block: Block, line: Line, name: str, text_style: str
    ) -> None:
        given = {"ID": name, **extent(self._bounds.pixels(line.box))}
        given["BASELINE"] = baseline(line, self._bounds)
        style = self._styles.text(line)
        if style != text_style:
            given["STYLEREFS"] = style
        if leftward(line):
            given["BASEDIRECTION"] = "rtl"
        elif line.mode is not block.mode:
            given["BASEDIRECTION"] = "ttb" if line.mode is WritingMode.VERTICAL else "ltr"
        element = append(parent, alto("TextLine"), None, given)
        if not self._bounds.straight:
            outline = {"POINTS": self._bounds.outline(line.box)}
            append(append(element, alto("Shape")), alto("Polygon"), None, outline)
        broken = self._whole_words.get(id(line), {})
        before: Word | None = None
        found = list(words(line))
        for number, word in enumerate(found, 1):
            if before is not None:
                self._space(element, before, word, line.mode)
            before = word
            halves = broken.get("first") if number == len(found) else None
            rest = broken.get("second") if number == 1 else None
            self._string(element, word, line, f"{name}-s{number}", halves, rest)

    def _string(
        self,
        parent: etree._Element,
        word: Word,
        line: Line,
        name: str,
        begun: str | None,
        ended: str | None,
    ) -> None:
        """A word; where it is the first half of `begun`, its hyphen stands by itself."""
        text, chars, box = word.text, word.chars, word.box
        if begun:
            text, chars = text[:-1], chars[:-1]
        sure = min(1.0, max(0.0, line.confidence))
        given = {"ID": name, **extent(self._bounds.pixels(box)), "CONTENT": text}
        given["WC"] = f"{sure:.3g}"
        if line.origin is Origin.OCR:
            given["CC"] = " ".join([str(round(9 * (1 - sure)))] * len(text))
        if whole := begun or ended:
            given |= {"SUBS_TYPE": "HypPart1" if begun else "HypPart2", "SUBS_CONTENT": whole}
        string = append(parent, _STRING, None, given)
        if chars:
            self._aside.put(string, self._glyphs(text, chars, given["WC"]))
        if begun:
            where = extent(self._bounds.pixels(word.chars[-1])) if word.chars else {}
            append(parent, _HYP, None, {**where, "CONTENT": word.text[-1]})

    def _glyphs(self, text: str, chars: Sequence[Box], sureness: str) -> str:
        pieces = []
        for char, box in zip(text, chars, strict=True):
            x, y, width, height = self._bounds.pixels(box)
            pieces.append(
                f'<Glyph CONTENT="{ESCAPES.get(char, char)}" GC="{sureness}" HPOS="{x}"'
                f' VPOS="{y}" WIDTH="{width}" HEIGHT="{height}"/>'
            )
        return "".join(pieces)

    def _space(self, parent: etree._Element, before: Word, after: Word, mode: WritingMode) -> None:
        """The white between two words, which may be as narrow as nothing."""
        a, b = before.box, after.box
        if mode is WritingMode.VERTICAL:
            gap = Box(b.x0, min(a.y1, b.y0), b.x1, max(a.y1, b.y0))
        else:
            left, right = (a, b) if a.x0 <= b.x0 else (b, a)
            gap = Box(min(left.x1, right.x0), b.y0, max(left.x1, right.x0), b.y1)
        append(parent, _SP, None, extent(self._bounds.pixels(gap)))


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
