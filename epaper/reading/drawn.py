"""What a PDF page draws, recorded once: every look at it need not run the page again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pymupdf
from numpy.typing import NDArray

_fitz: Any = pymupdf
mupdf: Any = _fitz.mupdf

_MOST_PIXELS = 40_000_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page's display lists: `upright` as it is shown, `unturned` without its rotation."""

    upright: Any
    unturned: Any

    def text_page(self, flags: int) -> Any:
        """The page's characters, in the frame without rotation."""
        return _fitz.TextPage(self.unturned.get_textpage(flags))


@dataclass(frozen=True)
class GreyPage:
    """A page upright as pixels, H×W, 0 black to 255 white, at `dpi`."""

    pixels: NDArray[np.uint8]
    dpi: float


def record(page: Any) -> Drawn:
    """Runs the page; where that is done first, MuPDF loads the fonts in its course."""
    upright = page.get_displaylist()
    turn = page.rotation
    if not turn:
        return Drawn(upright, upright)
    page.set_rotation(0)
    try:
        return Drawn(upright, page.get_displaylist())
    finally:
        page.set_rotation(turn)


def grey_page(drawn: Drawn, dpi: float, type_shows: bool, images_show: bool) -> GreyPage:
    """The page at `dpi`, at less where it is so large that memory would go.

    Setting glyphs is most of the work of drawing a page of text, decoding images most of
    the rest; either may be left out. Type that clips does so all the same.
    """
    bounds = mupdf.fz_bound_display_list(drawn.upright.this)
    sheet = max(1.0, (bounds.x1 - bounds.x0) * (bounds.y1 - bounds.y0)) / 72**2
    dpi = min(dpi, (_MOST_PIXELS / sheet) ** 0.5)
    scale = mupdf.FzMatrix(dpi / 72, 0, 0, dpi / 72, 0, 0)
    frame = mupdf.fz_round_rect(mupdf.fz_transform_rect(bounds, scale))
    pixmap = mupdf.fz_new_pixmap_with_bbox(mupdf.fz_device_gray(), frame, mupdf.FzSeparations(), 0)
    mupdf.fz_clear_pixmap_with_value(pixmap, 0xFF)
    device = mupdf.fz_new_draw_device(scale, pixmap)
    # MuPDF passes over what a device has no function for.
    if not type_shows:
        device.m_internal.fill_text = device.m_internal.stroke_text = None
    if not images_show:
        device.m_internal.fill_image = None
    everywhere = mupdf.FzRect(mupdf.FzRect.Fixed_INFINITE)
    mupdf.fz_run_display_list(
        drawn.upright.this, device, mupdf.FzMatrix(), everywhere, mupdf.FzCookie()
    )
    mupdf.fz_close_device(device)
    shown = _fitz.Pixmap("raw", pixmap)
    rows = np.frombuffer(shown.samples, dtype=np.uint8).reshape(shown.height, shown.stride)
    return GreyPage(rows[:, : shown.width], dpi)
