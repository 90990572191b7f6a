"""Regions of text in PAGE: lines, words and characters, each with its outline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from epaper.export.aside import ESCAPES, Aside, escaped
from epaper.export.page_names import text_type
from epaper.export.places import (
    Bounds,
    Corners,
    Word,
    leftward,
    member_box,
    member_id,
    part_id,
    printed_lines,
)
from epaper.export.xmlio import append, clean, pcgts
from epaper.geometry import Box
from epaper.model import Article, Block, Line, Page, WritingMode

_COORDS, _EQUIV, _UNICODE = pcgts("Coords"), pcgts("TextEquiv"), pcgts("Unicode")


def coords(parent: etree._Element, points: str) -> None:
    """Add the outline of a region."""
    etree.SubElement(parent, _COORDS, points=points)


def custom(article: Article | None, **more: str) -> str:
    """What is known of a region beyond PAGE, in the manner of Transkribus."""
    known = more | ({"article": part_id(article)} if article is not None else {})
    return f"epaper {{{''.join(f'{key}:{value};' for key, value in known.items())}}}"


class TextRegions:
    """Makes the TextRegion elements of a page; `order` numbers blocks as they are read."""

    def __init__(self, page: Page, bounds: Bounds, order: Mapping[str, int], aside: Aside) -> None:
        self._bounds, self._order, self._aside = bounds, order, aside
        self._dpi = page.dpi if page.dpi > 0 else 72.0
        # Blocks in which a paragraph goes on that began in another.
        self._going_on = {
            name
            for article in page.articles
            for paragraph in article.paragraphs
            for name in paragraph.blocks[1:]
        }

    def add(self, parent: etree._Element, block: Block, article: Article | None) -> None:
        """Add the region of `block`, which has at least one line that says something."""
        name, lines, kind = member_id(block), printed_lines(block), text_type(block)
        structure = f"readingOrder {{index:{self._order[name]};}} structure {{type:{kind};}}"
        house = custom(article, role=block.role.value)
        given = {"id": name, "type": kind, "custom": f"{structure} {house}"}
        down = block.mode is WritingMode.VERTICAL
        given["readingDirection"] = "top-to-bottom" if down else _direction(lines[0])
        given["textLineOrder"] = "right-to-left" if down else "top-to-bottom"
        given["production"] = "printed"
        if block.id in self._going_on:
            given["continuation"] = "true"
        region = append(parent, pcgts("TextRegion"), None, given)
        straight = self._bounds.straight
        place = self._bounds.place(block).corners if straight else None
        coords(region, place or self._bounds.outline(member_box(block)))
        written = [
            self._line(block, line, f"{name}-l{number + 1}", number)
            for number, line in enumerate(lines)
        ]
        self._aside.put(region, "\n   ".join(written))
        text = "\n".join(clean(line.text) for line in lines)
        _equiv(region, text, _sureness(lines))
        append(region, pcgts("TextStyle"), None, self._style(lines[0]))

    def _line(self, block: Block, line: Line, name: str, number: int) -> str:
        turned = line.mode is not block.mode or leftward(line)
        given = f' readingDirection="{_direction(line)}"' if turned else ""
        sureness = f"{min(1.0, max(0.0, line.confidence)):.3g}"
        told = self._bounds.told(line)
        found = [
            self._word(word, f"{name}-w{index}", sureness)
            for index, word in enumerate(told.words, 1)
        ]
        return (
            f'<TextLine id="{name}" custom="readingOrder {{index:{number};}}"{given}>'
            f'<Coords points="{self._outlines((line.box,), (told.corners,))[0]}"/>'
            f'<Baseline points="{told.baseline}"/>'
            f"{''.join(found)}\n    {_said(told.text, sureness)}\n   </TextLine>"
        )

    def _outlines(self, boxes: Sequence[Box], corners: Sequence[Corners]) -> list[str]:
        if self._bounds.straight:
            w = self._bounds.written
            return [
                f"{w[x]},{w[y]} {w[right]},{w[y]} {w[right]},{w[bottom]} {w[x]},{w[bottom]}"
                for x, y, right, bottom in corners
            ]
        return [self._bounds.outline(box) for box in boxes]

    def _word(self, word: Word, name: str, sureness: str) -> str:
        """A word on a line of its own."""
        said = f'<TextEquiv conf="{sureness}"><Unicode>'
        outlines = self._outlines(word.chars, word.char_corners)
        glyphs = [
            f'<Glyph id="{name}-{number}"><Coords points="{points}"/>{said}'
            f"{ESCAPES.get(char, char)}</Unicode></TextEquiv></Glyph>"
            for number, (char, points) in enumerate(zip(word.text, outlines, strict=False), 1)
        ]
        (own,) = self._outlines((word.box,), (word.corners,))
        return (
            f'\n    <Word id="{name}"><Coords points="{own}"/>'
            f"{''.join(glyphs)}{_said(word.text, sureness)}</Word>"
        )

    def _style(self, line: Line) -> dict[str, str]:
        """Face, size in points, weight and colour of a block's first line."""
        given = {"fontFamily": line.font} if line.font else {}
        given["fontSize"] = f"{round(2 * 72 * line.size / self._dpi) / 2:g}"
        red, green, blue = line.color >> 16 & 255, line.color >> 8 & 255, line.color & 255
        # The standard counts red as the lowest byte.
        given["textColourRgb"] = str(red + 256 * green + 65536 * blue)
        given["reverseVideo"] = str(line.reversed).lower()
        given["bold"] = str(line.bold).lower()
        return given


def _direction(line: Line) -> str:
    if line.mode is WritingMode.VERTICAL:
        return "top-to-bottom"
    return "right-to-left" if leftward(line) else "left-to-right"


def _sureness(lines: Sequence[Line]) -> float:
    count = sum(len(line.text) for line in lines)
    return sum(line.confidence * len(line.text) for line in lines) / count


def _said(text: str, sureness: str) -> str:
    return f'<TextEquiv conf="{sureness}"><Unicode>{escaped(text)}</Unicode></TextEquiv>'


def _equiv(parent: etree._Element, text: str, confidence: float) -> None:
    given = {"conf": f"{min(1.0, max(0.0, confidence)):.3g}"}
    append(append(parent, _EQUIV, None, given), _UNICODE, text)
