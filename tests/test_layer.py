"""What the text layer of a PDF page gives: lines, rules, frames, pictures, its health."""

from __future__ import annotations

import gc
import io
import json
import os
import time
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from epaper.errors import InputError
from epaper.geometry import Box, hull
from epaper.model import Line, WritingMode
from epaper.reading.chars import fold, read_glyphs
from epaper.reading.drawn import record
from epaper.reading.faces import described_faces, faces_of
from epaper.reading.health import judge
from epaper.reading.layer import LayerReading, read_layer
from epaper.reading.tables import read_tables

SHARED = Path(os.environ.get("EPAPER_SHARED", Path(__file__).parents[1] / ".." / "shared"))
BODY = "春风又绿江南岸明月何时照我还千里江陵一日还两岸猿声啼不住"


class Sheet:
    """A PDF page to set type on; positions are points, `y` the baseline."""

    def __init__(self, path: Path, width: float = 600, height: float = 800) -> None:
        self.path = path
        self.document = pymupdf.open()
        self.page = self.document.new_page(width=width, height=height)

    def type(self, x: float, y: float, text: str, size: float = 10, **options: object) -> None:
        font = "helv" if text.isascii() else "china-s"
        self.page.insert_text((x, y), text, fontsize=size, fontname=font, **options)

    def spread(self, x: float, y: float, text: str, size: float, pitch: float) -> None:
        for n, char in enumerate(text):
            self.type(x + n * pitch, y, char, size)

    def stack(self, x: float, y: float, text: str, size: float, pitch: float) -> None:
        for n, char in enumerate(text):
            self.type(x, y + n * pitch, char, size)

    def read(self, dpi: float = 72, rotation: int = 0) -> LayerReading:
        self.page.set_rotation(rotation)
        self.document.save(self.path)
        self.document.close()
        return read_layer(self.path, 0, dpi)


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    return Sheet(tmp_path / "page.pdf")


def texts(reading: LayerReading) -> list[str]:
    return [line.text for line in reading.lines]


def named(reading: LayerReading, text: str) -> Line:
    return next(line for line in reading.lines if line.text == text)


def test_boxes_are_pixels_of_the_asked_resolution(sheet: Sheet) -> None:
    sheet.type(72, 144, BODY[:10], size=12)
    reading = sheet.read(dpi=150)
    (line,) = reading.lines
    assert (reading.width, reading.height) == (1250, 1667)
    assert line.size == pytest.approx(25)
    assert line.box.x0 == pytest.approx(150, abs=1)
    assert line.box.x1 == pytest.approx(150 + 250, abs=1)
    assert line.box.y0 < 300 < line.box.y1
    assert len(line.chars) == len(line.text)


def test_reading_leaves_the_collector_as_it_was(sheet: Sheet, tmp_path: Path) -> None:
    sheet.type(20, 50, BODY)
    sheet.read()
    assert gc.isenabled()
    with pytest.raises(InputError):
        read_layer(tmp_path / "none.pdf", 0, 72.0)
    assert gc.isenabled()
    gc.disable()
    try:
        read_layer(sheet.path, 0, 72.0)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_columns_drawn_straight_across_stay_apart(sheet: Sheet) -> None:
    for row in range(5):
        for column in range(4):
            sheet.type(40 + 132 * column, 100 + 15 * row, BODY[row : row + 12])
    assert sorted(texts(sheet.read())) == sorted(BODY[r : r + 12] for r in range(5) for _ in "1234")


def test_a_rule_parts_columns_with_a_narrow_gutter(sheet: Sheet) -> None:
    for row in range(3):
        sheet.type(40, 100 + 15 * row, BODY[:12])
        sheet.type(40 + 126, 100 + 15 * row, BODY[12:24])
    sheet.page.draw_line((163, 80), (163, 150), width=0.5)
    assert Counter(texts(sheet.read())) == {BODY[:12]: 3, BODY[12:24]: 3}


def test_a_justified_line_stays_whole(sheet: Sheet) -> None:
    sheet.spread(40, 100, BODY[:12], size=10, pitch=14.5)
    sheet.spread(40, 115, BODY[12:24], size=10, pitch=10.4)
    assert texts(sheet.read()) == [BODY[:12], BODY[12:24]]


def test_a_letter_spaced_nameplate_stays_whole(sheet: Sheet) -> None:
    sheet.spread(60, 90, "江南晚报", size=60, pitch=130)
    sheet.type(60, 160, BODY)
    assert texts(sheet.read()) == ["江南晚报", BODY]


def test_a_printed_space_in_a_headline_is_one_space(sheet: Sheet) -> None:
    sheet.type(40, 80, "服务进社区", size=30)
    sheet.type(40 + 5 * 30 + 24, 80, "温暖入民心", size=30)
    assert texts(sheet.read()) == ["服务进社区 温暖入民心"]


def test_a_displaced_glyph_at_an_end_of_its_line_stays_in_it(sheet: Sheet) -> None:
    """A fallback font without vertical metrics puts it nearly an em down the page."""
    first, last = BODY[:12], BODY[12:24]
    for x, text, off in ((300, first, 0), (280, last, 11)):
        for k, char in enumerate(text):
            sheet.type(x, 100 + 10 * k + (9 if k == off else 0), char)
    assert sorted(texts(sheet.read())) == sorted([first, last])


def test_headlines_in_two_inks_stay_apart_at_a_narrow_gutter(sheet: Sheet) -> None:
    sheet.type(40, 80, "服务进社区", size=30)
    sheet.type(40 + 5 * 30 + 21, 80, "温暖入民心", size=30, color=(0.1, 0.3, 0.8))
    assert texts(sheet.read()) == ["服务进社区", "温暖入民心"]


def test_a_word_in_another_ink_stays_in_its_line(sheet: Sheet) -> None:
    sheet.type(40, 80, "服务", size=30, color=(0.8, 0.1, 0.1))
    sheet.type(100, 80, "进社区", size=30)
    assert texts(sheet.read()) == ["服务进社区"]


def test_an_indent_shows_in_the_box_and_not_in_the_text(sheet: Sheet) -> None:
    sheet.type(40, 100, "　　" + BODY[:10])
    (line,) = sheet.read().lines
    assert line.text == BODY[:10]
    assert line.box.x0 == pytest.approx(60, abs=0.5)


def test_fonts_and_sizes_mix_in_one_line(sheet: Sheet) -> None:
    sheet.type(40, 100, "总第")
    sheet.type(60, 100, "12022")
    width = pymupdf.get_text_length("12022", fontname="helv", fontsize=10)
    sheet.type(60 + width, 100, "期今日", size=14)
    assert texts(sheet.read()) == ["总第12022期今日"]


def test_latin_words_keep_their_spaces(sheet: Sheet) -> None:
    sheet.type(40, 100, "The quick brown fox")
    sheet.type(40, 130, "set")
    sheet.type(40 + pymupdf.get_text_length("set", fontsize=10) + 2.5, 130, "apart")
    assert texts(sheet.read()) == ["The quick brown fox", "set apart"]


def test_stacked_characters_are_vertical_lines(sheet: Sheet) -> None:
    for column in range(4):
        sheet.stack(500 - 16 * column, 100, BODY[column * 6 : column * 6 + 12], 10, 10.5)
    sheet.type(40, 60, "江南晚报社出版")
    reading = sheet.read()
    vertical = [line for line in reading.lines if line.mode is WritingMode.VERTICAL]
    assert [line.text for line in vertical] == [BODY[c * 6 : c * 6 + 12] for c in range(4)]
    assert named(reading, "江南晚报社出版").mode is WritingMode.HORIZONTAL
    assert all(line.box.height > 5 * line.box.width for line in vertical)


def test_turned_digits_belong_to_their_vertical_line(sheet: Sheet) -> None:
    sheet.stack(300, 100, "北京奥运", 10, 10.5)
    sheet.type(302.5, 133, "2008", rotate=270)
    sheet.stack(300, 133 + 23 + 8.6, "年开幕", 10, 10.5)
    assert texts(sheet.read()) == ["北京奥运2008年开幕"]


def test_a_comma_after_a_turned_bracket_stays_in_its_vertical_line(sheet: Sheet) -> None:
    for column in range(4):
        sheet.stack(500 - 16 * column, 100, BODY[column * 6 : column * 6 + 12], 10, 10.5)
    sheet.stack(420, 100, "农机具台", 10, 10.5)
    sheet.type(420 + 1.6, 131.5 + 2.2, "）", 10, rotate=270)
    sheet.type(420 + 5.2, 131.5 + 10.5, "，", 10)
    sheet.stack(420, 100 + 5 * 10.5, "为深秋生产", 10, 10.5)
    assert "农机具台），为深秋生产" in texts(sheet.read())


def test_a_headline_below_a_column_of_text_is_a_line_of_its_own(sheet: Sheet) -> None:
    for column in range(4):
        sheet.stack(500 - 16 * column, 100, BODY[column * 6 : column * 6 + 12], 10, 10.5)
    sheet.stack(493, 116 + 12 * 10.5, "金招牌越擦越亮", 24, 25)
    assert "金招牌越擦越亮" in texts(sheet.read())


def test_soft_hyphens_are_read_where_they_are_shown(sheet: Sheet) -> None:
    font, hidden = pymupdf.Font("helv"), "\u00ad"
    writer = pymupdf.TextWriter(sheet.page.rect)
    x = 40.0
    for part in ("The inter", hidden, "na", hidden, "tional organization"):
        writer.append((x, 100), part, font=font, fontsize=10)
        # Browsers print a soft hyphen inside a line without moving on.
        x += 0.0 if part == hidden else font.text_length(part, fontsize=10)
    writer.append((40, 114), f"The long-term co{hidden}", font=font, fontsize=10)
    writer.append((40, 128), "operation of both", font=font, fontsize=10)
    writer.write_text(sheet.page)
    assert texts(sheet.read()) == [
        "The international organization",
        "The long-term co-",
        "operation of both",
    ]


def test_single_last_words_of_paragraphs_stay_horizontal(sheet: Sheet) -> None:
    sheet.type(40, 100, BODY[:12])
    sheet.type(40, 116, "摄")
    sheet.type(40, 132, BODY[12:24])
    reading = sheet.read()
    assert texts(reading) == [BODY[:12], "摄", BODY[12:24]]
    assert {line.mode for line in reading.lines} == {WritingMode.HORIZONTAL}


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_turned_page_reads_in_its_upright_frame(tmp_path: Path, rotation: int) -> None:
    sheet = Sheet(tmp_path / "page.pdf")
    sheet.page.insert_text(
        pymupdf.Point(300, 400), BODY[:8], fontname="china-s", fontsize=12, rotate=rotation
    )
    reading = sheet.read(rotation=rotation)
    (line,) = reading.lines
    assert (line.text, line.mode) == (BODY[:8], WritingMode.HORIZONTAL)
    assert line.box.width == pytest.approx(96, abs=1)
    assert Box(0, 0, reading.width, reading.height).contains(line.box)


def test_text_drawn_twice_is_read_once(sheet: Sheet) -> None:
    sheet.type(40, 100, "标题有影", size=24, color=(0.6, 0.6, 0.6))
    sheet.type(40.8, 100.8, "标题有影", size=24)
    assert texts(sheet.read()) == ["标题有影"]


def test_text_clipped_away_off_the_page_or_invisible_makes_no_line(sheet: Sheet) -> None:
    sheet.type(40, 100, "visible")
    sheet.page.clean_contents()
    xref = sheet.page.get_contents()[0]
    more = (
        b"\nq 40 640 60 30 re W n BT /helv 10 Tf 1 0 0 1 40 650 Tm (inside) Tj"
        b" 1 0 0 1 300 650 Tm (outside) Tj ET Q"
        b" BT /helv 10 Tf 3 Tr 1 0 0 1 40 600 Tm (ghost) Tj ET"
        b" BT /helv 10 Tf 0 Tr 1 g 1 0 0 1 40 550 Tm (white) Tj ET"
        b" BT /helv 10 Tf 0 g 1 0 0 1 700 500 Tm (beyond) Tj ET\n"
    )
    sheet.document.update_stream(xref, sheet.document.xref_stream(xref) + more)
    assert sorted(texts(sheet.read())) == ["inside", "visible"]


def drawn(sheet: Sheet, stream: bytes) -> None:
    """Adds raw operators to the page; the font ``helv`` is known there."""
    sheet.type(40, 780, "x")
    sheet.page.clean_contents()
    xref = sheet.page.get_contents()[0]
    sheet.document.update_stream(xref, sheet.document.xref_stream(xref) + stream)


def test_a_headline_cut_off_by_its_box_is_whole(sheet: Sheet) -> None:
    drawn(
        sheet,
        b"\nq 40 600 60 30 re W n BT /helv 10 Tf"
        b" 1 0 0 1 42 610 Tm (Floods reach the) Tj"
        b" 1 0 0 1 300 610 Tm (elsewhere) Tj"
        b" 1 0 0 1 42 580 Tm (a second line below the box) Tj ET Q\n",
    )
    reading = sheet.read()
    line = named(reading, "Floods reach the")
    assert sorted(texts(reading)) == ["Floods reach the", "x"]
    assert line.box.x1 < 110
    assert len(line.chars) == len(line.text)
    assert all(line.box.contains(char, 0.01) for char in line.chars)


def test_text_drawn_in_clipped_pieces_is_read_once(sheet: Sheet) -> None:
    word = b"BT /helv 10 Tf 1 0 0 1 42 610 Tm (Floods reach the town) Tj ET"
    drawn(
        sheet,
        b"\nq 40 600 50 30 re W n " + word + b" Q q 90 600 200 30 re W n " + word + b" Q\n",
    )
    assert sorted(texts(sheet.read())) == ["Floods reach the town", "x"]


def test_lines_drawn_from_right_to_left_are_read_so(sheet: Sheet) -> None:
    for column in range(6):
        sheet.stack(500 - 16 * column, 200, BODY[column : column + 12], 10, 10.5)
    for row, head in enumerate(("春风又绿江南", "明月何时")):
        for n, char in enumerate(head):
            sheet.type(400 - 22 * n, 100 + 30 * row, char, 20)
    reading = sheet.read()
    assert {"春风又绿江南", "明月何时"} <= set(texts(reading))
    line = named(reading, "春风又绿江南")
    assert line.mode is WritingMode.HORIZONTAL
    assert line.chars[0].x0 > line.chars[-1].x0


def test_two_letters_of_a_heading_set_wide_are_one_line(sheet: Sheet) -> None:
    sheet.spread(200, 90, "官报", size=20, pitch=80)
    sheet.type(40, 90, "昨日星期五", size=14)
    sheet.type(40, 140, BODY)
    assert sorted(texts(sheet.read())) == sorted(["官报", "昨日星期五", BODY])


def test_the_number_of_an_item_joins_its_text(sheet: Sheet) -> None:
    for row, number in enumerate(("一", "（二）", "一之五", "第十七条")):
        sheet.type(40, 100 + 20 * row, number)
        sheet.type(40 + 10 * (len(number) + 1), 100 + 20 * row, BODY[:9])
        sheet.type(40, 200 + 20 * row, BODY[10 : 10 + len(number)])
        sheet.type(40 + 10 * (len(number) + 1), 200 + 20 * row, BODY[:9])
    found = texts(sheet.read())
    assert [t for t in found if " " in t] == [
        f"{n} {BODY[:9]}" for n in ("一", "（二）", "一之五", "第十七条")
    ]


def test_a_page_of_fifty_thousand_characters_takes_seconds(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "page.pdf", width=3000, height=4000)
    row = (BODY * 18)[:500]
    writer = pymupdf.TextWriter(sheet.page.rect)
    for n in range(100):
        writer.append((30, 60 + 38 * n), row, font=pymupdf.Font("cjk"), fontsize=5.8)
    writer.write_text(sheet.page)
    start = time.process_time()
    reading = sheet.read()
    assert time.process_time() - start < 20
    assert sum(len(t) for t in texts(reading)) == 50_000


def test_the_largest_page_that_a_pdf_may_have_is_read(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "page.pdf", width=14_400, height=14_400)
    sheet.type(1000, 5000, "大字标题", size=900)
    sheet.type(1000, 8000, BODY, size=120)
    reading = sheet.read(dpi=36)
    assert texts(reading) == ["大字标题", BODY]
    assert (reading.width, reading.height) == (7200, 7200)


def test_ink_drawn_as_outlines_is_left_over(sheet: Sheet) -> None:
    sheet.type(40, 100, BODY)
    for n in range(12):
        left = 40 + 12 * n
        corners = [(left, 310), (left + 5, 300), (left + 10, 310)]
        sheet.page.draw_polyline(corners, color=None, fill=(0, 0, 0), closePath=True)
    reading = sheet.read(dpi=150)
    assert reading.leftover
    around = hull(reading.leftover).scaled(72 / 150)
    assert Box(38, 298, 184, 312).contains(around)
    assert around.contains(Box(44, 303, 178, 309))


def test_words_that_their_font_calls_blanks_are_left_over(sheet: Sheet) -> None:
    sheet.type(40, 100, BODY)
    sheet.page.insert_text((40, 300), "EXTRAORDINARY", fontsize=12, fontname="cour")
    (font,) = (f[0] for f in sheet.page.get_fonts() if f[3] == "Courier")
    blanks = b" ".join([b"<0020>"] * 26)
    signs = b"1 begincodespacerange <00> <FF> endcodespacerange "
    signs += b"1 beginbfrange <41> <5A> [%s] endbfrange" % blanks
    names = sheet.document.get_new_xref()
    sheet.document.update_object(names, "<<>>")
    sheet.document.update_stream(names, b"begincmap " + signs + b" endcmap")
    sheet.document.xref_set_key(font, "ToUnicode", f"{names} 0 R")
    reading = sheet.read(dpi=150)
    assert texts(reading) == [BODY]
    assert Box(38, 285, 140, 305).contains(hull(reading.leftover).scaled(72 / 150))


def test_of_a_dark_band_only_the_light_outlines_are_left_over(sheet: Sheet) -> None:
    sheet.page.draw_rect((40, 40, 560, 66), color=None, fill=(0.1, 0.1, 0.1))
    sheet.type(50, 58, "要闻二〇二四年六月五日", size=12, color=(1, 1, 1))
    sheet.type(40, 100, BODY)
    for n in range(12):
        left = 300 + 12 * n
        corners = [(left, 58), (left + 5, 48), (left + 10, 58)]
        sheet.page.draw_polyline(corners, color=None, fill=(1, 1, 1), closePath=True)
    (outlines,) = sheet.read(dpi=150).leftover
    assert Box(298, 46, 444, 60).contains(outlines.scaled(72 / 150))


def test_light_ink_on_a_dark_ground_is_reversed(sheet: Sheet) -> None:
    sheet.page.draw_rect((30, 80, 200, 110), color=None, fill=(0.7, 0, 0.1))
    sheet.type(40, 100, "反白标题", size=16, color=(1, 1, 1))
    sheet.type(40, 140, "黑色标题", size=16)
    reading = sheet.read()
    assert named(reading, "反白标题").reversed
    assert not named(reading, "黑色标题").reversed
    assert [(frame.stroked, frame.fill) for frame in reading.frames] == [(False, 0xB2001A)]


def test_white_type_over_strips_of_a_band_or_pictures_side_by_side_is_seen(sheet: Sheet) -> None:
    for x in range(30, 210, 30):
        sheet.page.draw_rect((x, 80, x + 30, 110), color=None, fill=(0.7, x / 400, 0.1))
    sheet.type(40, 100, "反白标题", size=16, color=(1, 1, 1))
    for x in (30, 122):
        pixels = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 90, 40))
        pixels.set_rect(pixels.irect, (40, 90, x))
        sheet.page.insert_image((x, 200, x + 90, 240), pixmap=pixels)
    sheet.type(40, 230, "两幅图片下面的说明文字", size=14, color=(1, 1, 1))
    reading = sheet.read()
    assert named(reading, "反白标题").reversed
    assert named(reading, "两幅图片下面的说明文字").reversed


def test_rules_are_told_from_frames(sheet: Sheet) -> None:
    page = sheet.page
    page.draw_line((40, 50), (560, 50), width=1)
    page.draw_line((40, 100), (560, 100), width=0.5)
    page.draw_line((40, 102.5), (560, 102.5), width=0.5)
    page.draw_line((40, 150), (560, 150), width=0.5, dashes="[2 2] 0")
    page.draw_rect((300, 200, 300.8, 700), color=None, fill=(0, 0, 0))
    page.draw_rect((40, 200, 240, 400), color=(0, 0, 0), width=0.75)
    reading = sheet.read()
    flat = [rule for rule in reading.rules if rule.horizontal]
    assert [rule.style for rule in flat] == ["solid", "double", "dotted"]
    assert [rule.box.height for rule in reading.rules if not rule.horizontal] == [
        pytest.approx(500, abs=1)
    ]
    (frame,) = reading.frames
    assert frame.stroked
    assert frame.box.contains(Box(41, 201, 239, 399))


def test_four_bars_make_one_frame(sheet: Sheet) -> None:
    for bar in ((40, 40, 240, 41), (40, 139, 240, 140), (40, 40, 41, 140), (239, 40, 240, 140)):
        sheet.page.draw_rect(bar, color=None, fill=(0, 0, 0))
    reading = sheet.read()
    assert reading.rules == ()
    assert [frame.box for frame in reading.frames] == [Box(40, 40, 240, 140)]


def test_a_frame_of_dots_drawn_one_by_one_is_a_frame(sheet: Sheet) -> None:
    for step in range(100):
        for x, y in ((40 + 2 * step, 40), (40 + 2 * step, 140)):
            sheet.page.draw_rect((x, y, x + 1, y + 1), color=None, fill=(0, 0, 0))
    for step in range(1, 50):
        for x in (40, 238):
            y = 40 + 2 * step
            sheet.page.draw_rect((x, y, x + 1, y + 1), color=None, fill=(0, 0, 0))
    reading = sheet.read()
    assert reading.rules == ()
    (frame,) = reading.frames
    assert frame.box.contains(Box(41, 41, 238, 140))
    assert Box(39, 39, 240, 142).contains(frame.box)


def test_dots_in_no_row_make_neither_rule_nor_frame(sheet: Sheet) -> None:
    for step in range(30):
        x, y = 60 + 37 * step % 400, 60 + 53 * step % 600
        sheet.page.draw_rect((x, y, x + 1.5, y + 1.5), color=None, fill=(0, 0, 0))
    reading = sheet.read()
    assert (reading.rules, reading.frames) == ((), ())


def test_a_frame_whose_corners_are_rounded_in_many_strokes_is_a_frame(sheet: Sheet) -> None:
    shape = sheet.page.new_shape()
    # From the left side on, the ends of each bend and its middle.
    bends = (
        ((40, 60), (46, 46), (60, 40)),
        ((240, 40), (254, 46), (260, 60)),
        ((260, 180), (254, 194), (240, 200)),
        ((60, 200), (46, 194), (40, 180)),
    )
    last = bends[-1][2]
    for begin, middle, end in bends:
        shape.draw_line(last, begin)
        for (ax, ay), (bx, by) in ((begin, middle), (middle, end)):
            out = (min(ax, bx) if bx < 100 else max(ax, bx), (ay + by) / 2)
            shape.draw_bezier((ax, ay), out, out, (bx, by))
        last = end
    shape.finish(color=(0.6, 0, 0), width=0.75)
    shape.commit()
    reading = sheet.read()
    assert [frame.stroked for frame in reading.frames] == [True]
    assert reading.frames[0].box.contains(Box(41, 41, 259, 199))
    assert reading.pictures == ()


def test_a_wavy_rule_is_no_ink_that_was_left_out(sheet: Sheet) -> None:
    sheet.type(50, 300, BODY)
    wave = sheet.page.new_shape()
    for x in range(40, 540, 12):
        wave.draw_bezier((x, 200), (x + 3, 205), (x + 3, 205), (x + 6, 200))
        wave.draw_bezier((x + 6, 200), (x + 9, 195), (x + 9, 195), (x + 12, 200))
    wave.finish(width=1.5, closePath=False)
    wave.commit()
    assert sheet.read(dpi=150).leftover == ()


def picture(width: int = 60, height: int = 40) -> bytes:
    noise = np.random.default_rng(7).integers(0, 255, (height, width, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "PNG")
    return buffer.getvalue()


def test_strips_of_a_photograph_are_one_picture_and_icons_none(sheet: Sheet) -> None:
    for strip in range(4):
        top = 100 + 30 * strip
        sheet.page.insert_image((50, top, 250, top + 30), stream=picture(), keep_proportion=False)
    sheet.page.insert_image((400, 100, 408, 108), stream=picture())
    (photo,) = sheet.read().pictures
    assert (photo.id, photo.kind) == ("i01", "photo")
    assert photo.box.contains(Box(51, 101, 249, 219))
    assert Box(49, 99, 251, 221).contains(photo.box)


def test_a_cropped_photograph_ends_at_its_clip(sheet: Sheet) -> None:
    sheet.page.insert_image((50, 100, 350, 400), stream=picture(), keep_proportion=False)
    sheet.page.clean_contents()
    xref = sheet.page.get_contents()[0]
    stream = b"q 100 500 150 100 re W n " + sheet.document.xref_stream(xref) + b" Q"
    sheet.document.update_stream(xref, stream)
    (photo,) = sheet.read().pictures
    assert photo.box == Box(100, 200, 250, 300)


def test_a_wavy_rule_along_a_drawing_is_no_part_of_it(sheet: Sheet) -> None:
    drawing, wave = sheet.page.new_shape(), sheet.page.new_shape()
    for step in range(12):
        drawing.draw_line((100 + 8 * step, 300), (191 - 7 * step, 380))
    drawing.finish(color=(0, 0, 0))
    for y in range(60, 700, 12):
        wave.draw_bezier((194, y), (196, y + 3), (196, y + 3), (194, y + 6))
        wave.draw_bezier((194, y + 6), (192, y + 9), (192, y + 9), (194, y + 12))
    wave.finish(width=0.5, closePath=False)
    drawing.commit()
    wave.commit()
    reading = sheet.read()
    assert [Box(98, 298, 193, 382).contains(p.box) for p in reading.pictures] == [True]
    assert [(r.style, r.horizontal) for r in reading.rules] == [("wavy", False)]


def test_a_drawing_with_its_caption_on_a_strip_across_its_foot_is_one(sheet: Sheet) -> None:
    drawing = sheet.page.new_shape()
    for step in range(12):
        drawing.draw_line((100 + 8 * step, 300), (191 - 7 * step, 370))
    drawing.finish(color=(0, 0, 0))
    drawing.commit()
    sheet.page.draw_rect((98, 342, 193, 372), color=None, fill=(1, 1, 1))
    for row in (353, 367):
        sheet.type(100, row, "市民参观京剧馆一")
    (found,) = sheet.read().pictures
    assert found.kind == "drawing"


def test_curves_together_are_a_drawing(sheet: Sheet) -> None:
    for n in range(5):
        sheet.page.draw_circle((300 + 12 * n, 300), 20)
    (drawing,) = sheet.read().pictures
    assert drawing.kind == "drawing"
    assert drawing.box.width == pytest.approx(88, abs=4)


def test_straight_strokes_alone_are_no_outlines_of_type(sheet: Sheet) -> None:
    for n in range(5):
        sheet.page.draw_circle((300 + 12 * n, 300), 20)
        sheet.page.draw_polyline([(100 + 9 * n, 500), (130 + 9 * n, 560), (110, 530)])
    reading = sheet.read()
    assert len(reading.pictures) == 2
    assert [box.y0 < 400 for box in reading.outlines] == [True]


def test_a_sound_layer_is_good(sheet: Sheet) -> None:
    sheet.type(40, 100, BODY)
    assert sheet.read().health.kind == "good"


def test_a_page_without_text_is_absent_or_scanned(tmp_path: Path) -> None:
    assert Sheet(tmp_path / "a.pdf").read().health.kind == "absent"
    scan = Sheet(tmp_path / "b.pdf")
    scan.page.insert_image(scan.page.rect, stream=picture(), keep_proportion=False)
    reading = scan.read()
    assert reading.health.kind == "scanned"
    assert reading.pictures == ()


def test_an_invisible_layer_over_a_scan_is_flagged_and_gives_no_lines(sheet: Sheet) -> None:
    sheet.page.insert_image(sheet.page.rect, stream=picture(), keep_proportion=False)
    sheet.type(40, 100, BODY, render_mode=3)
    reading = sheet.read()
    assert (reading.health.kind, reading.lines) == ("scanned", ())
    assert reading.health.characters == len(BODY)


@pytest.mark.parametrize("junk", ["\ue123", "\ufffd", "\x01"])
def test_unmapped_characters_make_a_layer_sick(junk: str) -> None:
    text = list(BODY) + [junk] * 10
    fonts = ["Song"] * len(BODY) + ["Subset"] * 10
    health = judge(text, fonts, [False] * len(text), page_image=False)
    assert health.kind == "sick"
    assert health.fonts == (("Subset", 1.0),)
    assert "%" in health.reason


def test_a_font_without_a_character_map_makes_a_layer_sick(sheet: Sheet) -> None:
    writer = pymupdf.TextWriter(sheet.page.rect)
    writer.append((40, 100), BODY, font=pymupdf.Font("cjk"), fontsize=10)
    writer.write_text(sheet.page)
    for font in sheet.page.get_fonts():
        sheet.document.xref_set_key(font[0], "ToUnicode", "null")
    assert sheet.read().health.kind == "sick"


def test_an_unreadable_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.4 torn")
    with pytest.raises(InputError, match=r"torn\.pdf"):
        read_layer(tmp_path / "torn.pdf", 0, 72)
    Sheet(tmp_path / "one.pdf").read()
    with pytest.raises(InputError, match=r"one\.pdf: page 4"):
        read_layer(tmp_path / "one.pdf", 3, 72)


def test_radicals_and_compatibility_forms_are_the_real_characters() -> None:
    assert fold("⼰⽅⻅⻓\uf900︻") == "己方见长豈【"
    assert fold("ＡＢＣ１２３，：（）“”○①㎡") == "ＡＢＣ１２３，：（）“”○①㎡"


@given(st.text(max_size=30))
def test_folding_is_stable_and_leaves_no_controls(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert not any(unicodedata.category(c) == "Cc" for c in once)


def test_the_cells_of_a_ruled_table_are_found(sheet: Sheet) -> None:
    for k in range(4):
        sheet.page.draw_line((100, 100 + 30 * k), (400, 100 + 30 * k), width=0.5)
        sheet.page.draw_line((100 + 100 * k, 100), (100 + 100 * k, 190), width=0.5)
    cells = [["name", "gold", "silver"], ["ann", "3", "1"], ["bob", "0", "2"]]
    for row, line in enumerate(cells):
        for column, text in enumerate(line):
            sheet.type(110 + 100 * column, 120 + 30 * row, text)
    sheet.type(100, 300, "no table here")
    sheet.read()
    scale = 150 / 72
    grid, empty = read_tables(
        sheet.path,
        0,
        150,
        [Box(100, 100, 400, 190).scaled(scale), Box(100, 280, 400, 320).scaled(scale)],
    )
    assert [list(row) for row in grid[0].rows] == cells
    assert grid[0].box.x1 == pytest.approx(400 * scale, abs=2)
    assert empty == ()


@pytest.mark.parametrize("described", [True, False])
def test_parts_of_one_type_3_face_have_one_name(described: bool) -> None:
    path = SHARED / "pages" / "cjrb-2024-06-05-01.pdf"
    if not path.exists():
        pytest.skip("the sample pages are not there; EPAPER_SHARED names their folder")
    with pymupdf.open(path) as document:
        glyphs = read_glyphs(document[0], record(document[0]))
        names = described_faces(document, glyphs.fonts) if described else {}
    rows = np.round(glyphs.origins[:, 1], 1)
    runs = np.split(np.arange(len(glyphs)), np.flatnonzero(np.diff(rows)) + 1)
    faces = faces_of(glyphs, runs, names)
    used: dict[str, Counter[str]] = {"body": Counter(), "headline": Counter()}
    for i, span in enumerate(glyphs.span.tolist()):
        if "\u4e00" <= glyphs.text[i] <= "\u9fff" and glyphs.fonts[span].startswith("Type3"):
            kind = "headline" if glyphs.size[i] > 14 else "body" if glyphs.size[i] < 10.6 else ""
            if kind:
                used[kind][faces[glyphs.fonts[span]]] += 1
    (body, most), *_ = used["body"].most_common()
    assert most > 0.9 * used["body"].total()
    assert used["headline"].total() > 20
    assert used["headline"][body] < 0.1 * used["headline"].total()


def bag(text: str) -> Counter[str]:
    return Counter(c for c in unicodedata.normalize("NFKC", text) if not c.isspace())


@pytest.mark.parametrize(
    "name", ["cjrb-2024-06-05-01", "modern-5-0-01", "modern-5-0-02", "vertical-3-0-01"]
)
def test_typeset_pages_give_their_text_line_by_line(name: str) -> None:
    path = SHARED / "pages" / f"{name}.pdf"
    if not path.exists():
        pytest.skip("the sample pages are not there; EPAPER_SHARED names their folder")
    truth = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    blocks = ["".join(bag_order(box.get("text", ""))) for box in truth["boxes"]]
    reading = read_layer(path, 0, 150)
    expected, found = bag("".join(blocks)), bag("".join(texts(reading)))
    common = (expected & found).total()
    assert 2 * common / (expected.total() + found.total()) > 0.999
    strays = [t for t in texts(reading) if not any("".join(bag_order(t)) in b for b in blocks)]
    assert len(strays) <= 0.01 * len(reading.lines)


def bag_order(text: str) -> list[str]:
    return [c for c in unicodedata.normalize("NFKC", text) if not c.isspace()]


def test_a_shifted_character_map_makes_a_layer_sick() -> None:
    path = SHARED / "pages" / "modern-5-0-01.json"
    if not path.exists():
        pytest.skip("the sample pages are not there; EPAPER_SHARED names their folder")
    truth = json.loads(path.read_text(encoding="utf-8"))
    text = [c for box in truth["boxes"] for c in bag_order(box.get("text", ""))]
    shifted = [chr(ord(c) + 29) if "\u4e00" <= c <= "\u9f00" else c for c in text]
    fonts, hidden = ["Song"] * len(text), [False] * len(text)
    assert judge(text, fonts, hidden, page_image=False).kind == "good"
    assert judge(shifted, fonts, hidden, page_image=False).kind == "sick"
