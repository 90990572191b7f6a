"""A page of a PDF copied into another as a drawing: it looks as it did and says nothing.

Its glyphs stay as they are; only what they stand for is taken from them, so that the one
text of the page is that of its stories: each character means a space (ISO 32000-1,
9.10.3). Streams are copied as they are packed, which is most of what it would cost.
"""

from __future__ import annotations

import re
import zlib
from typing import Any

from epaper.export.blankfont import character_map

# The second is as long, and means nothing.
_ACTUAL, _NOTHING = b"/ActualText", b"/ActualNone"
_LEVEL = 1
# Bytes the library sets aside for a file before it grows.
_FIRST_BYTES = 1 << 16

_SPACE = "<0020>"
_MOST_CODES = 0x10000
_SECTION = re.compile(rb"(?<=begin)(bfchar|bfrange)(.*?)(?=end\1)", re.DOTALL)
_PAIR = re.compile(rb"(<[^>]*>)\s*<[^>]*>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:\[[^\]]*\]|<[^>]*>)")


class Drawing:
    """A new page of `document`, the number of it, and that of the form it is to show.

    The form holds page `index` of `source`, upright, in its own points, without links,
    scripts and attachments.
    """

    def __init__(self, library: Any, document: Any, source: Any, index: int) -> None:
        self._low = library.mupdf
        self._document = document
        self._pdf = library._as_pdf_document(document)
        self._source = library._as_pdf_document(source)
        self._copies = self._low.pdf_new_graft_map(self._pdf)
        self._spaces: dict[bool, int] = {}
        theirs = source[index]
        ours = document.new_page(width=theirs.rect.width, height=theirs.rect.height)
        self.page: int = ours.xref
        self.form = self._form(library, theirs)
        self.resources = self._resources()
        document.update_object(self.resources, f"<</XObject<</Sheet {self.form} 0 R>>>>")
        self._strike_actual_text()
        for xref, extension, kind, *_ in ours.get_fonts(full=True):
            # Without an embedded font a viewer may look glyphs up by what they stand for.
            if xref and (kind == "Type3" or extension != "n/a"):
                self._silence(xref, kind == "Type0")

    def put_stream(self, data: bytes, number: int = 0) -> int:
        """A stream in the place of object `number`, or a new one; its number."""
        number = number or self._document.get_new_xref()
        self._document.update_object(number, "<</Filter/FlateDecode>>")
        self._pack(number, data)
        return number

    def file(self) -> bytes:
        """The document with all that is used of it; made in one piece by the library itself."""
        low = self._low
        asked = low.PdfWriteOptions()
        asked.do_garbage = asked.do_use_objstms = asked.dont_regenerate_id = 1
        asked.do_preserve_metadata = 1
        buffer = low.fz_new_buffer(_FIRST_BYTES)
        out = low.FzOutput(buffer)
        low.pdf_write_document(self._pdf, out, asked)
        out.fz_close_output()
        return bytes(low.fz_buffer_extract_copy(buffer))

    def layers(self) -> str:
        """The entry of the catalog that keeps optional content hidden where it was."""
        low = self._low
        root = low.pdf_dict_get(low.pdf_trailer(self._source), low.PDF_ENUM_NAME_Root)
        layers = low.pdf_dict_get(root, low.PDF_ENUM_NAME_OCProperties)
        if not layers.m_internal:
            return ""
        copied = low.pdf_graft_mapped_object(self._copies, layers)
        return f"/OCProperties {low.pdf_to_num(low.pdf_add_object(self._pdf, copied))} 0 R"

    def _form(self, library: Any, theirs: Any) -> int:
        low = self._low
        page = low.pdf_lookup_page_obj(self._source, theirs.number)
        box, matrix = low.FzRect(), low.FzMatrix()
        low.pdf_page_transform(library._as_pdf_page(theirs), box, matrix)
        upright = library.Matrix(matrix) * library.Matrix(1, 0, 0, -1, 0, theirs.rect.height)
        number = self._contents(low.pdf_dict_get(page, low.PDF_ENUM_NAME_Contents), theirs)
        corners = " ".join(f"{v:g}" for v in (box.x0, box.y0, box.x1, box.y1))
        values = {
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": f"[{corners}]",
            "Matrix": f"[{' '.join(f'{v:g}' for v in upright)}]",
        }
        for key, value in values.items():
            self._document.xref_set_key(number, key, value)
        resources = low.pdf_dict_get_inheritable(page, low.PDF_ENUM_NAME_Resources)
        self._copy(number, low.PDF_ENUM_NAME_Resources, resources)
        # Colours of the whole page are mixed as its group says.
        self._copy(
            self.page, low.PDF_ENUM_NAME_Group, low.pdf_dict_get(page, low.PDF_ENUM_NAME_Group)
        )
        return number

    def _resources(self) -> int:
        """The object of the page's resources, which a new page may or may not have."""
        kind, value = self._document.xref_get_key(self.page, "Resources")
        number = int(value.split()[0]) if kind == "xref" else self._document.get_new_xref()
        self._document.xref_set_key(self.page, "Resources", f"{number} 0 R")
        return int(number)

    def _copy(self, number: int, key: Any, theirs: Any) -> None:
        if theirs.m_internal:
            copied = self._low.pdf_graft_mapped_object(self._copies, theirs)
            self._low.pdf_dict_put(self._low.pdf_load_object(self._pdf, number), key, copied)

    def _contents(self, contents: Any, theirs: Any) -> int:
        """The page's contents as one stream, packed as they were where they are one."""
        low = self._low
        single = low.pdf_array_get(contents, 0) if low.pdf_array_len(contents) == 1 else contents
        data = theirs.read_contents()
        if low.pdf_is_stream(single) and _ACTUAL not in data:
            return int(low.pdf_to_num(low.pdf_graft_mapped_object(self._copies, single)))
        return self.put_stream(data.replace(_ACTUAL, _NOTHING))

    def _strike_actual_text(self) -> None:
        """Takes away what forms and properties say their glyphs stand for."""
        document = self._document
        for form in {xobject[0] for xobject in document.get_page_xobjects(0)}:
            if form != self.form:
                contents = document.xref_stream(form) or b""
                if _ACTUAL in contents:
                    document.update_stream(form, contents.replace(_ACTUAL, _NOTHING))
            _, named = document.xref_get_key(form, "Resources/Properties")
            for xref in map(int, re.findall(r"(\d+) 0 R", named)):
                if document.xref_get_key(xref, "ActualText")[0] != "null":
                    document.xref_set_key(xref, "ActualText", "null")

    def _silence(self, font: int, composite: bool) -> None:
        """Makes every character of a font stand for a space."""
        low = self._low
        known = low.pdf_load_object(self._pdf, font)
        said = low.pdf_dict_get(known, low.PDF_ENUM_NAME_ToUnicode)
        if composite and low.pdf_is_stream(said):
            number = int(low.pdf_to_num(said))
            self.put_stream(blanked(self._document.xref_stream(number)), number)
            return
        if composite not in self._spaces:
            # The maps that fonts share, of one byte a code and of two.
            high = [f"{k:02x}" for k in range(256)] if composite else [""]
            rows = [f"<{h}00> <{h}ff> [{_SPACE * 256}]" for h in high]
            data = character_map(rows, "bfrange", 2 if composite else 1)
            self._spaces[composite] = self.put_stream(data)
        spaces = low.pdf_new_indirect(self._pdf, self._spaces[composite], 0)
        low.pdf_dict_put(known, low.PDF_ENUM_NAME_ToUnicode, spaces)

    def _pack(self, number: int, data: bytes) -> None:
        low = self._low
        packed = low.fz_new_buffer_from_copied_data(zlib.compress(data, _LEVEL))
        low.pdf_update_stream(self._pdf, low.pdf_load_object(self._pdf, number), packed, 1)


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
