"""Page images in every format and pixel type that archives deliver, by Pillow."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from epaper.errors import InputError
from epaper.geometry import Box
from epaper.sources.limits import Limits
from epaper.sources.sizes import PageSize, sized

_FORMATS = ("JPEG", "PNG", "TIFF", "JPEG2000", "WEBP")
# How files begin that should have been opened, within the first bytes.
_MARKS = {
    "a TIFF": b"II*\0", "a TIFF (big-endian)": b"MM\0*",
    "a JPEG": b"\xff\xd8\xff", "a PNG": b"\x89PNG", "a JPEG 2000": b"jP  \r\n", "a WebP": b"WEBP",
}  # fmt: skip
_ORIENTATION = 0x0112
_SUBFILE_TYPE = 254
_REDUCED = 1  # bit of _SUBFILE_TYPE: a smaller copy of another image of the file
_TURNED = (5, 6, 7, 8)  # EXIF orientations that swap width and height
# Rows of pixels that are taken over at once: so many stay in a processor's cache.
_ROWS = 64
_DEEP = ("I;16", "I;16B", "I;16L", "I;16N", "I", "F")


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """The image file; every way in which it may fail becomes an InputError."""
    bound = Image.MAX_IMAGE_PIXELS
    try:
        # The limits of this package stand in for Pillow's guess at a malicious size.
        Image.MAX_IMAGE_PIXELS = None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with _hushed(), Image.open(path, formats=_FORMATS) as image:
                yield image
    except UnidentifiedImageError as error:
        raise InputError(_unknown(path)) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise InputError(f"{path.name} is damaged or cut short ({error}).") from error
    finally:
        Image.MAX_IMAGE_PIXELS = bound


def _unknown(path: Path) -> str:
    """Why Pillow knows nothing to do with the file."""
    with path.open("rb") as stream:
        head = stream.read(16)
    for kind, mark in _MARKS.items():
        if mark in head:
            return f"{path.name} is damaged or cut short: it begins like {kind}, but is none."
    suffix = path.suffix or "without suffix"
    return f"{path.name} ({suffix}) is neither a PDF nor a page image."


@contextmanager
def _hushed() -> Iterator[None]:
    """Keeps off standard error what libtiff prints of a damaged file and Pillow raises, too."""
    try:
        kept = os.dup(2)
    except OSError:  # there is none
        yield
        return
    try:
        with open(os.devnull, "wb") as nothing:  # noqa: PTH123  # a descriptor is wanted
            os.dup2(nothing.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def page_sizes(path: Path, dpi: float | None, limits: Limits) -> tuple[PageSize, ...]:
    """Sizes of the images of a file, upright, thumbnails of TIFF files left out."""
    sizes = []
    with _opened(path) as image:
        frames = _frames(image)
        limits.check_pages(path, len(frames))
        for frame in frames:
            image.seek(frame)
            limits.check_pixels(path, *image.size)
            width, height = image.size
            if _orientation(image) in _TURNED:
                width, height = height, width
            sizes.append(sized(width, height, _told_dpi(image), dpi))
    return tuple(sizes)


def _frames(image: Image.Image) -> list[int]:
    """Numbers of the images that are pages; only TIFF files hold several."""
    if image.format != "TIFF":
        return [0]
    pages = []
    for frame in range(getattr(image, "n_frames", 1)):
        image.seek(frame)
        if not image.getexif().get(_SUBFILE_TYPE, 0) & _REDUCED:
            pages.append(frame)
    return pages or [0]


def _orientation(image: Image.Image) -> int:
    """EXIF orientation, 1 where nothing is said.

    A PNG is asked only where the entry stands ahead of the pixels; to look behind them
    Pillow would decode the whole image.
    """
    if image.format == "PNG" and "exif" not in image.info:
        return 1
    return int(image.getexif().get(_ORIENTATION, 1))


def _told_dpi(image: Image.Image) -> float | None:
    """The resolution in the file's header where both axes agree within a twentieth."""
    # Pillow's own fractions of TIFF files cannot be divided by one another.
    across, down = map(float, image.info.get("dpi", (0, 0)))
    if across <= 0 or down <= 0 or not 0.95 < across / down < 1.05:
        return None
    return across


def _upright_size(image: Image.Image) -> tuple[int, int]:
    """Width and height when it stands as its EXIF orientation says."""
    width, height = image.size
    return (height, width) if _orientation(image) in _TURNED else (width, height)


def load(path: Path, index: int, part: Box, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Part of a page image, `part` in its upright pixels, as H×W×3 RGB of `size`."""
    with _opened(path) as image:
        image.seek(_frames(image)[index])
        corners = (round(part.x0), round(part.y0), round(part.x1), round(part.y1))
        if image.format == "JPEG" and corners == (0, 0, *_upright_size(image)):
            # The decoder halves sizes by itself, in a fraction of the time and memory.
            image.draft("RGB", size if _orientation(image) not in _TURNED else size[::-1])
            corners = (0, 0, *_upright_size(image))
        upright = ImageOps.exif_transpose(image) if _orientation(image) > 1 else image
        if corners != (0, 0, *upright.size):
            upright = upright.crop(corners)
        rgb = _rgb(upright)
        if rgb.size != size:
            rgb = rgb.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        return _pixels(rgb)


def _pixels(image: Image.Image) -> NDArray[np.uint8]:
    """An RGB image as H×W×3, a few rows at a time: Pillow would hand out all of it twice."""
    width, height = image.size
    found = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, _ROWS):
        foot = min(height, top + _ROWS)
        found[top:foot] = np.asarray(image.crop((0, top, width, foot)))
    return found


def _rgb(image: Image.Image) -> Image.Image:
    """Any pixel type as 8-bit RGB, transparent parts on white paper."""
    if image.mode in _DEEP:
        image = Image.fromarray(_eight_bits(np.asarray(image)))
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        solid = image.convert("RGBA")
        paper = Image.new("RGBA", solid.size, (255, 255, 255, 255))
        image = Image.alpha_composite(paper, solid)
    # What is RGB would be copied.
    return image if image.mode == "RGB" else image.convert("RGB")


def _eight_bits(deep: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Samples of 10, 12 or 16 bits, or floats up to 1, scaled to 8 bits.

    The depth is the smallest that holds the brightest sample: scanners store 12 bits
    in 16 without saying so.
    """
    values = np.nan_to_num(deep.astype(np.float64))
    peak = float(values.max(initial=0.0))
    top = next((t for t in (1.0, 255.0, 1023.0, 4095.0, 65535.0) if peak <= t), peak)
    return np.clip(values * (255.0 / top), 0, 255).round().astype(np.uint8)
