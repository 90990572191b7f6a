"""Lines of scans as OCR leaves them: dirt at their ends, pieces, strokes, sizes and weights."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from msgspec import structs
from numpy.typing import NDArray
from typeset import EM, PITCH, columns, down, line, page_of, prose, tiers

from epaper.geometry import Box, hull
from epaper.layout import lay_out
from epaper.layout.cues import is_byline
from epaper.layout.rejoined import join_pieces
from epaper.layout.specks import without_specks, without_squeezed
from epaper.layout.strays import join_strays
from epaper.model import Line, Origin, Role, WritingMode
from epaper.reading.ocr import _inked, _line, _without_shapes
from epaper.reading.ocr_crops import PAD_ALONG, Strip
from epaper.reading.ocr_ink import Ink, ink_of, tighten
from epaper.reading.ocr_lines import (
    cut_at_gutters,
    dark_mask,
    join_overlapping,
    with_dashes,
    with_first_strokes,
)
from epaper.reading.ocr_measure import Measure, measure, settle, shines_through
from epaper.reading.ocr_strokes import with_strokes
from epaper.reading.ocr_text import Reading


def read(found: Line) -> Line:
    """A line as read from ink, with a box for each of its characters."""
    box, count = found.box, len(found.text)
    if found.mode is WritingMode.VERTICAL:
        step = box.height / count
        chars = tuple(
            Box(box.x0, box.y0 + k * step, box.x1, box.y0 + (k + 1) * step) for k in range(count)
        )
    else:
        step = box.width / count
        chars = tuple(
            Box(box.x0 + k * step, box.y0, box.x0 + (k + 1) * step, box.y1) for k in range(count)
        )
    return replace(found, chars=chars, origin=Origin.OCR)


def dirty(found: Line, mark: str) -> Line:
    """The line with a speck behind its column read as a mark."""
    speck = Box(found.box.x1 + 0.4 * EM, found.box.y0, found.box.x1 + 0.7 * EM, found.box.y1)
    return replace(
        found,
        text=found.text + mark,
        box=found.box.union(speck),
        chars=(*found.chars, speck),
    )


def test_a_speck_in_the_gutter_makes_no_paragraph_of_every_line() -> None:
    body = [prose(1, 14 * 20)]
    lines = [read(x) for x in columns(body, 400, 480, 24)]
    lines[9] = dirty(lines[9], ".")
    (article,) = lay_out(page_of([line("永定渠水位上涨", 400, 300, 90), *lines])).articles
    assert [p.text for p in article.paragraphs] == body


def test_a_mark_after_a_full_stop_or_a_credit_is_dirt() -> None:
    texts = (
        "全县种植红薯三万亩。·",
        "本报记者李明摄·",
        "全县种植红薯三万亩，",
        "□本报记者李明摄“",
        "全县农民种植的红薯“",
    )
    found = without_specks([read(line(t, 400, 400 + 200 * k)) for k, t in enumerate(texts)])
    assert [x.text for x in found] == [
        "全县种植红薯三万亩。",
        "本报记者李明摄",
        "全县种植红薯三万亩，",
        "□本报记者李明摄",
        "全县农民种植的红薯“",
    ]


def test_a_mark_without_room_in_a_headline_is_dirt() -> None:
    whole = read(line("本报记者段心强", 400, 400, 90))
    speck = Box(845, 460, 855, 470)
    text, chars = "本报记者段、心强", (*whole.chars[:5], speck, *whole.chars[5:])
    assert without_squeezed(replace(whole, text=text, chars=chars)) == "本报记者段心强"
    wide = read(line("海南、广西、云南六省", 400, 400, 90))
    assert without_squeezed(wide) == wide.text


def test_the_space_before_a_credit_is_put_back() -> None:
    whole = read(line("生产车间李明摄", 400, 400))
    moved = [
        Box(c.x0 + (20 if k > 3 else 0), c.y0, c.x1 + (20 if k > 3 else 0), c.y1)
        for k, c in enumerate(whole.chars)
    ]
    (found,) = without_specks([replace(whole, chars=tuple(moved), box=whole.box.grown(20, 0))])
    assert found.text == "生产车间 李明摄"
    assert len(found.chars) == len(found.text)


@pytest.mark.parametrize(("white", "text"), [(0.4, "记者程秀英攝"), (1.0, "记者程秀 英攝")])
def test_a_little_white_before_its_last_letter_parts_no_name(white: float, text: str) -> None:
    whole = read(line("记者程秀英攝", 400, 400))
    moved = [c.moved(white * whole.size if k > 3 else 0, 0) for k, c in enumerate(whole.chars)]
    (found,) = without_specks([replace(whole, chars=tuple(moved), box=whole.box.grown(40, 0))])
    assert found.text == text


@pytest.mark.parametrize(
    ("text", "gaps", "wanted"),
    [
        ("田间地头。本报记者李明摄", (8,), "田间地头。本报记者李明摄"),
        ("田间地头。新华社记者李明摄", (6, 9), "田间地头。新华社记者李明摄"),
        ("田间地头。新華社記者李明攝", (7, 9, 10), "田间地头。新華社記者 李明攝"),
    ],
)
def test_a_word_of_a_credit_is_not_parted_however_wide_its_white_looks(
    text: str, gaps: tuple[int, ...], wanted: str
) -> None:
    """`gaps` are the characters before which it is wide."""
    whole = read(line(text, 400, 400))
    chars = tuple(
        box.moved(0.5 * EM * sum(gap <= k for gap in gaps), 0) for k, box in enumerate(whole.chars)
    )
    (found,) = without_specks([replace(whole, chars=chars, box=hull(chars))])
    assert found.text == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("叶文博.摄", "叶文博 摄"),
        ("本报记者叶文博·摄影报道", "本报记者叶文博 摄影报道"),
        ("图为村民。让·保罗摄", "图为村民。让·保罗摄"),
    ],
)
def test_a_point_between_a_name_and_what_its_owner_did_is_dirt(text: str, wanted: str) -> None:
    """One inside a foreign name is not."""
    (found,) = without_specks([read(line(text, 400, 400))])
    assert found.text == wanted
    assert len(found.chars) == len(found.text)


def test_the_first_character_and_its_comma_belong_to_their_row() -> None:
    rows = [read(x) for x in columns([prose(1, 14 * 4)], 400, 480, 8)]
    pieces = []
    for k, row in enumerate(rows[1:4]):
        right = replace(
            row,
            text=row.text[3:],
            chars=row.chars[3:],
            box=Box(row.chars[3].x0, row.box.y0, row.box.x1, row.box.y1),
        )
        left = Box(row.box.x0, row.box.y0, row.chars[1].x1, row.box.y1)
        mark = replace(row, text="号，亩，绍，"[2 * k : 2 * k + 2], chars=row.chars[:2], box=left)
        pieces += [mark, right]
    found = join_pieces([rows[0], *pieces])
    assert [x.text[:2] for x in found[1:4]] == ["号，", "亩，", "绍，"]
    assert len(found) == 4


@pytest.mark.parametrize(
    ("white", "before", "joined"), [(2.2, 0.0, True), (2.8, 0.0, False), (2.2, 1.0, False)]
)
def test_the_beginning_of_a_credit_at_the_end_of_a_captions_row_is_of_the_row(
    white: float, before: float, joined: bool
) -> None:
    """It ends where the row above does, not behind it; the credit goes on in the next row."""
    said = prose(1, 20)
    end = 400 + (len(said) + white + 2) * EM
    above = line(prose(12, 24), 400, 400)
    above = replace(above, box=structs.replace(above.box, x1=end - before * EM))
    begun = line("新華", end - 2 * EM, 400 + PITCH)
    rows = [read(x) for x in (above, line(said, 400, 400 + PITCH), begun)]
    texts = [f"{said} 新華"] if joined else [said, "新華"]
    assert [x.text for x in join_pieces(rows)] == [above.text, *texts]


def test_a_first_character_whose_comma_was_not_read_joins_its_line() -> None:
    lines = [read(x) for x in tiers([prose(1, 14 * 8)], 3800, 600, 8)]
    row = lines[4]
    rest = replace(
        row,
        text=row.text[2:],
        chars=row.chars[2:],
        box=Box(row.box.x0, row.chars[2].y0, row.box.x1, row.box.y1),
    )
    stray = replace(row, text=row.text[:1], chars=row.chars[:1], box=row.chars[0], size=1.1 * EM)
    found = join_strays([*lines[:4], stray, rest, *lines[5:]], WritingMode.VERTICAL)
    assert row.text[0] + row.text[2:] in [x.text for x in found]


@pytest.mark.parametrize(
    ("high", "level", "below"), [(52, 2, True), (31, 2, False), (52, 60, False)]
)
def test_a_last_character_over_an_unread_full_stop_is_set_down_as_the_column_beside_it(
    high: float, level: float, below: bool
) -> None:
    """Its box is much higher than wide, and taken for a row's. `level` is how much lower it begins.

    A character that fills its box may be of any line, as one that begins elsewhere may be.
    """
    column = read(down("工人在检修储能设备", 800, 400, 32))
    box = Box(765, 400 + level, 794, 400 + level + high)
    size = 56.7 if high > 40 else 34.0
    last = read(Line("和", box, size))
    found = join_strays([column, last], WritingMode.HORIZONTAL)
    own = replace(last, size=32, mode=WritingMode.VERTICAL)
    assert found == (column, own if below else last)


def test_a_lead_in_over_two_lines_is_no_byline() -> None:
    assert is_byline("（本报记者 李鹏）")
    # Without the first letter, which reading lost.
    assert is_byline("報記者吳偉")
    assert not is_byline("（记者傅耀先）元宵节期")
    assert not is_byline("（记者毛伟）“队员们")
    assert is_byline("本报记者 上官洋 报道")
    assert not is_byline("本报记者上官洋报道 据悉，临江市新建的体")
    assert not is_byline("本报记者李家豪报道 眼")
    assert is_byline("本报记者 李家豪 报道 摄影 王洋")
    body = ["（记者段明辉、朱雨桐 通讯员崔一鸣）" + prose(1, 200)]
    lines = [read(x) for x in columns(body, 400, 480, 20)]
    lines[0] = replace(lines[0], box=structs.replace(lines[0].box, x0=lines[0].box.x0 + 0.7 * EM))
    (article,) = lay_out(page_of([line("永定渠水位上涨", 400, 300, 90), *lines])).articles
    assert [p.text for p in article.paragraphs] == body


def test_a_deck_close_over_its_text_is_no_part_of_it() -> None:
    body = [prose(1, 14 * 10)]
    head = replace(line("四百家企业获认证", 400, 300, 90), origin=Origin.OCR)
    deck = read(line("——记渠口司机潘振华", 400, 430))
    text = [read(x) for x in columns(body, 400, 430 + 1.1 * PITCH, 16)]
    (article,) = lay_out(page_of([head, deck, *text])).articles
    assert article.headline(Role.DECK) == deck.text
    assert [p.text for p in article.paragraphs] == body


def test_a_short_last_row_measured_small_is_part_of_its_headline() -> None:
    body = [prose(1, 300)]
    head = [line("六百四十二家企业", 400, 200, 90), line("认证", 640, 310, 76)]
    text = [read(x) for x in columns(body, 400, 480, 24)]
    page = page_of([*(replace(h, origin=Origin.OCR) for h in head), *text])
    (article,) = lay_out(page).articles
    assert article.headline() == "六百四十二家企业认证"


def test_a_title_larger_than_its_headline_is_its_label() -> None:
    body = [prose(1, 300)]
    head = [line("一线见闻", 400, 190, 100), line("全省田径赛昨日收官", 400, 310, 84)]
    text = [read(x) for x in columns(body, 400, 480, 24)]
    page = page_of([*(replace(h, origin=Origin.OCR) for h in head), *text])
    (article,) = lay_out(page).articles
    assert article.headline() == "全省田径赛昨日收官"


def test_lines_measured_with_their_neighbours_have_the_size_of_their_pitch() -> None:
    lines = [line("字" * 20, 400, 400 + 60 * k) for k in range(9)]
    measures = [Measure(40.0, 40.0, 4.0, 20)] * 8 + [Measure(60.0, 40.0, 4.0, 20, 40.0)]
    assert {x.size for x in settle(lines, measures)} == {40.0}
    # A condensed headline has another pitch than the body.
    measures[-1] = Measure(110.0, 70.0, 11.0, 20, 70.0)
    assert settle(lines, measures)[-1].size == 110.0


def test_thick_ink_makes_no_larger_type_of_lines_with_the_bodys_pitch() -> None:
    lines = [down("字" * 12, 3000 - PITCH * k, 400) for k in range(30)]
    lines += [down("各地银行皆受影响", 400, 400), down("惠及33万户 群众", 500, 400)]
    measures = [Measure(40.0, 40.0, 4.0, 12, 40.0)] * 30
    measures += [Measure(45.5, 40.4, 6.0, 8, 40.4), Measure(44.0, 0.0, 4.0, 6, 41.0)]
    thick, kicker = settle(lines, measures)[-2:]
    assert thick.size == 40.0
    # Figures and spaces say little of the pitch.
    assert kicker.size > 43


@pytest.mark.parametrize("count", [2, 4])
def test_lines_across_on_a_page_read_down_keep_the_size_that_they_show(count: int) -> None:
    """Letters that are narrower than their squares may be as high as those."""
    text = [down("字" * 14, 400 + 54 * k, 400) for k in range(30)]
    heads = [line("字" * 10, 2600, 400 + 300 * k, 60) for k in range(count)]
    measures = [Measure(36.0, 40.0, 3.0, 14, 40.0)] * 30
    measures += [Measure(60.0, 60.0, 5.0, 10, 60.0)] * count
    found = settle([*text, *heads], measures)
    assert [x.size for x in found] == [40.0] * 30 + [60.0] * count


def test_type_in_a_place_of_spread_ink_is_not_bold() -> None:
    plain = [line("字" * 12, 400, 400 + 60 * k) for k in range(40)]
    heavy = [line("字" * 12, 3000, 3000 + 60 * k) for k in range(12)]
    bold = line("字" * 12, 400, 4000)
    strokes = [3.0] * 40 + [4.4] * 12 + [6.0]
    measures = [Measure(40.0, 40.0, s, 12) for s in strokes]
    found = settle([*plain, *heavy, bold], measures)
    assert [x.bold for x in found] == [False] * 52 + [True]
    # NumPy's own truth values cannot be written.
    assert {type(x.bold) for x in found} == {bool}


def test_two_rows_of_a_subhead_a_little_blacker_than_the_text_are_bold() -> None:
    text = [line("字" * 14, 400, 400 + 54 * k) for k in range(40)]
    rows = [line("字" * 14, 400, 2560), line("字字", 640, 2614), line("字" * 12, 480, 2668)]
    strokes = [3.0] * 40 + [3.75, 3.6, 3.7]
    measures = [
        Measure(40.0, 40.0, s, len(x.text)) for x, s in zip([*text, *rows], strokes, strict=True)
    ]
    found = settle([*text, *rows], measures)
    assert [x.bold for x in found] == [False] * 40 + [True, True, False]


def test_letters_beside_a_rule_without_ink_of_their_own_are_no_line() -> None:
    mask = np.zeros((140, 400), np.bool_)
    mask[136:139] = True
    assert shines_through("高林赵", Ink(mask, False))
    assert not shines_through("——", Ink(mask, False))
    mask[20:120, 40:360:20] = mask[20:120, 41:361:20] = True
    assert not shines_through("高林赵", Ink(mask, False))


@pytest.mark.parametrize(("stroke", "faint"), [(6, False), (1, True)])
def test_a_short_row_in_a_box_four_times_as_long_does_not_shine_through(
    stroke: int, faint: bool
) -> None:
    """The box ends far behind it; letters with next to no ink of their own do."""
    text = "全县种植红薯"
    mask = np.zeros((40, 4 * 40 * len(text)), np.bool_)
    for x in range(0, 40 * len(text), 40):
        mask[:, x : x + stroke] = True
    assert shines_through(text, Ink(mask, False)) is faint


def test_a_headline_read_down_a_little_larger_than_the_text_keeps_its_size() -> None:
    text = [down("字" * 14, 400 + 54 * k, 400, 37) for k in range(40)]
    head = down("机床价格为何居高不下", 3000, 400, 46)
    measures = [Measure(37.0, 37.0, 3.0, 14, 37.0)] * 40 + [Measure(48.9, 46.0, 4.0, 10, 46.0)]
    assert settle([*text, head], measures)[-1].size > 45


def test_a_black_square_before_a_line_makes_it_no_bold() -> None:
    mask = np.zeros((40, 320), np.bool_)
    mask[:, 40::10] = mask[:, 41::10] = mask[:, 42::10] = True
    spans = [(k * 40.0, k * 40.0 + 40) for k in range(8)]
    plain = measure("一本报记者李小红", spans, Ink(mask, False)).stroke
    mask[:, :40] = True
    assert measure("■本报记者李小红", spans, Ink(mask, False)).stroke < 1.1 * plain


def test_boxes_of_one_row_that_share_a_letter_are_one_line() -> None:
    row = [Box(1922, 2734, 2164, 2770), Box(2156, 2731, 2582, 2769)]
    other = Box(2256, 2782, 2565, 2820)
    assert join_overlapping([row[0], other, row[1]]) == [Box(1922, 2731, 2582, 2770), other]
    apart = [Box(1922, 2734, 2100, 2770), Box(2156, 2731, 2582, 2769)]
    assert join_overlapping(apart) == apart


def test_a_dashed_rule_under_a_line_is_no_part_of_it() -> None:
    gray = np.full((120, 500), 240, np.uint8)
    for x in range(40, 460, 8):
        gray[30:66, x : x + 3] = 20
    for x in range(20, 480, 24):
        gray[84:87, x : x + 14] = 20
    assert tighten(gray, Box(10, 24, 490, 90)) == Box(40, 30, 459, 66)


def test_a_stroke_before_a_vertical_line_is_its_first_character_and_a_rule_is_not() -> None:
    ink = np.zeros((500, 900), np.bool_)
    ink[200:250:5, 300:800] = True
    line_box = Box(300, 200, 800, 246)
    ink[202:244, 268:274] = True
    assert with_first_strokes([line_box], ink) == [Box(268, 200, 800, 246)]
    ink[60:450, 268:274] = True
    assert with_first_strokes([line_box], ink) == [line_box]


def test_a_double_rule_off_the_edge_of_a_box_is_no_part_of_its_line() -> None:
    gray = np.full((160, 500), 240, np.uint8)
    for x in range(40, 460, 8):
        gray[30:96, x : x + 3] = 20
    gray[112:115, 10:490] = gray[126:130, 10:490] = 20
    assert tighten(gray, Box(10, 20, 490, 140)) == Box(40, 30, 459, 96)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_lines_of_a_cutting_have_the_size_of_their_pitch_however_few_they_are(count: int) -> None:
    """Where all lines are read across they tell how much of its squares their face leaves."""
    lines = [line("字" * 14, 400, 400 + 54 * k) for k in range(count)]
    found = settle(lines, [Measure(36.0, 40.0, 3.0, 14, 40.0)] * count)
    assert [x.size for x in found] == [40.0] * count


@pytest.mark.parametrize(
    ("vertical", "along", "size"),
    [
        (True, 58, 60.0),
        # Letter-spaced type; type read across, whose letters may be wide or spaced.
        (True, 44, 48.0),
        (False, 58, 48.0),
        (False, 44, 48.0),
    ],
)
def test_condensed_type_read_down_is_as_large_as_its_letters_are_long(
    vertical: bool, along: int, size: float
) -> None:
    """Letters take up a quarter more along their line than across it, or stand so far apart."""
    text, pitch, wide = "全县种植红薯增收", 60, 44
    gray = np.full((wide + 40, len(text) * pitch + 40), 240, np.uint8)
    for k in range(len(text)):
        x = 20 + k * pitch
        gray[20 : 20 + wide, x : x + along] = 20
        gray[24 : 16 + wide, x + 4 : x + along - 4] = 240
        gray[18 + wide // 2 : 22 + wide // 2, x : x + along] = 20
    box = Box(20, 20, 20 + 7 * pitch + along, 20 + wide)
    if vertical:
        gray, box = np.ascontiguousarray(gray.T), box.transposed()
    strip = Strip(box, vertical)
    pad = PAD_ALONG * wide
    places = tuple(
        (pad + k * pitch + along / 2) / (7 * pitch + along + 2 * pad) for k in range(len(text))
    )
    inked = _inked(np.dstack([gray] * 3), gray, strip)
    found = _line(gray, strip, inked, Reading(text, 0.9, places, (0.9,) * len(text)))
    assert found is not None
    assert found[0].text == text
    assert found[0].size == pytest.approx(size, rel=0.02)


@pytest.mark.parametrize("light", ["first", "last"])
def test_a_pale_caption_inside_a_photograph_that_grows_darker_keeps_both_its_ends(
    light: str,
) -> None:
    tones = np.linspace(200, 30, 800).astype(np.uint8)
    gray = np.repeat((tones if light == "first" else tones[::-1])[None], 90, axis=0)
    for x in range(40, 760, 8):
        gray[30:66, x : x + 3] = 250
    assert tighten(gray, Box(20, 20, 780, 76)) == Box(40, 30, 755, 66)
    assert ink_of(np.ascontiguousarray(gray[20:76, 20:780])).reversed


def test_a_row_of_a_headline_begins_with_no_comma() -> None:
    assert without_squeezed(read(line("、云州开幕", 400, 400, 70))) == "云州开幕"
    assert without_squeezed(read(line("《云州》出版", 400, 400, 70))) == "《云州》出版"


def test_a_long_dash_that_recognition_skips_is_put_in() -> None:
    mask = np.zeros((40, 10 * 40), np.bool_)
    for k in (0, 1, 2, 6, 7, 8, 9):
        mask[2:38, k * 40 + 3 : k * 40 + 37 : 4] = True
    centres = [k * 40 + 20.0 for k in (0, 1, 2, 6, 7, 8, 9)]
    assert with_strokes("两线分优化运能", centres, 40.0, mask)[0] == "两线分优化运能"
    mask[19:22, 125:235] = True
    text, places = with_strokes("两线分优化运能", centres, 40.0, mask)
    assert text == "两线分——优化运能"
    assert places == sorted(places)


def a_line() -> NDArray[np.uint8]:
    """A page of 120 by 600 pixels with a line of upright strokes from 200 to 500."""
    gray = np.full((120, 600), 240, np.uint8)
    for x in range(200, 500, 8):
        gray[40:80, x : x + 3] = 20
    return gray


def test_dashes_that_touch_their_line_are_part_of_it() -> None:
    gray = a_line()
    gray[58:61, 118:156] = 20
    gray[58:61, 160:200] = 20
    (found,) = with_dashes([Box(200, 40, 499, 80)], dark_mask(gray, 40))
    assert found.x0 <= 120


def test_a_dash_that_detection_cut_in_its_middle_is_whole() -> None:
    gray = a_line()
    gray[58:61, 90:190] = 20
    # Dirt at its side makes no dash thicker.
    gray[41:46, 120:128] = 20
    (found,) = with_dashes([Box(170, 40, 499, 80)], dark_mask(gray, 40))
    assert 88 <= found.x0 <= 92


def test_a_wide_space_behind_the_first_comma_is_no_gutter() -> None:
    gray = np.full((700, 900), 240, np.uint8)

    def letters(x0: int, x1: int, y: int) -> None:
        for x in range(x0, x1, 8):
            gray[y : y + 36, x : x + 3] = 20

    letters(180, 700, 260)
    for y in (316, 372, 428):
        letters(100, 136, y)
        letters(180, 700, y)
    box = Box(100, 372, 698, 408)
    assert cut_at_gutters([box], dark_mask(gray, 36), 36) == [box]


def test_lone_digits_in_a_vertical_column_do_not_part_it() -> None:
    text = [read(x) for x in tiers([prose(1, 14 * 8)], 3800, 600, 8)]
    row = text[4]
    digits = replace(read(down("20.3%。", row.box.x0 + 8, row.box.y0, 24)), size=28.0)
    head = replace(down("老党员的一天", 3880, 600, 90), origin=Origin.OCR)
    page = lay_out(page_of([head, *text[:4], digits, *text[5:]]))
    (article,) = page.articles
    assert "20.3%。" in "".join(p.text for p in article.paragraphs)


@pytest.mark.parametrize("light", [3.0, 3.9])
def test_a_lighter_row_as_large_as_the_headline_is_not_bold_with_it(light: float) -> None:
    text = [line("字" * 14, 400, 400 + 54 * k) for k in range(40)]
    rows = [line("六十八个部门联手", 400, 2600, 60), line("全国羽毛球赛云州收官", 400, 2680, 60)]
    measures = [Measure(40.0, 40.0, 3.0, 14)] * 40
    measures += [Measure(60.0, 0.0, stroke, 8) for stroke in (light, 4.2)]
    kicker, head = settle([*text, *rows], measures)[-2:]
    assert (kicker.bold, head.bold) == (False, light == 3.0)


def test_two_rows_of_a_headline_are_not_told_by_their_bounds() -> None:
    """Few characters are bold from a higher weight on than many."""
    text = [line("字" * 14, 400, 400 + 54 * k) for k in range(40)]
    rows = [line("凤台95万居", 400, 2600, 60), line("民喝上放心水", 400, 2680, 60)]
    measures = [Measure(40.0, 40.0, 3.0, 14)] * 40
    measures += [Measure(60.0, 0.0, 5.82, 3), Measure(60.0, 0.0, 5.79, 6)]
    first, second = settle([*text, *rows], measures)[-2:]
    assert first.bold == second.bold


def test_the_em_of_few_letters_told_by_their_pitch_is_not_grown_with_the_pages_faces() -> None:
    # A face whose letters fill nine tenths of their squares.
    text = [line("字" * 14, 400, 400 + 54 * k) for k in range(40)]
    measures = [Measure(36.0, 40.0, 3.0, 14)] * 40 + [Measure(40.0, 0.0, 3.0, 3, along=True)]
    found = settle([*text, line("二三字", 400, 2700)], measures)
    assert found[-1].size == pytest.approx(40.0, abs=0.5)


@pytest.mark.parametrize("second", [3.0, 3.7])
def test_rows_of_a_caption_of_nearly_one_weight_are_bold_together(second: float) -> None:
    text = [line("字" * 14, 400, 400 + 54 * k) for k in range(40)]
    rows = [line("字" * 14, 3000, 2600), line("字" * 8, 3000, 2648)]
    measures = [Measure(40.0, 40.0, 3.0, 14)] * 40
    measures += [Measure(40.0, 40.0, 3.9, 14), Measure(40.0, 40.0, second, 8)]
    found = settle([*text, *rows], measures)[-2:]
    assert [x.bold for x in found] == [True, second > 3.5]


def test_a_line_whose_box_took_in_the_foot_of_a_picture_is_of_the_size_of_its_pitch() -> None:
    """No type is half as wide as high; a caption's pitch need not be the body's."""
    text = [line("字" * 14, 400, 400 + 54 * k) for k in range(40)]
    measures = [Measure(40.0, 40.0, 3.0, 14, 40.0)] * 40 + [Measure(80.0, 34.0, 3.0, 14, 34.0)]
    found = settle([*text, line("字" * 14, 400, 2700, 34)], measures)
    assert found[-1].size == pytest.approx(34.0, abs=0.5)


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ("玩具出口增長十九", "四%", True),
        ("山玩具出", "口增長", False),
        ("出口玩具十九", "萬件", False),
    ],
)
def test_the_point_of_a_number_in_words_is_no_dirt(before: str, after: str, kept: bool) -> None:
    """Set down it takes up hardly any room."""
    whole = read(down(before + after, 400, 400, 90))
    k = len(before)
    edge = whole.chars[k].y0
    chars = (*whole.chars[:k], Box(470, edge - 4, 480, edge + 4), *whole.chars[k:])
    pointed = replace(whole, text=f"{before}.{after}", chars=chars)
    assert without_squeezed(pointed) == (pointed.text if kept else whole.text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("wwwwwwww.wwwww", False),
        ("wwwwww·wwww~wwwww", False),
        ("wwwwwwwwwwwwww", False),
        ("www.press85.example.cn", True),
        ("www", False),
        ("4.9%", True),
    ],
)
def test_a_wavy_rule_read_as_letters_is_no_text(text: str, kept: bool) -> None:
    """A point may be read in it; an address has other letters too."""
    rule, own = read(line(text, 400, 480, 20)), read(line("全县种植红薯", 400, 400, 20))
    assert list(_without_shapes([own, rule])) == [own, rule][: 1 + kept]


@pytest.mark.parametrize(
    ("text", "em", "sure", "kept"),
    [
        ("1", 9, 0.89, False),
        ("1", 9, 0.97, True),
        ("1", 20, 0.89, True),
        ("■", 9, 0.89, True),
    ],
)
def test_a_minute_figure_read_with_doubt_is_dirt(
    text: str, em: float, sure: float, kept: bool
) -> None:
    rows = [read(line("全县种植红薯", 400, 400 + 30 * k, 20)) for k in range(3)]
    found = replace(read(line(text, 900, 400, em)), confidence=sure)
    assert (found in _without_shapes([*rows, found])) is kept


def spans_of(text: str, white: int, shifts: tuple[int, int], *, dirt: bool) -> list[Box]:
    """Characters of a line of letters of 40 pixels, the third off the second by `white`.

    The network's places of these two are off by `shifts`.
    """
    gray = np.full((80, 420), 240, np.uint8)
    starts = [20, 62, 102 + white, 144 + white, 186 + white]
    for char, x in zip(text, starts, strict=True):
        if char == "，":
            gray[50:60, x : x + 8] = 20
        else:
            gray[20:60, x : x + 40 : 8] = gray[20:60, x + 1 : x + 40 : 8] = 20
            gray[38:42, x : x + 40] = 20
    gray[40, 102 + white // 2] = 20 if dirt else 240
    box, pad = Box(20, 20, 226 + white, 60), PAD_ALONG * 40
    at = [x + 20 for x in starts]
    at[1:3] = at[1] + shifts[0], at[2] + shifts[1]
    places = tuple((x - box.x0 + pad) / (box.width + 2 * pad) for x in at)
    strip = Strip(box, vertical=False)
    inked = _inked(np.dstack([gray] * 3), gray, strip)
    found = _line(gray, strip, inked, Reading(text, 0.9, places, (0.9,) * len(text)))
    assert found is not None
    assert found[0].text == text
    return list(found[0].chars)


@pytest.mark.parametrize("dirt", [False, True])
@pytest.mark.parametrize(
    ("text", "white", "shifts", "apart"),
    [
        ("田间李小明", 20, (12, -12), True),
        ("田间李小明", 20, (12, 12), True),
        ("田间李小明", 20, (-12, -12), True),
        ("田间李小明", 12, (12, -12), False),
        # Of the comma's square the ink fills but the first part.
        ("田，李小明", 2, (0, 0), False),
    ],
)
def test_wide_white_between_two_characters_is_no_part_of_either(
    text: str, white: int, shifts: tuple[int, int], apart: bool, dirt: bool
) -> None:
    """The network tells but roughly where they are; white of a mark's square is the mark's."""
    _, before, after, *_ = spans_of(text, white, shifts, dirt=dirt)
    if apart:
        assert (before.x1, after.x0) == pytest.approx((102, 102 + white), abs=1)
    else:
        assert before.x1 == after.x0


def test_the_white_between_strokes_of_a_character_read_down_is_the_characters() -> None:
    """Two strokes across with as much white between them as a gutter has: 二."""
    gray = np.full((240, 80), 240, np.uint8)
    for k in (0, 1, 3, 4):
        top = 20 + 40 * k
        gray[top + 2 : top + 38 : 6, 22:58] = gray[top + 2 : top + 38, 38:42] = 20
    gray[106:109, 26:54] = gray[132:135, 22:58] = 20
    text, box = "中国二字报", Box(20, 20, 60, 220)
    pad = PAD_ALONG * 40
    places = tuple((40 * k + 20 + pad) / (200 + 2 * pad) for k in range(5))
    strip = Strip(box, vertical=True)
    inked = _inked(np.dstack([gray] * 3), gray, strip)
    found = _line(gray, strip, inked, Reading(text, 0.9, places, (0.9,) * 5))
    assert found is not None
    for above, below in pairwise(found[0].chars):
        assert above.y1 == below.y0
