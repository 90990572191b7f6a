"""Pictures cut out of a PDF page: copied as they are in the file, or drawn.

A photograph that is in the file as a JPEG, whole and as it shows, is copied byte for byte.
Where nothing but images shows, drawing them finer than they are would add nothing.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from epaper.geometry import Box
from epaper.reading.drawn import Drawn, cut_out
from epaper.reading.placed import Placed, mupdf
from epaper.reading.rows import rows_of

Pixels = NDArray[np.uint8]

# Points by which the edges of a picture and what stands on it may differ.
_EDGE = 1.5
# A browser rounds the sides of a picture to its own pixels.
_STRETCHED = 0.02
# Images of so much of the page's fineness are drawn as finely as the page.
_COARSE = 0.7
_MOST_PIXELS = 40_000_000
# Of 1, by which a screen's colour may be another one on the page.
_OFF_COLOR = 0.012
_PROBES: dict[int, tuple[tuple[float, ...], ...]] = {
    1: ((0.0,), (0.25,), (0.5,), (0.75,), (1.0,)),
    3: ((0.2, 0.5, 0.8), (0.8, 0.2, 0.5), (0.5, 0.8, 0.2), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
}
_ORIENTATION = 0x0112  # the EXIF tag; 1 is upright
_WHOLE_FILE = b"\xff\xd9"


@dataclass(frozen=True)
class Cutter:
    """Cuts parts of the page out, at `scale` pixels a point or less.

    `type_at` and `ground`, the page, are in pixels, `placed` and `paths`, what is drawn
    besides, in points.
    """

    drawn: Drawn
    scale: float
    ground: Box
    type_at: tuple[Box, ...]
    placed: tuple[Placed, ...]
    paths: tuple[Box, ...]

    def __call__(self, boxes: Sequence[Box]) -> list[Pixels | bytes]:
        """Each of `boxes`, in pixels of the upright page, as H×W×3 RGB or as its JPEG."""
        parts = [box.clipped(self.ground) for box in boxes]
        rows = rows_of(self.type_at)
        typed = [bool(_meets(rows, part).any()) for part in parts]
        shows = any(typed)
        return [
            self._cut(part, lettered, shows) for part, lettered in zip(parts, typed, strict=True)
        ]

    def _cut(self, part: Box, lettered: bool, shows: bool) -> Pixels | bytes:
        at = part.scaled(1 / self.scale)
        images = [] if lettered else self._only_images(at)
        if len(images) == 1 and (found := self._copied(images[0], at)):
            return found
        fineness = max((image.fineness for image in images), default=self.scale)
        scale = fineness / self.scale if fineness < _COARSE * self.scale else 1.0
        size = max(1, round(part.width * scale)), max(1, round(part.height * scale))
        return cut_out(self.drawn, at, size, shows)

    def _only_images(self, part: Box) -> list[Placed]:
        """The images that show inside a part, none where anything else is drawn there."""
        inner = part.grown(-_EDGE)
        if any(p.intersection(inner) > 0 and not p.contains(inner) for p in self.paths):
            return []
        return [image for image in self.placed if image.box.intersection(inner) > 0]

    def _copied(self, placed: Placed, part: Box) -> bytes | None:
        """The image as it is in the file, where that is what the page shows."""
        whole = placed.whole
        if not (part.contains(whole, _EDGE) and whole.contains(part, _EDGE)):
            return None
        return _jpeg_of(placed) if placed.plain else None


def _meets(rows: NDArray[np.float64], part: Box) -> NDArray[np.bool_]:
    """Which boxes of N×4 share some area with a part."""
    across = np.minimum(rows[:, 2], part.x1) - np.maximum(rows[:, 0], part.x0)
    down = np.minimum(rows[:, 3], part.y1) - np.maximum(rows[:, 1], part.y0)
    return np.asarray((across > 0) & (across * down > 0), np.bool_)


def _jpeg_of(placed: Placed) -> bytes | None:
    """An image's own JPEG, if readers show it as the page does."""
    image, ratio = placed.image, placed.whole.width / placed.whole.height
    packed = mupdf.fz_compressed_image_buffer(image).m_internal
    if not packed or packed.params.type != mupdf.FZ_IMAGE_JPEG or not _as_said(image):
        return None
    data: bytes = mupdf.fz_buffer_extract_copy(
        mupdf.FzBuffer(mupdf.ll_fz_keep_buffer(packed.buffer))
    )
    if not data.rstrip(b"\0\r\n").endswith(_WHOLE_FILE):
        return None
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as found:
            is_same = found.size == placed.pixels and _is_plain(found, ratio)
            return data if is_same else None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None


def _as_said(image: Any) -> bool:
    """Whether the page shows an image's values as they are: no mask, and colours of the screen."""
    inside = image.m_internal
    if image.mask().m_internal or inside.use_decode or inside.use_colorkey or inside.bpc != 8:
        return False
    space = image.colorspace()
    count = space.fz_colorspace_n() if space.m_internal else 0
    if count not in (1, 3):
        return False
    nothing = mupdf.FzColorspace()
    for color in _PROBES[count]:
        given = mupdf.fz_convert_color(
            space, list(color), mupdf.fz_device_rgb(), nothing, mupdf.FzColorParams()
        )
        wanted = color * 3 if count == 1 else color
        if max(abs(a - b) for a, b in zip(given, wanted, strict=False)) > _OFF_COLOR:
            return False
    return True


def _is_plain(image: Image.Image, ratio: float) -> bool:
    """Whether a JPEG says by itself which colours it has and which way up it is."""
    width, height = image.size
    said = "jfif" in image.info or "adobe" in image.info or image.mode == "L"
    profile = image.info.get("icc_profile", b"sRGB")
    return (
        image.mode in ("L", "RGB")
        and said
        and b"sRGB" in profile
        and image.getexif().get(_ORIENTATION, 1) == 1
        and width * height <= _MOST_PIXELS
        and abs(width / height / ratio - 1) < _STRETCHED
    )
