"""The second looks of OCR: clashing boxes, and marks that recognition passes over."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from epaper.geometry import Box, hull
from epaper.model import Line, Picture, WritingMode
from epaper.reading.ocr_chances import BLANK, Chances
from epaper.reading.ocr_ink import Mask
from epaper.reading.ocr_text import Reading, tidied
from epaper.reading.ocr_vertical import with_marks
from epaper.reading.shapes import without_shapes
from epaper.reading.tiles import Found, with_large
from epaper.reading.tiles_again import looked_again

Image = NDArray[np.uint8]

PAPER = np.full((900, 900, 3), 240, np.uint8)
EM = 40


def found(*boxes: tuple[float, float, float, float]) -> list[Found]:
    return [Found(Box(*box), 0.0, 0.9) for box in boxes]


def unasked(_part: Image, _closer: float) -> list[Found]:
    raise AssertionError("there is no doubt")


def test_boxes_that_clash_are_looked_at_again_and_closer() -> None:
    clashing = found((100, 100, 140, 200), (100, 120, 300, 160), (150, 100, 190, 200))
    alone = found((500, 100, 700, 140))
    asked = []

    def look(part: Image, closer: float) -> list[Found]:
        asked.append((part.shape[:2], closer))
        top, left = (part.shape[0] - 100) / 2, (part.shape[1] - 200) / 2
        return found((left, top, left + 200, top + 40), (left, top + 50, left + 200, top + 90))

    lines = looked_again(PAPER, [*clashing, *alone], look)
    assert [f.box for f in lines] == [
        alone[0].box,
        Box(100, 100, 300, 140),
        Box(100, 150, 300, 190),
    ]
    ((shape, closer),) = asked
    assert shape[0] < 200 and shape[1] < 300 and closer > 1


def test_letters_that_shine_through_cost_no_line() -> None:
    columns = found((100, 100, 140, 500), (150, 100, 190, 500), (200, 100, 240, 500))
    faint = Found(Box(100, 200, 190, 300), 0.2, 0.65)
    lines = looked_again(PAPER, [*columns, faint], lambda _part, _closer: columns[:1])
    assert lines == columns


def test_a_second_look_that_misses_a_clear_line_is_not_believed() -> None:
    clashing = found((100, 100, 140, 500), (100, 120, 200, 160), (150, 200, 190, 500))
    lines = looked_again(PAPER, clashing, lambda _part, _closer: found((20, 20, 60, 420)))
    assert lines == clashing


@pytest.mark.parametrize(("second", "believed"), [(500, True), (380, False)])
def test_a_second_look_that_loses_the_end_of_a_line_is_not_believed(
    second: float, believed: bool
) -> None:
    """Rows of a caption lost their last two letters, which were dropped with all their ink."""
    row, column = (100, 100, 500, 140), (100, 90, 140, 160)
    clashing = [*found(row), Found(Box(*column), 0.0, 0.8)]

    def look(part: Image, _closer: float) -> list[Found]:
        left, top = (part.shape[1] - 400) / 2, (part.shape[0] - 70) / 2
        return found((left, top + 10, left + second - 100, top + 50))

    found_last = looked_again(PAPER, clashing, look)
    assert (found_last != clashing) is believed


def test_a_second_look_costs_no_line_that_reaches_out_of_what_is_looked_at() -> None:
    """It sees but the beginning of it, which is no reason not to believe it."""
    row, long, again = (100, 100, 500, 140), (300, 150, 607, 190), (102, 100, 498, 140)
    column = Found(Box(100, 90, 140, 200), 0.0, 0.8)

    def look(part: Image, _closer: float) -> list[Found]:
        left, top = 300 - part.shape[1] / 2, 145 - part.shape[0] / 2
        seen = Box(left, top, left + part.shape[1], top + part.shape[0])
        boxes = (Box(*again), Box(*long).clipped(seen))
        return [Found(box.moved(-left, -top), 0.0, 0.9) for box in boxes]

    lines = looked_again(PAPER, [*found(row, long), column], look)
    assert [f.box for f in lines] == [Box(*long), Box(*again)]


@pytest.mark.parametrize("upright", [False, True])
@pytest.mark.parametrize(
    ("margin", "unsettled", "believed"), [(12, False, True), (12, True, False), (20, False, False)]
)
def test_a_second_look_that_draws_boxes_tighter_is_believed_if_it_settles_all(
    margin: float, unsettled: bool, believed: bool, upright: bool
) -> None:
    """But for a margin at its ends it has all of the line, of its box hardly two thirds."""
    row, tight = (100, 100, 500, 140), (100 + margin, 106, 500 - margin, 134)
    doubted = [Found(Box(x, 90, x + 40, 160), 0.0, 0.8) for x in (100, 300)]
    clashing = [*found(row), *doubted]
    second = found(tight, *([(250, 106, 278, 134)] if unsettled else []))
    if upright:
        clashing = [replace(f, box=f.box.transposed()) for f in clashing]
        second = [replace(f, box=f.box.transposed()) for f in second]
    around = hull(f.box for f in clashing)

    def look(part: Image, _closer: float) -> list[Found]:
        left, top = around.cx - part.shape[1] / 2, around.cy - part.shape[0] / 2
        return [replace(f, box=f.box.moved(-left, -top)) for f in second]

    assert looked_again(PAPER, clashing, look) == (second if believed else clashing)


@pytest.mark.parametrize(
    ("inside", "seen", "believed"), [(0.6, True, True), (0.6, False, False), (0.4, False, True)]
)
def test_a_second_look_has_to_find_the_part_of_a_line_that_lies_in_what_it_looks_at(
    inside: float, seen: bool, believed: bool
) -> None:
    """The line stays as long as it was."""
    row, again = (100, 100, 500, 140), (102, 100, 498, 140)
    long = (300, 150, 300 + 200 / inside, 190)
    before = [*found(row, long), Found(Box(100, 90, 140, 200), 0.0, 0.8)]
    second = found(again, *([(300, 150, 500, 190)] if seen else []))

    def look(part: Image, _closer: float) -> list[Found]:
        left, top = 300 - part.shape[1] / 2, 145 - part.shape[0] / 2
        return [replace(f, box=f.box.moved(-left, -top)) for f in second]

    lines = looked_again(PAPER, before, look)
    assert lines == (found(long, again) if believed else before)


def test_a_region_whose_lines_were_found_with_another_around_it_is_not_looked_at_again() -> None:
    """A frame's side and foot reach around two boxes drawn over one line."""
    page = np.full((1800, 1800, 3), 240, np.uint8)
    over = [(300, 300, 400, 340), (300, 290, 340, 350)]
    around = [
        (100, 100, 140, 600),
        (100, 120, 160, 150),
        (100, 560, 600, 600),
        (540, 540, 580, 620),
    ]
    doubted = [Found(Box(*box), 0.0, 0.8) for box in (*over, *around)]
    # A little larger than the two, the line no longer lies wholly in their region.
    clean = found((296, 297, 404, 343), (100, 100, 140, 550), (100, 560, 600, 600))

    def look(part: Image, _closer: float) -> list[Found]:
        left, top = 350 - part.shape[1] / 2, 360 - part.shape[0] / 2
        return [replace(f, box=f.box.moved(-left, -top)) for f in clean]

    assert looked_again(page, doubted, look) == clean


def test_boxes_that_clash_at_every_look_stay() -> None:
    clashing = found((100, 100, 140, 200), (100, 120, 300, 160))
    assert looked_again(PAPER, clashing, lambda _part, _closer: clashing) == clashing


def test_a_box_around_several_lines_gives_way_to_them() -> None:
    frame = found((100, 100, 380, 300))
    inside = found((110, 230, 340, 270), (110, 180, 200, 220), (190, 180, 260, 220))
    rows = [(30, 30, 290, 62), (30, 102, 190, 146), (30, 152, 270, 196), (30, 200, 290, 222)]
    lines = looked_again(PAPER, [*frame, *inside], lambda _part, _closer: found(*rows))
    assert [f.box.height for f in lines] == [32, 44, 44, 22]


def test_a_line_in_the_white_of_a_nameplate_is_not_looked_at_again() -> None:
    nameplate, under = (100, 100, 400, 250), (150, 220, 350, 250)
    lines = looked_again(PAPER, found(nameplate, under), unasked)
    assert [f.box for f in lines] == [Box(*nameplate), Box(*under)]
    through = found(nameplate, (150, 160, 350, 190))
    with pytest.raises(AssertionError, match="no doubt"):
        looked_again(PAPER, through, unasked)


def test_a_line_in_the_white_of_a_nameplate_is_not_lost_to_it_in_a_second_look() -> None:
    plate, under = found((100, 100, 400, 250), (150, 220, 350, 250))
    column = Found(Box(150, 218, 180, 280), 0.0, 0.8)

    def look(part: Image, _closer: float) -> list[Found]:
        left, top = 250 - part.shape[1] / 2, 249 - part.shape[0] / 2
        return [Found(Box(152 - left, 220 - top, 348 - left, 250 - top), 0.0, 0.9)]

    page = np.full((900, 900, 3), 240, np.uint8)
    lines = [f.box for f in looked_again(page, [plate, under, column], look)]
    assert plate.box in lines
    assert any(box.share_in(under.box) > 0.9 for box in lines)


def test_boxes_side_by_side_are_not_looked_at_again() -> None:
    lines = found((100, 100, 300, 140), (100, 136, 300, 176), (310, 100, 500, 140))
    assert looked_again(PAPER, lines, unasked) == lines


def column(squares: str) -> Mask:
    """A vertical line, transposed, a square each.

    Squares are letters (#), marks (,), rings (o), two ticks (") and dashes (-).
    """
    ink = np.zeros((EM, EM * len(squares)), np.bool_)
    for number, kind in enumerate(squares):
        x = number * EM
        if kind == "#":
            ink[2:38, x + 2 : x + 6] = ink[2:38, x + 34 : x + 38] = True
            ink[18:22, x + 2 : x + 38] = True
        elif kind in ",o":
            ink[26:36, x + 4 : x + 14] = True
            ink[29:33, x + 7 : x + 11] = kind == ","
        elif kind == "-":
            ink[19:21, x + 2 : x + 38] = True
        elif kind == '"':
            ink[26:36, x + 4 : x + 12] = ink[26:36, x + 18 : x + 26] = True
    return ink


@pytest.mark.parametrize(
    ("squares", "wanted"),
    [
        ("##,##", "字字、字字"),
        ("##o##", "字字。字字"),
        ('##"##', "字字”字字"),
        ('##"', "字字”"),
        ('"##', "“字字"),
        ("####,", "字字字字、"),
        ("#####", "字字字字字"),
        ("--###", "——字字字"),
        ("##-##", "字字—字字"),
    ],
)
def test_marks_between_letters_are_told_by_their_ink(squares: str, wanted: str) -> None:
    centres = [(i + 0.5) * EM for i, kind in enumerate(squares) if kind == "#"]
    assert with_marks("字" * len(centres), centres, column(squares))[0] == wanted


@pytest.mark.parametrize(("squares", "wanted"), [("##,##", "，"), ('##"##', "”")])
def test_a_quote_of_one_stroke_is_a_comma(squares: str, wanted: str) -> None:
    centres = [(i + 0.5) * EM for i in range(5)]
    centres[2] = 2 * EM + 12
    assert with_marks("字字”字字", centres, column(squares))[0] == f"字字{wanted}字字"


def test_a_mark_is_told_beside_the_edge_of_the_next_line() -> None:
    ink = column("##,##")
    ink[0:2, 2 * EM + 2 : 2 * EM + 38] = True
    centres = [20.0, 60.0, 140.0, 180.0]
    assert with_marks("字字字字", centres, ink)[0] == "字字、字字"


def test_a_part_of_a_letter_is_no_mark() -> None:
    ink = column("#####")
    # The upper box of 品, away from the middle of its letter.
    ink[:, 2 * EM : 3 * EM] = False
    ink[12:28, 82:96] = True
    ink[16:24, 86:92] = False
    ink[4:36, 102:118] = True
    centres = [20.0, 60.0, 108.0, 140.0, 180.0]
    assert with_marks("字字品字字", centres, ink)[0] == "字字品字字"


@pytest.mark.parametrize(
    ("read", "wanted"),
    [
        ("安・安小姐", "安·安小姐"),
        ("ジョン・レノン", "ジョン・レノン"),
        ("零下9°℃", "零下9℃"),
        ("9°C", "9°C"),
        ("二○○三年○月", "二〇〇三年○月"),
        ("落成°明年", "落成。明年"),
        ("政策°2004年", "政策。2004年"),
        ("下降31.3%°今年", "下降31.3%。今年"),
        ("零下9℃°受", "零下9℃。受"),
        ("39°12", "39°12"),
        ("北纬三十°", "北纬三十°"),
        ("摄氏°C", "摄氏°C"),
    ],
)
def test_a_sign_has_one_code_and_is_given_once(read: str, wanted: str) -> None:
    places = tuple(i / len(read) for i in range(len(read)))
    reading = tidied(Reading(read, 0.9, places, (0.9,) * len(read)))
    assert reading.text == wanted
    assert len(reading.places) == len(reading.scores) == len(wanted)


def test_a_full_stop_is_not_followed_by_a_comma() -> None:
    ink = column("##o,##")
    centres = [20.0, 60.0, 90.0, 180.0, 220.0]
    assert with_marks("字字。字字", centres, ink)[0] == "字字。字字"


@given(st.integers(0, 2**32 - 1))
def test_chances_are_those_of_a_softmax(seed: int) -> None:
    logits = np.random.default_rng(seed).normal(0, 6, (7, 40)).astype(np.float32)
    raised = np.exp(logits.astype(np.float64))
    wanted = raised / raised.sum(axis=1, keepdims=True)
    for chances in (Chances(logits, logits=True), Chances(wanted.astype(np.float32), logits=False)):
        best, chance = chances.best()
        assert best.tolist() == wanted.argmax(axis=1).tolist()
        told = best != BLANK
        assert np.allclose(chance[told], wanted.max(axis=1)[told], atol=1e-5)
        assert np.allclose(chances.of(2, 5, [0, 3, 39]), wanted[2:5][:, [0, 3, 39]], atol=1e-5)
        assert chances.of(4, 4, [1]).shape == (0, 1)


@pytest.mark.parametrize(
    ("text", "confidence", "x", "kept"),
    [
        ("口", 0.7, 50, False),
        ("口", 0.7, 500, True),
        ("图为田间", 0.75, 50, True),
        ("三中", 0.97, 50, True),
        ("川一丨口丶", 0.55, 50, False),
    ],
)
def test_shapes_of_pictures_are_no_text(text: str, confidence: float, x: float, kept: bool) -> None:
    line = Line(text, Box(x, 50, x + 60, 80), 30.0, WritingMode.HORIZONTAL, confidence=confidence)
    found = without_shapes([line], [Picture("i01", Box(0, 0, 400, 400))])
    assert found == ((line,) if kept else ())


def test_a_line_with_wide_spacing_is_not_given_up_for_a_wider_box_around_it() -> None:
    line = Found(Box(20, 0, 60, 800), 0.0, 0.94)
    frame = Found(Box(0, -10, 80, 810), 0.0, 0.92)
    assert with_large([line], [frame]) == [line]
    head = Found(Box(5, -5, 65, 300), 0.0, 0.91)
    assert with_large([line], [head]) == [line]


def test_a_headline_is_not_given_up_for_a_larger_box_of_its_half() -> None:
    headline = Found(Box(0, 0, 60, 800), 0.0, 0.96)
    half = Found(Box(-10, 360, 70, 820), 0.0, 0.86)
    assert with_large([headline], [half]) == [headline]
    letters = [Found(Box(0, y, 60, y + 60), 0.0, 0.9) for y in (400, 480, 560)]
    assert with_large(letters, [half]) == [half]
