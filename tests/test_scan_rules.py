"""Lines of scans that detection ran over a rule between two tiers."""

from __future__ import annotations

import numpy as np
import pytest

from epaper.geometry import Box
from epaper.reading.ocr_ink import Mask
from epaper.reading.ocr_lines import cut_at_gutters
from epaper.reading.ocr_rules import cut_at_rules, rules_both_ways

EM = 30
WIDTH, HEIGHT = 900, 400
RULE = 450


def rows(count: int = 6) -> Mask:
    """Rows of characters (crosses in squares) with white around x = RULE, as a mask."""
    ink = np.zeros((HEIGHT, WIDTH), np.bool_)
    for row in range(count):
        y = 40 + row * 45
        for x in (*range(60, RULE - 40, EM + 2), *range(RULE + 12, WIDTH - 60, EM + 2)):
            ink[y : y + EM, x + 14 : x + 17] = True
            ink[y + 14 : y + 17, x : x + EM] = True
            ink[y : y + 3, x : x + EM] = True
    return ink


def ruled(kind: str) -> Mask:
    ink = rows()
    for y in range(20, 320):
        swing = round(5 * np.sin(y / 2)) if kind == "wavy" else 0
        shown = {"dashed": y % 38 < 27, "dotted": y % 9 < 4}.get(kind, y % 200 > 3)
        if shown:
            ink[y, RULE + swing - 1 : RULE + swing + 2] = True
    return ink


@pytest.mark.parametrize("kind", ["solid", "dashed", "dotted", "wavy"])
def test_a_line_is_cut_at_a_rule_between_tiers(kind: str) -> None:
    lines = [Box(60, 40 + 45 * k, WIDTH - 60, 70 + 45 * k) for k in range(6)]
    cut = cut_at_rules(lines, rules_both_ways(ruled(kind), EM)[0])
    assert len(cut) == 12
    assert all(b.x1 <= RULE + 6 or b.x0 >= RULE - 6 for b in cut)


def test_a_stroke_of_a_headline_is_no_rule() -> None:
    ink = np.zeros((HEIGHT, WIDTH), np.bool_)
    ink[120 : 120 + 6 * EM, 300:306] = True
    headline = Box(60, 110, 800, 130 + 6 * EM)
    assert cut_at_rules([headline], rules_both_ways(ink, EM)[0]) == [headline]


def test_strokes_of_one_height_in_the_lines_are_no_rule() -> None:
    ink = rows()
    for row in range(6):
        ink[40 + row * 45 : 40 + row * 45 + 24, RULE] = True
    line = Box(60, 40, WIDTH - 60, 70)
    assert cut_at_rules([line], rules_both_ways(ink, EM)[0]) == [line]


def test_the_last_line_beside_white_is_cut_where_the_lines_on_its_other_side_part() -> None:
    ink = np.roll(rows(), 100, axis=0)
    # A headline beside the first line, with a little white of its own over the gutter.
    ink[80:106, 60 : RULE - 20] = ink[80:106, RULE - 12 : WIDTH - 60] = True
    assert len(cut_at_gutters([Box(60, 140, WIDTH - 60, 170)], ink, EM)) == 2


def test_a_headline_between_white_and_text_is_not_cut_at_a_space_of_its_own() -> None:
    ink = np.zeros((HEIGHT, WIDTH), np.bool_)
    ink[150:180, 60 : RULE - 20] = ink[150:180, RULE + 20 : WIDTH - 60] = True
    ink[210 : 210 + 30, 60 : WIDTH - 60] = ink[255:285, 60 : WIDTH - 60] = True
    headline = Box(60, 150, WIDTH - 60, 180)
    assert cut_at_gutters([headline], ink, EM) == [headline]
