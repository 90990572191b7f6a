"""Layout: lines that run on over a gutter too narrow to be seen in one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from typeset import EM, PITCH, broken, page_of, prose

from epaper.geometry import Box, hull
from epaper.layout.gutters import cut_at_gutters
from epaper.layout.rejoined import join_pieces
from epaper.layout.textrows import walls_of
from epaper.model import Line, Origin, Picture, Rule


def set_line(parts: Iterable[tuple[str, float]], y: float, em: float = EM) -> Line:
    """One line of a text layer from pieces of text, each with where it begins."""
    chars = [
        Box(x + n * em, y, x + (n + 1) * em, y + em) for text, x in parts for n in range(len(text))
    ]
    return Line("".join(text for text, _ in parts), hull(chars), em, chars=tuple(chars))


def two_columns(gutter: float, rows: int = 9) -> list[Line]:
    """Full lines of two columns, each read as one line over the gutter."""
    left, right = broken([prose(1, 400)], 12)[1:], broken([prose(15, 400)], 12)[1:]
    second = 400 + 12 * EM + gutter
    return [
        set_line([(left[k][1], 400), (right[k][1], second)], 450 + PITCH * k) for k in range(rows)
    ]


def test_a_mark_that_hangs_into_a_gutter_does_not_close_it() -> None:
    # The gutter is 0.8 em wide; the full stop leaves 0.3 em of it, or 0.1 em.
    for shift in (-0.5, -0.3):
        lines = two_columns(0.8 * EM)
        hung = lines[4]
        chars = list(hung.chars)
        left = Box(880, chars[0].y0, 880 + (1 + shift) * EM, chars[0].y1)
        chars.insert(12, left)
        lines[4] = Line(hung.text[:12] + "。" + hung.text[12:], hung.box, EM, chars=tuple(chars))
        cut = cut_at_gutters(lines)
        assert len(cut) == 2 * len(lines)
        assert hung.text[:12] + "。" in [x.text for x in cut]


def test_marks_that_hang_into_a_gutter_have_no_say_against_it() -> None:
    """A quotation mark stands before the second column; the lines around end with commas."""
    gutter = 1.2 * EM
    lines = two_columns(gutter, rows=5)
    second = 400 + 12 * EM + gutter
    for k in (1, 3):
        left, right = lines[k].text[:12] + "，", lines[k].text[12:]
        lines[k] = set_line([(left, 400 + EM / 4), (right, second)], 450 + PITCH * k)
    quoted = lines[2].text
    lines[2] = set_line(
        [(quoted[:12], 400), ("“", second - EM / 2), (quoted[12:], second + EM / 2)],
        450 + PITCH * 2,
    )
    assert "“" + quoted[12:] in [x.text for x in cut_at_gutters(lines)]


def test_marks_inside_full_lines_are_no_gutter() -> None:
    text = prose(1, 24)
    lines = [
        set_line([(text[:k] + "，" + text[k + 1 :], 400)], 450 + PITCH * row)
        for row, k in enumerate((5, 9, 13, 17, 8, 12, 16))
    ]
    assert cut_at_gutters(lines) == tuple(lines)


def test_a_line_beside_white_is_parted_by_the_lines_on_its_other_side() -> None:
    lines = two_columns(0.5 * EM, rows=4)
    # A quote stands in white under the lines and runs on over their gutter.
    quote = [
        set_line([(prose(7, 8), 400 + 8 * EM)], lines[-1].box.y1 + 3 * EM + PITCH * k)
        for k in range(4)
    ]
    cut = cut_at_gutters([*lines, *quote])
    assert len(cut) == 2 * len(lines) + len(quote)


def latin_line(words: list[str], starts: list[float], y: float) -> Line:
    """Latin words of half-width letters, each with where it begins, spaces between."""
    text, chars = "", []
    for word, x in zip(words, starts, strict=True):
        if text:
            chars.append(Box(chars[-1].x1, y, x, y + EM))
            text += " "
        chars += [Box(x + n * EM / 2, y, x + (n + 1) * EM / 2, y + EM) for n in range(len(word))]
        text += word
    return Line(text, hull(chars), EM, chars=tuple(chars))


def test_a_latin_line_set_to_its_measure_is_not_cut_at_its_wide_spaces() -> None:
    words = ["neighbouring", "countries", "welcomed", "the"]
    justified = latin_line(words, [400, 740, 1020, 1280], 800)
    above = [set_line([(prose(1, 19), 400)], 800 - PITCH * k) for k in range(1, 5)]
    beside = [set_line([(prose(3, 4), 1280)], 800 + PITCH * k) for k in range(2, 6)]
    assert justified in cut_at_gutters([*above, justified, *beside])


@pytest.mark.parametrize(("white", "parted"), [(3.0, True), (0.5, False)])
def test_three_rows_of_two_columns_are_parted_though_one_beyond_white_prints_across(
    white: float, parted: bool
) -> None:
    """It is of the next story, under its headline; close under them it is a row as they are."""
    lines = two_columns(0.8 * EM, rows=3)
    across = set_line([(prose(30, 24), 400)], lines[-1].box.y1 + white * EM)
    cut = cut_at_gutters([*lines, across])
    halves = [part for x in lines for part in (x.text[:12], x.text[12:])]
    assert [x.text for x in cut] == [*(halves if parted else [x.text for x in lines]), across.text]


@pytest.mark.parametrize("ruled", [True, False])
def test_lines_beyond_a_rule_do_not_join_two_columns_under_it(ruled: bool) -> None:
    pieces = []
    for whole in two_columns(0.7 * EM, rows=3):
        for part in (whole.chars[:12], whole.chars[12:]):
            text = whole.text[:12] if part[0] is whole.chars[0] else whole.text[12:]
            pieces.append(Line(text, hull(part), EM, chars=tuple(part)))
    above = [set_line([(prose(30 + k, 24), 400)], 430 - PITCH * k) for k in range(1, 7)]
    rule = Rule(Box(380, 428, 1500, 432))
    walls = walls_of(page_of([], rules=[rule] if ruled else []))
    assert (len(join_pieces([*above, *pieces], walls)) == len(above) + 6) is ruled


def around_a_picture() -> tuple[list[Line], Picture]:
    """Two columns of 12 characters, one row over a picture cut out of both and one under it."""
    lines = two_columns(EM, rows=8)
    middle = 400 + 12.5 * EM
    cut = [
        set_line([(part, x)], whole.box.y0)
        for whole in lines[1:7]
        for part, x in ((whole.text[:8], 400.0), (whole.text[16:], 400.0 + 17 * EM))
    ]
    y0, y1 = lines[1].box.y0, lines[6].box.y1
    picture = Picture("i01", Box(middle - 4 * EM, y0, middle + 4 * EM, y1))
    return [lines[0], *cut, lines[7]], picture


@pytest.mark.parametrize("pictured", [True, False])
def test_the_row_over_a_picture_that_two_columns_run_round_is_two_rows(pictured: bool) -> None:
    lines, picture = around_a_picture()
    lines = lines[:-1]
    cut = cut_at_gutters(lines, walls_of(page_of([], pictures=[picture] if pictured else [])))
    assert len(cut) == len(lines) + pictured


def test_text_beside_a_picture_as_wide_as_its_caption_says_nothing_of_a_gutter() -> None:
    picture = Picture("i01", Box(400, 450, 400 + 24 * EM, 900))
    caption = set_line([(prose(1, 10) + "，", 400), (prose(12, 12), 400 + 11.7 * EM)], 920)
    column = [set_line([(prose(30 + k, 14), -240)], 460 + PITCH * k) for k in range(7)]
    page = page_of([], pictures=[picture])
    assert cut_at_gutters([caption, *column], walls_of(page))[0] == caption


@pytest.mark.parametrize("beside", [True, False])
def test_two_rows_under_a_picture_have_the_columns_of_the_text_beside_them(beside: bool) -> None:
    rows = two_columns(EM, rows=2)
    third = 400 + 26 * EM
    column = [set_line([(prose(30 + k, 12), third)], 350 + PITCH * k) for k in range(4)]
    cut = cut_at_gutters(rows + (column if beside else []))
    assert sum(
        x.text in {text for r in rows for text in (r.text[:12], r.text[12:])} for x in cut
    ) == (4 if beside else 0)


def test_a_blank_is_as_free_as_a_gap() -> None:
    lines = two_columns(EM, rows=3)
    spaced = lines[2]
    blank = Box(spaced.chars[11].x1, spaced.box.y0, spaced.chars[12].x0, spaced.box.y1)
    lines[2] = Line(
        spaced.text[:12] + "　" + spaced.text[12:],
        spaced.box,
        EM,
        chars=(*spaced.chars[:12], blank, *spaced.chars[12:]),
    )
    assert len(cut_at_gutters(lines)) == 6


def test_the_end_of_a_row_behind_a_comma_is_too_narrow_for_a_column() -> None:
    text = prose(1, 60)
    whole = set_line([(text[:14], 400)], 450)
    first = set_line([(text[14:25] + "，", 400)], 450 + PITCH)
    rest = set_line([(text[25:26], 400 + 13 * EM)], 450 + PITCH)
    signed = set_line([("本报记者郭平", 400 + 6 * EM)], 450 - PITCH)
    joined = join_pieces([signed, whole, first, rest], walls_of(page_of([])))
    assert first.text + rest.text in [x.text for x in joined]


def test_the_space_inside_a_credit_in_brackets_is_no_gutter() -> None:
    """Rows around run round the picture and begin where the credit's second word does."""
    credit = set_line(
        [("日前在沙井镇讲解种植技术。", 400), ("（贺霞", 960), ("摄）", 1100)], 450 + PITCH
    )
    text = prose(1, 200)
    rows = [set_line([(text[12 * k : 12 * k + 12], 1100)], 450 - PITCH * k) for k in range(1, 6)]
    cut = cut_at_gutters([credit, *rows])
    assert cut[0].text.endswith("（贺霞摄）")


def test_a_bracket_read_from_ink_that_fills_the_gutter_does_not_close_it() -> None:
    """Boxes of characters read from ink touch each other, white or not."""
    lines = [replace(x, origin=Origin.OCR) for x in two_columns(EM)]
    hung = lines[4]
    bracket = Box(400 + 12 * EM, hung.box.y0, 400 + 13 * EM, hung.box.y1)
    chars = (*hung.chars[:12], bracket, *hung.chars[12:])
    lines[4] = replace(hung, text=hung.text[:12] + "）" + hung.text[12:], chars=chars)
    cut = cut_at_gutters(lines)
    assert hung.text[:12] + "）" in [x.text for x in cut]


def test_what_was_cut_at_a_gutter_is_not_put_together_for_two_rows_over_it() -> None:
    """They print across it, which rows that run round a picture do not deny."""
    lines = two_columns(0.8 * EM, rows=8)
    right = 400 + 12 * EM + 0.8 * EM
    lines[0] = set_line([(prose(1, 11)[:11] + "，", 400), (prose(15, 12), right)], 450)
    for k in range(2, 8):
        y = 450 + PITCH * k
        lines[k] = set_line([(prose(k, 10), 400), (prose(15 + k, 10), right + 2 * EM)], y)
    over = [set_line([(prose(21, 25), 400)], 450 - PITCH * k) for k in (2, 1)]
    cut = cut_at_gutters([*over, *lines])
    texts = [x.text for x in join_pieces(cut, (), [*over, *lines])]
    assert lines[0].text not in texts
    assert {lines[0].text[:12], lines[0].text[12:]} <= set(texts)


def test_rows_of_a_few_characters_set_wide_are_not_parted_where_all_their_spaces_are() -> None:
    rows = ["图为花鼓", "戏艺人蔡", "振华在为", "孩子们表", "县全面启"]
    read = [
        replace(
            set_line([(char, 400 + 1.45 * EM * k) for k, char in enumerate(row)], 450 + PITCH * y),
            origin=Origin.OCR,
        )
        for y, row in enumerate(rows)
    ]
    assert cut_at_gutters(read) == tuple(read)


@pytest.mark.parametrize(("em", "parted"), [(34.0, False), (EM, True)])
def test_a_caption_beside_a_picture_makes_no_gutter_in_the_text_under_it(
    em: float, parted: bool
) -> None:
    """Text that runs round the picture, of the type of the rows under it, would."""
    picture = Picture("i01", Box(400, 450, 400 + 9 * EM, 700))
    said = [set_line([(prose(30 + k, 5), 410 + 9 * EM)], 470 + 54 * k, em) for k in range(4)]
    row = set_line([(prose(1, 6)[:5] + "，", 400), (prose(7, 8), 400 + 6.6 * EM)], 720)
    below = set_line([(prose(15, 14), 400)], 720 + PITCH)
    cut = cut_at_gutters([*said, row, below], walls_of(page_of([], pictures=[picture])))
    assert (row in cut) is not parted


@pytest.mark.parametrize(("white", "parted"), [(0.0, False), (0.5, True)])
def test_the_white_of_a_comma_is_no_gutter_over_a_picture_that_rows_stand_beside(
    white: float, parted: bool
) -> None:
    """Wider white, as the second of two rows over a picture has between two columns, is one."""
    first = set_line([(prose(1, 20)[:14], 400)], 450)
    said = [("遍反映，", 400), ("办事比以前方便多了。", 400 + (4 + white) * EM)]
    row = set_line(said, 450 + PITCH)
    beside = [set_line([(prose(20 + k, 9), 610)], 450 + PITCH * k) for k in range(2, 8)]
    lines = [replace(x, origin=Origin.OCR) for x in (first, row, *beside)]
    picture = Picture("i01", Box(250, row.box.y1 + 10, 600, beside[-1].box.y1))
    cut = cut_at_gutters(lines, walls_of(page_of([], pictures=[picture])))
    texts = [x.text for x in cut]
    assert (row.text in texts) is not parted
    assert not parted or texts[1:3] == ["遍反映，", "办事比以前方便多了。"]


def test_commas_at_one_place_of_rows_set_a_little_wide_are_no_gutter() -> None:
    """From the comma to the next character it is as far as from any other, but it is white."""
    rows = []
    for k in range(4):
        text = prose(3 * k, 9)[:6] + "，" + prose(20 + k, 9)[:7]
        rows.append(
            set_line([(char, 400 + 1.2 * EM * n) for n, char in enumerate(text)], 450 + PITCH * k)
        )
    assert cut_at_gutters(rows) == tuple(rows)


def test_centred_words_in_both_columns_do_not_part_a_row_from_those_under_them() -> None:
    """Rows over the white above print across the gutter."""
    gutter = 0.5 * EM
    lines = two_columns(gutter, rows=7)
    second = 400 + 12 * EM + gutter
    words = [
        set_line([(text, x + 4 * EM)], lines[k].box.y0)
        for k, pair in ((1, ("一家人", "两代人")), (2, ("老村庄", "新农民")))
        for text, x in zip(pair, (400, second), strict=True)
    ]
    quote = [set_line([(prose(21 + k, 24), 400)], 450 - 3 * EM - PITCH * k) for k in range(4)]
    cut = cut_at_gutters([*quote, lines[0], *words, *lines[3:]])
    assert [x.text for x in cut if x.box.y0 == 450] == [lines[0].text[:12], lines[0].text[12:]]


@pytest.mark.parametrize(
    "over",
    [
        # A headline in the middle with a byline; one that begins with the first column;
        # and names in the text's type in the middle.
        [
            ("全市春耕生产现场会", 0.5, 50.0),
            ("在城东镇召开", 0.5, 50.0),
            ("本报记者陶维明", 0.5, EM),
        ],
        [("全市春耕生产现场会昨日在城东镇召开", 0, 50.0)] * 3,
        [("本报记者陶维明", 0.5, EM), ("本报通讯员黄建国", 0.5, EM), ("本报记者曾若曦", 0.5, EM)],
    ],
)
def test_a_headline_and_bylines_over_two_columns_do_not_join_their_rows(
    over: list[tuple[str, float, float]],
) -> None:
    """`over` are rows from above, each with its place between both sides and its em."""
    pieces = []
    for whole in two_columns(EM, rows=2):
        for part in (slice(0, 12), slice(12, 24)):
            chars = whole.chars[part]
            pieces.append(Line(whole.text[part], hull(chars), EM, chars=chars))
    rows = [
        set_line([(text, 400 + place * (25 * EM - len(text) * em))], 240 + 65 * k, em)
        for k, (text, place, em) in enumerate(over)
    ]
    read = [replace(x, origin=Origin.OCR) for x in (*rows, *pieces)]
    assert join_pieces(read) == tuple(read)


@pytest.mark.parametrize(("gutter", "parted"), [(1.4, True), (0.9, False)])
def test_two_rows_of_two_columns_read_as_one_are_parted_by_white_no_line_has(
    gutter: float, parted: bool
) -> None:
    """Under a headline there may be no more of them; the second ends its story in the left one."""
    first, *_ = two_columns(gutter * EM, rows=1)
    last = set_line([(broken([prose(21, 24)], 12)[0][1] + "正在", 400)], 450 + PITCH)
    lines = [replace(x, origin=Origin.OCR) for x in (first, last)]
    assert len(cut_at_gutters(lines)) == (3 if parted else 2)


def test_two_rows_of_three_columns_have_the_measure_and_gutter_of_the_column_beside() -> None:
    """Over pictures there are no more of them; the gutter is no wider than a space."""
    gutter, wide = 0.45 * EM, 10 * EM
    starts = [400 + k * (wide + gutter) for k in range(4)]
    rows = [broken([prose(1 + 10 * k, 120)], 10)[1:] for k in range(4)]
    lines = [
        set_line([(rows[k][n][1], starts[k]) for k in range(3)], 450 + PITCH * n) for n in range(2)
    ]
    lines += [set_line([(rows[3][n][1], starts[3])], 450 + PITCH * n) for n in range(8)]
    assert len(cut_at_gutters(lines)) == 2 * 3 + 8
    # Columns of another measure beside them say nothing.
    assert len(cut_at_gutters(lines[:2])) == 2


def test_phrases_of_a_kicker_over_the_gutter_of_smaller_text_are_one_line() -> None:
    """Its size is known from the layer, so that columns of text say nothing of its white."""
    text = two_columns(1.0 * EM, rows=6)
    middle = 400 + 12.5 * EM
    big = 1.15 * EM
    kicker = set_line(
        [("总投资八十一亿元", middle - 8.3 * big), ("惠及六十三万群众", middle + 0.3 * big)],
        360,
        big,
    )
    cut = cut_at_gutters([kicker, *text])
    assert kicker in cut
    assert len(cut) == 1 + 2 * len(text)


@pytest.mark.parametrize(("size", "whole"), [(1.13, True), (1.0, False)])
def test_columns_of_another_size_say_nothing_of_the_phrases_of_a_line_read_from_ink(
    size: float, whole: bool
) -> None:
    """With so many characters its size is known well; in the texts' own size it is two lines."""
    em = size * EM
    text = [replace(x, origin=Origin.OCR) for x in two_columns(EM, rows=6)]
    low, high = 400 + 12 * EM, 400 + 13 * EM
    first, second = "总投资86.5亿元", "惠及45万群众"
    kicker = set_line([(first, low - len(first) * em), (second, high)], 440 - 1.2 * em, em)
    kicker = replace(kicker, origin=Origin.OCR)
    cut = cut_at_gutters([kicker, *text])
    assert (kicker in cut) is whole
    assert len(cut) == 2 * len(text) + (1 if whole else 2)
