"""What is seen of a page in its PDF: the restored scan, or the page of the file it came in.

Either becomes an artifact without text. The glyphs of a born-digital page stay as they
are; only what they stand for is taken from them, so that the one text of the page is
that of its stories: each character means a space, and all of them together nothing
(ISO 32000-1, 9.10.3 and 14.9.4).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from epaper.errors import ExportError
from epaper.export.blankfont import character_map
from epaper.export.options import Sheet
from epaper.export.pageimage import page_to_jpeg
from epaper.model import Page

# The second is as long, and means nothing.
_ACTUAL, _NOTHING = b"/ActualText", b"/ActualNone"
_SEEN = b"/Artifact BMC /Span <</ActualText()>> BDC\n%s\nEMC EMC\n"

_SPACE = "<0020>"
_MOST_CODES = 0x10000
_SECTION = re.compile(rb"(?<=begin)(bfchar|bfrange)(.*?)(?=end\1)", re.DOTALL)
_PAIR = re.compile(rb"(<[^>]*>)\s*<[^>]*>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:\[[^\]]*\]|<[^>]*>)")


def open_sheet(library: Any, page: Page, sheet: Sheet) -> Any:
    """A PyMuPDF document of one page, which shows the sheet and says nothing.

    Its contents are two streams, an empty one and that which shows the sheet. Raises
    ExportError where a PDF written before is none of ours.
    """
    if sheet.written is not None:
        document = library.open(sheet.written, filetype="pdf")
        if len(document) != 1 or len(document[0].get_contents()) != 2:
            raise ExportError(f"{sheet.written}: is no PDF of this program; convert the page again")
        return document
    document = library.open()
    if sheet.pdf is not None:
        shown = _show_page(library, document, sheet.pdf, sheet.index)
    else:
        picture = page_to_jpeg(page, sheet)
        width, height = (side * 72 / page.dpi for side in (page.width, page.height))
        shown = document.new_page(width=width, height=height)
        shown.insert_image(shown.rect, stream=picture)
    seen = new_stream(document, _SEEN % shown.read_contents())
    said = new_stream(document, b"")
    document.xref_set_key(shown.xref, "Contents", f"[{said} 0 R {seen} 0 R]")
    return document


def new_stream(document: Any, data: bytes, entries: str = "") -> int:
    """The number of a new stream object with these entries."""
    xref: int = document.get_new_xref()
    document.update_object(xref, f"<<{entries}>>")
    document.update_stream(xref, data, new=True)
    return xref


def _show_page(library: Any, document: Any, path: Path, index: int) -> Any:
    """A new page that shows another file's, upright, with its layers, saying nothing."""
    with library.open(path, filetype="pdf") as source:
        theirs = source[index]
        shown = document.new_page(width=theirs.rect.width, height=theirs.rect.height)
        rotation = theirs.rotation
        theirs.set_rotation(0)
        shown.show_pdf_page(shown.rect, source, index, rotate=-rotation)
        _keep_layers(library, document, source)
    _strike_actual_text(document)
    spaces: dict[bool, int] = {}
    for xref, extension, kind, *_ in shown.get_fonts(full=True):
        # Without an embedded font a viewer may look glyphs up by what they stand for.
        if xref and (kind == "Type3" or extension != "n/a"):
            _silence(document, xref, kind == "Type0", spaces)
    return shown


def _keep_layers(library: Any, document: Any, source: Any) -> None:
    """Optional content stays hidden where it was."""
    low: Any = library.mupdf
    name = low.PDF_ENUM_NAME_OCProperties
    theirs = low.pdf_dict_get(
        low.pdf_trailer(library._as_pdf_document(source)), low.PDF_ENUM_NAME_Root
    )
    layers = low.pdf_dict_get(theirs, name)
    if layers.m_internal:
        copied = low.pdf_graft_mapped_object(document.Graftmaps[source._graft_id].this, layers)
        trailer = low.pdf_trailer(library._as_pdf_document(document))
        low.pdf_dict_put(low.pdf_dict_get(trailer, low.PDF_ENUM_NAME_Root), name, copied)


def _strike_actual_text(document: Any) -> None:
    """Takes away what the contents themselves say their glyphs stand for."""
    for form in {xobject[0] for xobject in document.get_page_xobjects(0)}:
        contents = document.xref_stream(form) or b""
        if _ACTUAL in contents:
            document.update_stream(form, contents.replace(_ACTUAL, _NOTHING))
        _, named = document.xref_get_key(form, "Resources/Properties")
        for xref in map(int, re.findall(r"(\d+) 0 R", named)):
            if document.xref_get_key(xref, "ActualText")[0] != "null":
                document.xref_set_key(xref, "ActualText", "null")


def _silence(document: Any, font: int, composite: bool, spaces: dict[bool, int]) -> None:
    """Makes every character of a font stand for a space.

    `spaces` keeps the maps that fonts share, of one byte a code and of two.
    """
    kind, value = document.xref_get_key(font, "ToUnicode")
    if composite and kind == "xref":
        xref = int(value.split()[0])
        document.update_stream(xref, blanked(document.xref_stream(xref)))
        return
    if composite not in spaces:
        high = [f"{k:02x}" for k in range(256)] if composite else [""]
        rows = [f"<{h}00> <{h}ff> [{_SPACE * 256}]" for h in high]
        data = character_map(rows, "bfrange", 2 if composite else 1)
        spaces[composite] = new_stream(document, data)
    document.xref_set_key(font, "ToUnicode", f"{spaces[composite]} 0 R")


def blanked(cmap: bytes) -> bytes:
    """A ToUnicode CMap with a space in the place of all it maps to."""
    space = _SPACE.encode()

    def pair(found: re.Match[bytes]) -> bytes:
        return found[1] + b" " + space

    def row(found: re.Match[bytes]) -> bytes:
        count = min(_MOST_CODES, max(0, int(found[2], 16) - int(found[1], 16)) + 1)
        return b"<%s> <%s> [%s]" % (found[1], found[2], space * count)

    def section(found: re.Match[bytes]) -> bytes:
        chars = found[1] == b"bfchar"
        return found[1] + (_PAIR.sub(pair, found[2]) if chars else _RANGE.sub(row, found[2]))

    return _SECTION.sub(section, cmap)
