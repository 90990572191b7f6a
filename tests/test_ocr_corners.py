"""Brackets and colons of vertical lines, told by their ink where recognition passed them over."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from epaper.reading.ocr_ink import Mask
from epaper.reading.ocr_vertical import with_marks

EM = 40


def line(squares: str) -> Mask:
    """A vertical line, lying on its left side, a square each; # is a letter."""
    drawn = np.zeros((EM, EM * len(squares)), np.uint8)
    for number, kind in enumerate(squares):
        part = drawn[:, number * EM : (number + 1) * EM]
        if kind == "#":
            part[3:37, 4:8] = part[3:37, 32:36] = part[18:22, 4:36] = 1
        elif kind == "「":
            part[6:37, 24:27] = part[34:37, 24:38] = 1
        elif kind == "」":
            part[3:34, 12:15] = part[3:6, 2:15] = 1
        elif kind == "W":
            part[1:40, 12:14] = part[1:3, 2:14] = 1
        elif kind == "『":
            part[4:37, 18:30] = part[25:37, 18:38] = 1
            part[6:35, 20:28] = part[27:35, 20:36] = 0
        elif kind == ":":
            cv2.circle(part, (13, 20), 3, (1,), -1)
            cv2.circle(part, (27, 20), 3, (1,), -1)
        elif kind in ",、":
            # Seen from above the page x runs down the rows: the tail of 、 goes right, of ， left.
            down = 1 if kind == "、" else -1
            cv2.line(part, (15, 20 - 3 * down), (25, 20 + 3 * down), (1,), 3)
        elif kind == "o":
            cv2.circle(part, (8, 30), 4, (1,), 2)
    return np.asarray(drawn > 0, np.bool_)


def read(squares: str, said: dict[int, str] | None = None) -> str:
    """What is made of a line of which the letters were read, and `said` at other squares."""
    kinds = {i: "字" for i, kind in enumerate(squares) if kind == "#"} | (said or {})
    centres = [(i + 0.5) * EM for i in sorted(kinds)]
    return with_marks("".join(kinds[i] for i in sorted(kinds)), centres, line(squares))[0]


@pytest.mark.parametrize("bracket", ["「", "」", "『"])
def test_a_corner_bracket_between_letters_is_told(bracket: str) -> None:
    assert read(f"##{bracket}##") == f"字字{bracket}字字"


def test_a_closing_bracket_is_told_after_a_stop_that_was_read() -> None:
    assert read("##o」##", {2: "。"}) == "字字。」字字"


def test_a_corner_that_is_part_of_a_letter_is_no_bracket() -> None:
    assert read("##「##", {2: "丁"}) == "字字丁字字"


def test_a_corner_at_a_lines_head_needs_a_square_of_its_own() -> None:
    ink = line("##")
    ink[:, :8] = False
    ink[3:37, 2:5] = ink[34:37, 2:12] = True
    assert with_marks("字字", [26.0, 60.0], ink)[0] == "字字"


@pytest.mark.parametrize("said", ["·", "、", ".", ""])
def test_two_dots_are_a_colon_whatever_they_were_read_as(said: str) -> None:
    assert read("##:##", {2: said} if said else None) == "字字：字字"


def test_dots_beside_a_letter_that_was_read_are_no_colon() -> None:
    assert read("##:##", {2: "小"}) == "字字小字字"


@pytest.mark.parametrize(("kind", "wanted"), [(",", "，"), ("、", "、")])
def test_a_point_with_a_tail_is_a_comma(kind: str, wanted: str) -> None:
    assert read(f"##{kind}##", {2: "·"}) == f"字字{wanted}字字"


def test_a_point_without_a_tail_stays() -> None:
    ink = line("## ##")
    ink[17:24, 97:104] = True
    assert with_marks("安字·安字", [20.0, 60.0, 100.0, 140.0, 180.0], ink)[0] == "安字·安字"


def test_the_bracket_that_closes_a_dateline_is_no_numeral() -> None:
    """Lying across its column it looks like a stroke; where none is open, it is one."""
    blank = np.zeros((40, 400), np.bool_)
    centres = [20.0 + 40 * k for k in range(9)]
    assert with_marks("（興集廿五日電一大", centres, blank)[0] == "（興集廿五日電）大"
    assert with_marks("興集廿五日來電一大", centres, blank)[0] == "興集廿五日來電一大"


def test_a_corner_bracket_as_wide_as_the_line_is_one() -> None:
    text, _ = with_marks("年番天工", [EM * k + EM / 2 for k in (0, 1, 3, 4)], line("##W##"))
    assert text == "年番」天工"
