"""A page as a searchable PDF: what it looks like over an invisible layer of its text.

The text comes first and in the order of the stories, with bookmarks, structure and
language; what is seen says nothing of its own. It is written behind the whole file that
shows the page, as an update, so that a correction leaves the looks as they are.
"""

from __future__ import annotations

from typing import Any

from epaper.errors import ExportError
from epaper.export.blankfont import ASCENT, BlankFont, font_file
from epaper.export.options import ExportOptions, Sheet
from epaper.export.pdffile import Objects
from epaper.export.pdfsheet import base_of
from epaper.export.pdftree import write_metadata, write_outline, write_structure
from epaper.export.telling import tellings
from epaper.export.textlayer import Scale, TextLayer
from epaper.model import Page

_DESCENT = ASCENT - 1000


def page_to_pdf(page: Page, options: ExportOptions, sheet: Sheet) -> bytes:
    """The page as a PDF of one page.

    Raises ExportError where the sheet cannot be read or there is none.
    """
    # PyMuPDF takes a third of a second to import, which the other formats do without.
    import pymupdf

    library: Any = pymupdf
    failures = (library.FileDataError, library.mupdf.FzErrorBase, RuntimeError, ValueError, OSError)
    try:
        base = base_of(library, page, sheet, options.language or page.language)
    except failures as error:
        raise ExportError(f"page {page.id}: cannot be written as PDF ({error})") from error
    scale = Scale(base.width / page.width, base.height / page.height, base.height)
    stories = list(tellings(page))
    layer = TextLayer(stories, scale)
    objects = Objects(base.size)
    objects.stream(layer.content, "", base.places.said)
    objects.put(_fonts(objects, layer), base.places.fonts)
    write_structure(objects, base, layer.marked)
    write_outline(objects, base, stories, scale)
    write_metadata(objects, base, page, options)
    return base.data + objects.bytes_at(len(base.data), base.trailer())


def _fonts(objects: Objects, layer: TextLayer) -> str:
    """The dictionary of the fonts that the text needs."""
    program = objects.stream(font_file(), f"/Length1 {len(font_file())}")
    fonts = [
        f"/{name} {_font(objects, font, program)} 0 R"
        for name, font in (("Across", layer.across), ("Down", layer.down))
        if len(font)
    ]
    return f"<<{''.join(fonts)}>>"


def _font(objects: Objects, font: BlankFont, program: int) -> int:
    """The number of a composite font of blank glyphs (ISO 32000-1, 9.7)."""
    said = objects.stream(font.to_unicode())
    glyphs = objects.stream(font.glyph_ids())
    name = "EPAPER+Blank"
    looks = objects.put(
        f"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[0 {_DESCENT} 1000 {ASCENT}]"
        f"/ItalicAngle 0/Ascent {ASCENT}/Descent {_DESCENT}/CapHeight {ASCENT}/StemV 80"
        f"/FontFile2 {program} 0 R>>"
    )
    descendant = objects.put(
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/FontDescriptor {looks} 0 R"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        f"/CIDToGIDMap {glyphs} 0 R{font.widths()}>>"
    )
    mode = "V" if font.vertical else "H"
    return objects.put(
        f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-{mode}"
        f"/DescendantFonts[{descendant} 0 R]/ToUnicode {said} 0 R>>"
    )
