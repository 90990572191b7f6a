"""Styles and tags of an ALTO file, numbered as they are first used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from lxml import etree

from epaper.export.articles import article_title
from epaper.export.guids import item_guid
from epaper.export.house import META
from epaper.export.options import ExportOptions
from epaper.export.places import part_id
from epaper.export.xmlio import alto, append
from epaper.model import Article, Block, Line, Page, WritingMode

# Edges that differ by less, in em, are one edge.
_EDGE = 0.4

# Lines it takes to tell how a block is aligned.
_ENOUGH = 4


class Styles:
    """Text styles of lines and paragraph styles of blocks, at a resolution in pixels an inch."""

    def __init__(self, dpi: float) -> None:
        self._dpi = dpi if dpi > 0 else 72.0
        self._texts: dict[tuple[str, float, int, bool], str] = {}
        # By what the lines say of themselves, before it is rounded.
        self._names: dict[tuple[str, float, int, bool], str] = {}
        self._paragraphs: dict[tuple[tuple[str, str], ...], str] = {}

    def text(self, line: Line) -> str:
        """The id of the style of a line: face, size to half a point, weight and colour."""
        exact = line.font, line.size, line.color, line.bold
        name = self._names.get(exact)
        if name is None:
            size = round(2 * 72 * line.size / self._dpi) / 2
            key = line.font, size, line.color & 0xFFFFFF, line.bold
            name = self._texts.setdefault(key, f"text{len(self._texts) + 1}")
            self._names[exact] = name
        return name

    def paragraph(self, block: Block) -> str:
        """The id of the style of a block as far as it can be measured, else an empty string."""
        given = [("ALIGN", align)] if (align := _align(block)) else []
        if (pitch := _pitch(block)) is not None:
            given.append(("LINESPACE", f"{pitch:.0f}"))
        if not given:
            return ""
        return self._paragraphs.setdefault(tuple(given), f"paragraph{len(self._paragraphs) + 1}")

    def write(self, parent: etree._Element) -> None:
        for (font, size, color, bold), name in self._texts.items():
            given = {"ID": name, **({"FONTFAMILY": font} if font else {})}
            given |= {"FONTSIZE": f"{size:g}", "FONTCOLOR": f"{color:06X}"}
            append(parent, alto("TextStyle"), None, given | ({"FONTSTYLE": "bold"} if bold else {}))
        for known, name in self._paragraphs.items():
            append(parent, alto("ParagraphStyle"), None, {"ID": name, **dict(known)})


def most_frequent(styles: Sequence[str]) -> str:
    """The style of most lines, the first of those that are as frequent."""
    first = styles[0]
    if styles.count(first) == len(styles):
        return first
    return Counter(styles).most_common(1)[0][0]


def _pitch(block: Block) -> float | None:
    """Median distance of neighbouring lines in pixels."""
    if block.mode is WritingMode.VERTICAL:
        at = [-line.box.cx for line in block.lines]
    else:
        at = [line.box.cy for line in block.lines]
    steps = [b - a for a, b in pairwise(at) if b > a]
    return median(steps) if steps else None


def _align(block: Block) -> str:
    """Which edges the lines have in common, the first and the last left out."""
    if len(block.lines) < _ENOUGH:
        return ""
    inner = block.lines[1:-1]
    down = block.mode is WritingMode.VERTICAL
    starts = [line.box.y0 if down else line.box.x0 for line in inner]
    ends = [line.box.y1 if down else line.box.x1 for line in inner]
    slack = _EDGE * median(line.size for line in inner)
    start, end = median(starts), median(ends)
    left = sum(abs(x - start) <= slack for x in starts) > len(inner) / 2
    right = sum(abs(x - end) <= slack for x in ends) > len(inner) / 2
    if left and right:
        return "Block"
    if left or right:
        return "Left" if left else "Right"
    middles = [(a + b) / 2 for a, b in zip(starts, ends, strict=True)]
    centred = sum(abs(x - median(middles)) <= slack for x in middles) > len(inner) / 2
    return "Center" if centred else ""


class Tags:
    """Layout tags for the roles of blocks and structure tags for articles."""

    def __init__(self, page: Page, options: ExportOptions) -> None:
        self._page, self._options = page, options
        self._layout: dict[str, str] = {}
        self._articles: dict[str, Article] = {}

    def layout(self, label: str) -> str:
        """The id of the tag for a role of a block, or a kind of graphics."""
        return self._layout.setdefault(label, f"tag-{label}")

    def article(self, article: Article) -> str:
        """The id of the tag that all blocks of an article carry."""
        name = f"tag-{part_id(article)}"
        self._articles.setdefault(name, article)
        return name

    def write(self, parent: etree._Element) -> None:
        base = META.uri(self._options.base)
        for label, name in self._layout.items():
            given = {"ID": name, "TYPE": "region", "LABEL": label}
            if term := META.terms.get(label):
                given |= {"DESCRIPTION": term.english, "URI": base + label}
            append(parent, alto("LayoutTag"), None, given)
        for name, article in self._articles.items():
            page = self._page
            guid = item_guid(self._options.authority, page.issue, page.id, article.id)
            kind = "advertisement" if article.advert else "article"
            label = article_title(article) or article.id
            given = {"ID": name, "TYPE": kind, "LABEL": label, "URI": guid}
            append(parent, alto("StructureTag"), None, given)
