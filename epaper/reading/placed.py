"""Where the images of a PDF page show: their place cut by every clip path around it.

PyMuPDF lists images at the size they are drawn, though pages crop them by clipping.
Lengths are points in the page's upright frame, y down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pymupdf

from epaper.geometry import Box
from epaper.reading.drawn import Drawn

mupdf: Any = pymupdf.mupdf
_Device: Any = mupdf.FzDevice2

_LEVEL = 1e-3
_EVERYWHERE = Box(-1e6, -1e6, 1e6, 1e6)


@dataclass(frozen=True, slots=True)
class Placed:
    """An image or image mask on the page: its visible `box`, and the `whole` of it.

    `image` is MuPDF's, which outlives the document, and `pixels` its width and height.
    `plain` says that it is drawn upright, opaque, and cut by nothing but rectangles.
    """

    box: Box
    whole: Box
    image: Any
    pixels: tuple[int, int]
    plain: bool

    @property
    def fineness(self) -> float:
        """Pixels a point, on the axis where they are more."""
        width, height = self.pixels
        return max(width / self.whole.width, height / self.whole.height)


def placed_images(drawn: Drawn) -> tuple[list[Placed], list[Box]]:
    """Every image and image mask that shows, in drawing order, and the boxes of shades."""
    device = _ImageDevice()
    everywhere = mupdf.FzRect(mupdf.FzRect.Fixed_INFINITE)
    mupdf.fz_run_display_list(
        drawn.upright.this, device, mupdf.FzMatrix(), everywhere, mupdf.FzCookie()
    )
    mupdf.fz_close_device(device)
    return device.found, device.shades


class _ImageDevice(_Device):  # type: ignore[misc]
    """Follows the clip stack and notes images; MuPDF calls it for nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Placed] = []
        self.shades: list[Box] = []
        # What is left of the page, and whether it is a rectangle.
        self._clips: list[tuple[Box, bool]] = [(_EVERYWHERE, True)]
        self._groups = [True]
        self.use_virtual_fill_image()
        self.use_virtual_fill_image_mask()
        self.use_virtual_clip_path()
        self.use_virtual_clip_stroke_path()
        self.use_virtual_clip_text()
        self.use_virtual_clip_stroke_text()
        self.use_virtual_clip_image_mask()
        self.use_virtual_begin_mask()
        self.use_virtual_begin_group()
        self.use_virtual_end_group()
        self.use_virtual_fill_shade()
        self.use_virtual_pop_clip()

    def fill_image(self, _ctx: Any, image: Any, ctm: Any, alpha: float, _color: Any) -> None:
        if alpha > 0:
            self._note(image, ctm, alpha == 1)

    def fill_image_mask(self, _ctx: Any, image: Any, ctm: Any, *_color: Any) -> None:
        self._note(image, ctm, False)

    def fill_shade(self, _ctx: Any, _shade: Any, _ctm: Any, *_more: Any) -> None:
        self.shades.append(self._clips[-1][0])

    def begin_group(self, _ctx: Any, _area: Any, *more: Any) -> None:
        _space, _isolated, _knockout, blend, alpha = more
        self._groups.append(self._groups[-1] and blend == mupdf.FZ_BLEND_NORMAL and alpha == 1)

    def end_group(self, _ctx: Any) -> None:
        if len(self._groups) > 1:
            self._groups.pop()

    def clip_path(self, _ctx: Any, path: Any, _even_odd: int, ctm: Any, scissor: Any) -> None:
        self._push(scissor, bool(mupdf.ll_fz_path_is_rect(path, ctm)))

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

    def _push(self, rect: Any, straight: bool = False) -> None:
        box = Box(rect.x0, rect.y0, max(rect.x0, rect.x1), max(rect.y0, rect.y1))
        left, was_straight = self._clips[-1]
        self._clips.append((box.clipped(left), was_straight and straight))

    def _note(self, image: Any, ctm: Any, opaque: bool) -> None:
        x = (ctm.e, ctm.e + ctm.a, ctm.e + ctm.c, ctm.e + ctm.a + ctm.c)
        y = (ctm.f, ctm.f + ctm.b, ctm.f + ctm.d, ctm.f + ctm.b + ctm.d)
        whole = Box(min(x), min(y), max(x), max(y))
        left, straight = self._clips[-1]
        box = whole.clipped(left)
        if box.area > 0:
            upright = ctm.a > 0 and ctm.d > 0 and max(abs(ctm.b), abs(ctm.c)) < _LEVEL * ctm.a
            plain = opaque and upright and straight and self._groups[-1]
            kept = mupdf.FzImage(mupdf.ll_fz_keep_image(image))
            self.found.append(Placed(box, whole, kept, (image.w, image.h), plain))
