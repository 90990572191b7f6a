"""Regions of text in PAGE: lines, words and characters, each with its outline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from epaper.export.aside import Aside, in_attribute, in_text
from epaper.export.page_names import text_type
from epaper.export.places import Bounds, member_box, member_id, part_id, printed_lines
from epaper.export.told import Corners, Word, leftward, sureness
from epaper.export.xmlio import append, clean, pcgts
from epaper.geometry import Box
from epaper.model import Article, Block, Line, Page, WritingMode

_COORDS = pcgts("Coords")


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
        out: list[str] = []
        for number, line in enumerate(lines):
            self._line(out, block, line, f"{name}-l{number + 1}", number)
        out += [_equiv(lines), "\n   ", self._style(lines[0])]
        self._aside.put(region, "".join(out))

    def _line(self, out: list[str], block: Block, line: Line, name: str, number: int) -> None:
        told = self._bounds.told(line)
        turned = told.leftward or line.mode is not block.mode
        given = f' readingDirection="{_direction(line)}"' if turned else ""
        said = f'<TextEquiv conf="{told.sureness}"><Unicode>'
        out.append(
            f'<TextLine id="{name}" custom="readingOrder {{index:{number};}}"{given}>'
            f'<Coords points="{self._outline(line.box, told.corners)}"/>'
            f'<Baseline points="{told.baseline}"/>'
        )
        for index, word in enumerate(told.words, 1):
            self._word(out, word, f"{name}-w{index}", said)
        out.append(f"\n    {said}{told.said}</Unicode></TextEquiv>\n   </TextLine>\n   ")

    def _outline(self, box: Box, corners: Corners) -> str:
        if self._bounds.straight:
            x, y, right, bottom = corners
            return f"{x},{y} {right},{y} {right},{bottom} {x},{bottom}"
        return self._bounds.outline(box)

    def _word(self, out: list[str], word: Word, name: str, said: str) -> None:
        """A word on a line of its own; `said` begins what it and its characters say."""
        own = self._outline(word.box, word.corners)
        out.append(f'\n    <Word id="{name}"><Coords points="{own}"/>')
        glyph, said_here = f'<Glyph id="{name}-', f'"/>{said}'
        if self._bounds.straight:
            w = self._bounds.written
            out += [
                f'{glyph}{number}"><Coords points="{w[x]},{w[y]} {w[right]},{w[y]}'
                f" {w[right]},{w[bottom]} {w[x]},{w[bottom]}{said_here}"
                f"{letter}</Unicode></TextEquiv></Glyph>"
                for number, (letter, x, y, right, bottom) in enumerate(
                    zip(word.letters, *word.edges, strict=False), 1
                )
            ]
        else:
            out += [
                f'{glyph}{number}"><Coords points="{self._bounds.outline(box)}{said_here}'
                f"{letter}</Unicode></TextEquiv></Glyph>"
                for number, (letter, box) in enumerate(
                    zip(word.letters, word.chars, strict=False), 1
                )
            ]
        out.append(f"{said}{word.said}</Unicode></TextEquiv></Word>")

    def _style(self, line: Line) -> str:
        """Face, size in points, weight and colour of a block's first line."""
        face = f'fontFamily="{in_attribute(clean(line.font))}" ' if line.font else ""
        size = round(2 * 72 * line.size / self._dpi) / 2
        red, green, blue = line.color >> 16 & 255, line.color >> 8 & 255, line.color & 255
        # The standard counts red as the lowest byte.
        color = red + 256 * green + 65536 * blue
        return (
            f'<TextStyle {face}fontSize="{size:g}" textColourRgb="{color}"'
            f' reverseVideo="{str(line.reversed).lower()}" bold="{str(line.bold).lower()}"/>'
        )


def _direction(line: Line) -> str:
    if line.mode is WritingMode.VERTICAL:
        return "top-to-bottom"
    return "right-to-left" if leftward(line) else "left-to-right"


def _mean_confidence(lines: Sequence[Line]) -> float:
    count = sum(len(line.text) for line in lines)
    return sum(line.confidence * len(line.text) for line in lines) / count


def _equiv(lines: Sequence[Line]) -> str:
    """What the lines of a block say, one a row."""
    text = in_text("\n".join([clean(line.text) for line in lines]))
    sure = sureness(_mean_confidence(lines))
    return f'<TextEquiv conf="{sure}">\n    <Unicode>{text}</Unicode>\n   </TextEquiv>'
