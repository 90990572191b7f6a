"""Figures of a scan in full or half width, as the page sets them."""

from __future__ import annotations

import pytest
from typeset import EM, PITCH

from epaper.geometry import Box, hull
from epaper.model import Line, Origin
from epaper.reading.ocr_digits import with_wide_figures


def read(text: str, y: float, figure: float) -> Line:
    """A line as the models give it, its figures so many ems wide, blanks a quarter of one."""
    x, chars = 400.0, []
    for char in text:
        wide = EM * (figure if char.isdigit() else 0.25 if char.isspace() else 1.0)
        chars.append(Box(x, y, x + wide, y + EM))
        x += wide
    return Line(text, hull(chars), EM, origin=Origin.OCR, chars=tuple(chars))


ROWS = ["本报讯去年同期增长25套", "今年种植大豆88万亩", "去年同期的1987次", "上涨二米的6 5户居民"]


def told(figure: float) -> list[str]:
    lines = [read(text, 400 + PITCH * k, figure) for k, text in enumerate(ROWS * 2)]
    return [line.text for line in with_wide_figures(lines)[: len(ROWS)]]


def test_figures_as_wide_as_ideographs_are_in_full_width_without_blanks() -> None:
    assert told(1.0) == [
        "本报讯去年同期增长２５套",
        "今年种植大豆８８万亩",
        "去年同期的１９８７次",
        "上涨二米的６５户居民",
    ]


@pytest.mark.parametrize("figure", [0.5, 0.7])
def test_narrow_figures_stay_as_they_are(figure: float) -> None:
    assert told(figure) == ROWS


def test_a_line_of_narrow_figures_on_a_page_of_wide_ones_stays_as_it_is() -> None:
    lines = [read(text, 400 + PITCH * k, 1.0) for k, text in enumerate(ROWS * 2)]
    narrow = read("二〇一九年总第7654期", 2000, 0.55)
    assert with_wide_figures([*lines, narrow])[-1] == narrow


def test_a_few_figures_tell_no_habit() -> None:
    lines = [read(text, 400 + PITCH * k, 1.0) for k, text in enumerate(ROWS[:2])]
    assert [x.text for x in with_wide_figures(lines)] == ROWS[:2]
