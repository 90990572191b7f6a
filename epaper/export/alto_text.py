"""Blocks of text in ALTO: lines, words, spaces, line-end hyphens and characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from lxml import etree

from epaper.export.alto_styles import Styles, Tags, most_frequent
from epaper.export.aside import Aside, escaped
from epaper.export.places import Bounds, Pixels, member_id, printed_lines
from epaper.export.told import Corners, Told, Word
from epaper.export.xmlio import alto
from epaper.geometry import Box
from epaper.model import Article, Block, Line, Origin, Page, WritingMode

# Neither the first half of a word nor the second.
_NOT_BROKEN = ("", "")

_HYPHENS = ("-", "\u2010", "\u00ad")
_LETTER = re.compile(r"[^\W\d_].$")


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
        out: list[str] = []
        for number, (line, style) in enumerate(zip(lines, lines_styles, strict=True), 1):
            own = "" if style == usual else f' STYLEREFS="{style}"'
            self._line(out, block, line, f"{name}-l{number}", own)
            out.append("\n      ")
        self._aside.put(element, "".join(out[:-1]))
        return element

    def _line(self, out: list[str], block: Block, line: Line, name: str, given: str) -> None:
        """A line; `given` is its style where that is not the block's."""
        told = self._bounds.told(line)
        if told.leftward:
            given += ' BASEDIRECTION="rtl"'
        elif line.mode is not block.mode:
            way = "ttb" if line.mode is WritingMode.VERTICAL else "ltr"
            given += f' BASEDIRECTION="{way}"'
        shape, place = "", _extent(told.corners)
        if not self._bounds.straight:
            outline = self._bounds.outline(line.box)
            shape = f'<Shape><Polygon POINTS="{outline}"/></Shape>'
        out.append(f'<TextLine ID="{name}" {place} BASELINE="{told.baseline}"{given}>{shape}')
        first, second = self._whole_words.get(id(line), _NOT_BROKEN)
        before: Word | None = None
        for number, word in enumerate(told.words, 1):
            if before is not None:
                white = self._bounds.rectangle(_gap(before, word, line.mode))
                out.append(f"\n       <SP {_extent(white)}/>")
            before = word
            begun = first if number == len(told.words) else ""
            ended = second if number == 1 else ""
            self._string(out, word, line, told, f"{name}-s{number}", begun, ended)
        out.append("\n      </TextLine>")

    def _string(
        self,
        out: list[str],
        word: Word,
        line: Line,
        told: Told,
        name: str,
        begun: str,
        ended: str,
    ) -> None:
        """A word, the first half of `begun` or the second of `ended`, where these are words.

        The hyphen of a first half stands by itself.
        """
        said, letters, edges = word.said, word.letters, word.edges
        if begun:
            said, letters = escaped(word.text[:-1]), letters[:-1]
        given = f'WC="{told.sureness}"'
        if line.origin is Origin.OCR:
            sure = min(1.0, max(0.0, line.confidence))
            given += f' CC="{" ".join([str(round(9 * (1 - sure)))] * len(letters))}"'
        if begun or ended:
            part = "HypPart1" if begun else "HypPart2"
            given += f' SUBS_TYPE="{part}" SUBS_CONTENT="{escaped(begun or ended)}"'
        place = _extent(word.corners)
        out.append(f'\n       <String ID="{name}" {place} CONTENT="{said}" {given}>')
        w, sureness = self._bounds.written, f'" GC="{told.sureness}" HPOS="'
        # Of the edges, those of a hyphen may be left over.
        out += [
            f'<Glyph CONTENT="{letter}{sureness}{w[x]}" VPOS="{w[y]}"'
            f' WIDTH="{w[right - x]}" HEIGHT="{w[bottom - y]}"/>'
            for letter, x, y, right, bottom in zip(letters, *edges, strict=False)
        ]
        out.append("</String>")
        if begun:
            last = [edge[-1] for edge in edges if edge]
            where = f"{_extent((last[0], last[1], last[2], last[3]))} " if last else ""
            out.append(f'\n       <HYP {where}CONTENT="{escaped(word.text[-1])}"/>')


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


def _whole_words(page: Page) -> Mapping[int, tuple[str, str]]:
    """Words that a hyphen parts over two lines, by the identity of either line.

    The word that the line begins, and that which it ends. A hyphen is known to part a
    word where the article's text has the word in one piece.
    """
    blocks = {block.id: block for block in page.blocks}
    found: dict[int, tuple[str, str]] = {}
    for article in page.articles:
        lines = [x for name in article.blocks if name in blocks for x in blocks[name].lines]
        if not any(_hyphened(line.text) for line in lines):
            continue
        said = set(" ".join(_texts(article)).split())
        for first, second in pairwise(lines):
            ends = second.text.split()
            if not ends or not _hyphened(first.text):
                continue
            whole = first.text.split()[-1][:-1] + ends[0]
            if whole in said:
                found[id(first)] = whole, found.get(id(first), _NOT_BROKEN)[1]
                found[id(second)] = found.get(id(second), _NOT_BROKEN)[0], whole
    return found


def _hyphened(text: str) -> bool:
    """Whether a letter and a hyphen end the line."""
    end = text.rstrip()
    return end.endswith(_HYPHENS) and _LETTER.search(end, len(end) - 2) is not None


def _texts(article: Article) -> Iterator[str]:
    yield from (headline.text for headline in article.headlines)
    yield from (paragraph.text for paragraph in article.paragraphs)
    yield from (caption.text for caption in article.captions)
