"""Lines that detection saw across other lines, made of the letters of these."""

from __future__ import annotations

import pytest
from test_scan_lines import read
from typeset import EM, down, line, prose

from epaper.geometry import Box
from epaper.model import Line
from epaper.reading.ocr_copies import without_read_across

TEXTS = [prose(k, 9) for k in (1, 4, 12, 25)]


def side_by_side(x: float, y: float, texts: list[str]) -> list[Line]:
    """Columns whose letters stand as near to each other across as down, from the right."""
    return [read(down(text, x - k * EM, y)) for k, text in enumerate(texts)]


def heads(texts: list[str]) -> str:
    """The columns' first characters from the left."""
    return "".join(text[0] for text in reversed(texts))


COLUMNS = side_by_side(1000, 400, TEXTS)
LEFT = COLUMNS[-1].box.x0


def test_a_row_of_the_first_characters_of_columns_is_left_out() -> None:
    row = read(line(heads(TEXTS), LEFT, 400))
    assert without_read_across([*COLUMNS, row]) == COLUMNS
    assert without_read_across([row, *COLUMNS]) == COLUMNS


def test_a_short_column_of_characters_that_two_longer_rows_have_is_left_out() -> None:
    rows = [read(line(prose(k, 9), 400, 400 + EM * n)) for n, k in enumerate((1, 12))]
    column = read(down(rows[0].text[3] + rows[1].text[3], 400 + 3 * EM, 400))
    assert without_read_across([*rows, column]) == rows


@pytest.mark.parametrize(
    ("text", "x", "y"),
    [
        # Other characters, a little into the columns under them or right over their first.
        ("水位上涨", LEFT, 400 - 0.5 * EM),
        ("水位上涨", LEFT, 400),
        # The same ones at other places: over the columns, and each at the next one's.
        (heads(TEXTS), LEFT, 400 - 0.8 * EM),
        (heads(TEXTS), LEFT + EM, 400),
        # Half of them are the columns' own.
        (heads(TEXTS)[:2] + "上涨", LEFT, 400),
    ],
)
def test_a_row_with_characters_or_places_of_its_own_stays(text: str, x: float, y: float) -> None:
    lines = [*COLUMNS, read(line(text, x, y))]
    assert without_read_across(lines) == lines


@pytest.mark.parametrize(
    ("count", "at", "of", "kept"),
    [
        (9, 2, 2, False),
        # Another of its characters; one of a column so short that it may be the row's; one that
        # reaches out of the column.
        (9, 2, 5, True),
        (3, 2, 2, True),
        (9, 0, 0, True),
    ],
)
def test_a_character_that_is_the_side_of_a_column_is_no_line(
    count: int, at: int, of: int, kept: bool
) -> None:
    """`at` is where it stands, `of` which one of the column's characters it is."""
    column = read(down(TEXTS[0][:count], 1000, 400))
    whole = column.chars[at]
    side = Box(1000, whole.y0 - (0.3 * EM if at == 0 else 0), 1000 + 0.6 * EM, whole.y1)
    char = read(Line(column.text[of], side, EM))
    assert (char in without_read_across([column, char])) is kept


def test_a_row_longer_than_the_columns_it_crosses_stays() -> None:
    """It is the row of a text, of which characters were read as columns."""
    texts = [text[:2] for text in TEXTS]
    short = side_by_side(1000, 400, texts)
    row = read(line(heads(texts), LEFT, 400))
    assert row in without_read_across([*short, row])
