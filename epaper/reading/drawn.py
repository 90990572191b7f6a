"""What a PDF page draws, recorded once: every look at it need not run the page again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pymupdf
from numpy.typing import NDArray

from epaper.geometry import Box

_fitz: Any = pymupdf
mupdf: Any = _fitz.mupdf

Pixels = NDArray[np.uint8]

_MOST_PIXELS = 40_000_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page's display lists: `upright` as it is shown, `unturned` without its rotation.

    `size` is the upright page's, in points. The lists outlive the document.
    """

    upright: Any
    unturned: Any
    size: tuple[float, float]

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
    size = page.rect.width, page.rect.height
    turn = page.rotation
    if not turn:
        return Drawn(upright, upright, size)
    page.set_rotation(0)
    try:
        return Drawn(upright, page.get_displaylist(), size)
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
    pixmap = _pixmap(drawn, scale, bounds, mupdf.fz_device_gray(), type_shows, images_show)
    rows = np.frombuffer(pixmap.samples, dtype=np.uint8).reshape(pixmap.height, pixmap.stride)
    return GreyPage(rows[:, : pixmap.width], dpi)


def cut_out(drawn: Drawn, part: Box, size: tuple[int, int], type_shows: bool) -> Pixels:
    """A part of the page, in upright points, as H×W×3 RGB of `size` (width, height)."""
    bounds = mupdf.fz_bound_display_list(drawn.upright.this)
    x, y = bounds.x0, bounds.y0
    width, height = size
    across, down = width / part.width, height / part.height
    # The part's corner comes to lie on that of a pixel, and so do an image's own pixels.
    scale = mupdf.FzMatrix(across, 0, 0, down, -(part.x0 + x) * across, -(part.y0 + y) * down)
    clip = mupdf.FzRect(part.x0 + x, part.y0 + y, part.x1 + x, part.y1 + y)
    clip = mupdf.fz_intersect_rect(bounds, clip)
    pixmap = _pixmap(drawn, scale, clip, mupdf.fz_device_rgb(), type_shows, True)
    rows = np.frombuffer(pixmap.samples, dtype=np.uint8).reshape(pixmap.height, pixmap.stride)
    cut = rows[:, : pixmap.width * 3].reshape(pixmap.height, pixmap.width, 3)[:height, :width]
    # MuPDF rounds a clip outwards or inwards by a pixel; the size promised is kept.
    spare = ((0, height - cut.shape[0]), (0, width - cut.shape[1]), (0, 0))
    return np.pad(cut, spare, mode="edge")


def _pixmap(
    drawn: Drawn, scale: Any, clip: Any, colors: Any, type_shows: bool, images_show: bool
) -> Any:
    """The part of the page inside `clip` (points) on white."""
    frame = mupdf.fz_round_rect(mupdf.fz_transform_rect(clip, scale))
    pixmap = mupdf.fz_new_pixmap_with_bbox(colors, frame, mupdf.FzSeparations(), 0)
    mupdf.fz_clear_pixmap_with_value(pixmap, 0xFF)
    device = mupdf.fz_new_draw_device_with_bbox(scale, pixmap, frame)
    # MuPDF passes over what a device has no function for.
    if not type_shows:
        device.m_internal.fill_text = device.m_internal.stroke_text = None
    if not images_show:
        device.m_internal.fill_image = None
    mupdf.fz_run_display_list(drawn.upright.this, device, mupdf.FzMatrix(), clip, mupdf.FzCookie())
    mupdf.fz_close_device(device)
    return _fitz.Pixmap("raw", pixmap)
