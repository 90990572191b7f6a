"""The picture of a page as JPEG, in the very pixels that all boxes are given in."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from epaper.errors import ExportError
from epaper.export.options import Sheet
from epaper.model import Page

_QUALITY = 75
# Levels by which the colours of a scan without colour stray from gray, and how many may
# stray further: the stamp of a library does not make a page a picture in colour.
_GRAY = 24
_COLOURED = 0.002
_LOOK_AT = 8


def page_to_jpeg(page: Page, sheet: Sheet) -> bytes:
    """The restored scan; of a born-digital page, what it looks like at the page's size.

    Raises ExportError where there is nothing to show or it cannot be read.
    """
    if sheet.image is not None:
        return jpeg(sheet.image)
    if sheet.picture is not None:
        try:
            return sheet.picture.read_bytes()
        except OSError as error:
            raise ExportError(f"{sheet.picture}: cannot be read: {error.strerror}") from error
    if sheet.pdf is None:
        raise ExportError(f"page {page.id}: there is no picture of the page; convert it again")
    import pymupdf

    library: Any = pymupdf
    try:
        with library.open(sheet.pdf, filetype="pdf") as document:
            seen = document[sheet.index]
            scale = library.Matrix(page.width / seen.rect.width, page.height / seen.rect.height)
            drawn = seen.get_pixmap(matrix=scale, colorspace=library.csRGB, alpha=False)
    except (library.FileDataError, library.mupdf.FzErrorBase, RuntimeError, ValueError) as error:
        raise ExportError(f"page {page.id}: its picture cannot be made ({error})") from error
    pixels = np.frombuffer(drawn.samples, np.uint8).reshape(drawn.height, drawn.stride)
    shaped = pixels[:, : drawn.width * 3].reshape(drawn.height, drawn.width, 3)
    return jpeg(shaped[: page.height, : page.width])


def jpeg(image: NDArray[np.uint8]) -> bytes:
    """The image (H, W, 3, RGB) as JPEG, in gray where it has no colour to speak of."""
    look = image[::_LOOK_AT, ::_LOOK_AT].astype(np.int16)
    strays = np.abs(look - look.mean(axis=2, keepdims=True)).max(axis=2) > _GRAY
    picture = Image.fromarray(image)
    if strays.mean() < _COLOURED:
        picture = picture.convert("L")
    out = BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
