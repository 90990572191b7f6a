"""Cells of ruled tables in a PDF, by pdfplumber."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from epaper.errors import InputError
from epaper.geometry import Box, hull
from epaper.model import Article, Page, Paragraph, ParagraphKind, table_text
from epaper.reading.chars import fold

# pdfminer warns once for every glyph of a Type 3 font.
logging.getLogger("pdfminer").setLevel(logging.ERROR)

_AROUND = 20.0  # pixels around a table's words, in which its outer rules stand
_SLACK = 2.0  # points around a region, so that its outer rules are inside
_SETTINGS = {
    "vertical_strategy": "lines",
    "horizontal_strategy": "lines",
    "snap_tolerance": 3,
    "join_tolerance": 3,
}


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A grid of cells: `rows` of text, empty where a cell is or is merged away."""

    box: Box
    rows: tuple[tuple[str, ...], ...]


def read_tables(
    path: Path, index: int, dpi: float, boxes: Sequence[Box]
) -> tuple[tuple[RuledTable, ...], ...]:
    """The ruled tables inside each of `boxes` (pixels at `dpi`, upright page).

    One tuple of tables a box, from top to bottom; empty where rules make no grid of at
    least two cells. Slow (pdfminer reads the whole page), so it is meant for regions
    that are already known to be ruled. Raises InputError where the page cannot be read.
    """
    if not boxes:
        return ()
    # Few pages have such a table, and those without one do not pay for the import.
    import pdfplumber
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(path, pages=[index + 1]) as document:
            page = document.pages[0]
            return tuple(_tables(page, box, 72 / dpi) for box in boxes)
    except (PDFException, PdfminerException, IndexError, ValueError) as error:
        raise InputError(f"{path.name}: tables of page {index + 1} cannot be read.") from error


def with_cells(page: Page, path: Path, index: int) -> Page:
    """The page, laid out, with the cells of its ruled tables as the strokes of the PDF part them.

    A table whose words pdfplumber reads differently stays as layout has it, and so do all
    where the file cannot be read by it.
    """
    tables = list(_celled(page))
    try:
        found = read_tables(path, index, page.dpi, [_area(page, p) for p in tables])
    except InputError:
        return page
    better = {
        id(table): grids[0].rows
        for table, grids in zip(tables, found, strict=True)
        if len(grids) == 1 and _same_words(grids[0].rows, table.rows)
    }
    if not better:
        return page
    return replace(page, articles=tuple(_corrected(a, better) for a in page.articles))


def _celled(page: Page) -> Iterator[Paragraph]:
    """Tables with rules among them that run down, without which there are no cells."""
    for article in page.articles:
        for paragraph in article.paragraphs:
            if paragraph.kind is ParagraphKind.TABLE:
                box = _box(page, paragraph).grown(_AROUND)
                inside = [r for r in page.rules if not r.horizontal and _crosses(r.box, box)]
                if inside or any(box.contains(f.box) for f in page.frames):
                    yield paragraph


def _crosses(rule: Box, box: Box) -> bool:
    return box.x0 < rule.cx < box.x1 and rule.overlap_y(box) > 0.2 * box.height


def _box(page: Page, paragraph: Paragraph) -> Box:
    return hull(b.box for b in page.blocks if b.id in paragraph.blocks)


def _area(page: Page, table: Paragraph) -> Box:
    """The box of a table's words, and of the rules among them, which reach to its edges."""
    box = _box(page, table).grown(_AROUND)
    return hull([box, *(r.box for r in page.rules if r.box.intersection(box) > 0)])


def _same_words(one: Sequence[Sequence[str]], other: Sequence[Sequence[str]]) -> bool:
    return _signs(one) == _signs(other)


def _signs(rows: Sequence[Sequence[str]]) -> Counter[str]:
    words = "".join(cell for row in rows for cell in row)
    return Counter("".join(words.split()))


def _corrected(article: Article, better: dict[int, tuple[tuple[str, ...], ...]]) -> Article:
    def of_cells(paragraph: Paragraph) -> Paragraph:
        rows = better.get(id(paragraph), paragraph.rows)
        if rows == paragraph.rows:
            return paragraph
        return replace(paragraph, rows=rows, text=table_text(rows))

    return replace(article, paragraphs=tuple(map(of_cells, article.paragraphs)))


def _tables(page: Any, box: Box, scale: float) -> tuple[RuledTable, ...]:
    x0, y0 = page.bbox[0], page.bbox[1]
    whole = Box(*(float(side) for side in page.bbox))
    part = box.scaled(scale).grown(_SLACK)
    part = Box(part.x0 + x0, part.y0 + y0, part.x1 + x0, part.y1 + y0).clipped(whole)
    if part.area <= 0:
        return ()
    region = page.crop((part.x0, part.y0, part.x1, part.y1))
    result = []
    for table in region.find_tables(_SETTINGS):
        rows = tuple(tuple(_cell(text) for text in row) for row in table.extract())
        if sum(len(row) for row in rows) > 1 and any(any(row) for row in rows):
            left, top, right, bottom = table.bbox
            place = Box(left - x0, top - y0, right - x0, bottom - y0)
            result.append(RuledTable(place.scaled(1 / scale), rows))
    return tuple(sorted(result, key=lambda table: (table.box.y0, table.box.x0)))


def _cell(text: str | None) -> str:
    """A cell's lines as one string; a space only between words that are not Chinese."""
    lines = [line.strip() for line in (text or "").splitlines()]
    joined = ""
    for line in filter(None, lines):
        latin = joined[-1:].isascii() and line[:1].isascii()
        joined += (" " if joined and latin else "") + line
    return fold(joined)
