"""A page as a searchable PDF: what it looks like over an invisible layer of its text.

The text comes first and in the order of the stories, with bookmarks, structure and
language; what is seen says nothing of its own.
"""

from __future__ import annotations

from typing import Any

from epaper.errors import ExportError
from epaper.export.blankfont import ASCENT, BlankFont, font_file
from epaper.export.options import ExportOptions, Sheet
from epaper.export.pdfsheet import new_stream, open_sheet
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
    failures = (library.FileDataError, library.mupdf.FzErrorBase, RuntimeError, ValueError)
    try:
        with open_sheet(library, page, sheet) as document:
            return _dressed(library, document, page, options)
    except failures as error:
        raise ExportError(f"page {page.id}: cannot be written as PDF ({error})") from error


def _dressed(library: Any, document: Any, page: Page, options: ExportOptions) -> bytes:
    rect = document[0].rect
    scale = Scale(rect.width / page.width, rect.height / page.height, rect.height)
    stories = list(tellings(page))
    layer = TextLayer(stories, scale)
    _write_text(document, layer)
    write_structure(document, layer.marked, options.language or page.language)
    write_outline(library, document, stories, scale)
    write_metadata(document, page, options)
    data: bytes = document.tobytes(garbage=3, deflate=True, use_objstms=True, no_new_id=True)
    return data


def _write_text(document: Any, layer: TextLayer) -> None:
    """Puts the text where the page's first, empty stream of contents is."""
    page = document[0]
    document.update_stream(page.get_contents()[0], layer.content)
    program = new_stream(document, font_file(), f"/Length1 {len(font_file())}")
    fonts = [
        f"/{name} {_font(document, font, program)} 0 R"
        for name, font in (("Across", layer.across), ("Down", layer.down))
        if len(font)
    ]
    kind, value = document.xref_get_key(page.xref, "Resources")
    own, path = (int(value.split()[0]), "Font") if kind == "xref" else (page.xref, "Resources/Font")
    document.xref_set_key(own, path, f"<<{''.join(fonts)}>>")


def _font(document: Any, font: BlankFont, program: int) -> int:
    """The number of a composite font of blank glyphs (ISO 32000-1, 9.7)."""
    said = new_stream(document, font.to_unicode())
    glyphs = new_stream(document, font.glyph_ids())
    looks, descendant, whole = (document.get_new_xref() for _ in range(3))
    name = "EPAPER+Blank"
    document.update_object(
        looks,
        f"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[0 {_DESCENT} 1000 {ASCENT}]"
        f"/ItalicAngle 0/Ascent {ASCENT}/Descent {_DESCENT}/CapHeight {ASCENT}/StemV 80"
        f"/FontFile2 {program} 0 R>>",
    )
    document.update_object(
        descendant,
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/FontDescriptor {looks} 0 R"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        f"/CIDToGIDMap {glyphs} 0 R{font.widths()}>>",
    )
    mode = "V" if font.vertical else "H"
    document.update_object(
        whole,
        f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-{mode}"
        f"/DescendantFonts[{descendant} 0 R]/ToUnicode {said} 0 R>>",
    )
    return int(whole)
