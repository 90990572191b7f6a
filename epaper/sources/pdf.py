"""PDF pages: their sizes and their rendering, by PyMuPDF."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
from numpy.typing import NDArray

from epaper.errors import InputError
from epaper.geometry import Box
from epaper.sources.limits import Limits
from epaper.sources.sizes import PageSize

# The library prints its own warnings on stderr; what matters is raised as errors here.
_fitz: Any = pymupdf
_fitz.TOOLS.mupdf_display_errors(False)
_fitz.TOOLS.mupdf_display_warnings(False)

_TYPESET_DPI = 300.0
_SCAN_DPI = (150.0, 400.0)
_SCAN_SHARE = 0.8  # of the page that images cover on a scanned page
_TILE_SHARE = 0.002  # of the page; a smaller image is no tile of a scan
_FAINTEST_DPI = 80.0  # below that an image of a whole page is no scan

# Every string shown in it is blank and without width (ISO 32000-1, 9.6.5).
_EMPTY_FONT = (
    "<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[.001 0 0 .001 0 0]/CharProcs<<>>"
    "/Encoding<</Type/Encoding/Differences[]>>/FirstChar 0/LastChar 0/Widths[0]/Resources<<>>>>"
)

_END = b"%%EOF"
_CODE = re.compile(r"^code=\d+: ")
_PIECE = 1 << 20

Size = tuple[int, int]
"""Width and height in pixels."""

_FAILURES = (pymupdf.FileDataError, pymupdf.mupdf.FzErrorBase, RuntimeError, ValueError)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """The document; every way in which it may fail becomes an InputError."""
    try:
        with _fitz.open(path, filetype="pdf") as document:
            if document.needs_pass:
                raise InputError(f"{path.name} is encrypted; a copy without password is needed.")
            if document.is_repaired and _is_cut(path):
                raise InputError(f"{path.name} is cut short: its end is missing.")
            yield document
    except _FAILURES as error:
        reason = _CODE.sub("", str(error))
        # That it failed to open the file is no reason.
        why = f" ({reason})" if path.name not in reason else ""
        raise InputError(f"{path.name} is damaged or no whole PDF{why}.") from error


def _is_cut(path: Path) -> bool:
    """Whether a file that had to be repaired ends without the mark every PDF ends with.

    What lies behind the cut is lost, though the pages before it may open. A linearized
    file has a mark near its beginning too; something foreign may follow the last one.
    """
    with path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        place = size
        while place > size // 2:
            place = max(size // 2, place - _PIECE)
            stream.seek(place)
            if _END in stream.read(_PIECE + len(_END)):
                return False
    return True


def page_sizes(path: Path, dpi: float | None, limits: Limits) -> tuple[PageSize, ...]:
    """Sizes of all pages: 300 dpi where typeset, the image's own resolution where scanned."""
    with _opened(path) as document:
        if not document.page_count:
            raise InputError(f"{path.name} has no pages.")
        limits.check_pages(path, document.page_count)
        return tuple(_size(path, page, dpi, limits) for page in document)


def _size(path: Path, page: Any, option: float | None, limits: Limits) -> PageSize:
    points = page.rect.width, page.rect.height
    limits.check_points(path, *points)
    dpi = option or _native_dpi(page) or _TYPESET_DPI
    width, height = (max(1, round(side * dpi / 72)) for side in points)
    limits.check_pixels(path, width, height)
    return PageSize(width, height, dpi, "option" if option else "file")


def _native_dpi(page: Any) -> float | None:
    """Resolution of the image or tiles that cover the page, kept within bounds.

    None where the page is typeset. The resources are looked at first: to place images
    MuPDF has to run the page with all its fonts.
    """
    sheet = page.rect.width * page.rect.height
    stored = sum(width * height for _, _, width, height, *_ in page.get_images())
    if stored < _SCAN_SHARE * sheet * (_FAINTEST_DPI / 72) ** 2:
        return None
    covered = pixels = 0.0
    for image in page.get_image_info():
        x0, y0, x1, y1 = image["bbox"]
        area = (x1 - x0) * (y1 - y0)
        if area >= _TILE_SHARE * sheet:
            covered += area
            pixels += image["width"] * image["height"]
    if covered < _SCAN_SHARE * sheet:
        return None
    native = 72 * math.sqrt(pixels / covered)
    return min(max(native, _SCAN_DPI[0]), _SCAN_DPI[1])


def render(
    path: Path, index: int, parts: Sequence[tuple[Box, Size]], type_shows: bool = True
) -> list[NDArray[np.uint8]]:
    """Parts of a page as H×W×3 RGB, each box in upright points drawn in its size.

    The page is run once for all of them. Loading the fonts is most of that work; where
    `type_shows` is False no part has type in it, and none is loaded.
    """
    with _opened(path) as document:
        page = document[index]
        if not type_shows:
            _empty_fonts(document, page)
        origin = page.rect.tl
        drawing = page.get_displaylist()
        return [_drawn(drawing, part, size, origin) for part, size in parts]


def _empty_fonts(document: Any, page: Any) -> None:
    """Puts a font without glyphs in the place of all that the page uses, in memory."""
    for xref in {font[0] for font in page.get_fonts(full=True)} - {0}:
        document.update_object(xref, _EMPTY_FONT)


def _drawn(drawing: Any, part: Box, size: Size, origin: Any) -> NDArray[np.uint8]:
    width, height = size
    scale = _fitz.Matrix(width / part.width, height / part.height)
    clip = _fitz.Rect(part.x0, part.y0, part.x1, part.y1) + (origin.x, origin.y) * 2
    pixmap = drawing.get_pixmap(matrix=scale, clip=clip, colorspace=_fitz.csRGB, alpha=0)
    drawn = np.frombuffer(pixmap.samples, dtype=np.uint8)
    drawn = drawn.reshape(pixmap.height, pixmap.stride)[:, : pixmap.width * 3]
    drawn = drawn.reshape(pixmap.height, pixmap.width, 3)[:height, :width]
    # MuPDF rounds a clip outwards or inwards by a pixel; the size promised is kept.
    spare = ((0, height - drawn.shape[0]), (0, width - drawn.shape[1]), (0, 0))
    return np.pad(drawn, spare, mode="edge")
