"""What is seen of a page in its PDF: the restored scan, or the page of the file it came in.

Either becomes an artifact (ISO 32000-1, 14.8.2.2) that together stands for no text.
"""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from epaper.errors import ExportError
from epaper.export.options import Sheet
from epaper.export.pageimage import page_to_jpeg
from epaper.export.pdfdrawing import Drawing
from epaper.export.pdffile import HEADER, Objects, text_string
from epaper.model import Page

_SEEN = b"/Artifact BMC /Span <</ActualText()>> BDC\n%s\nEMC EMC\n"
_TABS = "/StructParents 0/Tabs/S"

_BASE = re.compile(rb"/EpaperBase\[([\d. ]+)\]")
_SIZE = re.compile(rb"/Size (\d+)")
_STARTXREF = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")


@dataclass(frozen=True, slots=True)
class Places:
    """Numbers of the objects of a base that an update writes over, and of its page."""

    root: int
    page: int
    said: int
    fonts: int
    structure: int
    outlines: int
    metadata: int
    info: int


@dataclass(frozen=True, slots=True)
class Base:
    """A whole PDF of one page that shows the sheet and says nothing yet.

    `width` and `height` are points; `size` is the first number that no object has and
    `table` where its cross references start.
    """

    data: bytes
    places: Places
    size: int
    table: int
    width: float
    height: float

    def trailer(self) -> str:
        """Entries of an update's trailer; the last lets the base be found again."""
        numbers = (len(self.data), self.size, self.table, self.width, self.height)
        kept = " ".join(f"{number:g}" if number % 1 else str(int(number)) for number in numbers)
        objects = " ".join(map(str, astuple(self.places)))
        return (
            f"/Root {self.places.root} 0 R/Info {self.places.info} 0 R/Prev {self.table}"
            f"/EpaperBase[{kept} {objects}]"
        )


def base_of(library: Any, page: Page, sheet: Sheet, language: str) -> Base:
    """The base for a page; that of the PDF written before where there is nothing newer.

    Raises ExportError where that is none of ours, or nothing can be shown.
    """
    if sheet.image is None and sheet.pdf is None and sheet.written is not None:
        return _written(sheet.written)
    if sheet.pdf is not None:
        return _drawn(library, sheet.pdf, sheet.index, language)
    return _scanned(page, page_to_jpeg(page, sheet), language)


def _written(path: Path) -> Base:
    """The base of a file, as it was before its text was added."""
    data = path.read_bytes()
    found = _BASE.findall(data)
    numbers = list(map(float, found[-1].split())) if found else []
    if len(numbers) != 13:
        raise ExportError(f"{path}: is no PDF of this program; convert the page again")
    length, size, table, width, height, *objects = numbers
    places = Places(*map(int, objects))
    return Base(data[: int(length)], places, int(size), int(table), width, height)


def _catalog(places: Places, pages: int, language: str, more: str = "") -> str:
    return (
        f"<</Type/Catalog/Pages {pages} 0 R/Lang{text_string(language)}/MarkInfo<</Marked true>>"
        f"/ViewerPreferences<</DisplayDocTitle true>>/StructTreeRoot {places.structure} 0 R"
        f"/Outlines {places.outlines} 0 R/Metadata {places.metadata} 0 R{more}>>"
    )


def _scanned(page: Page, picture: bytes, language: str) -> Base:
    """A base that shows a picture in JPEG."""
    with Image.open(BytesIO(picture), formats=("JPEG",)) as image:
        pixels, space = image.size, "DeviceGray" if image.mode == "L" else "DeviceRGB"
    width, height = (round(side * 72 / page.dpi, 3) for side in (page.width, page.height))
    objects = Objects(1)
    places = Places(*(objects.number() for _ in range(8)))
    shown = objects.stream(
        picture,
        f"/Type/XObject/Subtype/Image/Width {pixels[0]}/Height {pixels[1]}/ColorSpace/{space}"
        "/BitsPerComponent 8/Filter/DCTDecode",
        packed=False,
    )
    drawing = f"q {width:g} 0 0 {height:g} 0 0 cm /Sheet Do Q".encode()
    seen = objects.stream(_SEEN % drawing)
    pages = objects.number()
    objects.put(f"<</Type/Pages/Kids[{places.page} 0 R]/Count 1>>", pages)
    objects.put(
        f"<</Type/Page/Parent {pages} 0 R/MediaBox[0 0 {width:g} {height:g}]{_TABS}"
        f"/Resources<</XObject<</Sheet {shown} 0 R>>/Font {places.fonts} 0 R>>"
        f"/Contents[{places.said} 0 R {seen} 0 R]>>",
        places.page,
    )
    objects.put(_catalog(places, pages, language), places.root)
    for number in (places.fonts, places.structure, places.outlines, places.info):
        objects.put("<<>>", number)
    for number in (places.said, places.metadata):
        objects.stream(b"", "", number)
    trailer = f"/Root {places.root} 0 R/Info {places.info} 0 R"
    data = HEADER + objects.bytes_at(len(HEADER), trailer)
    return _based(data, places, width, height)


def _based(data: bytes, places: Places, width: float, height: float) -> Base:
    """The base with what its own cross references say."""
    start = _STARTXREF.search(data, len(data) - 64)
    size = _SIZE.search(data, int(start[1])) if start else None
    if start is None or size is None:
        raise ExportError("a PDF was made without its table of objects")
    return Base(data, places, int(size[1]), int(start[1]), width, height)


def _drawn(library: Any, path: Path, index: int, language: str) -> Base:
    """A base that shows a page of another file."""
    with library.open() as document, library.open(path, filetype="pdf") as source:
        shown = Drawing(library, document, source, index)
        numbers = [document.get_new_xref() for _ in range(6)]
        places = Places(document.pdf_catalog(), shown.page, *numbers)
        for number in numbers:
            document.update_object(number, "<<>>")
        for number in (places.said, places.metadata):
            shown.put_stream(b"", number)
        for key, value in (
            ("Contents", f"[{places.said} 0 R {shown.put_stream(_SEEN % b'q /Sheet Do Q')} 0 R]"),
            ("StructParents", "0"),
            ("Tabs", "/S"),
        ):
            document.xref_set_key(places.page, key, value)
        document.xref_set_key(shown.resources, "Font", f"{places.fonts} 0 R")
        pages = int(document.xref_get_key(places.root, "Pages")[1].split()[0])
        document.update_object(places.root, _catalog(places, pages, language, shown.layers()))
        document.xref_set_key(-1, "Info", f"{places.info} 0 R")
        rect = document[0].rect
        data = shown.file()
    return _based(data, places, rect.width, rect.height)
