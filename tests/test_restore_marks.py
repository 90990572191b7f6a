"""Restoring: coloured lines that a reader drew over a scan, and colour that is printed."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from test_restore import Image, names, page

from epaper.restore import restore
from epaper.restore.marks import drawn_marks
from epaper.restore.tone import paper_color

RED = (220, 30, 40)


def drawn(image: Image, corners: list[tuple[int, int]], thick: int = 4) -> Image:
    marked = image.copy()
    cv2.polylines(marked, [np.array(corners)], isClosed=True, color=RED, thickness=thick)
    return marked


@pytest.mark.parametrize(
    "corners", [[(60, 70), (700, 70), (700, 900), (60, 900)], [(80, 40), (900, 500), (300, 1300)]]
)
def test_coloured_lines_over_the_print_are_taken_off_and_the_print_stays(
    corners: list[tuple[int, int]],
) -> None:
    clean = page()
    (found,) = restore(drawn(clean, corners), 300.0)
    assert "marks" in [step.name for step in found.steps]
    spread = found.image.max(axis=2).astype(int) - found.image.min(axis=2)
    assert (spread > 60).sum() == 0
    dark = (clean.max(axis=2) < 90).sum()
    assert (found.image.max(axis=2) < 90).sum() > 0.9 * dark


def test_a_frame_printed_in_colour_around_text_stays() -> None:
    image = drawn(page(), [(40, 50), (975, 50), (975, 1350), (40, 1350)])
    assert drawn_marks(image, paper_color(image)) is None


def test_a_line_drawn_over_a_page_with_words_in_colour_stays() -> None:
    image = drawn(page(), [(80, 40), (900, 500), (300, 1300)])
    image[300:420, 200:800][image[300:420, 200:800].max(axis=2) < 90] = RED
    image[500:640, 200:800][image[500:640, 200:800].max(axis=2) < 90] = RED
    assert drawn_marks(image, paper_color(image)) is None


def test_a_page_in_black_has_no_marks() -> None:
    assert drawn_marks(page(), (250, 250, 250)) is None
    assert "marks" not in names(page())
