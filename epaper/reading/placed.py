"""Where the images of a PDF page show: their place cut by every clip path around it.

PyMuPDF lists images at the size they are drawn, though pages crop them by clipping.
Lengths are points in the page's upright frame, y down.
"""

from __future__ import annotations

from typing import Any

import pymupdf

from epaper.geometry import Box
from epaper.reading.drawn import Drawn

mupdf: Any = pymupdf.mupdf
_Device: Any = mupdf.FzDevice2

_EVERYWHERE = Box(-1e6, -1e6, 1e6, 1e6)


def placed_images(drawn: Drawn) -> list[Box]:
    """The visible box of every image and image mask, in drawing order."""
    device = _ImageDevice()
    everywhere = mupdf.FzRect(mupdf.FzRect.Fixed_INFINITE)
    mupdf.fz_run_display_list(
        drawn.upright.this, device, mupdf.FzMatrix(), everywhere, mupdf.FzCookie()
    )
    mupdf.fz_close_device(device)
    return device.found


class _ImageDevice(_Device):  # type: ignore[misc]
    """Follows the clip stack and notes images; MuPDF calls it for nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Box] = []
        self._clips: list[Box] = [_EVERYWHERE]
        self.use_virtual_fill_image()
        self.use_virtual_fill_image_mask()
        self.use_virtual_clip_path()
        self.use_virtual_clip_stroke_path()
        self.use_virtual_clip_text()
        self.use_virtual_clip_stroke_text()
        self.use_virtual_clip_image_mask()
        self.use_virtual_begin_mask()
        self.use_virtual_pop_clip()

    def fill_image(self, _ctx: Any, _image: Any, ctm: Any, alpha: float, _color: Any) -> None:
        if alpha > 0:
            self._note(ctm)

    def fill_image_mask(self, _ctx: Any, _image: Any, ctm: Any, *_color: Any) -> None:
        self._note(ctm)

    def clip_path(self, _ctx: Any, _path: Any, _even_odd: int, _ctm: Any, scissor: Any) -> None:
        self._push(scissor)

    def clip_stroke_path(
        self, _ctx: Any, _path: Any, _stroke: Any, _ctm: Any, scissor: Any
    ) -> None:
        self._push(scissor)

    def clip_text(self, _ctx: Any, _text: Any, _ctm: Any, scissor: Any) -> None:
        self._push(scissor)

    def clip_stroke_text(
        self, _ctx: Any, _text: Any, _stroke: Any, _ctm: Any, scissor: Any
    ) -> None:
        self._push(scissor)

    def clip_image_mask(self, _ctx: Any, _image: Any, _ctm: Any, scissor: Any) -> None:
        self._push(scissor)

    def begin_mask(self, _ctx: Any, area: Any, *_rest: Any) -> None:
        # The mask stays in force after it was drawn, until the matching pop_clip.
        self._push(area)

    def pop_clip(self, _ctx: Any) -> None:
        if len(self._clips) > 1:
            self._clips.pop()

    def _push(self, rect: Any) -> None:
        box = Box(rect.x0, rect.y0, max(rect.x0, rect.x1), max(rect.y0, rect.y1))
        self._clips.append(box.clipped(self._clips[-1]))

    def _note(self, ctm: Any) -> None:
        x = (ctm.e, ctm.e + ctm.a, ctm.e + ctm.c, ctm.e + ctm.a + ctm.c)
        y = (ctm.f, ctm.f + ctm.b, ctm.f + ctm.d, ctm.f + ctm.b + ctm.d)
        box = Box(min(x), min(y), max(x), max(y)).clipped(self._clips[-1])
        if box.area > 0:
            self.found.append(box)
