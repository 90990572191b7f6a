"""Boxes of lines drawn tight: next lines, rules, several lines in one box, sloping columns."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from epaper.geometry import Box
from epaper.reading.ocr_ink import ink_of, parted, tighten
from epaper.reading.ocr_lines import apart, cut_at_gutters, dark_mask, join, without_copies
from epaper.reading.ocr_quotes import with_opening, with_quotes

Image = NDArray[np.uint8]

EM = 24


def paper(height: int = 400, width: int = 1200) -> Image:
    return np.full((height, width), 240, np.uint8)


def row(image: Image, x: int, y: int, count: int) -> Box:
    """`count` letters side by side from (x, y): a cross in a square each, 2 pixels apart."""
    for k in range(count):
        left = x + k * (EM + 2)
        image[y : y + EM, left : left + 3] = 20
        image[y : y + EM, left + EM - 3 : left + EM] = 20
        image[y + 10 : y + 14, left : left + EM] = 20
    return Box(x, y, x + count * (EM + 2) - 2, y + EM)


def test_a_box_that_looks_into_the_next_line_is_drawn_to_its_own() -> None:
    image = paper()
    row(image, 100, 100, 20)
    own = row(image, 100, 133, 20)
    found = tighten(image, Box(90, 111, 640, 165))
    assert found == own


def test_a_rule_at_the_foot_of_a_column_is_no_part_of_its_line() -> None:
    image = paper()
    own = row(image, 100, 100, 12)
    row(image, 100, 60, 12)
    image[:, 424:427] = 20
    assert tighten(image, Box(90, 76, 430, 132)) == own


@pytest.mark.parametrize("box", [(10, 120, 200, 150), (10, 100, 200, 130), (420, 20, 460, 60)])
def test_a_box_beyond_the_foot_or_the_side_of_the_page_holds_no_line(
    box: tuple[float, float, float, float],
) -> None:
    assert tighten(paper(100, 400), Box(*box)) is None


@pytest.mark.parametrize("shape", [(0, 10), (10, 0), (0, 0)])
def test_a_crop_without_height_or_width_has_no_ink(shape: tuple[int, int]) -> None:
    ink = ink_of(np.zeros(shape, np.uint8))
    assert ink.mask.shape == shape
    assert not ink.reversed


def test_two_lines_in_one_box_are_two() -> None:
    image = paper()
    wanted = [row(image, 100, 100, 12), row(image, 100, 133, 8)]
    boxes = parted(image, Box(80, 80, 440, 175), EM)
    assert [tighten(image, box) for box in boxes] == wanted


def test_two_large_rows_in_the_corner_of_a_frame_are_two() -> None:
    """Detection draws one box around the rows of a headline that stand close together."""
    image = paper()
    high = 2 * EM
    for y, count in ((100, 5), (100 + round(2.3 * EM), 6)):
        for k in range(count):
            x = 100 + round(2.2 * EM) * k
            image[y : y + high, x : x + high] = 20
            image[y + 6 : y + high - 6, x + 6 : x + high - 6] = 235
    image[80 : 100 + 5 * EM, 76:79] = image[78:81, 76:440] = 20
    boxes = parted(image, Box(70, 76, 440, 100 + 5 * EM), EM)
    assert [(round(box.y0), round(box.y1)) for box in boxes] == [(88, 152), (152, 215)]


def test_a_large_row_and_the_small_one_under_it_in_one_box_are_two() -> None:
    image = paper()
    high = 2 * EM
    for k in range(4):
        x = 100 + round(2.2 * EM) * k
        image[100 : 100 + high, x : x + high] = 20
        image[106 : 94 + high, x + 6 : x + high - 6] = 235
    small = row(image, 100, 170, 7)
    boxes = parted(image, Box(90, 90, 330, 204), EM)
    assert [tighten(image, box) for box in boxes][1:] == [small]


@pytest.mark.parametrize("count", [1, 2])
def test_a_character_of_two_strokes_stays_whole(count: int) -> None:
    image = paper()
    for k in range(count):
        image[100:104, 100 + 30 * k : 124 + 30 * k] = 20
        image[118:122, 100 + 30 * k : 124 + 30 * k] = 20
    box = Box(90, 92, 110 + 30 * count, 132)
    assert parted(image, box, EM) == [box]


def test_boxes_of_one_row_that_overlap_are_one_line() -> None:
    rows = [Box(100, 100, 300, 124), Box(250, 101, 500, 124), Box(120, 101, 160, 124)]
    below = Box(100, 130, 300, 154)
    assert join([*rows, below]) == [Box(100, 100, 500, 124), below]


def test_a_sloping_line_over_a_narrow_gutter_is_cut_there() -> None:
    image = paper(900, 1400)
    gutter = 18
    for k in range(16):
        y = 60 + 36 * k
        for letter in range(24):
            slope = y + letter // 2
            row(image, 100 + letter * (EM + 2) + (gutter if letter >= 12 else 0), slope, 1)
    box = Box(100, 60 + 36 * 8, 100 + 24 * (EM + 2) + gutter, 60 + 36 * 8 + EM + 12)
    pieces = cut_at_gutters([box], dark_mask(image, EM), EM)
    assert len(pieces) == 2
    assert pieces[0].x1 == pytest.approx(100 + 12 * (EM + 2), abs=4)
    assert pieces[1].x0 == pytest.approx(100 + 12 * (EM + 2) + gutter, abs=4)


@pytest.mark.parametrize(
    ("white", "pieces"), [((190, 1670), [(100, 1700)]), ((850, 950), [(100, 850), (950, 1700)])]
)
def test_a_line_in_pale_letters_on_a_picture_is_not_cut_away_as_a_gutter(
    white: tuple[int, int], pieces: list[tuple[float, float]]
) -> None:
    """But for its ends, which reach over the columns beside the picture, it is no ink."""
    ink = np.zeros((600, 1800), np.bool_)
    for y in range(40, 560, 40):
        for x0, x1 in ((60, white[0]), (white[1], 1740)):
            ink[y : y + EM, x0:x1] = True
    if white[0] < 500:
        # Dark spots of the picture over it.
        for x in range(220, 1640, 40):
            ink[262:274, x : x + 8] = True
    boxes = cut_at_gutters([Box(100, 280, 1700, 280 + EM)], ink, EM)
    assert [(box.x0, box.x1) for box in boxes] == pieces


def test_a_part_of_a_line_found_twice_is_left_out() -> None:
    line, part, next_line = Box(0, 0, 300, 24), Box(200, 4, 299, 24), Box(0, 18, 300, 42)
    assert without_copies([part, line, line, next_line]) == [line, next_line]


def test_a_quotation_mark_at_a_lines_end_is_part_of_the_line() -> None:
    line, other = Box(100, 100, 500, 140), Box(100, 160, 500, 200)
    closing, opening = Box(526, 102, 541, 113), Box(70, 161, 84, 172)
    assert with_quotes([line, closing, other, opening], 40) == [
        Box(100, 100, 541, 140),
        Box(70, 160, 500, 200),
    ]


@pytest.mark.parametrize(
    "mark", [Box(526, 128, 541, 139), Box(570, 102, 585, 113), Box(526, 100, 560, 140)]
)
def test_what_is_low_or_far_or_large_is_no_quotation_mark(mark: Box) -> None:
    assert with_quotes([Box(100, 100, 500, 140), mark], 40) == [Box(100, 100, 500, 140), mark]


def test_an_opening_quotation_mark_before_large_type_set_down_is_part_of_its_line() -> None:
    line, mark = Box(2013, 916, 2620, 1047), Box(1943, 1006, 1991, 1045)
    assert with_opening([line, mark], 37) == [Box(1943, 916, 2620, 1047)]
    text, closing = Box(2013, 1010, 2620, 1047), Box(1943, 920, 1991, 960)
    assert with_opening([text, mark], 37) == [text, mark]
    assert with_opening([line, closing], 37) == [line, closing]


def test_words_beside_a_nameplate_are_no_quotation_mark_of_it() -> None:
    nameplate, words = Box(700, 100, 2600, 700), Box(400, 150, 600, 190)
    assert with_quotes([nameplate, words], 40) == [nameplate, words]


def test_two_lines_beside_the_side_of_a_frame_are_two() -> None:
    image = paper()
    wanted = [row(image, 100, 100, 12), row(image, 100, 133, 3)]
    image[70:120, 90:93] = image[120:190, 91:94] = 20
    boxes = parted(image, Box(85, 80, 440, 180), EM)
    assert [tighten(image, Box(96, box.y0, box.x1, box.y1)) for box in boxes] == wanted


def test_a_line_under_a_picture_is_drawn_without_the_pictures_side() -> None:
    image = paper()
    own = row(image, 100, 133, 10)
    image[60:126, 90:400] = 90
    assert tighten(image, Box(90, 100, 400, 162)) == own


def test_a_box_that_reaches_into_the_next_line_ends_at_it() -> None:
    line = Box(300, 100, 900, 134)
    wide = Box(290, 118, 560, 186)
    headline = Box(290, 128, 700, 240)
    assert apart([line, wide]) == [line, Box(290, 134, 560, 186)]
    assert apart([line, headline]) == [line, headline]
