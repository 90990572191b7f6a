"""Pictures of a PDF page: copied where the file has them as they show, else drawn."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
import pytest
from numpy.typing import NDArray
from PIL import Image

from epaper.reading.layer import LayerReading, read_layer

DPI = 300
PLACE = (60, 100, 260, 250)
BODY = "春风又绿江南岸明月何时照我还千里江陵一日还两岸猿声啼不住"
Draw = Callable[[Any], None]


def photo(mode: str = "RGB", size: tuple[int, int] = (240, 180), **options: Any) -> bytes:
    """A JPEG of soft colours, none of its quarters like another."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]]
    waves = [60 + 120 * x / size[0], 200 - 130 * y / size[1], 90 + 60 * np.sin(x / 40)]
    image = Image.fromarray(np.stack(waves, axis=2).astype(np.uint8)).convert(mode)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90, **options)
    return out.getvalue()


def page_with(path: Path, draw: Draw) -> LayerReading:
    """A page of text on which `draw` puts one picture."""
    with pymupdf.open() as document:
        page: Any = document.new_page(width=400, height=500)
        for line in range(6):
            page.insert_text((40, 320 + 14 * line), BODY, fontname="china-s", fontsize=10)
        draw(page)
        document.save(path)
    return read_layer(path, 0, DPI)


def the_picture(reading: LayerReading) -> NDArray[np.uint8] | bytes:
    (picture,) = reading.pictures
    (found,) = reading.cut([picture.box])
    return found


def shown(path: Path, reading: LayerReading) -> NDArray[np.int16]:
    """What the page shows where the picture is, drawn by the library alone."""
    (picture,) = reading.pictures
    box = picture.box.scaled(72 / DPI)
    with pymupdf.open(path) as document:
        clip = (box.x0, box.y0, box.x1, box.y1)
        pixmap = document[0].get_pixmap(dpi=DPI, clip=clip, alpha=False)
    return small(Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples))


def small(image: Image.Image) -> NDArray[np.int16]:
    return np.asarray(image.convert("RGB").resize((24, 18), Image.Resampling.BOX), np.int16)


def as_image(found: NDArray[np.uint8] | bytes) -> Image.Image:
    return Image.open(io.BytesIO(found)) if isinstance(found, bytes) else Image.fromarray(found)


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_photograph_is_the_one_of_the_file(tmp_path: Path, mode: str) -> None:
    data = photo(mode)
    path = tmp_path / "page.pdf"
    reading = page_with(path, lambda page: page.insert_image(PLACE, stream=data))
    found = the_picture(reading)
    assert found == data
    assert np.abs(small(as_image(found)) - shown(path, reading)).mean() < 3


def test_a_frame_around_a_photograph_is_no_part_of_it(tmp_path: Path) -> None:
    data = photo()

    def draw(page: Any) -> None:
        page.draw_rect((40, 80, 280, 270), fill=(0.9, 0.9, 0.8))
        page.insert_image(PLACE, stream=data)
        page.draw_rect(PLACE, color=(0, 0, 0), width=0.5)

    assert the_picture(page_with(tmp_path / "page.pdf", draw)) == data


def turned(page: Any) -> None:
    page.insert_image(PLACE, stream=photo(size=(180, 240)), rotate=90)


def stretched(page: Any) -> None:
    page.insert_image(PLACE, stream=photo(size=(300, 120)), keep_proportion=False)


def lettered(page: Any) -> None:
    page.insert_image(PLACE, stream=photo())
    page.insert_text((80, 200), "图书馆外景", fontname="china-s", fontsize=20, color=(1, 1, 1))


def crossed(page: Any) -> None:
    page.insert_image(PLACE, stream=photo())
    page.draw_rect((140, 150, 190, 160), fill=(1, 1, 1))


def masked(page: Any) -> None:
    mask = io.BytesIO()
    Image.fromarray(np.tile(np.arange(240, dtype=np.uint8), (180, 1))).save(mask, "PNG")
    page.insert_image(PLACE, stream=photo(), mask=mask.getvalue())


def of_ink(page: Any) -> None:
    page.insert_image(PLACE, stream=photo("CMYK"))


def with_orientation(page: Any) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    page.insert_image(PLACE, stream=photo(exif=exif), keep_proportion=False)


def _framed(page: Any, before: bytes) -> None:
    """Draws a photograph inside a graphics state that `before` sets up."""
    page.insert_image(PLACE, stream=photo())
    (xref,) = page.get_contents()[-1:]
    document = page.parent
    document.update_stream(xref, b"q " + before + document.xref_stream(xref) + b" Q")


def clipped(page: Any) -> None:
    _framed(page, b"60 250 100 150 re W n ")


def cut_round(page: Any) -> None:
    _framed(page, b"60 400 m 60 250 l 260 250 l 260 400 l 160 330 l h W n ")


def faint(page: Any) -> None:
    document = page.parent
    state = document.get_new_xref()
    document.update_object(state, "<</Type/ExtGState/ca 0.3>>")
    kind, value = document.xref_get_key(page.xref, "Resources")
    owner = int(value.split()[0]) if kind == "xref" else page.xref
    key = "ExtGState/Faint" if kind == "xref" else "Resources/ExtGState/Faint"
    document.xref_set_key(owner, key, f"{state} 0 R")
    _framed(page, b"/Faint gs ")


ODD = [turned, stretched, lettered, crossed, masked, of_ink, with_orientation, clipped]
ODD += [cut_round, faint]


@pytest.mark.parametrize("draw", ODD)
def test_what_shows_otherwise_than_the_file_has_it_is_drawn(tmp_path: Path, draw: Draw) -> None:
    path = tmp_path / "page.pdf"
    reading = page_with(path, draw)
    found = the_picture(reading)
    assert not isinstance(found, bytes)
    assert np.abs(small(as_image(found)) - shown(path, reading)).mean() < 3


def test_a_picture_is_drawn_no_finer_than_it_is_and_type_on_it_as_finely_as_the_page(
    tmp_path: Path,
) -> None:
    alone = the_picture(page_with(tmp_path / "alone.pdf", stretched))
    typed = the_picture(page_with(tmp_path / "typed.pdf", lettered))
    assert isinstance(alone, np.ndarray) and alone.shape[:2] == (225, 300)
    assert isinstance(typed, np.ndarray) and typed.shape[1] > 800
