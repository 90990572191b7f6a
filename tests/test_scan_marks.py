"""Marks at the head of vertical lines of scans that recognition passes over."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from epaper.reading.ocr_heads import with_first_mark
from epaper.reading.ocr_ink import Mask

EM = 40


def line_of(mark: str) -> Mask:
    """A transposed line: a mark, or a letter, and two letters after it."""
    shown = np.zeros((EM, 4 * EM), np.uint8)
    if mark in "○◎":
        cv2.circle(shown, (20, 20), 16, (1,), 2)
    if mark == "◎":
        cv2.circle(shown, (20, 20), 9, (1,), 2)
    if mark == "□":
        cv2.rectangle(shown, (4, 4), (35, 35), (1,), 2)
    if mark == "田":
        cv2.rectangle(shown, (4, 4), (35, 35), (1,), 4)
        shown[18:22, 4:35] = shown[4:35, 18:22] = 1
    for x in (EM + 6, 2 * EM + 6):
        shown[4:36, x : x + 4] = 1
        shown[18:22, x - 4 : x + 26] = 1
    return np.asarray(shown > 0, np.bool_)


@pytest.mark.parametrize("mark", ["○", "◎", "□"])
def test_an_items_mark_that_was_not_read_is_told_by_its_shape(mark: str) -> None:
    text, centres = with_first_mark("本市", [1.5 * EM, 2.5 * EM], line_of(mark))
    assert text == mark + "本市"
    assert centres == sorted(centres)


@pytest.mark.parametrize("mark", ["○", "◎"])
def test_a_mark_that_touches_the_first_letter_is_told_in_a_line_with_its_neighbours_edges(
    mark: str,
) -> None:
    line = line_of(mark)
    line[19:21, 34 : EM + 4] = True
    line = np.pad(line, ((0, 10), (0, 0)))
    line[-1, 2 * EM : 2 * EM + 9] = True
    assert with_first_mark("本市", [1.5 * EM, 2.5 * EM], line)[0] == mark + "本市"


def test_a_letter_that_was_not_read_is_no_mark() -> None:
    assert with_first_mark("本市", [1.5 * EM, 2.5 * EM], line_of("田"))[0] == "本市"


def test_no_mark_is_looked_for_before_a_line_that_begins_at_once() -> None:
    assert with_first_mark("○本市", [0.5 * EM, 1.5 * EM, 2.5 * EM], line_of("○"))[0] == "○本市"


def test_a_mark_may_be_larger_than_the_letters_of_a_narrow_face() -> None:
    line = line_of("○")
    line[4:8] = line[32:36] = False
    line[4:36, :40] = line_of("○")[4:36, :40]
    assert with_first_mark("本市", [1.5 * EM, 2.5 * EM], line)[0] == "○本市"


@pytest.mark.parametrize(
    ("text", "wanted"), [("本报讯】记者", "【本报讯】记者"), ("本报讯", "本报讯")]
)
def test_a_bracket_that_only_closes_was_opened_by_the_ink_before_it(text: str, wanted: str) -> None:
    line = line_of("田")
    centres = [(1.5 + k) * EM for k in range(len(text))]
    assert with_first_mark(text, centres, line)[0] == wanted
