"""A page through all rooms: where its text comes from, and that no ink is lost in silence."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import numpy as np
import pymupdf
import pytest
from msgspec.structs import astuple
from PIL import Image

from epaper.errors import InputError
from epaper.export.jsonfile import load_page, page_to_json
from epaper.geometry import Box
from epaper.model import Frame, JumpKind, Line, Origin, ParagraphKind, PersonRole, Role, WritingMode
from epaper.pipeline import Converted, Options, TextFrom, convert_page
from epaper.reading.leftover import leftover_ink
from epaper.sources.pages import load_image, open_pages

SetPage = Callable[..., Path]
HEADLINE = "城东图书馆昨日开馆"
PLAIN = {str, int, float, bool, type(None), Origin, Role, WritingMode, ParagraphKind}
PLAIN |= {PersonRole, JumpKind}


def converted(path: Path, text: TextFrom = TextFrom.AUTO, dpi: float | None = None) -> Converted:
    (source,) = open_pages(path, dpi)
    (one,) = convert_page(source, "issue", Options(text=text))
    return one


def headlines(one: Converted) -> list[str]:
    return [a.headline(Role.HEADLINE) for a in one.page.articles]


def test_a_healthy_layer_is_read_and_nothing_else(tmp_path: Path, set_page: SetPage) -> None:
    one = converted(set_page(tmp_path / "page.pdf", HEADLINE))
    assert {line.origin for line in one.page.lines} == {Origin.LAYER}
    assert headlines(one) == [HEADLINE]
    assert one.image is None
    assert any(s.name == "text layer" and s.detail.startswith("good") for s in one.page.steps)


@pytest.fixture(scope="module")
def recognised(tmp_path_factory: pytest.TempPathFactory, set_page: SetPage) -> Converted:
    """A page with a figure by itself, a rule, a tinted box and a picture, read by OCR."""
    path = set_page(tmp_path_factory.mktemp("page") / "page.pdf", HEADLINE)
    noise = np.random.default_rng(1).integers(0, 200, (60, 100), np.uint8)
    with pymupdf.open(path) as document:
        sheet = document[0]
        sheet.insert_text((300, 30), "2024-06-05", fontsize=9)
        sheet.draw_line((50, 40), (350, 40), width=1)
        sheet.draw_rect((40, 480, 180, 550), color=None, fill=(0.7, 0.8, 0.7))
        for row, text in enumerate(("便民热线每日八时至二十", "时接听市民来电并答复。")):
            sheet.insert_text((50, 505 + 20 * row), text, fontname="china-s", fontsize=11)
        photo = io.BytesIO()
        Image.fromarray(noise).save(photo, "PNG")
        sheet.insert_image((220, 480, 350, 550), stream=photo.getvalue(), keep_proportion=False)
        document.save(path.with_stem("with-graphics"))
    return converted(path.with_stem("with-graphics"), TextFrom.OCR, dpi=200)


def test_a_layer_is_passed_over_when_ocr_is_asked_for(recognised: Converted) -> None:
    page, image = recognised.page, recognised.image
    assert {line.origin for line in page.lines} == {Origin.OCR}
    assert HEADLINE in headlines(recognised)
    assert image is not None
    assert image.shape[:2] == (page.height, page.width)


def test_a_page_read_by_ocr_can_be_kept_and_taken_up_again(
    recognised: Converted, tmp_path: Path
) -> None:
    page = recognised.page
    assert page.lines and page.rules and page.frames and page.pictures and page.steps
    assert "2024-06-05" in {line.text for line in page.lines}
    assert [where for where, kind in leaves(page) if kind not in PLAIN] == []
    kept = tmp_path / "page.json"
    kept.write_bytes(page_to_json(page))
    assert load_page(kept) == page


def leaves(value: object, where: str = "page") -> Iterator[tuple[str, type]]:
    """Every value at the ends of a model, by its path and exact type."""
    if isinstance(value, Box):
        assert type(value) is Box
        value = astuple(value)
    if is_dataclass(value):
        for part in fields(value):
            yield from leaves(getattr(value, part.name), f"{where}.{part.name}")
    elif type(value) is tuple:
        for number, part in enumerate(value):
            yield from leaves(part, f"{where}[{number}]")
    else:
        yield where, type(value)


def test_a_script_the_models_do_not_know_is_a_doubt_about_the_page(tmp_path: Path) -> None:
    path = tmp_path / "scribbles.png"
    rng = np.random.default_rng(1)
    page = np.full((1200, 900), 255, np.uint8)
    for row in range(60, 1140, 48):
        for x in range(60, 840, 26):
            for _ in range(3):
                y, left = row + rng.integers(0, 20), x + rng.integers(0, 12)
                page[y : y + rng.integers(3, 14), left : left + rng.integers(3, 10)] = 0
    Image.fromarray(page).save(path, dpi=(200, 200))
    one = converted(path)
    assert {d.code for d in one.page.doubts} & {"unreadable", "no-text", "large-picture"}


def test_an_image_has_no_layer_to_insist_on(tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    Image.new("L", (300, 400), 255).save(path)
    with pytest.raises(InputError, match=r"scan\.png.*--text ocr"):
        converted(path, TextFrom.LAYER)


def test_an_empty_page_is_a_doubt_and_no_failure(tmp_path: Path) -> None:
    path = tmp_path / "blank.png"
    Image.new("L", (600, 800), 255).save(path, dpi=(100, 100))
    one = converted(path)
    assert one.page.articles == ()
    assert "no-text" in {doubt.code for doubt in one.page.doubts}


@pytest.fixture
def outlined(tmp_path: Path, set_page: SetPage) -> Path:
    """A page whose headline is drawn as outlines, without characters."""
    path = set_page(tmp_path / "body.pdf", headline="")
    with pymupdf.open() as sheet, pymupdf.open(path) as document:
        line = sheet.new_page(width=300, height=40)
        line.insert_text((4, 30), HEADLINE, fontname="china-s", fontsize=28)
        drawing = pymupdf.open("svg", line.get_svg_image(text_as_path=True).encode())
        art = pymupdf.open("pdf", drawing.convert_to_pdf())
        document[0].show_pdf_page(pymupdf.Rect(50, 50, 350, 90), art, 0)
        document.save(tmp_path / "outlined.pdf")
    return tmp_path / "outlined.pdf"


def test_a_headline_drawn_as_outlines_is_read(outlined: Path) -> None:
    one = converted(outlined)
    assert headlines(one) == [HEADLINE]
    assert one.page.pictures == ()
    assert {line.origin for line in one.page.lines} == {Origin.LAYER, Origin.OCR}


def test_the_layer_alone_is_used_when_it_is_asked_for(outlined: Path) -> None:
    one = converted(outlined, TextFrom.LAYER)
    assert {line.origin for line in one.page.lines} == {Origin.LAYER}


@pytest.fixture(scope="module")
def pictured(tmp_path_factory: pytest.TempPathFactory, set_page: SetPage) -> Path:
    """A page with two pictures, a line of its type in one of them."""
    path = set_page(tmp_path_factory.mktemp("pictures") / "page.pdf", HEADLINE)
    noise = Image.fromarray(np.random.default_rng(3).integers(20, 80, (14, 30), np.uint8))
    photo = io.BytesIO()
    noise.resize((600, 280), Image.Resampling.NEAREST).save(photo, "PNG")
    with pymupdf.open(path) as document:
        sheet = document[0]
        for left in (50, 205):
            sheet.insert_image((left, 485, left + 140, 550), stream=photo.getvalue())
        text = "图书馆外景"
        sheet.insert_text((225, 520), text, fontname="china-s", fontsize=16, color=(1, 1, 1))
        document.save(path.with_stem("pictured"))
    return path.with_stem("pictured")


def test_pictures_are_cut_as_the_page_shows_them(pictured: Path) -> None:
    (source,) = open_pages(pictured)
    one = converted(pictured)
    assert len(one.page.pictures) == len(one.crops) == 2
    for picture in one.page.pictures:
        cut = np.asarray(Image.open(io.BytesIO(one.crops[picture.id])), np.int16)
        shown = load_image(source, box=picture.box)
        assert cut.shape == shown.shape
        assert np.abs(cut - shown).mean() < 3


def test_ink_the_layer_leaves_out_is_a_doubt_at_its_place(
    tmp_path: Path, set_page: SetPage
) -> None:
    path = set_page(tmp_path / "page.pdf", HEADLINE)
    with pymupdf.open(path) as document:
        stroke = document[0].new_shape()
        for x in range(60, 160, 2):
            stroke.draw_line((x, 500), (x + 1, 516))
        stroke.finish(width=0.8)
        stroke.commit()
        document.save(path.with_stem("scratched"))
    one = converted(path.with_stem("scratched"), TextFrom.LAYER)
    unread = [d.box for d in one.page.doubts if d.code == "unread-ink" and d.box]
    there = Box(60, 500, 160, 516).scaled(300 / 72)
    drawn = [p.box for p in one.page.pictures]
    assert any(there.share_in(box) > 0.9 for box in (*unread, *drawn))


def test_leftover_ink_is_what_nothing_covers() -> None:
    image = np.full((400, 600, 3), 255, np.uint8)
    for x in range(50, 250, 4):
        image[100:130, x : x + 2] = 0
        image[300:330, x + 300 : x + 302] = 0
    image[200:202, 20:580] = 0
    line = Line("字" * 6, Box(48, 98, 252, 132), 30)
    (left,) = leftover_ink(image, 100, [line])
    assert left.share_in(Box(340, 290, 560, 340)) > 0.99
    assert Box(352, 302, 546, 328).share_in(left) > 0.99
    assert leftover_ink(image, 100, [line, Line("字", left, 30)]) == ()


@pytest.mark.parametrize(("fill", "type_on_it"), [(0xBF1A1A, 255), (0x0D1A66, 255)])
def test_a_coloured_ground_is_no_ink_but_what_stands_on_it_is(fill: int, type_on_it: int) -> None:
    image = np.full((300, 600, 3), 255, np.uint8)
    image[40:160, 40:240] = 0
    image[50:150, 50:230] = fill >> 16, fill >> 8 & 255, fill & 255
    frame = Frame(Box(40, 40, 240, 160), True, fill)
    assert leftover_ink(image, 100, [], frames=[frame]) == ()
    for x in range(80, 200, 4):
        image[90:110, x : x + 2] = type_on_it
    (left,) = leftover_ink(image, 100, [], frames=[frame])
    assert left.share_in(Box(60, 75, 220, 125)) > 0.99
